import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import { DriverManagerService, directClient, type ServiceImpl } from '@qfs/rpc';
import { DeviceStatus } from '@qfs/rpc/api';
import { CancelOutcome, ExecutionState } from '@qfs/rpc/internal';
import { roleUnavailable } from './losses.ts';
import { GONE_MS, manyManagers } from './many-managers.ts';
import { ASKED } from './testing/open-edge.ts';

/** A manager that runs what it is given until it is told that it ended, and can be away. */
class Scripted {
  readonly name: string;
  readonly executions = new Map<string, ExecutionState>();
  away: 'no' | 'refuses' | 'dies' = 'no';
  slots = 2;
  devices = ['sim:local'];
  status: DeviceStatus = DeviceStatus.ONLINE;

  constructor(name: string) {
    this.name = name;
  }

  #there(): void {
    if (this.away !== 'no') {
      throw roleUnavailable('driver-manager', this.name, new Error('away'), this.away === 'dies');
    }
  }

  readonly #handlers: Partial<ServiceImpl<typeof DriverManagerService>> = {
    listDevices: () => {
      this.#there();
      const info = { status: this.status, queueDepth: 1, estimatedWaitSec: this.slots };
      return {
        devices: this.devices.map((deviceId) => ({
          info: { deviceId, ...info },
          slots: this.slots,
          idempotentSubmission: true,
        })),
      };
    },
    getDeviceStatus: ({ deviceId }) => {
      this.#there();
      if (!this.devices.includes(deviceId)) throw new QfsError('DEVICE_NOT_FOUND', `No ${deviceId} here.`);
      const metadata = { slots: `${this.slots}`, idempotent_submission: 'true' };
      return { deviceId, status: this.status, queueDepth: 1, metadata };
    },
    submitExecution: ({ idempotencyToken, deviceId }) => {
      if (this.away === 'dies') this.executions.set(idempotencyToken, ExecutionState.RUNNING);
      this.#there();
      if (!this.devices.includes(deviceId)) throw new QfsError('DEVICE_NOT_FOUND', `No ${deviceId} here.`);
      this.executions.set(idempotencyToken, ExecutionState.RUNNING);
      return { remoteId: idempotencyToken };
    },
    getExecution: ({ remoteId, deviceId }) => {
      this.#there();
      const state = this.executions.get(remoteId);
      if (state !== undefined) return { execution: { remoteId, deviceId, state } };
      const error = { reason: 'ENGINE_LOST', message: 'Lost.' };
      return { execution: { remoteId, deviceId, state: ExecutionState.FAILED, error } };
    },
    cancelExecution: ({ remoteId }) => {
      this.#there();
      this.executions.delete(remoteId);
      return { outcome: CancelOutcome.CANCELLED };
    },
    fetchExecution: () => {
      this.#there();
      return { results: Buffer.from(this.name) };
    },
  };

  readonly client = directClient(
    DriverManagerService,
    this.#handlers as ServiceImpl<typeof DriverManagerService>,
  );
}

function twoManagers() {
  const [a, b] = [new Scripted('a:1'), new Scripted('b:1')];
  const time = { nowMs: 0 };
  return { a, b, time, managers: manyManagers([a, b], () => time.nowMs) };
}

const submission = (token: string, deviceId = 'sim:local') => ({ idempotencyToken: token, deviceId });

test('a device of several managers is one, with the slots of all; it is online if it is anywhere', async () => {
  const { a, b, managers } = twoManagers();
  b.slots = 5;
  b.devices = ['sim:local', 'sim:noisy'];
  a.status = DeviceStatus.ERROR_STATUS;
  const { devices } = await managers.listDevices({}, ASKED);
  const shown = devices.map(({ info, slots }) => [
    info?.deviceId,
    slots,
    info?.status,
    info?.queueDepth,
    info?.estimatedWaitSec,
  ]);
  assert.deepEqual(shown, [
    ['sim:local', 7, DeviceStatus.ONLINE, 2, 5],
    ['sim:noisy', 5, DeviceStatus.ONLINE, 1, 5],
  ]);
  const status = await managers.getDeviceStatus({ deviceId: 'sim:noisy' }, ASKED);
  assert.deepEqual([status.status, { ...status.metadata }.slots], [DeviceStatus.ONLINE, '5']);
  b.away = 'refuses';
  assert.equal((await managers.listDevices({}, ASKED)).devices[0]?.slots, 2);
  // Who is away may know the device.
  await assert.rejects(managers.getDeviceStatus({ deviceId: 'sim:noisy' }, ASKED), {
    code: 'ROLE_UNAVAILABLE',
  });
});

test('work goes to the manager with the least of it, and whoever asks about it reaches that one', async () => {
  const { a, b, managers } = twoManagers();
  const ids: string[] = [];
  for (let k = 0; k < 4; k += 1)
    ids.push((await managers.submitExecution(submission(`t${k}`), ASKED)).remoteId);
  assert.deepEqual(ids, ['t0@a:1', 't1@b:1', 't2@a:1', 't3@b:1']);
  const owner = Buffer.from(
    (await managers.fetchExecution({ remoteId: 't2@a:1' }, ASKED)).results,
  ).toString();
  assert.equal(owner, 'a:1');
  await managers.cancelExecution({ remoteId: 't0@a:1' }, ASKED);
  assert.deepEqual([...a.executions.keys()], ['t2']);
  // Two of the four have ended at a.
  assert.equal((await managers.submitExecution(submission('t4'), ASKED)).remoteId, 't4@a:1');
  const { execution } = await managers.getExecution({ remoteId: 't3@b:1' }, ASKED);
  assert.deepEqual([execution?.remoteId, execution?.state], ['t3@b:1', ExecutionState.RUNNING]);
  assert.equal(b.executions.size, 2);
});

test('a manager that refuses, or has no such device, is passed over; a lost answer is asked for again there', async () => {
  const { a, b, managers } = twoManagers();
  a.away = 'refuses';
  assert.equal((await managers.submitExecution(submission('t0'), ASKED)).remoteId, 't0@b:1');
  a.away = 'no';
  b.devices = ['sim:noisy'];
  assert.equal((await managers.submitExecution(submission('t1'), ASKED)).remoteId, 't1@a:1');
  b.devices = ['sim:local'];
  a.executions.clear();
  a.away = 'dies';
  await managers.cancelExecution({ remoteId: 't0@b:1' }, ASKED);
  await managers.submitExecution(submission('t2'), ASKED);
  await assert.rejects(managers.submitExecution(submission('t3'), ASKED), { code: 'ROLE_UNAVAILABLE' });
  a.away = 'no';
  assert.equal((await managers.submitExecution(submission('t3'), ASKED)).remoteId, 't3@a:1');
});

test('of a manager that is gone for long the others are asked, and say that its work is lost', async () => {
  const { a, b, time, managers } = twoManagers();
  const { remoteId } = await managers.submitExecution(submission('t0'), ASKED);
  assert.equal(remoteId, 't0@a:1');
  const ask = () => managers.getExecution({ remoteId }, ASKED);
  a.away = 'refuses';
  await assert.rejects(ask(), { code: 'ROLE_UNAVAILABLE' });
  time.nowMs += GONE_MS - 1;
  await assert.rejects(ask(), { code: 'ROLE_UNAVAILABLE' });
  time.nowMs += 1;
  assert.deepEqual((await ask()).execution?.error?.reason, 'ENGINE_LOST');
  assert.equal((await managers.submitExecution(submission('t0'), ASKED)).remoteId, 't0@b:1');
  // A backend elsewhere is known to all.
  b.executions.set('t9', ExecutionState.SUCCEEDED);
  const known = await managers.getExecution({ remoteId: 't9@gone:1' }, ASKED);
  assert.equal(known.execution?.state, ExecutionState.SUCCEEDED);
  a.away = 'no';
  await managers.listDevices({}, ASKED);
  assert.equal((await managers.submitExecution(submission('t5'), ASKED)).remoteId, 't5@a:1');
});

test('of one manager alone is waited for, however long it is away', async () => {
  const a = new Scripted('a:1');
  const time = { nowMs: 0 };
  const managers = manyManagers([a], () => time.nowMs);
  const { remoteId } = await managers.submitExecution(submission('t0'), ASKED);
  a.away = 'refuses';
  for (let round = 0; round < 3; round += 1) {
    await assert.rejects(managers.getExecution({ remoteId }, ASKED), { code: 'ROLE_UNAVAILABLE' });
    time.nowMs += GONE_MS;
  }
  a.away = 'no';
  assert.equal((await managers.getExecution({ remoteId }, ASKED)).execution?.state, ExecutionState.RUNNING);
});
