import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExecutionAddress } from '../manager.ts';
import { bellRequest } from '../testing/bell.ts';
import { type Bench, bench } from '../testing/bench.ts';

const HOUR_MS = 3_600_000;

async function statesOf({ manager }: Bench, address: ExecutionAddress): Promise<string[]> {
  const states: string[] = [];
  for await (const { state } of manager.watch(address, new AbortController().signal)) states.push(state);
  return states;
}

const submit = ({ manager }: Bench, script: string, attempt = 1, token = `job_bell/${attempt}`) =>
  manager.submit(bellRequest(`fault:${script}`, attempt), token);

test('a device that is unavailable twice takes the third attempt', async () => {
  const table = await bench();
  await assert.rejects(submit(table, 'unavailable@2/ok', 1), { code: 'BACKEND_UNAVAILABLE' });
  await assert.rejects(submit(table, 'unavailable@2/ok', 2), { code: 'BACKEND_UNAVAILABLE' });
  const address = await submit(table, 'unavailable@2/ok', 3);
  assert.equal((await statesOf(table, address)).at(-1), 'succeeded');
  assert.ok((await table.manager.fetch(address)).results.byteLength > 0);
});

test('the script can come as an option of the job', async () => {
  const { manager } = await bench();
  const request = { ...bellRequest('fault:scripted'), options: { fault: 'offline' } };
  await assert.rejects(manager.submit(request, 'token'), { code: 'DEVICE_OFFLINE' });
});

test('an hour in the queue takes an hour', async () => {
  const table = await bench();
  const address = await submit(table, `queue:${HOUR_MS}`);
  await table.time.pass(HOUR_MS - 1);
  assert.equal((await table.manager.poll(address)).state, 'queued');
  await table.time.pass(1);
  assert.deepEqual((await statesOf(table, address)).at(-1), 'succeeded');
});

test('an execution in the queue can be cancelled', async () => {
  const table = await bench();
  const address = await submit(table, `queue:${HOUR_MS}`);
  assert.equal(await table.manager.cancel(address), 'cancelled');
  assert.equal((await table.manager.poll(address)).state, 'cancelled');
});

test('an execution that hangs ends by cancellation only', async () => {
  const table = await bench();
  const address = await submit(table, 'hang');
  await table.time.pass(24 * HOUR_MS);
  assert.equal((await table.manager.poll(address)).state, 'running');
  assert.equal(await table.manager.cancel(address), 'cancelled');
});

test('a cancellation that comes too late says so, and the results stand', async () => {
  const table = await bench();
  const address = await submit(table, 'late_cancel:100');
  const outcome = table.manager.cancel(address);
  await table.time.pass(100);
  assert.equal(await outcome, 'too_late');
  assert.ok((await table.manager.fetch(address)).results.byteLength > 0);
});

test('a driver that breaks down is a backend that is unavailable, and forgets what it ran', async () => {
  const table = await bench();
  const address = await submit(table, 'crash');
  await assert.rejects(statesOf(table, address), { code: 'BACKEND_UNAVAILABLE' });
  const { state, error } = await table.manager.poll(address);
  assert.deepEqual([state, error?.code], ['lost', 'ENGINE_LOST']);
});

test('a driver breaks down however late it is watched', async () => {
  const table = await bench();
  const address = await submit(table, 'crash');
  await table.time.pass(HOUR_MS);
  await assert.rejects(statesOf(table, address), { code: 'BACKEND_UNAVAILABLE' });
});

test('what is lost may be run again only where that is harmless', async () => {
  const harmless = await bench();
  const first = await harmless.manager.poll(await submit(harmless, 'lost'));
  assert.equal(first.error?.code, 'ENGINE_LOST');
  assert.equal(first.error?.row.retryable, true);
  const paid = await bench({ idempotentSubmission: false });
  const second = await paid.manager.poll(await submit(paid, 'lost'));
  assert.equal(second.error?.code, 'EXECUTION_LOST');
  assert.equal(second.error?.row.retryable, false);
});

test('when the answer to a submission got lost, the same token finds the execution', async () => {
  const table = await bench();
  await assert.rejects(submit(table, 'lost_answer'), { code: 'BACKEND_UNAVAILABLE' });
  assert.equal((await table.fault.status('fault:lost_answer')).queueDepth, 1);
  const address = await submit(table, 'lost_answer');
  assert.equal((await statesOf(table, address)).at(-1), 'succeeded');
});

test('a device out of reach keeps running, and the result is there afterwards', async () => {
  const table = await bench();
  const address = await submit(table, 'late:500');
  await assert.rejects(statesOf(table, address), { code: 'BACKEND_UNAVAILABLE' });
  await table.time.pass(500);
  assert.equal((await statesOf(table, address)).at(-1), 'succeeded');
});

test('an end that is reported twice is passed on once', async () => {
  const table = await bench();
  const states = await statesOf(table, await submit(table, 'duplicate'));
  assert.equal(states.filter((state) => state === 'succeeded').length, 1);
});

test('partial results are refused, never stored', async () => {
  const table = await bench();
  const address = await submit(table, 'partial');
  assert.equal((await statesOf(table, address)).at(-1), 'succeeded');
  await assert.rejects(table.manager.fetch(address), {
    code: 'RESULT_INCOMPLETE',
    message: /of 100 shots/,
  });
});

test('a device that fails says why', async () => {
  const table = await bench();
  const address = await submit(table, 'fail');
  assert.equal((await statesOf(table, address)).at(-1), 'failed');
  assert.equal((await table.manager.poll(address)).error?.code, 'INTERNAL');
});

test('a script that cannot be read is refused by name before anything runs', async () => {
  const table = await bench();
  await assert.rejects(submit(table, 'explode'), { code: 'JOB_SPEC_INVALID', message: /explode/ });
});
