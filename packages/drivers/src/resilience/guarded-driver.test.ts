import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DRIVER_CONNECTIONS_MAX, QfsError } from '@qfs/core';
import type { Driver } from '../contract.ts';
import { DriverManager } from '../manager.ts';
import { bellRequest } from '../testing/bell.ts';
import { bench } from '../testing/bench.ts';
import { type GuardMetrics, guardDriver } from './guarded-driver.ts';

const DEVICE = 'sim:local';

/** The simulator behind a line that can be cut, and a record of what was asked over it. */
async function remote(options: { connectionsMax?: number; metrics?: GuardMetrics } = {}) {
  const { simulator, time } = await bench();
  const line = { down: false, silent: false };
  const calls: string[] = [];
  const over = async <T>(operation: string, run: () => Promise<T>): Promise<T> => {
    calls.push(operation);
    if (line.silent) await new Promise(() => undefined);
    if (line.down) throw new QfsError('BACKEND_UNAVAILABLE', 'The line is cut.');
    return run();
  };
  const far: Driver = {
    name: 'far',
    capabilities: simulator.capabilities,
    devices: () => simulator.devices(),
    findDevice: (id) => simulator.findDevice(id),
    status: (id) => over('status', () => simulator.status(id)),
    prepare: (request) => over('prepare', () => simulator.prepare(request)),
    poll: (id) => over('poll', () => simulator.poll!(id)),
    cancel: (id) => over('cancel', () => simulator.cancel(id)),
    fetch: (id) => over('fetch', () => simulator.fetch(id)),
    calibration: (id) => over('calibration', () => simulator.calibration(id)),
    close: () => simulator.close(),
  };
  const driver = guardDriver(far, { clock: time, timers: time, ...options });
  return {
    line,
    calls,
    time,
    driver,
    manager: new DriverManager({ drivers: [driver], clock: time, timers: time }),
  };
}

type Remote = Awaited<ReturnType<typeof remote>>;

/** Lets time pass while a call is retried, and says what it failed with. */
async function failure({ time }: Remote, call: Promise<unknown>): Promise<QfsError> {
  let thrown: unknown;
  const settled = call.then(
    () => undefined,
    (reason) => {
      thrown = reason;
    },
  );
  for (let step = 0; step < 10 && thrown === undefined; step += 1) await time.pass(100);
  await settled;
  assert.ok(thrown instanceof QfsError, String(thrown));
  return thrown;
}

test('calls that are safe to repeat are repeated, with pauses that double', async () => {
  const far = await remote();
  far.line.down = true;
  const polled = far.driver.poll!('id');
  polled.catch(() => undefined);
  await far.time.pass(99);
  assert.deepEqual(far.calls, ['poll']);
  await far.time.pass(1);
  assert.deepEqual(far.calls, ['poll', 'poll']);
  far.line.down = false;
  await far.time.pass(200);
  assert.equal((await polled).state, 'lost');
});

test('nobody waits for ever: a silent backend is a timeout that says when to come again', async () => {
  const far = await remote();
  far.line.silent = true;
  const status = far.driver.status(DEVICE);
  await far.time.pass(5_000);
  assert.match((await status).detail ?? '', /Driver far did not answer status within 5 s/);
  const cancelled = far.driver.cancel('id').catch((thrown: unknown) => thrown);
  for (const step of [60_000, 100, 60_000]) await far.time.pass(step);
  const error = await cancelled;
  assert.ok(error instanceof QfsError);
  assert.deepEqual(
    [error.code, error.retryAfterMs, error.metadata.taxonomy],
    ['DEADLINE_EXCEEDED', 2_000, 'network'],
  );
});

test('after five failures new work is kept away, the status says why, and one probe closes the breaker', async () => {
  const far = await remote();
  far.line.down = true;
  for (let job = 0; job < 5; job += 1) {
    const error = await failure(far, far.manager.submit(bellRequest(DEVICE), `job ${job}`));
    assert.equal(error.code, 'DEVICE_OFFLINE', 'preparing hands nothing over');
    assert.equal(error.message, 'The line is cut.');
  }
  const asked = far.calls.length;
  const refused = await failure(far, far.manager.submit(bellRequest(DEVICE), 'one more'));
  assert.equal(refused.code, 'DEVICE_OFFLINE');
  assert.match(
    refused.message,
    /sim:local is given time to recover: The line is cut\. It is asked again in 5 s\./,
  );
  assert.ok(refused.retryAfterMs! > 4_000);
  await far.time.pass(1_000);
  const { status } = await far.manager.device(DEVICE);
  assert.deepEqual([status.availability, /given time to recover/.test(status.detail ?? '')], ['error', true]);
  assert.equal(far.calls.length, asked, 'the backend is left alone');
  far.line.down = false;
  await far.time.pass(5_000);
  assert.equal((await far.manager.device(DEVICE)).status.availability, 'online');
  await far.manager.submit(bellRequest(DEVICE), 'and again');
});

test('while the breaker is open, executions under way are still asked for', async () => {
  const far = await remote();
  const address = await far.manager.submit(bellRequest(DEVICE), 'token');
  far.line.down = true;
  for (let probe = 0; probe < 5; probe += 1) {
    await far.driver.status(DEVICE);
    await far.time.pass(1_000);
  }
  far.line.down = false;
  assert.equal((await far.driver.status(DEVICE)).availability, 'error');
  assert.equal((await far.manager.poll(address)).state, 'succeeded');
  assert.ok((await far.manager.fetch(address)).results.byteLength > 0);
});

test('a refusal is an answer: it opens nothing', async () => {
  const far = await remote();
  for (let job = 0; job < 10; job += 1) {
    const request = { ...bellRequest(DEVICE), options: { method: 'magic' } };
    assert.equal((await failure(far, far.manager.submit(request, `${job}`))).code, 'JOB_SPEC_INVALID');
  }
  await far.manager.submit(bellRequest(DEVICE), 'token');
});

test('a status is asked for once a second however many want it', async () => {
  const far = await remote();
  await Promise.all([1, 2, 3].map(() => far.driver.status(DEVICE)));
  assert.deepEqual(far.calls, ['status']);
  await far.time.pass(1_000);
  await far.driver.status(DEVICE);
  assert.deepEqual(far.calls, ['status', 'status']);
});

test('no more calls run at once than there are connections, and both numbers are measured', async () => {
  const seen: string[] = [];
  const metrics: GuardMetrics = {
    connections: (driver, active, waiting) => seen.push(`${driver} ${active} ${waiting}`),
    connectionError: () => undefined,
    backendFailure: () => undefined,
  };
  const far = await remote({ connectionsMax: 2, metrics });
  await Promise.all([1, 2, 3, 4].map((id) => far.driver.poll!(`${id}`)));
  assert.ok(seen.includes('far 2 2'), seen.join());
  assert.equal(seen.at(-1), 'far 0 0');
  const most = await remote();
  most.line.silent = true;
  for (let id = 0; id <= DRIVER_CONNECTIONS_MAX; id += 1) most.driver.poll!(`${id}`).catch(() => undefined);
  await most.time.pass(0);
  assert.equal(most.calls.length, DRIVER_CONNECTIONS_MAX);
});

test('failures are counted by kind, and a breaker that opens is one of the backend', async () => {
  const counted: string[] = [];
  const metrics: GuardMetrics = {
    connections: () => undefined,
    connectionError: (driver, errorType) => counted.push(`${driver} ${errorType}`),
    backendFailure: (driver) => counted.push(`${driver} failed`),
  };
  const far = await remote({ metrics });
  far.line.down = true;
  for (let probe = 0; probe < 5; probe += 1) {
    await far.driver.status(DEVICE);
    await far.time.pass(1_000);
  }
  assert.deepEqual(counted, [...Array(5).fill('far BACKEND_UNAVAILABLE'), 'far failed']);
});
