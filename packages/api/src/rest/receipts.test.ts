import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { FIRST, openRestDoor } from '../testing/open-rest-door.ts';
import { doorDependencies, MemoryRooms } from '../testing/rooms.ts';

/** A kernel whose receipt waits for a checkpoint the first times that it is asked for. */
function pendingFor(times: number) {
  const { kernel } = doorDependencies(new MemoryRooms());
  let asked = 0;
  return {
    ...kernel,
    getReceipt: async () => {
      asked += 1;
      if (asked <= times) throw new QfsError('RECEIPT_PENDING', 'No checkpoint yet.', { retryAfterMs: 500 });
      return { jobId: FIRST, receiptJson: utf8('{}\n') };
    },
  } as unknown as typeof kernel;
}

const url = `/api/v1/jobs/${FIRST}/receipt`;

test('REC-11: a receipt that is pending is 503, unless the request prefers to wait', async (t) => {
  const { app } = await openRestDoor(t, { kernel: pendingFor(1) });
  const pending = await app.inject({ url });
  assert.equal(pending.statusCode, 503);
  assert.equal(pending.json<{ code: string }>().code, 'RECEIPT_PENDING');
  const now = await app.inject({ url });
  assert.deepEqual([now.statusCode, now.body], [200, '{}\n']);
});

test('REC-11: who prefers to wait is answered when the checkpoint has come, after ten seconds at most', async (t) => {
  const { app } = await openRestDoor(t, { kernel: pendingFor(2) });
  const waited = await app.inject({ url, headers: { prefer: 'respond-async, wait=9999' } });
  assert.equal(waited.statusCode, 200);
  assert.equal(waited.headers['preference-applied'], 'wait=10');
});

test('a wait that is no number is no wait', async (t) => {
  const { app } = await openRestDoor(t, { kernel: pendingFor(1) });
  const answer = await app.inject({ url, headers: { prefer: 'wait=soon' } });
  assert.equal(answer.statusCode, 503);
});
