import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex } from '@qfs/core/exact';
import { directClient, LogService, SealService } from '@qfs/rpc';
import { EntryOutcome } from '@qfs/rpc/fabric';
import { acceptance, TestLog } from '../testing/test-log.ts';
import type { LogChecks } from './checks.ts';
import { createLogService, createSealService } from './log-service.ts';

/** Checks that tell of every entry and find what they are told to find. */
const scripted = (reason?: string): LogChecks => ({
  verify: () => async (onProgress) => {
    for (let index = 1; index <= 3; index++) {
      onProgress(index);
      await Promise.resolve();
    }
    return {
      ok: reason === undefined,
      index: 3,
      checkpoints: 2,
      ...(reason === undefined ? {} : { reason }),
    };
  },
  replay: () => () => Promise.resolve({ ok: true, index: 3, stateRoot: Uint8Array.of(7), jobs: 1 }),
});

const serviceOf = (log: TestLog, checks = scripted()) =>
  directClient(LogService, createLogService({ log: log.log, checks }));

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('entries are read by range and type, with their bodies for people', async () => {
  await using log = new TestLog();
  await log.log.propose([acceptance(), acceptance({ priority: 7 }), { type: 'UNKNOWN_TYPE', body: {} }]);
  const service = serviceOf(log);
  const all = await collect(service.readLog({ from: 1n }));
  assert.deepEqual(
    all.map(({ index, type, outcome, code }) => [index, type, outcome === EntryOutcome.ACCEPTED, code]),
    [
      [1n, 'GENESIS', true, ''],
      [2n, 'JOB_ACCEPTED', true, ''],
      [3n, 'JOB_ACCEPTED', true, ''],
      [4n, 'UNKNOWN_TYPE', false, 'TYPE_UNKNOWN'],
    ],
  );
  assert.equal(JSON.parse(all[2]!.bodyJson).priority, 7);
  const jobs = await collect(service.readLog({ from: 1n, to: 2n, types: ['JOB_ACCEPTED'] }));
  assert.deepEqual(
    jobs.map(({ index }) => index),
    [2n],
  );
  assert.deepEqual(
    (await collect(service.readLog({}))).map(({ index }) => index),
    [4n],
  );
  assert.deepEqual(await collect(service.readLog({ from: 9n })), []);
});

test('who follows gets the entries to come, until the call ends', async () => {
  await using log = new TestLog();
  const stop = new AbortController();
  const entries = serviceOf(log)
    .readLog({ from: 1n, follow: true }, { signal: stop.signal })
    [Symbol.asyncIterator]();
  assert.equal((await entries.next()).value?.type, 'GENESIS');
  const next = entries.next();
  await log.log.propose([acceptance()]);
  log.timers.fire();
  assert.equal((await next).value?.type, 'JOB_ACCEPTED');
  stop.abort();
  await entries.return?.();
});

test('REC-11: an entry is proved under a checkpoint; before it the proof is pending, beyond the log unknown', async () => {
  await using log = new TestLog();
  await log.log.propose([acceptance()]);
  const service = serviceOf(log);
  await assert.rejects(service.proveEntry({ index: 2n }), { code: 'RECEIPT_PENDING' });
  for (const index of [0n, 3n]) {
    await assert.rejects(service.proveEntry({ index }), { code: 'LOG_INDEX_UNKNOWN' });
  }
  await log.call('log.checkpoint', {});
  const proof = await service.proveEntry({ index: 2n });
  const [entry] = await log.log.read(2, 2);
  assert.equal(hex(proof.bytes), hex(entry!.bytes));
  assert.equal(proof.checkpoint?.treeSize, 2n);
  const status = await service.getLogStatus({});
  assert.equal(status.checkpoint?.treeSize, 2n);
  assert.equal(status.appliedIndex, 3n);
});

test('a check tells how far it is, and its verdict last', async () => {
  await using log = new TestLog();
  const told = await collect(serviceOf(log).verifyLog({}));
  assert.ok(told.length > 1);
  assert.deepEqual(
    told.map(({ done }) => done),
    [...told.slice(1).map(() => false), true],
  );
  const { ok, index, checkpoints, to } = told.at(-1)!;
  assert.deepEqual([ok, index, checkpoints, to], [true, 3n, 2n, 1n]);
  const [replayed] = await collect(serviceOf(log).replayLog({}));
  assert.deepEqual([replayed?.ok, replayed?.jobs, replayed?.stateRoot], [true, 1n, Uint8Array.of(7)]);
  for (const from of [4n, 2n ** 64n - 1n]) {
    await assert.rejects(collect(serviceOf(log).verifyLog({ from })), { code: 'LOG_INDEX_UNKNOWN' });
  }
  const found = await collect(serviceOf(log, scripted('planted')).verifyLog({}));
  assert.deepEqual([found.at(-1)?.ok, found.at(-1)?.reason], [false, 'planted']);
});

test('REC-4: a statement is sealed once', async () => {
  await using log = new TestLog();
  const seals = directClient(SealService, createSealService(log.log));
  const request = { payloadType: 'application/vnd.in-toto+json', payload: Uint8Array.of(1) };
  const first = await seals.sealStatement(request);
  assert.deepEqual(
    first.signatures.map(({ algorithm }) => algorithm),
    ['ML-DSA-65', 'Ed25519'],
  );
  assert.deepEqual(await seals.sealStatement(request), first);
});
