import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connectGrpc, type GrpcService } from '../platform/grpc-client.ts';
import {
  call,
  jobIn,
  jobNow,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
  until,
} from '../platform/platform.ts';
import { example } from '../platform/programs.ts';

const BELL = { program: example('bell'), shots: 100 };
const HANGS = 'fault:hang';

interface Reservation {
  readonly reservation_id: string;
  readonly device_id: string;
  readonly job_id: string | null;
  readonly purpose: string;
}

const dataDir = temporaryDirectory();
let platform: Platform;
let rest: string;
let devices: GrpcService;

async function start(): Promise<void> {
  platform = await startPlatform({ dataDir, args: ['--drivers', 'sim,fault', '--workers', '2'] });
  rest = platform.ready.rest;
  devices = connectGrpc(platform.ready.grpc, 'eigen.api.v1.DeviceService');
}

before(start);
after(async () => {
  // One that is in force does not hold up the end of the process.
  await reserve('sim:local');
  devices.close();
  assert.equal(await platform.end('SIGTERM'), 0);
});

const reserve = (device_id: string, ttl_seconds = 600) =>
  call(`${rest}/api/v1/reservations`, 'POST', { device_id, ttl_seconds, purpose: 'sweep' });

async function reserved(device_id: string, ttlSeconds?: number): Promise<string> {
  const answer = await reserve(device_id, ttlSeconds);
  assert.equal(answer.status, 201, answer.text);
  return answer.json<Reservation>().reservation_id;
}

const reservations = async (): Promise<readonly Reservation[]> =>
  (await call(`${rest}/api/v1/reservations`)).json<{ reservations: Reservation[] }>().reservations;

const release = (id: string) => call(`${rest}/api/v1/reservations/${id}`, 'DELETE');
const codeOf = (answer: { json<T>(): T }): string => answer.json<{ code: string }>().code;

interface Status {
  readonly queue_depth: number;
  readonly estimated_wait_seconds: number;
  readonly metadata: Readonly<Record<string, string>>;
}
const statusOf = async (deviceId: string): Promise<Status> =>
  (await call(`${rest}/api/v1/devices/${encodeURIComponent(deviceId)}/status`)).json<Status>();

const cancelAll = async (jobs: readonly string[]): Promise<void> => {
  for (const jobId of jobs) await call(`${rest}/api/v1/jobs/${jobId}/cancel`, 'POST');
  for (const jobId of jobs) await terminalJob(rest, jobId);
};

test('JOB-30: a reserved slot is kept over restarts for the jobs that name it, and given back it is everybody\u2019s', async () => {
  const slots = Number((await statusOf(HANGS)).metadata.slots);
  assert.ok(slots > 1);
  const reservation_id = await reserved(HANGS);
  const others: string[] = [];
  for (let count = 0; count < slots; count++)
    others.push(await submit(rest, { ...BELL, target: HANGS, priority: 90 }));
  const states = async () =>
    (await Promise.all(others.map((id) => jobNow(rest, id)))).map(({ state }) => state);
  const isSettled = async () => {
    const now = await states();
    const running = now.filter((state) => state === 'RUNNING').length;
    return running === slots - 1 && now.includes('QUEUED') ? true : undefined;
  };
  await until('all common slots in use and one job waiting', 30_000, isSettled);
  const own = await submit(rest, { ...BELL, target: HANGS, priority: 0, reservation_id });
  await jobIn(rest, own, 'RUNNING');
  assert.deepEqual(
    (await reservations()).map(({ device_id, job_id, purpose }) => [device_id, job_id, purpose]),
    [[HANGS, own, 'sweep']],
  );
  devices.close();
  await platform.end('SIGKILL');
  await start();
  await until('the same after a restart', 30_000, isSettled);
  await until('the queue of the device and its reservation', 10_000, async () => {
    const { queue_depth, metadata } = await statusOf(HANGS);
    return queue_depth >= 1 && metadata.reservations === '1' ? true : undefined;
  });
  assert.equal((await release(reservation_id)).status, 200);
  await cancelAll([own]);
  await until('the slot that was given back in use', 30_000, async () =>
    (await states()).every((state) => state === 'RUNNING') ? true : undefined,
  );
  await cancelAll(others);
});

test('JOB-30: a reservation that does not fit is refused with its reason, at both doors', async () => {
  const unknown = await call(`${rest}/api/v1/jobs`, 'POST', {
    ...{ language: 'openqasm3', ...BELL, reservation_id: 'res_unknown' },
  });
  assert.deepEqual([unknown.status, codeOf(unknown)], [409, 'RESERVATION_INVALID']);
  const id = await reserved('sim:local');
  const elsewhere = await call(`${rest}/api/v1/jobs`, 'POST', {
    ...{ language: 'openqasm3', ...BELL, reservation_id: id, target: 'fault:ok' },
  });
  assert.deepEqual([elsewhere.status, codeOf(elsewhere)], [409, 'RESERVATION_INVALID']);
  const { reservations: listed } = (await devices.call('ListReservations', { device_id: 'sim:local' })) as {
    reservations: readonly Reservation[];
  };
  assert.deepEqual(
    listed.map(({ reservation_id }) => reservation_id),
    [id],
  );
  await devices.call('ReleaseReservation', { reservation_id: id });
  assert.deepEqual([(await release(id)).status, codeOf(await release(id))], [404, 'RESERVATION_NOT_FOUND']);
  assert.deepEqual(
    [(await reserve('sim:nowhere')).status, codeOf(await reserve('sim:nowhere'))],
    [404, 'DEVICE_NOT_FOUND'],
  );
});

test('JOB-30: one slot of several cannot be reserved, and what ran out may be reserved again', async () => {
  const slots = Number((await statusOf('sim:local')).metadata.slots);
  const held: string[] = [];
  for (let count = 1; count < slots; count++) held.push(await reserved('sim:local', 2));
  const refused = await reserve('sim:local', 2);
  assert.deepEqual([refused.status, codeOf(refused)], [429, 'DEVICE_FULLY_RESERVED']);
  const job = await terminalJob(rest, await submit(rest, BELL));
  assert.equal(job.state, 'DONE', 'the slot that is left serves everybody');
  await until('the reservations to run out', 10_000, async () =>
    (await reservations()).length === 0 ? true : undefined,
  );
  assert.equal((await release(held[0] ?? '')).status, 404);
  assert.equal((await release(await reserved('sim:local'))).status, 200);
});

test('slots and reservations are measured', async () => {
  const { admin } = platform.of('kernel').ready;
  const id = await reserved('sim:local');
  const { text } = await call(`${admin}/metrics`);
  assert.match(text, /^eigen_kernel_reservations_active 1$/m);
  const total = Number(/^eigen_kernel_device_slots_total\{device_id="sim:local"\} (\d+)$/m.exec(text)?.[1]);
  const free = Number(
    /^eigen_kernel_device_slots_available\{device_id="sim:local"\} (\d+)$/m.exec(text)?.[1],
  );
  assert.ok(total > 1);
  assert.equal(free, total - 1);
  await release(id);
  const later = await call(`${admin}/metrics`);
  assert.match(later.text, /^eigen_kernel_reservation_duration_seconds_count [1-9]/m);
});
