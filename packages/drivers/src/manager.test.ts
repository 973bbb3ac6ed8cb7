import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOB_ITEMS_MAX, PARAMETER_SETS_MAX, SEED_MAX, SHOTS_MAX } from '@qfs/core';
import type { Driver, ExecutionItem } from './contract.ts';
import { DriverManager } from './manager.ts';
import { BELL_ITEM, bellRequest } from './testing/bell.ts';
import { bench } from './testing/bench.ts';

const requestWith = (item: Partial<ExecutionItem>) => ({
  ...bellRequest('sim:local'),
  items: [{ ...BELL_ITEM, ...item }],
});

test('an unknown device is answered with the one that was probably meant', async () => {
  const { manager } = await bench();
  assert.throws(() => manager.find('sim:lokal'), {
    code: 'DEVICE_NOT_FOUND',
    message: 'There is no device "sim:lokal". Did you mean "sim:local"?',
  });
  assert.throws(() => manager.find('ibm:heron'), { message: /Devices are: sim:local, fault:scripted\./ });
});

test('a driver of another contract version is refused at start', async () => {
  const { simulator, time } = await bench();
  const capabilities = { ...simulator.capabilities, apiVersion: '2.0' };
  const newer: Driver = Object.assign(Object.create(simulator), { capabilities });
  assert.throws(() => new DriverManager({ drivers: [newer], clock: time, timers: time }), {
    code: 'NOT_IMPLEMENTED',
  });
});

const BOUNDS: Readonly<
  Record<string, readonly [accepted: Partial<ExecutionItem>, refused: Partial<ExecutionItem>]>
> = {
  'most shots': [{ shots: SHOTS_MAX }, { shots: SHOTS_MAX + 1 }],
  'fewest shots': [{ shots: 1 }, { shots: 0 }],
  'largest seed': [{ seed: SEED_MAX }, { seed: SEED_MAX + 1 }],
  'smallest seed': [{ seed: 0 }, { seed: -1 }],
  'most parameter sets': [
    { parameters: Array(PARAMETER_SETS_MAX).fill(new Map()) },
    { parameters: Array(PARAMETER_SETS_MAX + 1).fill(new Map()) },
  ],
};

for (const [name, [accepted, refused]] of Object.entries(BOUNDS)) {
  test(`${name}: the bound is accepted, one beyond it is refused with its field`, async () => {
    const { manager } = await bench();
    await manager.estimate(requestWith(accepted));
    await assert.rejects(manager.estimate(requestWith(refused)), {
      code: 'JOB_SPEC_INVALID',
      message: /^items\[0\]\.(shots|seed|parameters) is -?\d+; it must be a whole number from/,
    });
  });
}

test('a batch has at least one item and at most a bounded number', async () => {
  const { manager } = await bench();
  const request = bellRequest('sim:local');
  await manager.estimate({ ...request, items: Array(JOB_ITEMS_MAX).fill(BELL_ITEM) });
  for (const count of [0, JOB_ITEMS_MAX + 1]) {
    const items = Array(count).fill(BELL_ITEM);
    await assert.rejects(manager.estimate({ ...request, items }), {
      code: 'JOB_SPEC_INVALID',
      message: /^items/,
    });
  }
});

test('without shots an observable is needed', async () => {
  const { manager } = await bench();
  const observables = [{ terms: [{ coefficient: 1, paulis: 'ZZ' }] }];
  const cost = await manager.estimate(requestWith({ shots: 0, observables }));
  assert.equal(cost.method, 'state_vector');
});

test('a submission needs a token', async () => {
  const { manager } = await bench();
  await assert.rejects(manager.submit(bellRequest('sim:local'), ''), { code: 'REQUEST_INVALID' });
});

test('devices are listed with their status, one whose status cannot be had as in error', async () => {
  const { simulator, time } = await bench();
  const status = async (): Promise<never> => {
    throw new Error('no answer');
  };
  const mute: Driver = Object.assign(Object.create(simulator), {
    devices: () => simulator.devices(),
    findDevice: (id: string) => simulator.findDevice(id),
    status,
  });
  const [listed] = await new DriverManager({ drivers: [mute], clock: time, timers: time }).devices();
  assert.equal(listed?.device.id, 'sim:local');
  assert.equal(listed?.status.availability, 'error');
  assert.match(listed?.status.detail ?? '', /status/);
});

test('a backend that can only be polled is watched by polling', async () => {
  const { fault, time } = await bench();
  const polled = Object.assign(Object.create(fault), {
    capabilities: fault.capabilities,
    findDevice: (id: string) => fault.findDevice(id),
    prepare: (request: Parameters<Driver['prepare']>[0]) => fault.prepare(request),
    watch: undefined,
    poll: async (id: string) =>
      (await fault.watch!(id, new AbortController().signal)[Symbol.asyncIterator]().next()).value,
  }) as Driver;
  const manager = new DriverManager({ drivers: [polled], clock: time, timers: time, pollIntervalMs: 10 });
  const address = await manager.submit(bellRequest('fault:queue:5'), 'token');
  const seen: string[] = [];
  const watching = (async () => {
    for await (const { state } of manager.watch(address, new AbortController().signal)) seen.push(state);
  })();
  for (let round = 0; round < 20; round += 1) await time.pass(10);
  await watching;
  assert.deepEqual([seen[0], seen.at(-1)], ['queued', 'succeeded']);
});

test('every call of a driver is measured, failures as such', async () => {
  const calls: string[] = [];
  const metrics = {
    request: (driver: string, operation: string, success: boolean, seconds: number) => {
      assert.ok(seconds >= 0);
      calls.push(`${driver} ${operation} ${success}`);
    },
  };
  const { manager } = await bench({ metrics });
  await manager.submit(bellRequest('sim:local'), 'token');
  await assert.rejects(manager.submit(bellRequest('fault:unavailable'), 'token'));
  assert.deepEqual(calls, [
    'simulator prepare true',
    'simulator submit true',
    'fault prepare true',
    'fault submit false',
  ]);
});
