import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import fc from 'fast-check';
import { LOG_READ_ENTRIES_MAX, type Proposal, type StoredEntry } from '../log.ts';
import { acceptance, TestLog } from '../testing/test-log.ts';
import { LocalLog } from './local-log.ts';

test('a proposal resolves with its outcome, which its id finds again', async () => {
  await using log = new TestLog();
  const entryId = `entry_${'e'.repeat(26)}`;
  const [outcome, drawn] = await log.log.propose([{ ...acceptance(), entryId }, acceptance()]);
  assert.deepEqual(outcome, { entryId, index: 2, term: 1, outcome: 'ACCEPTED' });
  assert.ok(drawn?.outcome === 'ACCEPTED');
  assert.deepEqual(await log.log.outcomeOf(drawn.entryId), drawn);
  await log.reopen();
  assert.deepEqual(await log.log.outcomeOf(entryId), outcome);
  assert.equal(await log.log.outcomeOf(`entry_${'f'.repeat(26)}`), undefined);
  assert.equal(await log.log.outcomeOf('nonsense'), undefined);
  await assert.rejects(log.log.propose([{ ...acceptance(), entryId: 'nonsense' }]), {
    code: 'LOG_ENTRY_REJECTED',
  });
});

test('when the store does not answer the outcome is UNKNOWN; when it certainly wrote nothing the call fails', async () => {
  await using log = new TestLog();
  const failing = (code: 'STORE_UNAVAILABLE' | 'STORAGE_FULL'): LocalLog => {
    const writer = { transact: () => Promise.reject(new QfsError(code, 'The disk is gone.')) };
    return new LocalLog({ ...log.ports, writer, reader: log.reader, timers: log.timers });
  };
  const [outcome] = await failing('STORE_UNAVAILABLE').propose([acceptance()]);
  assert.equal(outcome?.outcome, 'UNKNOWN');
  assert.match(outcome.entryId, /^entry_/);
  assert.equal(await log.log.outcomeOf(outcome.entryId), undefined);
  await assert.rejects(failing('STORAGE_FULL').propose([acceptance()]), { code: 'STORAGE_FULL' });
});

test('a read is bounded by its range and by its largest page', async () => {
  await using log = new TestLog();
  const nothing = { type: 'NOBODY_KNOWS', body: {} };
  await log.log.propose(Array.from({ length: LOG_READ_ENTRIES_MAX + 5 }, () => nothing));
  const indexes = async (from: number, to: number): Promise<number[]> =>
    (await log.log.read(from, to)).map(({ index }) => index);
  assert.deepEqual(await indexes(3, 5), [3, 4, 5]);
  assert.deepEqual(await indexes(5, 3), []);
  assert.deepEqual(await indexes(1_005, 9_999), [1_005, 1_006]);
  assert.equal((await indexes(1, 9_999)).length, LOG_READ_ENTRIES_MAX);
  assert.deepEqual(await log.log.verify(), { ok: true, from: 1, to: 1_006, checkpoints: 0 });
});

test('a tail gives what is there, then what comes, whoever appends it, until it is aborted', async () => {
  await using log = new TestLog();
  await log.log.propose([acceptance()]);
  const stop = new AbortController();
  const tail = log.log.tail(2, stop.signal)[Symbol.asyncIterator]();
  const next = async (): Promise<number | undefined> => {
    const step: IteratorResult<StoredEntry> = await tail.next();
    return step.done === true ? undefined : step.value.index;
  };
  assert.equal(await next(), 2);
  const waiting = next();
  await log.call('log.propose', { entries: [acceptance(), acceptance()] });
  log.timers.fire();
  assert.equal(await waiting, 3);
  assert.equal(await next(), 4);
  const last = next();
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  assert.equal(await last, undefined);
});

test('any batching of the same entries gives the same chain, effects and state', async () => {
  await using origin = new TestLog();
  await origin.close();
  const [first, second] = [acceptance(), acceptance()];
  const proposals: Proposal[] = [first, first, second, { type: 'NOBODY_KNOWS', body: {} }, acceptance()];
  const entries = proposals.map((proposal, at) => ({
    ...proposal,
    entryId: `entry_${'abcde'[at]!.repeat(26)}`,
  }));
  const outcomeOf = async (cuts: readonly boolean[]): Promise<unknown> => {
    await using log = new TestLog({}, origin.path);
    const batch: Proposal[] = [];
    for (const [at, entry] of entries.entries()) {
      batch.push(entry);
      if (cuts[at] === true || at === entries.length - 1) await log.log.propose(batch.splice(0));
    }
    return [await log.log.status(), log.reader.all('SELECT key, value FROM state')];
  };
  const atOnce = await outcomeOf([]);
  const cuts = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(cuts, async (where) => assert.deepEqual(await outcomeOf(where), atOnce)),
    { numRuns: 8 },
  );
});

test('verify finds every kind of tampering and names the entry', async () => {
  const cases: [string, number, RegExp][] = [
    ["UPDATE log SET bytes = CAST(bytes || x'00' AS BLOB) WHERE idx = 2", 2, /entry 2 has the link hash/],
    ['UPDATE log SET term = 9 WHERE idx = 3', 3, /entry 3 has the link hash/],
    ['UPDATE log SET link_hash = zeroblob(32) WHERE idx = 2', 2, /entry 2 has the link hash 0{64}/],
    ['DELETE FROM log WHERE idx = 2', 2, /entry 2 is missing: the next one is 3/],
    ["UPDATE log SET entry_id = 'entry_x' WHERE idx = 2", 2, /filed as JOB_ACCEPTED entry_x at tick 0/],
    ["UPDATE log SET type = 'NOOP' WHERE idx = 2", 2, /filed as NOOP/],
    ['UPDATE log SET tick = 5 WHERE idx = 2', 2, /at tick 5, which its bytes contradict/],
    ["UPDATE log SET bytes = x'a0' WHERE idx = 1", 1, /entry 1 is not the GENESIS of this cluster/],
  ];
  for (const [sql, index, reason] of cases) {
    await using log = new TestLog();
    await log.log.propose([acceptance(), acceptance(), acceptance(), acceptance()]);
    await log.tamper(sql);
    await log.reopen();
    const verification = await log.log.verify();
    assert.ok(!verification.ok, sql);
    assert.equal(verification.index, index);
    assert.match(verification.reason, reason);
    assert.deepEqual(await log.log.verify(5), { ok: true, from: 5, to: 5, checkpoints: 0 });
    assert.equal((await log.log.verify(99)).ok, false);
  }
});
