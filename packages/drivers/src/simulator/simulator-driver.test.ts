import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEVICE_QUEUE_MAX, QfsError } from '@qfs/core';
import { createInlineEngine, type Engine } from '@qfs/simulator/engine';
import { BELL_ITEM, bellRequest } from '../testing/bell.ts';
import { bench } from '../testing/bench.ts';
import { FakeTime } from '../testing/fake-time.ts';
import { createSimulatorDriver } from './simulator-driver.ts';

const DEVICE = 'sim:local';

test('no more executions run at once than there are slots; the others wait in order', async () => {
  const gate = Promise.withResolvers<void>();
  const inner = createInlineEngine();
  const engine: Engine = { ...inner, run: async (...call) => gate.promise.then(() => inner.run(...call)) };
  const simulator = await createSimulatorDriver({ engine, clock: new FakeTime(), slots: 1 });
  const prepared = await simulator.prepare(bellRequest(DEVICE));
  const first = await prepared.submit('first');
  const second = await prepared.submit('second');
  const third = await prepared.submit('third');
  const states = async () =>
    Promise.all([first, second, third].map(async (id) => (await simulator.poll!(id)).state));
  assert.deepEqual(await states(), ['running', 'queued', 'queued']);
  assert.equal((await simulator.status(DEVICE)).queueDepth, 3);
  assert.equal(await simulator.cancel(second), 'cancelled');
  gate.resolve();
  for await (const _status of simulator.watch!(third, new AbortController().signal));
  assert.deepEqual(await states(), ['succeeded', 'cancelled', 'succeeded']);
  await assert.rejects(simulator.fetch(second), { code: 'CANCELLED' });
});

test('the queue is bounded: one more is told to come again', async () => {
  const { simulator } = await bench({ slots: 1 });
  const prepared = await simulator.prepare(bellRequest(DEVICE));
  const tokens = Array.from({ length: DEVICE_QUEUE_MAX + 1 }, (_, index) => `execution ${index}`);
  // Submitted in one turn: the first one runs, the others fill the queue.
  const accepted = tokens.map((token) => prepared.submit(token));
  const refused = prepared.submit('one more');
  await assert.rejects(refused, { code: 'RATE_LIMITED', retryAfterMs: 1000 });
  assert.equal(new Set(await Promise.all(accepted)).size, DEVICE_QUEUE_MAX + 1);
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

test('an execution in one call waits for a slot like all others, ends with its signal, and leaves nothing behind', async () => {
  const gate = Promise.withResolvers<void>();
  const inner = createInlineEngine();
  const engine: Engine = {
    ...inner,
    execute: async (items, options, control) => {
      const ended = Promise.withResolvers<never>();
      control.signal?.addEventListener('abort', () => ended.reject(new QfsError('CANCELLED', 'ended')));
      await Promise.race([gate.promise, ended.promise]);
      return inner.execute(items, options, control);
    },
  };
  const simulator = await createSimulatorDriver({ engine, clock: new FakeTime(), slots: 1 });
  const never = new AbortController().signal;
  const [running, waiting] = [new AbortController(), new AbortController()];
  const ends = [running, waiting].map(({ signal }) =>
    assert.rejects(simulator.run!(bellRequest(DEVICE), signal), { code: 'CANCELLED' }),
  );
  const last = simulator.run!(bellRequest(DEVICE), never);
  assert.equal((await simulator.status(DEVICE)).queueDepth, 3);
  waiting.abort();
  running.abort();
  await Promise.all(ends);
  gate.resolve();
  const { results, metadata } = await last;
  const prepared = await simulator.prepare(bellRequest(DEVICE));
  const remoteId = await prepared.submit('first');
  for await (const _status of simulator.watch!(remoteId, never));
  assert.deepEqual((await simulator.fetch(remoteId)).results, results);
  assert.deepEqual(
    Object.keys((await simulator.fetch(remoteId)).metadata).sort(),
    Object.keys(metadata).sort(),
  );
  assert.equal((await simulator.status(DEVICE)).queueDepth, 0);
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
    message: 'method is "magic"; it can be auto or state_vector or density.',
  });
});

test('a circuit in another format is refused', async () => {
  const { simulator } = await bench();
  const items = [{ ...BELL_ITEM, format: 'qasm3_text' as const }];
  await assert.rejects(simulator.prepare({ ...bellRequest(DEVICE), items }), { code: 'NOT_IMPLEMENTED' });
});
