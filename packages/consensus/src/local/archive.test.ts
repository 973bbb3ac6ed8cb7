import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hex, sha256 } from '@qfs/core/exact';
import type { Proposal, StoredEntry } from '../log.ts';
import type { QfsReplaySource } from '../replay.ts';
import { decodeSegment } from '../segment.ts';
import { decodeSnapshot } from '../snapshot.ts';
import { acceptance, setting, TestLog } from '../testing/test-log.ts';

/** The least that stays in the database. */
const STAYS = 1_000;

/** A log of so many entries, covered by a checkpoint, of which all but the last thousand are old enough. */
async function oldLog(log: TestLog, entries: number, proposal: () => Proposal = acceptance): Promise<void> {
  await log.log.propose([setting(log, 'archive_after_entries', STAYS)]);
  for (let left = entries - 2; left > 0; left -= 500) {
    await log.log.propose(Array.from({ length: Math.min(left, 500) }, proposal));
  }
  await log.call('log.checkpoint', {});
}

const all = async (log: TestLog): Promise<StoredEntry[]> => {
  const { appliedIndex } = await log.log.status();
  const pages: StoredEntry[] = [];
  for (let from = 1; from <= appliedIndex; from += 1_000) {
    pages.push(...(await log.log.read(from, from + 999)));
  }
  return pages;
};

const segmentsOf = (log: TestLog): string[] => readdirSync(join(log.path, '../archive')).sort();
const emptied = (log: TestLog): number =>
  log.reader.get<{ rows: number }>('SELECT count(*) AS rows FROM log WHERE length(bytes) = 0')!.rows;

test('LOG-29, LOG-30: old entries move into segments; reading, proving, verifying and replaying go on', async () => {
  await using log = new TestLog();
  await oldLog(log, 1_300);
  const before = await all(log);
  const proof = await log.log.prove(17);
  const report = await log.log.compact();
  assert.deepEqual(report, { segments: 1, archivedIndex: 301, snapshot: 1_302 });
  assert.equal((await log.log.status()).archivedIndex, 301);
  assert.equal(emptied(log), 301);
  const [name, ...more] = segmentsOf(log);
  const bytes = readFileSync(join(log.path, '../archive', name!));
  assert.deepEqual([name, more], [`${hex(sha256(bytes))}.seg`, []]);
  const segment = decodeSegment(bytes);
  assert.ok(segment.ok && segment.value.from === 1 && segment.value.entries.length === 301);
  await log.reopen();
  assert.deepEqual((await all(log)).slice(0, before.length), before);
  assert.deepEqual(await log.log.prove(17), proof);
  const verification = await log.log.verify();
  assert.ok(verification.ok && verification.checkpoints === 1, JSON.stringify(verification));
  const replayed = await log.log.replay();
  assert.ok(replayed.ok && replayed.to === 1_302, JSON.stringify(replayed));
});

test('LOG-29: certificates keep their bytes, and nothing is archived that no checkpoint covers', async () => {
  await using log = new TestLog();
  await log.log.propose([setting(log, 'archive_after_entries', STAYS)]);
  await log.call('log.checkpoint', {});
  await log.log.propose(Array.from({ length: 997 }, () => acceptance()));
  await log.log.propose(Array.from({ length: 20 }, () => acceptance()));
  assert.deepEqual(await log.log.compact(), { segments: 1, archivedIndex: 2, snapshot: 1_021 });
  await log.call('log.checkpoint', {});
  const { archivedIndex } = await log.log.compact();
  assert.equal(archivedIndex, 22);
  const kept = log.reader.all<{ type: string }>('SELECT type FROM log WHERE idx <= 22 AND length(bytes) > 0');
  assert.deepEqual(
    kept.map(({ type }) => type),
    ['CHECKPOINT'],
  );
  assert.ok((await log.log.verify()).ok);
});

test('LOG-30: a segment has at most 8 MiB', async () => {
  await using log = new TestLog();
  const large = (): Proposal => ({ type: 'NOBODY_KNOWS', body: { pad: new Uint8Array(200_000) } });
  for (let k = 0; k < 12; k += 1) await log.log.propose([large(), large(), large(), large()]);
  await oldLog(log, 1_000, () => ({ type: 'NOOP', body: {} }));
  const { segments } = await log.log.compact();
  assert.equal(segments, 2);
  for (const name of segmentsOf(log)) {
    assert.ok(readFileSync(join(log.path, '../archive', name)).length <= 8 * 1024 * 1024);
  }
  assert.ok((await log.log.verify()).ok);
});

test('a missing or damaged segment is reported with what to do, and the rest can be read', async () => {
  await using log = new TestLog();
  await oldLog(log, 1_200);
  await log.log.compact();
  await log.reopen();
  const path = join(log.path, '../archive', segmentsOf(log)[0]!);
  const bytes = readFileSync(path);
  const damages: [string, RegExp][] = [
    [
      'missing',
      /archive\/[0-9a-f]{64}\.seg with the entries 1 to 201 is missing\. Put the file back from a backup/,
    ],
    ['flipped', /is damaged: its bytes have the SHA-256 [0-9a-f]{64}\. Put the file back/],
    ['truncated', /is damaged: its bytes have the SHA-256/],
  ];
  for (const [damage, reason] of damages) {
    if (damage === 'missing') rmSync(path);
    else if (damage === 'flipped') writeFileSync(path, bytes.with(1_000, bytes[1_000]! ^ 1));
    else writeFileSync(path, bytes.subarray(0, bytes.length - 1));
    await assert.rejects(log.log.read(1, 3), { code: 'STORE_UNAVAILABLE', message: reason });
    await assert.rejects(log.log.replay(), { code: 'STORE_UNAVAILABLE', message: reason });
    const verification = await log.log.verify();
    assert.ok(!verification.ok && reason.test(verification.reason), JSON.stringify(verification));
    assert.equal((await log.log.read(202, 210)).length, 9);
    assert.ok((await log.log.verify(203)).ok);
    rmSync(path, { force: true });
    writeFileSync(path, bytes);
    await log.reopen();
  }
  assert.ok((await log.log.verify()).ok);
});

test('LOG-31, LOG-32: a snapshot is the state at its entry, and a replay from it agrees with one from GENESIS', async () => {
  await using log = new TestLog();
  await oldLog(log, 1_100);
  await log.log.compact();
  const name = readdirSync(join(log.path, '../snapshots'))[0]!;
  const snapshot = decodeSnapshot(readFileSync(join(log.path, '../snapshots', name)));
  assert.ok(snapshot.ok);
  const { index, state, level, linkHash } = snapshot.value;
  assert.deepEqual([name, index, level], ['1102.snap', 1_102, 1]);
  assert.equal(hex((await log.log.read(index, index))[0]!.linkHash), hex(linkHash));
  const rows = log.reader.all<{ key: string; value: Uint8Array }>(
    'SELECT key, value FROM state ORDER BY key',
  );
  assert.deepEqual(
    [...state].map(([key, value]) => [key, hex(value)]),
    rows.map(({ key, value }) => [key, hex(value)]),
  );
  await log.log.propose(Array.from({ length: 300 }, () => acceptance()));
  await log.call('log.checkpoint', {});
  const [whole, part] = [await log.log.replay(), await log.log.replay({ from: 1_200 })];
  assert.ok(whole.ok && part.ok, JSON.stringify([whole, part]));
  assert.deepEqual([whole.from, part.from, part.to], [1, 1_103, 1_403]);
  assert.deepEqual(part.stateRoot, whole.stateRoot);
  assert.ok(whole.rootsCompared > part.rootsCompared && part.rootsCompared >= 2);
  assert.deepEqual(await log.log.replay({ from: 1_101 }), whole);
});

test('a damaged snapshot is refused with what to do; a replay from 0 does without', async () => {
  await using log = new TestLog();
  await oldLog(log, 1_010);
  await log.log.compact();
  const path = join(log.path, '../snapshots', '1012.snap');
  const bytes = readFileSync(path);
  for (const at of [0, 9, 500, bytes.length - 1]) {
    writeFileSync(path, bytes.with(at, bytes[at]! ^ 0x40));
    await assert.rejects(log.log.replay({ from: 1_012 }), {
      code: 'STORE_UNAVAILABLE',
      message: /snapshots\/1012\.snap is damaged: .*Remove it and replay from an earlier index, or from 0/,
    });
  }
  assert.ok((await log.log.replay()).ok);
});

test('the two newest snapshots are kept', async () => {
  await using log = new TestLog();
  await oldLog(log, 1_002);
  for (let round = 0; round < 3; round += 1) {
    await log.log.propose([acceptance()]);
    await log.call('log.checkpoint', {});
    await log.log.compact();
  }
  assert.equal(readdirSync(join(log.path, '../snapshots')).length, 2);
  assert.ok(segmentsOf(log).length === 3);
});

/** What a source gives, in one array. */
const taken = async (entries: AsyncIterable<StoredEntry>): Promise<number[]> => {
  const indexes: number[] = [];
  for await (const { index } of entries) indexes.push(index);
  return indexes;
};

test('a replay source shows the log of one moment: by range, by type, and what was committed together', async () => {
  await using log = new TestLog();
  const entryId = `entry_${'e'.repeat(26)}`;
  await oldLog(log, 1_005);
  await log.log.compact();
  await log.log.propose([acceptance(), { ...acceptance(), entryId }, { type: 'NOOP', body: {} }]);
  const source: QfsReplaySource & { close(): void } = log.log.openReplaySource();
  await log.log.propose([acceptance()]);
  assert.equal(source.head.appliedIndex, 1_010);
  assert.deepEqual(await taken(source.entries(1_005, 9_999)), [1_005, 1_006, 1_007, 1_008, 1_009, 1_010]);
  assert.deepEqual(await taken(source.entries(1, 3)), [1, 2, 3]);
  const types = new Set(['GENESIS', 'CHECKPOINT', 'SEGMENT_SEALED', 'NOOP']);
  assert.deepEqual(await taken(source.entriesOfTypes(types, 1, 9_999)), [1, 1_006, 1_007, 1_010]);
  const together = await source.transaction(entryId);
  assert.deepEqual(
    together.map(({ index }) => index),
    [1_008, 1_009, 1_010],
  );
  assert.deepEqual(await source.transaction(`entry_${'f'.repeat(26)}`), []);
  source.close();
});
