import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { callOptions } from '@qfs/rpc';
import { ExecutionState } from '@qfs/rpc/internal';
import { settled } from './testing/fake-time.ts';
import { outcome, submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const options = callOptions(CONTEXT);
const LIMIT = { timeLimitMs: 60_000 };
const HOUR_MS = 3_600_000;

function holding(t: TestContext): World {
  const world = new World();
  t.after(() => world.remove());
  world.devices.otherwise = 'hold';
  return world;
}

async function running(world: World): Promise<[Process, string]> {
  const process = world.start(LIMIT);
  const jobId = await submit(process, 'bell');
  await settled();
  return [process, jobId];
}

test('JOB-21: restarts do not lengthen a limit', async (t) => {
  const world = holding(t);
  let [process, jobId] = await running(world);
  for (const spentMs of [25_000, 20_000]) {
    await world.time.pass(spentMs);
    await process.crash();
    process = world.start(LIMIT);
    await settled();
  }
  await world.time.pass(14_999);
  assert.equal(outcome(process, jobId), 'RUNNING');
  await world.time.pass(1);
  assert.equal(outcome(process, jobId), 'TIMEOUT JOB_TIMEOUT');
  await process.stop();
});

test('JOB-21: the time that no process was there counts, but the job gets a moment in which it may be done', async (t) => {
  const world = holding(t);
  const [first, done] = await running(world);
  const late = await submit(first, 'late');
  await settled();
  await first.crash();
  await world.time.pass(HOUR_MS);
  const [remoteId = ''] = world.devices.held;
  world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  const process = world.start(LIMIT);
  await settled();
  assert.deepEqual([outcome(process, done), outcome(process, late)], ['DONE', 'RUNNING']);
  await world.time.pass(9_999);
  assert.equal(outcome(process, late), 'RUNNING');
  await world.time.pass(1);
  assert.equal(outcome(process, late), 'TIMEOUT JOB_TIMEOUT');
  await process.stop();
});

test('JOB-21: a wall clock that jumps ends no job: not while it runs, and set back not over a restart either', async (t) => {
  const world = holding(t);
  let [process, jobId] = await running(world);
  for (const jumpMs of [HOUR_MS, -HOUR_MS, -2 * HOUR_MS]) {
    world.time.jumpWallClock(jumpMs);
    await world.time.pass(1_000);
    assert.equal(outcome(process, jobId), 'RUNNING');
  }
  await process.crash();
  process = world.start(LIMIT);
  await world.time.pass(59_999);
  assert.equal(outcome(process, jobId), 'RUNNING', 'never more than the whole limit, and never less');
  await world.time.pass(1);
  assert.equal(outcome(process, jobId), 'TIMEOUT JOB_TIMEOUT');
  await process.stop();
});

test('JOB-21: all attempts share one limit, also the one that a job shows', async (t) => {
  const world = holding(t);
  const process = world.start(LIMIT);
  const deadlineOf = async (jobId: string): Promise<number> => {
    const { job } = await process.gateway.getJob({ jobId }, options);
    return Number(job?.deadline?.seconds) * 1_000 + Number(job?.deadline?.nanos) / 1e6 - world.time.nowMs();
  };
  const jobId = await submit(process, 'bell');
  await settled();
  assert.equal(await deadlineOf(jobId), 60_000);
  await world.time.pass(20_000);
  world.devices.settle(world.devices.held[0]!, ExecutionState.FAILED, 'ENGINE_LOST');
  await world.time.pass(1_000);
  assert.equal(await deadlineOf(jobId), 39_000);
  await world.time.pass(39_000);
  assert.equal(outcome(process, jobId), 'TIMEOUT JOB_TIMEOUT');
  await process.stop();
});

test('JOB-35: a job may ask for less time than it is granted, to wait and to run, over a restart too', async (t) => {
  const world = holding(t);
  world.devices.slots = 1;
  let process = world.start(LIMIT);
  const metadataKvs = { 'timeout.execution_ms': '30000', 'timeout.queue_ms': '15000' };
  const runs = await submit(process, 'runs', { metadataKvs });
  const waits = await submit(process, 'waits', { metadataKvs });
  await settled();
  await process.crash();
  process = world.start(LIMIT);
  await world.time.pass(14_999);
  assert.deepEqual([outcome(process, runs), outcome(process, waits)], ['RUNNING', 'QUEUED']);
  await world.time.pass(1);
  assert.equal(outcome(process, waits), 'TIMEOUT JOB_TIMEOUT');
  await world.time.pass(15_000);
  assert.equal(outcome(process, runs), 'TIMEOUT JOB_TIMEOUT');
  await process.stop();
});
