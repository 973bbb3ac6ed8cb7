import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type QfsError,
  WRITER_COMMIT_BYTES_MAX,
  WRITER_QUEUE_BYTES_MAX,
  WRITER_QUEUE_GROUPS_MAX,
} from '@qfs/core';
import { QueuedWriter } from './queued-writer.ts';
import type { CallGroup, CommitReport } from './store-session.ts';

/** A lane whose commits end when the test says so. */
function slowLane() {
  const batches: (readonly CallGroup[])[] = [];
  const ends: (() => void)[] = [];
  const commit = (groups: readonly CallGroup[]): Promise<CommitReport> => {
    batches.push(groups);
    return new Promise((resolve) => {
      ends.push(() => resolve({ outcomes: groups.map(() => ({ ok: true, results: [] })), milliseconds: 1 }));
    });
  };
  return { batches, commit, close: async () => undefined, endOldest: () => ends.shift()?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const bytes = (length: number) => [{ operation: 'x', argument: { data: new Uint8Array(length) } }];

test('calls that come while a transaction is under way gather for the next', async () => {
  const lane = slowLane();
  const writer = new QueuedWriter('store', lane);
  const all = [writer.transact(bytes(1))];
  await turn();
  for (let count = 0; count < 5; count += 1) all.push(writer.transact(bytes(1)));
  await turn();
  assert.deepEqual(
    lane.batches.map((batch) => batch.length),
    [1],
  );
  lane.endOldest();
  await turn();
  assert.deepEqual(
    lane.batches.map((batch) => batch.length),
    [1, 5],
  );
  lane.endOldest();
  await Promise.all(all);
});

test('a transaction takes a bounded number of bytes, and a larger group goes alone', async () => {
  const lane = slowLane();
  const writer = new QueuedWriter('store', lane);
  const half = WRITER_COMMIT_BYTES_MAX / 2;
  const sizes = [half - 100, half - 100, half - 100, WRITER_COMMIT_BYTES_MAX + 1];
  const all = Promise.all(sizes.map((size) => writer.transact(bytes(size))));
  for (const _batch of [1, 2, 3]) {
    await turn();
    lane.endOldest();
  }
  await all;
  assert.deepEqual(
    lane.batches.map((batch) => batch.length),
    [2, 1, 1],
  );
});

test('the queue is bounded by number: the last that fits waits, the next is asked to come again', async () => {
  const lane = slowLane();
  const writer = new QueuedWriter('store', lane);
  const fitting = Array.from({ length: WRITER_QUEUE_GROUPS_MAX }, () => writer.transact([]));
  await assert.rejects(writer.transact([]), (error: QfsError) => {
    assert.deepEqual([error.code, error.row.retryable, error.retryAfterMs], ['STORE_UNAVAILABLE', true, 100]);
    return true;
  });
  let drained = false;
  const done = Promise.all(fitting).then(() => {
    drained = true;
  });
  while (!drained) {
    lane.endOldest();
    await turn();
  }
  await done;
  assert.equal(writer.statistics().pendingGroups, 0);
});

test('the queue is bounded by bytes', async () => {
  const lane = slowLane();
  const writer = new QueuedWriter('store', lane);
  const quarter = bytes(WRITER_QUEUE_BYTES_MAX / 4 - 100);
  const fitting = [1, 2, 3, 4].map(() => writer.transact(quarter));
  await assert.rejects(writer.transact(bytes(1_000)), { code: 'STORE_UNAVAILABLE' });
  for (const _group of fitting) {
    await turn();
    lane.endOldest();
  }
  await Promise.all(fitting);
});
