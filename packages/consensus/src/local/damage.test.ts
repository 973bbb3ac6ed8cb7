import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import { concat, hex, sha256, utf8 } from '@qfs/core/exact';
import { openSqlite } from '@qfs/storage';
import fc from 'fast-check';
import type { StoredEntry } from '../log.ts';
import { acceptance, TestLog } from '../testing/test-log.ts';

/** SQLite takes a shorter file for an empty one; the data directory refuses it. */
const SQLITE_FILE_BYTES_MIN = 512;

/** A closed log of 302 entries with a tile, roots, and certificates at 150 and 302. */
async function closedLog(): Promise<TestLog> {
  const log = new TestLog();
  await log.log.propose(Array.from({ length: 148 }, () => acceptance()));
  await log.call('log.checkpoint', {});
  await log.log.propose([
    ...Array.from({ length: 150 }, () => acceptance()),
    { type: 'NOBODY_KNOWS', body: {} },
  ]);
  await log.call('log.checkpoint', {});
  await log.log.sealStatement('application/x', new Uint8Array(9));
  await log.close();
  return log;
}

/** What is wrong with a file, wherever that shows first: at the start, in a verification or in a replay. */
async function findingOf(log: TestLog): Promise<string | undefined> {
  try {
    await log.reopen();
  } catch (thrown) {
    assert.ok(thrown instanceof QfsError && thrown.code === 'STORE_UNAVAILABLE', String(thrown));
    assert.match(thrown.message, /[Rr]estore a backup/);
    return `start: ${thrown.message}`;
  }
  try {
    const verification = await log.log.verify();
    if (!verification.ok) return `verify: ${verification.reason}`;
    const replayed = await log.log.replay();
    return replayed.ok ? undefined : `replay: ${replayed.reason}`;
  } catch (thrown) {
    assert.match(String(thrown), /malformed|cannot be read|disk I\/O/, String(thrown));
    return `read: ${String(thrown)}`;
  }
}

/** SQL that changes the tenth byte of a value, whatever it is. */
const flip = (column: string): string =>
  `${column} = CAST(substr(${column}, 1, 9) ||
    CASE substr(${column}, 10, 1) WHEN x'5a' THEN x'5b' ELSE x'5a' END ||
    substr(${column}, 11) AS BLOB)`;

/** A change of one value in every table of the log, and who finds it. */
const CHANGES: readonly [sql: string, finding: RegExp][] = [
  [`UPDATE log SET ${flip('bytes')} WHERE idx = 7`, /verify: entry 7 has the link hash/],
  [`UPDATE log SET ${flip('bytes')} WHERE idx = 302`, /start: .*entry 302 has the link hash/],
  [
    `UPDATE log SET ${flip('link_hash')} WHERE idx = 200`,
    /start: .*the log tree has [0-9a-f]{64} at height 8/,
  ],
  [`UPDATE log SET ${flip('link_hash')} WHERE idx = 290`, /start: .*entry 302 certifies the log root/],
  [
    `UPDATE log SET ${flip('effects_hash')} WHERE idx = 9`,
    /replay: the effects hash of entry 9 is recorded as/,
  ],
  [
    "UPDATE log SET outcome = 'REJECTED', code = 'X' WHERE idx = 3",
    /start: .*the log tree has [0-9a-f]{64} at height 8, place 0/,
  ],
  ["UPDATE log SET code = 'X' WHERE idx = 301", /replay: entry 301 is recorded as REJECTED X; applied again/],
  [`UPDATE log_head SET ${flip('link_hash')}`, /start: .*entry 302 is not the one that the head names/],
  [`UPDATE log_head SET ${flip('cluster_id')}`, /start: /],
  [`UPDATE log_head SET ${flip('effects_hash')}`, /replay: the effects hash of the head/],
  ['UPDATE log_head SET applied_index = 301', /start: .*there is an entry behind 301/],
  [
    `UPDATE state SET ${flip('value')} WHERE key = 'system/context'`,
    /replay: the state differs .* at system.context/,
  ],
  ["UPDATE state SET value = x'ff' WHERE key = 'system/context'", /start: .*the state holds a value/],
  [
    "UPDATE state SET value = (SELECT value FROM state WHERE key LIKE 'jobs/%' LIMIT 1) " +
      "WHERE key = (SELECT max(key) FROM state WHERE key LIKE 'jobs/%')",
    /replay: the state differs from the rebuilt one at jobs\/job_/,
  ],
  [
    "DELETE FROM state WHERE key = (SELECT max(key) FROM state WHERE key LIKE 'jobs/%')",
    /replay: the state differs/,
  ],
  [
    `UPDATE log_tree SET ${flip('hash')} WHERE position = 0`,
    /start: .*the log tree has [0-9a-f]{64} at height 8/,
  ],
  [
    'DELETE FROM log_tree WHERE position = 0 AND height = 8',
    /start: .*the log tree has no subtree 0 of height 8/,
  ],
  [`UPDATE state_roots SET ${flip('root')} WHERE idx = 256`, /replay: the state root after entry 256/],
  [
    `UPDATE state_roots SET ${flip('root')} WHERE idx = 301`,
    /start: .*the state root after entry 301 is not the one/,
  ],
  ['UPDATE checkpoints SET idx = 17 WHERE idx = 302', /start: .*entry 17 holds no certificate/],
  ['DELETE FROM checkpoints WHERE idx = 150', /verify: the certificate of entry 150 is not filed/],
  ['DELETE FROM node_key', /start: .*the key of this node is missing/],
];

test('a change of any value is found, by the start, a verification or a replay, and named', async () => {
  await using origin = await closedLog();
  assert.equal(await findingOf(origin), undefined);
  await origin.close();
  for (const [sql, finding] of CHANGES) {
    await using log = new TestLog({}, origin.path);
    await log.tamper(sql);
    assert.match((await findingOf(log)) ?? 'nothing found', finding, sql);
  }
});

const digest = (entries: readonly StoredEntry[]): string =>
  hex(
    concat(...entries.map(({ bytes, linkHash, outcome }) => sha256(concat(utf8(outcome), linkHash, bytes)))),
  );

test('a file with flipped bits or cut off is refused, or found damaged, or shows what it always showed', async () => {
  await using origin = await closedLog();
  await origin.reopen();
  const expected = digest(await origin.log.read(1, 1_000));
  await origin.close();
  const bytes = readFileSync(origin.path);
  let found = 0;
  const damage = fc.oneof(
    fc.record({ at: fc.nat(bytes.length - 1), bit: fc.nat(7) }),
    fc.record({ cut: fc.integer({ min: SQLITE_FILE_BYTES_MIN, max: bytes.length - 1 }) }),
  );
  await fc.assert(
    fc.asyncProperty(damage, async (of) => {
      await using log = new TestLog({}, origin.path);
      await log.close();
      if ('cut' in of) truncateSync(log.path, of.cut);
      else {
        copyFileSync(origin.path, log.path);
        writeFileSync(log.path, bytes.with(of.at, bytes[of.at]! ^ (1 << of.bit)));
      }
      if ((await findingOf(log)) !== undefined) found += 1;
      else assert.ok(digest(await log.log.read(1, 1_000)) === expected);
    }),
    { numRuns: 20 },
  );
  assert.ok(found > 5, `${found} of 20 were found`);
});

/** Takes from a file what schema 2 gave it. */
const OLD_SCHEMA = `
  DROP TABLE log_tree; DROP TABLE state_nodes; DROP TABLE state_dirty; DROP TABLE state_roots;
  DROP TABLE checkpoints; DROP TABLE statement_key; DROP TABLE statement_seals;
  ALTER TABLE log DROP COLUMN block;
  UPDATE store_versions SET version = 1 WHERE module = 'log';
`;

test('a file from before the trees gets them when it is opened, and they are those of a log that always had them', async () => {
  await using log = new TestLog();
  const malformed = { type: 'not an entry', body: {} };
  await log.log.propose([...Array.from({ length: 600 }, () => acceptance()), malformed, acceptance()]);
  const tables = ['log_tree', 'state_nodes'];
  const dump = (): string[] =>
    tables.map((table) => JSON.stringify(log.reader.all(`SELECT * FROM ${table} ORDER BY 1, 2`)));
  await log.reopen();
  const always = dump();
  await log.close();
  const database = openSqlite(log.path);
  database.exec(OLD_SCHEMA);
  database.run("UPDATE log SET type = 'not an entry', tick = 3 WHERE code = 'MALFORMED'");
  database.close();
  await log.reopen();
  assert.deepEqual(dump(), always);
  await log.call('log.checkpoint', {});
  assert.ok((await log.log.verify()).ok);
  assert.ok((await log.log.replay()).ok);
  assert.equal((await log.log.prove(1))?.inclusion.treeSize, 603);
});
