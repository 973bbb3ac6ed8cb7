import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openDataDirectory } from './data-directory.ts';
import { openSqlite } from './sqlite.ts';

function directory(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'qfs-data-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

const inUse = (path: string) => ({
  code: 'STORE_UNAVAILABLE',
  message:
    `The data directory ${path} is in use by another process; stop that one, or choose another directory ` +
    'with QFS_DATA_DIR.',
});

test('the layout is made, below directories that do not exist yet', (t) => {
  const path = join(directory(t), 'deep', 'er');
  const data = openDataDirectory(path);
  assert.deepEqual(readdirSync(path).sort(), ['blobs', 'circuit_fs', 'lock.sqlite', 'qfs.sqlite']);
  assert.equal(data.databasePath, join(path, 'qfs.sqlite'));
  data.release();
});

test('artifacts without a database are not taken for a new directory', (t) => {
  const path = directory(t);
  openDataDirectory(path).release();
  writeFileSync(join(path, 'blobs', 'kept'), 'bytes');
  rmSync(join(path, 'qfs.sqlite'));
  assert.throws(() => openDataDirectory(path), {
    code: 'STORE_UNAVAILABLE',
    message: /holds artifacts, but its database qfs.sqlite is missing or empty. Restore it from a backup/,
  });
  rmSync(join(path, 'blobs', 'kept'));
  openDataDirectory(path).release();
});

test('a database that was cut off to less than SQLite can tell is not taken for a new one', (t) => {
  const path = directory(t);
  openDataDirectory(path).release();
  for (const bytes of [1, 511]) {
    writeFileSync(join(path, 'qfs.sqlite'), new Uint8Array(bytes));
    assert.throws(() => openDataDirectory(path), {
      code: 'STORE_UNAVAILABLE',
      message: new RegExp(`was cut off after ${bytes} bytes. Restore a backup`),
    });
  }
  writeFileSync(join(path, 'qfs.sqlite'), new Uint8Array(512));
  openDataDirectory(path).release();
});

test('a file system that makes no directories is refused, not waited for', () => {
  assert.throws(() => openDataDirectory('/proc/qfs/data'), {
    code: 'STORE_UNAVAILABLE',
    message: /\/proc\/qfs/,
  });
});

test('nobody else can read the database, which holds the private key, nor the files beside it', (t) => {
  const data = openDataDirectory(directory(t));
  const database = openSqlite(data.databasePath);
  database.exec('CREATE TABLE secrets (text TEXT)');
  for (const suffix of ['', '-wal', '-shm']) {
    assert.equal(statSync(`${data.databasePath}${suffix}`).mode & 0o777, 0o600, suffix);
  }
  database.close();
  data.release();
});

test('a directory is taken once, and again after it was released', (t) => {
  const path = directory(t);
  const data = openDataDirectory(path);
  assert.throws(() => openDataDirectory(path), inUse(path));
  data.release();
  openDataDirectory(path).release();
});

test('a lock outlives garbage collections, and a process that is killed with -9 leaves none behind', async (t) => {
  const path = directory(t);
  const program = `
    import { openDataDirectory } from ${JSON.stringify(new URL('./data-directory.ts', import.meta.url).href)};
    openDataDirectory(process.argv[1]);
    await new Promise(setImmediate);
    gc();
    process.stdout.write('locked');
    setInterval(() => {}, 1000);
  `;
  const holder = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', program, path]);
  t.after(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  assert.throws(() => openDataDirectory(path), inUse(path));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  openDataDirectory(path).release();
});

test('a path that is a file is refused with the path', (t) => {
  const path = join(directory(t), 'file');
  writeFileSync(path, '');
  assert.throws(() => openDataDirectory(path), {
    code: 'STORE_UNAVAILABLE',
    message: new RegExp(`The store ${path} cannot be used`),
  });
});
