import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { QfsError, type StoreModule } from '@qfs/core';
import { openInlineWriter, openSqlite, systemClock, systemRandomness } from '../index.ts';

const notes: StoreModule = {
  name: 'notes',
  migrations: ['CREATE TABLE notes (text TEXT PRIMARY KEY) STRICT'],
  operations: {
    'notes.add': (database, text: string) => {
      if (text === 'forbidden') throw new QfsError('REQUEST_INVALID', 'No such note.');
      return database.run('INSERT INTO notes (text) VALUES (?)', text);
    },
  },
};

const open = (path = join(mkdtempSync(join(tmpdir(), 'qfs-writer-')), 'qfs.sqlite')) => ({
  path,
  writer: openInlineWriter({ path, modules: [notes], clock: systemClock, randomness: systemRandomness }),
});

test('a group that fails takes neither its own earlier calls nor its neighbours with it', async () => {
  const { path, writer } = open();
  const add = (argument: string) => ({ operation: 'notes.add', argument });
  const answers = await Promise.allSettled([
    writer.transact([add('a'), add('b')]),
    writer.transact([add('c'), add('forbidden')]),
    writer.transact([add('d')]),
  ]);
  assert.deepEqual(
    answers.map((answer) =>
      answer.status === 'fulfilled' ? answer.value : (answer.reason as QfsError).code,
    ),
    [[1, 1], 'REQUEST_INVALID', [1]],
  );
  const reader = openSqlite(path, { readOnly: true });
  assert.deepEqual(
    reader.all('SELECT text FROM notes ORDER BY text').map((row) => row.text),
    ['a', 'b', 'd'],
  );
  assert.equal(writer.statistics().commits, 1);
  reader.close();
  await writer.close();
});
