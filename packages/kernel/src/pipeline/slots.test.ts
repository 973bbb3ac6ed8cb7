import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Slots } from './slots.ts';

const ticket = (jobId: string, priority = 50) => ({ jobId, priority, order: Number(jobId) });
const never = new AbortController().signal;

test('a slot that is given back goes to the next, and giving it back twice gives one', async () => {
  const slots = new Slots(1);
  const release = await slots.acquire(ticket('1'), never);
  const order: string[] = [];
  const waiting = ['2', '3'].map((jobId) =>
    slots.acquire(ticket(jobId), never).then((give) => {
      order.push(jobId);
      return give;
    }),
  );
  release();
  release();
  const second = await waiting[0];
  assert.deepEqual([order, slots.queue.taken, slots.queue.depth], [['2'], 1, 1]);
  second?.();
  await waiting[1];
  assert.deepEqual(order, ['2', '3']);
});

test('who stops waiting takes no slot', async () => {
  const slots = new Slots(1);
  const release = await slots.acquire(ticket('1'), never);
  const stop = new AbortController();
  const waiting = slots.acquire(ticket('2'), stop.signal);
  stop.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
  release();
  assert.deepEqual([slots.queue.taken, slots.queue.depth], [0, 0]);
  await assert.rejects(slots.acquire(ticket('3'), stop.signal), /enough/);
});

test('a device that takes more serves those who wait', async () => {
  const slots = new Slots(1);
  await slots.acquire(ticket('1'), never);
  const waiting = slots.acquire(ticket('2'), never);
  slots.resize(2);
  await waiting;
  assert.equal(slots.queue.taken, 2);
});
