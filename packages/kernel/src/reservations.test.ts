import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { callOptions } from '@qfs/rpc';
import { ExecutionState } from '@qfs/rpc/internal';
import { settled } from './testing/fake-time.ts';
import { outcome, submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const options = callOptions(CONTEXT);
const as = (identity: Partial<typeof CONTEXT.identity>) => ({
  ...CONTEXT,
  identity: { ...CONTEXT.identity, ...identity },
});
const DEVICE = 'sim:local';

function holding(t: TestContext, slots: number): World {
  const world = new World();
  t.after(() => world.remove());
  world.devices.otherwise = 'hold';
  world.devices.slots = slots;
  return world;
}

const reserve = async ({ gateway }: Process, ttlSeconds = 60, context = CONTEXT): Promise<string> =>
  (await gateway.reserveDevice({ deviceId: DEVICE, ttlSeconds, purpose: 'sweep' }, callOptions(context)))
    .reservationId;

const outcomes = (process: Process, jobs: readonly string[]) => jobs.map((jobId) => outcome(process, jobId));

test('JOB-30: a reserved slot stays free for the jobs that name it, whatever the others\u2019 priority', async (t) => {
  const process = holding(t, 2).start();
  const reservationId = await reserve(process);
  const others = [
    await submit(process, 'a', { priority: 100 }),
    await submit(process, 'b', { priority: 100 }),
  ];
  await settled();
  assert.deepEqual(outcomes(process, others), ['RUNNING', 'QUEUED']);
  const own = await submit(process, 'own', { priority: 0, reservationId });
  await settled();
  assert.equal(outcome(process, own), 'RUNNING');
  const { rationale } = await process.gateway.getDispatchRationale({ jobId: own }, options);
  assert.ok(rationale?.reasonCodes.includes('RUNS_IN_RESERVED_SLOT'));
  const { reservations } = await process.gateway.listReservations({ deviceId: DEVICE }, options);
  assert.deepEqual(
    reservations.map(({ reservationId: id, jobId, purpose }) => [id, jobId, purpose]),
    [[reservationId, own, 'sweep']],
  );
  await process.stop();
});

test('JOB-30: a reservation that runs out, by monotonic time, gives its slot to those who wait', async (t) => {
  const world = holding(t, 1);
  const process = world.start();
  const reservationId = await reserve(process, 60);
  const other = await submit(process, 'other');
  await settled();
  world.time.jumpWallClock(3_600_000);
  await world.time.pass(59_999);
  assert.equal(outcome(process, other), 'QUEUED');
  await world.time.pass(1);
  assert.equal(outcome(process, other), 'RUNNING');
  await assert.rejects(submit(process, 'late', { reservationId }), { code: 'RESERVATION_INVALID' });
  assert.deepEqual((await process.gateway.listReservations({}, options)).reservations, []);
  await reserve(process);
  await process.stop();
});

test('JOB-30: a reservation survives a restart with what is left of it, and a clock that was set back adds nothing', async (t) => {
  const world = holding(t, 1);
  let process = world.start();
  await reserve(process, 60);
  const other = await submit(process, 'other');
  await world.time.pass(20_000);
  await process.crash();
  world.time.jumpWallClock(-3_600_000);
  process = world.start();
  await world.time.pass(59_999);
  assert.equal(outcome(process, other), 'QUEUED');
  await world.time.pass(1);
  assert.equal(outcome(process, other), 'RUNNING');
  await process.crash();
  process = world.start();
  assert.deepEqual((await process.gateway.listReservations({}, options)).reservations, []);
  await process.stop();
});

test('JOB-30: a job that waits under a reservation that ran out waits as all others', async (t) => {
  const world = holding(t, 1);
  const process = world.start();
  const first = await submit(process, 'first');
  await settled();
  const reservationId = await reserve(process, 10);
  const own = await submit(process, 'own', { reservationId });
  await world.time.pass(10_000);
  const { rationale } = await process.gateway.getDispatchRationale({ jobId: own }, options);
  assert.ok(rationale?.reasonCodes.includes('RESERVATION_OVER'));
  for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  await settled();
  assert.deepEqual(outcomes(process, [first, own]), ['DONE', 'RUNNING']);
  await process.stop();
});

test('JOB-30: a reservation is given back by its owner or an admin of the project, and by nobody else', async (t) => {
  const process = holding(t, 1).start();
  const release = (reservationId: string, context: typeof CONTEXT) =>
    process.gateway.releaseReservation({ reservationId }, callOptions(context));
  const reservationId = await reserve(process);
  for (const stranger of [{ subject: 'somebody' }, { tenantId: 'b', roles: ['admin'] }, { projectId: 'b' }]) {
    await assert.rejects(release(reservationId, as(stranger)), { code: 'RESERVATION_NOT_FOUND' });
  }
  assert.deepEqual(
    (await process.gateway.listReservations({}, callOptions(as({ projectId: 'b' })))).reservations,
    [],
  );
  await release(reservationId, as({ subject: 'boss', roles: ['admin'] }));
  await assert.rejects(release(reservationId, CONTEXT), { code: 'RESERVATION_NOT_FOUND' });
  const other = await submit(process, 'other');
  await settled();
  assert.equal(outcome(process, other), 'RUNNING');
  await process.stop();
});

test('JOB-30: a job names a reservation of its own submitter and its own device', async (t) => {
  const process = holding(t, 2).start();
  const reservationId = await reserve(process);
  const refused = { code: 'RESERVATION_INVALID' };
  await assert.rejects(submit(process, 'bell', { reservationId: 'res_unknown' }), refused);
  await assert.rejects(submit(process, 'bell', { reservationId }, as({ subject: 'somebody' })), refused);
  await assert.rejects(submit(process, 'bell', { reservationId, target: 'sim:other' }), {
    ...refused,
    message: /is of sim:local, and the job is for sim:other/,
  });
  assert.deepEqual((await process.gateway.listJobs({}, options)).jobs, []);
  await process.stop();
});

test('JOB-30: where there is more than one slot, one of them cannot be reserved', async (t) => {
  const process = holding(t, 3).start();
  const made = await Promise.allSettled([reserve(process), reserve(process), reserve(process)]);
  assert.deepEqual(made.map(({ status }) => status).sort(), ['fulfilled', 'fulfilled', 'rejected']);
  await assert.rejects(reserve(process), { code: 'DEVICE_FULLY_RESERVED' });
  const other = await submit(process, 'other');
  await settled();
  assert.equal(outcome(process, other), 'RUNNING');
  await process.stop();
});
