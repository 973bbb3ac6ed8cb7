import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openSqlite } from '@qfs/storage';
import { loadConfiguration } from '../config/index.ts';
import { createMetrics } from '../observe/metrics.ts';
import { backUp } from './backup.ts';
import { openStore } from './store.ts';

const IGNORE = { onCommit: () => undefined, onFailure: () => undefined, onLogError: () => undefined };

/** A data directory with a store that is open, and a place for its copy. */
async function openSource(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'qfs-backup-'));
  t.after(() => rmSync(root, { recursive: true }));
  const dataDir = join(root, 'data');
  const flags = new Map([['--data-dir', dataDir]]);
  const config = loadConfiguration({ flags, environment: {} }).values;
  const store = await openStore(config, createMetrics(), IGNORE);
  t.after(() => store.close());
  return { root, dataDir, config, store };
}

test('a backup of a store that is open has what was committed, and a store opens on it', async (t) => {
  const { root, dataDir, config, store } = await openSource(t);
  mkdirSync(join(dataDir, 'blobs', 'ab'), { recursive: true });
  writeFileSync(join(dataDir, 'blobs', 'ab', 'abcd'), 'bytes');
  mkdirSync(join(dataDir, 'audit'), { recursive: true });
  writeFileSync(join(dataDir, 'audit', 'audit.jsonl'), '{}\n');
  const noop = { type: 'NOOP', body: {}, signed: true };
  await store.log.propose([noop]);
  const copy = join(root, 'copy');
  const report = backUp(dataDir, copy);
  await store.log.propose([noop]);
  assert.equal(report.backup, copy);
  assert.equal(readFileSync(join(copy, 'blobs', 'ab', 'abcd'), 'utf8'), 'bytes');
  assert.equal(readFileSync(join(copy, 'audit', 'audit.jsonl'), 'utf8'), '{}\n');
  assert.equal(statSync(join(copy, 'qfs.sqlite')).mode & 0o077, 0, 'the key in it is nobody else’s to read');
  assert.ok(!existsSync(join(copy, 'lock.sqlite')));
  assert.ok(report.files >= 3 && report.bytes > 1000, JSON.stringify(report));
  const opened = await openStore({ ...config, data_dir: copy }, createMetrics(), IGNORE);
  const { index } = opened.reader.get<{ index: number }>('SELECT max(idx) AS "index" FROM log')!;
  await opened.close();
  assert.ok(index >= report.log_index);
});

test('a backup is refused into a folder that holds something, into its own source, and of nothing', async (t) => {
  const { root, dataDir } = await openSource(t);
  writeFileSync(join(root, 'file'), '');
  const wrong: readonly (readonly [source: string, target: string, message: RegExp])[] = [
    [dataDir, root, /is not empty/],
    [dataDir, join(root, 'file'), /cannot be written to/],
    [dataDir, join(dataDir, 'copy'), /is inside the data directory/],
    [join(root, 'elsewhere'), join(root, 'copy'), /is no data directory/],
  ];
  for (const [source, target, message] of wrong) {
    assert.throws(() => backUp(source, target), { code: 'REQUEST_INVALID', message });
  }
});

test('what is committed while a backup runs is in it whole or not at all', async (t) => {
  const { root, dataDir, store } = await openSource(t);
  const noop = { type: 'NOOP', body: {}, signed: true };
  const writing = Promise.all(Array.from({ length: 50 }, () => store.log.propose([noop])));
  const { log_index } = backUp(dataDir, join(root, 'copy'));
  await writing;
  const copy = openSqlite(join(root, 'copy', 'qfs.sqlite'), { readOnly: true });
  const { last, count } = copy.get<{ last: number; count: number }>(
    'SELECT max(idx) AS last, count(*) AS count FROM log',
  )!;
  copy.close();
  assert.deepEqual([last, count], [log_index, log_index]);
});
