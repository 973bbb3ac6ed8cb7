import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Client, callOptions, DriverManagerService, directClient, routerClient } from '@qfs/rpc';
import { DeviceStatus } from '@qfs/rpc/api';
import { CancelOutcome, CircuitFormat, ExecutionState } from '@qfs/rpc/internal';
import { BELL } from '../testing/bell.ts';
import { bench } from '../testing/bench.ts';
import { driverManagerService } from './driver-manager-service.ts';

const OPTIONS = callOptions({
  identity: {
    tenantId: 'tenant-default',
    projectId: 'project-default',
    subject: 'local',
    roles: ['admin'],
  },
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  requestId: 'req_1',
});

const PAYLOAD = { format: CircuitFormat.AQO_JSON, data: BELL.circuit };
const ITEM = { payload: PAYLOAD, shots: 100, seed: 7n };

const submission = (deviceId: string) => ({
  jobId: 'job_bell',
  attempt: 1,
  idempotencyToken: 'job_bell/1',
  deviceId,
  items: [ITEM],
});

const TRANSPORTS = { 'by direct call': directClient, 'over the serialising transport': routerClient };

for (const [way, connect] of Object.entries(TRANSPORTS)) {
  const client = async (): Promise<Client<typeof DriverManagerService>> =>
    connect(DriverManagerService, driverManagerService((await bench()).manager));

  test(`${way}: an execution is submitted, watched and fetched`, async () => {
    const drivers = await client();
    const { remoteId } = await drivers.submitExecution(submission('sim:local'), OPTIONS);
    const address = { deviceId: 'sim:local', remoteId };
    const states: number[] = [];
    for await (const { execution } of drivers.watchExecution(address, OPTIONS)) states.push(execution!.state);
    assert.equal(states.at(-1), ExecutionState.SUCCEEDED);
    const { results, metadata, calibration } = await drivers.fetchExecution(address, OPTIONS);
    assert.match(new TextDecoder().decode(results), /"shots":100/);
    assert.equal(metadata.driver, 'simulator');
    assert.equal(calibration.byteLength, 0);
    const { outcome } = await drivers.cancelExecution(address, OPTIONS);
    assert.equal(outcome, CancelOutcome.TOO_LATE);
  });

  test(`${way}: an execution is run in one call, with the bytes of one that is submitted and fetched`, async () => {
    const drivers = await client();
    for (const deviceId of ['sim:local', 'fault:ok']) {
      const { results, metadata } = await drivers.runExecution({ submission: submission(deviceId) }, OPTIONS);
      const { remoteId } = await drivers.submitExecution(submission('sim:local'), OPTIONS);
      const address = { deviceId: 'sim:local', remoteId };
      for await (const _ of drivers.watchExecution(address, OPTIONS));
      const fetched = await drivers.fetchExecution(address, OPTIONS);
      assert.deepEqual(results, fetched.results);
      assert.equal(metadata.engine, fetched.metadata.engine);
    }
    const failing = { ...submission('fault:lost'), idempotencyToken: 'another' };
    await assert.rejects(drivers.runExecution({ submission: failing }, OPTIONS), { code: 'ENGINE_LOST' });
    await assert.rejects(drivers.runExecution({}, OPTIONS), /needs a submission/);
  });

  test(`${way}: one circuit runs in one call, and the same call is the same execution`, async () => {
    const drivers = await client();
    const request = {
      jobId: 'j',
      deviceId: 'sim:local',
      payload: PAYLOAD,
      shots: 50,
      options: { seed: '3' },
    };
    const first = await drivers.executeCircuit(request, OPTIONS);
    assert.equal(
      Object.values(first.counts).reduce((sum, count) => sum + count, 0n),
      50n,
    );
    assert.deepEqual((await drivers.executeCircuit(request, OPTIONS)).counts, first.counts);
  });

  test(`${way}: devices say what they are and how they are`, async () => {
    const drivers = await client();
    const { devices } = await drivers.listDevices({}, OPTIONS);
    assert.deepEqual(
      devices.map(({ info, driver, exact }) => [info?.deviceId, info?.status, driver, exact]),
      [
        ['sim:local', DeviceStatus.ONLINE, 'simulator', true],
        ['fault:scripted', DeviceStatus.ONLINE, 'fault', true],
      ],
    );
    const status = await drivers.getDeviceStatus({ deviceId: 'sim:local' }, OPTIONS);
    assert.deepEqual([status.status, status.queueDepth], [DeviceStatus.ONLINE, 0]);
    const { metadata } = await drivers.getDeviceStatus({ deviceId: 'fault:ok' }, OPTIONS);
    assert.deepEqual({ ...metadata }, { slots: '2', idempotent_submission: 'true', formats: 'aqo_json' });
    const estimate = await drivers.estimateExecution({ deviceId: 'sim:local', items: [ITEM] }, OPTIONS);
    assert.equal(estimate.method, 'state_vector');
    await assert.rejects(drivers.calibrateDevice({ deviceId: 'sim:local' }, OPTIONS));
  });

  test(`${way}: a lost execution has failed, with the reason that decides about another attempt`, async () => {
    const drivers = await client();
    const { remoteId } = await drivers.submitExecution(submission('fault:lost'), OPTIONS);
    const { execution } = await drivers.getExecution({ deviceId: 'fault:lost', remoteId }, OPTIONS);
    assert.equal(execution?.state, ExecutionState.FAILED);
    assert.equal(execution?.error?.reason, 'ENGINE_LOST');
  });
}

test('inputs hold for every parameter set, integers beyond 2^53 are refused', async () => {
  const drivers = directClient(DriverManagerService, driverManagerService((await bench()).manager));
  const inputs = { n: { value: { case: 'integer' as const, value: 2n ** 53n } } };
  await assert.rejects(
    drivers.submitExecution({ ...submission('sim:local'), items: [{ ...ITEM, inputs }] }, OPTIONS),
    {
      code: 'JOB_SPEC_INVALID',
      message: /Input "n" is 9007199254740992/,
    },
  );
});

test('a device whose submissions cannot be repeated runs nothing in one call', async () => {
  const { manager } = await bench({ idempotentSubmission: false });
  const drivers = directClient(DriverManagerService, driverManagerService(manager));
  await assert.rejects(drivers.runExecution({ submission: submission('fault:ok') }, OPTIONS), {
    code: 'NOT_IMPLEMENTED',
    message: /submit it and watch it/,
  });
});

test('a payload without a known format is refused with its place', async () => {
  const drivers = directClient(DriverManagerService, driverManagerService((await bench()).manager));
  const payload = { format: CircuitFormat.BACKEND_NATIVE, data: BELL.circuit };
  await assert.rejects(
    drivers.submitExecution({ ...submission('sim:local'), items: [{ ...ITEM, payload }] }, OPTIONS),
    {
      code: 'NOT_IMPLEMENTED',
      message: /^items\[0\]/,
    },
  );
});
