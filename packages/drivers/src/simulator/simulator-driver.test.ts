import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEVICE_QUEUE_MAX } from '@qfs/core';
import { BELL_ITEM, bellRequest } from '../testing/bell.ts';
import { bench } from '../testing/bench.ts';

const DEVICE = 'sim:local';

test('no more executions run at once than there are slots; the others wait in order', async () => {
  const { simulator } = await bench({ slots: 1 });
  const prepared = await simulator.prepare(bellRequest(DEVICE));
  const first = await prepared.submit('first');
  const second = await prepared.submit('second');
  assert.equal((await simulator.poll!(first)).state, 'running');
  assert.equal((await simulator.poll!(second)).state, 'queued');
  assert.equal((await simulator.status(DEVICE)).queueDepth, 2);
  assert.equal(await simulator.cancel(second), 'cancelled');
  await assert.rejects(simulator.fetch(second), { code: 'CANCELLED' });
});

test('the queue is bounded: one more is told to come again', async () => {
  const { simulator } = await bench({ slots: 1 });
  const prepared = await simulator.prepare(bellRequest(DEVICE));
  await prepared.submit('running');
  for (let index = 0; index < DEVICE_QUEUE_MAX; index += 1) await prepared.submit(`waiting ${index}`);
  await assert.rejects(prepared.submit('one more'), { code: 'RATE_LIMITED', retryAfterMs: 1000 });
  await simulator.close();
});

test('a new process does not know the executions of the old one, and running them again gives the same bytes', async () => {
  const results: Uint8Array[] = [];
  const ids: string[] = [];
  for (let start = 0; start < 2; start += 1) {
    const { manager } = await bench();
    const address = await manager.submit(bellRequest(DEVICE), 'job_bell/1');
    for await (const _status of manager.watch(address, new AbortController().signal));
    results.push((await manager.fetch(address)).results);
    ids.push(address.remoteId);
  }
  assert.equal(ids[0], ids[1]);
  assert.deepEqual(results[0], results[1]);
  const { manager } = await bench();
  const lost = await manager.poll({ deviceId: DEVICE, remoteId: ids[0]! });
  assert.equal(lost.state, 'lost');
  assert.equal(lost.error?.code, 'ENGINE_LOST');
});

test('a closed driver takes nothing new', async () => {
  const { simulator } = await bench();
  const prepared = await simulator.prepare(bellRequest(DEVICE));
  await simulator.close();
  await assert.rejects(prepared.submit('late'), { code: 'SHUTTING_DOWN' });
  assert.equal((await simulator.status(DEVICE)).availability, 'offline');
});

test('an option with an unknown value is named with its values', async () => {
  const { simulator } = await bench();
  const request = { ...bellRequest(DEVICE), options: { method: 'magic' } };
  await assert.rejects(simulator.prepare(request), {
    code: 'JOB_SPEC_INVALID',
    message: 'method is "magic"; it can be auto or state_vector.',
  });
});

test('a circuit in another format is refused', async () => {
  const { simulator } = await bench();
  const items = [{ ...BELL_ITEM, format: 'qasm3_text' as const }];
  await assert.rejects(simulator.prepare({ ...bellRequest(DEVICE), items }), { code: 'NOT_IMPLEMENTED' });
});
