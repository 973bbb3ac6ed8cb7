import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import { openStateMap } from '@qfs/fabric';
import fc from 'fast-check';
import type { Proposal } from '../log.ts';
import { LOG_CASES, type LogUnderTest } from '../testing/log-cases.ts';
import { acceptance, TestLog } from '../testing/test-log.ts';
import { LocalLog } from './local-log.ts';
import { presentStateRoot } from './state-rows.ts';
import { treeRoot } from './tree-rows.ts';

/** A test log as the cases want it. */
const underTest = (log: TestLog): LogUnderTest => ({
  log: log.log,
  certify: async () => void (await log.call('log.checkpoint', {})),
  restart: async () => {
    await log.reopen();
    return underTest(log);
  },
  passTime: () => log.timers.fire(),
  [Symbol.asyncDispose]: () => log.remove(),
});

for (const [name, run] of LOG_CASES) {
  test(`local: ${name}`, () => run(async () => underTest(new TestLog())));
}

test('a tail gives what other parts of the process append', async () => {
  await using log = new TestLog();
  const stop = new AbortController();
  const tail = log.log.tail(2, stop.signal)[Symbol.asyncIterator]();
  const waiting = tail.next();
  await log.call('log.propose', { entries: [acceptance()] });
  log.timers.fire();
  assert.equal((await waiting).value?.index, 2);
  stop.abort();
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

test('LOG-32: any batching of the same entries gives the same chain, effects, state and roots', async () => {
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
    const roots = [treeRoot(log.reader, entries.length + 1), presentStateRoot(log.reader, openStateMap)];
    return [await log.log.status(), roots, log.reader.all('SELECT key, value FROM state')];
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
