import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOBS_PAGE_MAX, QfsError, RESERVATION_SECONDS_MAX, RESERVATION_SECONDS_MIN } from '@qfs/core';
import { callOptions, KernelGatewayService } from '@qfs/rpc';
import { DeviceStatus, JobState } from '@qfs/rpc/api';
import { ExecutionState } from '@qfs/rpc/internal';
import { settled } from './testing/fake-time.ts';
import { submission, submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const options = callOptions(CONTEXT);

function worldOf(t: { after(run: () => void): void }): World {
  const world = new World();
  t.after(() => world.remove());
  return world;
}

const hasCode = (code: string) => (error: unknown) => error instanceof QfsError && error.code === code;

type Call = (process: Process, jobId: string, as: typeof options) => Promise<unknown>;

/** Every method that answers about one job. */
const READ_PATHS: Readonly<Record<string, Call>> = {
  getJobStatus: ({ gateway }, jobId, as) => gateway.getJobStatus({ jobId }, as),
  getJob: ({ gateway }, jobId, as) => gateway.getJob({ jobId }, as),
  cancelJob: ({ gateway }, jobId, as) => gateway.cancelJob({ jobId }, as),
  getJobResults: ({ gateway }, jobId, as) => gateway.getJobResults({ jobId }, as),
  redriveJob: ({ gateway }, jobId, as) => gateway.redriveJob({ jobId }, as),
  getDispatchRationale: ({ gateway }, jobId, as) => gateway.getDispatchRationale({ jobId }, as),
  deleteJob: ({ gateway }, jobId, as) => gateway.deleteJob({ jobId }, as),
  getReceipt: async ({ gateway, checkpoint }, jobId, as) => {
    await checkpoint();
    return gateway.getReceipt({ jobId }, as);
  },
  streamJobUpdates: async ({ gateway }, jobId, as) => {
    await gateway.streamJobUpdates({ jobId }, as)[Symbol.asyncIterator]().next();
  },
};

/** Methods that answer about no single job. */
const OTHER_METHODS = [
  'enqueueJob',
  'estimateJob',
  'listJobs',
  'listDevices',
  'getDeviceDetails',
  'getDeviceStatus',
  'reserveDevice',
  'listReservations',
  'releaseReservation',
];

test('each read path is in the list', () => {
  const methods = KernelGatewayService.methods.map(({ localName }) => localName);
  assert.deepEqual([...Object.keys(READ_PATHS), ...OTHER_METHODS].sort(), methods.sort());
});

for (const [name, call] of Object.entries(READ_PATHS)) {
  test(`JOB-6: ${name} answers the owner, and tells nobody else that the job exists`, async (t) => {
    const world = worldOf(t);
    const process = world.start();
    const jobId = await submit(process, 'bell');
    await settled();
    for (const foreign of [{ tenantId: 'tenant-b' }, { projectId: 'project-b' }]) {
      const identity = { ...CONTEXT.identity, ...foreign };
      await assert.rejects(
        call(process, jobId, callOptions({ ...CONTEXT, identity })),
        hasCode('JOB_NOT_FOUND'),
      );
    }
    await assert.rejects(call(process, 'job_0', options), hasCode('JOB_NOT_FOUND'));
    if (name === 'cancelJob') await assert.rejects(call(process, jobId, options), hasCode('JOB_TERMINAL'));
    else await call(process, jobId, options);
    await process.stop();
  });
}

test('a list shows the own jobs newest first, page by page, by state', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const jobs: string[] = [];
  for (const program of ['a', 'error QASM_SYNTAX', 'b', 'c']) jobs.push(await submit(process, program));
  const foreign = { ...CONTEXT, identity: { ...CONTEXT.identity, tenantId: 'tenant-b' } };
  await submit(process, 'd', {}, foreign);
  await settled();
  const first = await process.gateway.listJobs({ limit: 3 }, options);
  const second = await process.gateway.listJobs({ limit: 3, cursor: first.nextCursor }, options);
  const ids = [...first.jobs, ...second.jobs].map(({ jobId }) => jobId);
  assert.deepEqual([ids, second.nextCursor], [jobs.toReversed(), '']);
  const failed = await process.gateway.listJobs({ states: [JobState.ERROR] }, options);
  assert.deepEqual(
    failed.jobs.map(({ jobId }) => jobId),
    [jobs[1]],
  );
  const huge = await process.gateway.listJobs({ limit: JOBS_PAGE_MAX + 1 }, options);
  assert.equal(huge.jobs.length, 4);
  await assert.rejects(process.gateway.listJobs({ cursor: 'x' }, options), hasCode('REQUEST_INVALID'));
  await process.stop();
});

test('JOB-9: a stream resumes after any event, and a cursor from the future is refused', async (t) => {
  const world = worldOf(t);
  world.devices.otherwise = 'hold';
  const process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  const seen: bigint[] = [];
  const following = (async () => {
    const stream = process.gateway.streamJobUpdates({ jobId, lastEventSeq: 2n }, options);
    for await (const { eventSeq } of stream) seen.push(eventSeq);
  })();
  await settled();
  assert.deepEqual(seen, [3n, 4n]);
  for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  await following;
  assert.deepEqual(seen, [3n, 4n, 5n]);
  const nothing = process.gateway.streamJobUpdates({ jobId, lastEventSeq: 5n }, options);
  for await (const update of nothing) assert.fail(`${update.eventSeq} comes after the end`);
  const future = process.gateway.streamJobUpdates({ jobId, lastEventSeq: 6n }, options);
  await assert.rejects(async () => {
    for await (const update of future) assert.fail(`${update.eventSeq} comes from the future`);
  }, hasCode('EVENT_CURSOR_OUT_OF_RANGE'));
  await process.stop();
});

test('JOB-20: results are refused before the end, and afterwards name their bytes by digest', async (t) => {
  const world = worldOf(t);
  world.devices.otherwise = 'hold';
  const process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  await assert.rejects(process.gateway.getJobResults({ jobId }, options), hasCode('JOB_NOT_TERMINAL'));
  await assert.rejects(process.gateway.redriveJob({ jobId }, options), hasCode('JOB_NOT_TERMINAL'));
  for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  await settled();
  const results = await process.gateway.getJobResults({ jobId }, options);
  const { handle } = await process.qfs.retrieveArtifact({ jobId, name: 'results.json' }, options);
  assert.equal(results.resultsDigest, handle?.hash);
  assert.equal(results.qfsResultRef, `circuit_fs/${jobId}/results.json`);
  const { job } = await process.gateway.getJob({ jobId }, options);
  assert.equal(job?.digests['results.json'], handle?.hash);
  await process.stop();
});

test('JOB-5: the seed is drawn when the job is accepted, and differs from job to job', async (t) => {
  const process = worldOf(t).start();
  const { seed: _, ...unseeded } = submission('bell');
  const seeds = new Set<bigint | undefined>();
  for (let n = 0; n < 3; n++) {
    const { jobId } = await process.gateway.enqueueJob(unseeded, options);
    seeds.add((await process.gateway.getJob({ jobId }, options)).job?.seed);
  }
  assert.equal(seeds.size, 3);
  await process.stop();
});

test('devices are shown with our own queue and reservations on top', async (t) => {
  const world = worldOf(t);
  world.devices.slots = 1;
  world.devices.otherwise = 'hold';
  const process = world.start();
  for (const program of ['a', 'b', 'c']) await submit(process, program);
  await settled();
  const deviceId = 'sim:local';
  const status = await process.gateway.getDeviceStatus({ deviceId }, options);
  assert.deepEqual([status.status, status.queueDepth, status.estimatedWaitSec], [DeviceStatus.ONLINE, 4, 10]);
  const { devices } = await process.gateway.listDevices({}, options);
  assert.deepEqual(
    devices.map((device) => [device.deviceId, device.queueDepth]),
    [[deviceId, 2]],
  );
  const none = await process.gateway.listDevices({ backendType: 'ibmq' }, options);
  assert.equal(none.devices.length, 0);
  const reserve = (ttlSeconds: number) => process.gateway.reserveDevice({ deviceId, ttlSeconds }, options);
  for (const ttl of [RESERVATION_SECONDS_MIN - 1, RESERVATION_SECONDS_MAX + 1]) {
    await assert.rejects(reserve(ttl), hasCode('REQUEST_INVALID'));
  }
  const { reservationId } = await reserve(RESERVATION_SECONDS_MAX);
  assert.match(reservationId, /^res_[a-z2-7]+$/);
  await assert.rejects(reserve(RESERVATION_SECONDS_MIN), hasCode('DEVICE_FULLY_RESERVED'));
  const reserved = await process.gateway.getDeviceStatus({ deviceId }, options);
  assert.equal(reserved.metadata.reservations, '1');
  await world.time.pass(RESERVATION_SECONDS_MAX * 1_000);
  await reserve(RESERVATION_SECONDS_MIN);
  await assert.rejects(
    process.gateway.getDeviceStatus({ deviceId: 'sim:nowhere' }, options),
    hasCode('DEVICE_NOT_FOUND'),
  );
  await process.stop();
});

test('JOB-2: a job for a device that does not exist is not accepted', async (t) => {
  const process = worldOf(t).start();
  await assert.rejects(submit(process, 'bell', { target: 'sim:nowhere' }), hasCode('DEVICE_NOT_FOUND'));
  assert.equal((await process.gateway.listJobs({}, options)).jobs.length, 0);
  await process.stop();
});

test('JOB-2: a job may name a parent that its owner can see, and no other', async (t) => {
  const process = worldOf(t).start();
  const parentJobId = await submit(process, 'bell');
  const child = await submit(process, 'bell', { parentJobId });
  assert.equal((await process.gateway.getJob({ jobId: child }, options)).job?.parentJobId, parentJobId);
  const foreign = { ...CONTEXT, identity: { ...CONTEXT.identity, tenantId: 'tenant-b' } };
  await assert.rejects(submit(process, 'bell', { parentJobId }, foreign), hasCode('JOB_NOT_FOUND'));
  await process.stop();
});

test('JOB-12: the rationale says what decided and how many jobs are ahead', async (t) => {
  const world = worldOf(t);
  world.devices.slots = 1;
  world.devices.otherwise = 'hold';
  const process = world.start();
  await submit(process, 'a');
  await submit(process, 'b', { priority: 90 });
  const jobId = await submit(process, 'c');
  await settled();
  const { rationale } = await process.gateway.getDispatchRationale({ jobId }, options);
  assert.deepEqual(rationale?.reasonCodes, [
    'TARGET_NAMED_BY_JOB',
    'PRIORITY_THEN_ACCEPTANCE',
    'WAITS_FOR_SLOT',
  ]);
  assert.equal(rationale?.attributes.jobs_ahead, '1');
  await process.stop();
});

test('a circuit that is wider than its device is refused before it is accepted', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const wide = submit(process, 'bell', { activeQubits: world.devices.qubits + 1 });
  await assert.rejects(wide, hasCode('CIRCUIT_TOO_LARGE'));
  assert.deepEqual((await process.gateway.listJobs({}, options)).jobs, []);
  await submit(process, 'bell', { activeQubits: world.devices.qubits });
  await process.stop();
});
