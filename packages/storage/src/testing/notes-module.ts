import { assert, QfsError, type StoreModule } from '@qfs/core';

/** A small store module for the tests of the writer. */
export const notesModule: StoreModule = {
  name: 'notes',
  migrations: ['CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, data BLOB) STRICT'],
  operations: {
    'notes.add': (database, text: string, context) => {
      database.run('INSERT INTO notes (text) VALUES (?)', text);
      context.publishApplied({
        ...{ index: 1, term: 1, type: 'NOTE', entryId: 'entry_1', tick: 0 },
        ...{ outcome: 'ACCEPTED', body: text },
      });
      return { text, bytes: new TextEncoder().encode(text) };
    },
    'notes.addData': (database, length: number) =>
      database.run('INSERT INTO notes (text, data) VALUES (hex(randomblob(8)), zeroblob(?))', length),
    'notes.refuse': () => {
      throw new QfsError('ARTIFACT_EXISTS', 'It exists.', {
        metadata: { name: 'a' },
        retryAfterMs: 7,
        violations: [{ field: 'name', description: 'taken' }],
        cause: new Error('the cause'),
      });
    },
    'notes.stumble': () => {
      throw new TypeError('undefined is not a function');
    },
    'notes.breakInvariant': () => assert(false, 'two and two are five'),
    /** Leaves a page limit behind, which is how SQLite meets a disk without room. */
    'notes.limitPages': (database, pages: number) => {
      database.exec(`PRAGMA max_page_count = ${pages}`);
    },
  },
};

/** Keeps what was published, in the transaction of who published it. */
export const echoModule: StoreModule = {
  name: 'echo',
  migrations: ['CREATE TABLE echoes (text TEXT NOT NULL) STRICT'],
  operations: {},
  onApplied: (database, entry) => {
    if (entry.body === 'deaf') throw new QfsError('INTERNAL', 'No echo.');
    database.run('INSERT INTO echoes (text) VALUES (?)', entry.body as string);
  },
};
