import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError, type StoreWriter } from '@qfs/core';
import { levelSupportMessage } from '@qfs/core/exact';
import { fabricConfigurationReference } from '@qfs/fabric';
import { adminOf, setting, TestLog } from '../testing/test-log.ts';
import { readPace } from './facts.ts';
import { readOpenHead } from './head.ts';
import { readIdentity, signAsNode } from './identity.ts';
import { LogKeeper } from './log-keeper.ts';
import { nodePqcProvider } from './node-pqc.ts';
import { stateOf } from './state-rows.ts';

const NOOP = { type: 'NOOP', body: {} };
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** A keeper over a test log, woken by hand as commits would. */
function keeperOf(log: TestLog, writer: StoreWriter = log.writer) {
  const errors: unknown[] = [];
  let compactions = 0;
  const { reader, timers } = log;
  const keeper = new LogKeeper({
    writer,
    reader,
    timers,
    compact: async () => {
      compactions += 1;
    },
    onError: (error) => errors.push(error),
  });
  return { keeper, errors, compactions: () => compactions };
}

const treeSizes = (log: TestLog): number[] =>
  log.reader.all<{ size: number }>('SELECT tree_size AS size FROM checkpoints').map(({ size }) => size);

test('LOG-27: a statement is made one second after the first entry that none covers, and then never again', async () => {
  await using log = new TestLog();
  const { keeper, errors } = keeperOf(log);
  keeper.wake();
  keeper.wake();
  assert.deepEqual(log.timers.delays, [1_000]);
  await log.log.propose([NOOP]);
  keeper.wake();
  assert.deepEqual(log.timers.delays, [1_000], 'a later entry does not put it off');
  log.timers.fire();
  await settle();
  assert.deepEqual(treeSizes(log), [2]);
  keeper.wake();
  assert.deepEqual(log.timers.delays, []);
  await log.log.propose([NOOP]);
  keeper.wake();
  assert.deepEqual(log.timers.delays, [1_000]);
  await keeper.stop();
  assert.deepEqual(log.timers.delays, []);
  keeper.wake();
  assert.deepEqual([log.timers.delays, errors], [[], []]);
});

test('LOG-27: at checkpoint_entries entries a statement is made at once, at one less it is not', async () => {
  await using log = new TestLog();
  const { keeper } = keeperOf(log);
  await log.log.propose([setting(log, 'checkpoint_entries', 5), NOOP, NOOP]);
  keeper.wake();
  await settle();
  assert.deepEqual([treeSizes(log), log.timers.delays], [[], [1_000]]);
  await log.log.propose([NOOP]);
  keeper.wake();
  await settle();
  assert.deepEqual([treeSizes(log), log.timers.delays], [[5], []]);
  // The CHECKPOINT itself is not counted.
  await log.log.propose([NOOP, NOOP, NOOP, NOOP]);
  keeper.wake();
  await settle();
  assert.deepEqual(treeSizes(log), [5]);
  await keeper.stop();
});

test('what failed is told and tried again later', async () => {
  await using log = new TestLog();
  let fails = true;
  const { keeper, errors } = keeperOf(log, {
    transact: (calls) =>
      fails ? Promise.reject(new QfsError('STORAGE_FULL', 'Full.')) : log.writer.transact(calls),
  });
  keeper.wake();
  log.timers.fire();
  await settle();
  assert.deepEqual([errors.length, log.timers.delays], [1, [10_000]]);
  fails = false;
  log.timers.fire();
  await settle();
  assert.deepEqual([errors.length, treeSizes(log)], [1, [1]]);
});

test('LOG-29: the archive is gone on with when a tenth more than stays is in the database', async () => {
  await using log = new TestLog();
  const { keeper, compactions } = keeperOf(log);
  await log.log.propose([setting(log, 'archive_after_entries', 1_000)]);
  for (const [count, expected] of [
    [1_097, 0],
    [1, 1],
  ] as const) {
    await log.log.propose(Array.from({ length: count }, () => NOOP));
    keeper.wake();
    log.timers.fire();
    await settle();
    assert.equal(compactions(), expected, `at ${(await log.log.status()).appliedIndex} entries`);
  }
  await keeper.stop();
});

/** Ticks of an epoch, as GENESIS sets them. */
const EPOCH_TICKS = 512;
const TICK_MS = 1_000;

const typesOf = async (log: TestLog): Promise<string[]> =>
  (await log.log.read(2, 100)).map(({ type, outcome }) => (outcome === 'ACCEPTED' ? type : `no ${type}`));

test('LOG-18: an epoch ends with the next entry once its time has come; an idle log writes nothing for it', async () => {
  await using log = new TestLog({ tickMs: TICK_MS });
  const { keeper } = keeperOf(log);
  await log.call('log.checkpoint', {});
  log.clock.elapsedMs += EPOCH_TICKS * TICK_MS - 1;
  await log.log.propose([NOOP]);
  log.clock.elapsedMs += 1;
  assert.equal((await log.log.status()).epoch, 0);
  keeper.wake();
  log.timers.fire();
  await settle();
  assert.deepEqual(await typesOf(log), ['CHECKPOINT', 'NOOP', 'EPOCH_ADVANCE', 'CHECKPOINT']);
  assert.equal((await log.log.status()).epoch, 1);
  log.clock.elapsedMs += 40 * EPOCH_TICKS * TICK_MS;
  keeper.wake();
  assert.deepEqual(log.timers.delays, []);
  await log.log.propose([NOOP, NOOP]);
  assert.deepEqual((await typesOf(log)).slice(4), ['EPOCH_ADVANCE', 'NOOP', 'NOOP']);
  assert.equal((await log.log.status()).epoch, 2, 'one advance, however long nothing was written');
  await keeper.stop();
});

test('LOG-18, LOG-23: a change of the level waits for the end of an epoch, so the keeper ends it on time', async () => {
  await using log = new TestLog({ tickMs: TICK_MS });
  const { keeper, errors } = keeperOf(log);
  const { nodeId, keyId } = readIdentity(log.reader);
  const message = levelSupportMessage(readOpenHead(log.reader).clusterId, 2, nodeId);
  const signature = signAsNode(log.reader, nodePqcProvider(), message);
  const announcements = [{ node_id: nodeId, key_id: keyId, signature }];
  const body = { on_behalf_of: adminOf(log), level: 2, announcements };
  const [outcome] = await log.log.propose([{ type: 'SET_PROTOCOL_LEVEL', body, signed: true }]);
  assert.equal(outcome?.outcome, 'ACCEPTED');
  keeper.wake();
  log.timers.fire();
  await settle();
  assert.deepEqual(log.timers.delays, [EPOCH_TICKS * TICK_MS]);
  log.clock.elapsedMs += EPOCH_TICKS * TICK_MS;
  log.timers.fire();
  await settle();
  assert.deepEqual(errors, []);
  assert.deepEqual(await typesOf(log), ['SET_PROTOCOL_LEVEL', 'CHECKPOINT', 'EPOCH_ADVANCE', 'CHECKPOINT']);
  assert.deepEqual(log.timers.delays, [EPOCH_TICKS * TICK_MS]);
  await keeper.stop();
});

test('LOG-21: what the keeper takes for a value that nobody set is what the configuration says', async () => {
  await using log = new TestLog();
  const { checkpointEntries, archiveAfterEntries } = readPace(stateOf(log.reader));
  const rows = fabricConfigurationReference().split('\n');
  const initial = (key: string): string | undefined => rows.find((row) => row.includes(`\`${key}\``));
  assert.match(initial('checkpoint_entries') ?? '', new RegExp(`\\| ${checkpointEntries} \\|`));
  assert.match(initial('archive_after_entries') ?? '', new RegExp(`\\| ${archiveAfterEntries} \\|`));
});
