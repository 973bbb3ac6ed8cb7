import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSqlite } from './sqlite.ts';

function databasePath(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'qfs-sqlite-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return join(directory, 'qfs.sqlite');
}

test('a writer commits with fdatasync into a write-ahead log', (t) => {
  const database = openSqlite(databasePath(t));
  const setting = (name: string) => Object.values(database.get(`PRAGMA ${name}`) ?? {})[0];
  assert.equal(setting('journal_mode'), 'wal');
  assert.equal(setting('synchronous'), 2);
  assert.equal(setting('foreign_keys'), 1);
  database.close();
});

test('a reader sees what was committed, nothing else, and cannot write by any statement', (t) => {
  const path = databasePath(t);
  const writer = openSqlite(path);
  writer.exec('CREATE TABLE notes (text TEXT) STRICT');
  const reader = openSqlite(path, { readOnly: true });
  writer.run('BEGIN IMMEDIATE');
  writer.run('INSERT INTO notes VALUES (?)', 'a');
  assert.equal(writer.inTransaction, true);
  assert.deepEqual(reader.all('SELECT text FROM notes'), []);
  writer.run('COMMIT');
  assert.equal(reader.get('SELECT text FROM notes')?.text, 'a');
  for (const sql of [
    "INSERT INTO notes VALUES ('b')",
    'DELETE FROM notes',
    'DROP TABLE notes',
    'CREATE TABLE more (n)',
    'PRAGMA user_version = 7',
  ]) {
    assert.throws(() => reader.exec(sql), /readonly/, sql);
  }
  reader.close();
  writer.close();
});

test('values of every kind come back as they went in', (t) => {
  const database = openSqlite(databasePath(t));
  database.exec('CREATE TABLE kinds (value ANY) STRICT');
  const values = [
    null,
    0,
    -1,
    Number.MAX_SAFE_INTEGER,
    0.1,
    '',
    'text 🙂',
    new Uint8Array(0),
    new Uint8Array([0, 255]),
  ];
  for (const value of values) database.run('INSERT INTO kinds VALUES (?)', value);
  assert.deepEqual(
    database.all('SELECT value FROM kinds ORDER BY rowid').map((row) => row.value),
    values,
  );
  database.close();
});

test('a file that is no database, and a reader of a missing one, are refused with the path', (t) => {
  const path = databasePath(t);
  writeFileSync(path, 'these bytes are long enough to be read and are no database at all');
  const refusal = { code: 'STORE_UNAVAILABLE', message: new RegExp(`The store ${path} cannot be used`) };
  assert.throws(() => openSqlite(path), refusal);
  assert.throws(() => openSqlite(`${path}-missing`, { readOnly: true }), { code: 'STORE_UNAVAILABLE' });
});
