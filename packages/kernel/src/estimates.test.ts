import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { callOptions } from '@qfs/rpc';
import { ExecutionState } from '@qfs/rpc/internal';
import { settled } from './testing/fake-time.ts';
import { submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const options = callOptions(CONTEXT);

function holding(t: TestContext): World {
  const world = new World();
  t.after(() => world.remove());
  world.devices.otherwise = 'hold';
  world.devices.slots = 1;
  return world;
}

/** `place, seconds until it begins` of a job, which its status tells in the same way. */
async function shown(world: World, { gateway }: Process, jobId: string): Promise<string> {
  const { job } = await gateway.getJob({ jobId }, options);
  const status = await gateway.getJobStatus({ jobId }, options);
  const views = [job, status].map((view) => {
    const begins = view?.estimatedStartTime;
    if (begins === undefined) return `${view?.positionInQueue}`;
    const beginsMs = Number(begins.seconds) * 1_000 + begins.nanos / 1e6;
    return `${view?.positionInQueue}, ${(beginsMs - world.time.nowMs()) / 1_000} s`;
  });
  assert.equal(new Set(views).size, 1, views.join(' | '));
  return views[0]!;
}

async function runs(world: World, durationMs: number): Promise<void> {
  await settled();
  await world.time.pass(durationMs);
  world.devices.settle(world.devices.held[0]!, ExecutionState.SUCCEEDED);
  await settled();
}

test('JOB-31: place and expected begin follow the queue, and what executions of late took', async (t) => {
  const world = holding(t);
  let process = world.start();
  await submit(process, 'first');
  const second = await submit(process, 'second');
  await settled();
  assert.equal(await shown(world, process, second), '1', 'nothing was measured, so nothing is promised');
  await runs(world, 10_000);
  assert.equal(await shown(world, process, second), '0', 'it runs');
  const [third, fourth] = [await submit(process, 'third'), await submit(process, 'fourth')];
  await settled();
  await world.time.pass(4_000);
  assert.equal(await shown(world, process, third), '1, 6 s');
  assert.equal(await shown(world, process, fourth), '2, 16 s');
  const urgent = await submit(process, 'urgent', { priority: 90 });
  await settled();
  assert.equal(await shown(world, process, urgent), '1, 6 s');
  assert.equal(await shown(world, process, fourth), '3, 26 s');
  await world.time.pass(30_000);
  assert.equal(await shown(world, process, urgent), '1, 0 s', 'what is overdue may end at any moment');
  await process.crash();
  process = world.start();
  await settled();
  assert.equal(await shown(world, process, urgent), '1, 10 s', 'a start begins with what is on record');
  const { rationale } = await process.gateway.getDispatchRationale({ jobId: fourth }, options);
  const { position_in_queue, estimated_wait_ms, mean_execution_ms, slots } = rationale!.attributes;
  assert.deepEqual(
    [position_in_queue, estimated_wait_ms, mean_execution_ms, slots],
    ['3', '30000', '10000', '1'],
  );
  await process.stop();
});

test('JOB-31: each newer execution weighs a fifth, and failures tell nothing', async (t) => {
  const world = holding(t);
  const process = world.start();
  for (const durationMs of [10_000, 20_000]) {
    await submit(process, `takes ${durationMs}`);
    await runs(world, durationMs);
  }
  const doomed = await submit(process, 'doomed');
  await settled();
  await world.time.pass(50_000);
  world.devices.settle(world.devices.held[0]!, ExecutionState.FAILED, 'CIRCUIT_TOO_LARGE');
  await settled();
  assert.equal((await process.gateway.getJobStatus({ jobId: doomed }, options)).state, 6);
  const { metadata } = await process.gateway.getDeviceStatus({ deviceId: 'sim:local' }, options);
  assert.equal(metadata.mean_execution_ms, '12000');
  await process.stop();
});

test('JOB-31: the wait that a device shows is that of a job of ordinary priority, with its own wait on top', async (t) => {
  const world = holding(t);
  const process = world.start();
  const waitSec = async () =>
    (await process.gateway.getDeviceStatus({ deviceId: 'sim:local' }, options)).estimatedWaitSec;
  assert.equal(await waitSec(), 4, 'a slot is free: what the device itself says');
  await submit(process, 'measured');
  await runs(world, 10_000);
  await submit(process, 'running');
  await settled();
  assert.equal(await waitSec(), 4 + 10);
  await submit(process, 'behind', { priority: 10 });
  await settled();
  assert.equal(await waitSec(), 4 + 10, 'who would come after it does not count');
  await submit(process, 'ahead', { priority: 50 });
  await settled();
  assert.equal(await waitSec(), 4 + 20);
  await process.stop();
});

test('JOB-31: a job under a reservation waits for those of the reservation alone', async (t) => {
  const world = holding(t);
  world.devices.slots = 2;
  const process = world.start();
  await submit(process, 'measured');
  await runs(world, 10_000);
  const { reservationId } = await process.gateway.reserveDevice(
    { deviceId: 'sim:local', ttlSeconds: 600 },
    options,
  );
  for (const program of ['a', 'b', 'c']) await submit(process, program);
  await submit(process, 'own', { reservationId, priority: 0 });
  const next = await submit(process, 'next', { reservationId, priority: 0 });
  await settled();
  assert.equal(await shown(world, process, next), '1, 10 s');
  await process.stop();
});
