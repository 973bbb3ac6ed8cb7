import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { callOptions } from '@qfs/rpc';
import { ExecutionState } from '@qfs/rpc/internal';
import { settled } from './testing/fake-time.ts';
import { attemptsOf, outcome, submit } from './testing/submit.ts';
import { CONTEXT, World } from './testing/world.ts';

const options = callOptions(CONTEXT);
/** Longer than all attempts and all their pauses. */
const AWAY_MS = 60_000;

function worldOf(t: TestContext): World {
  const world = new World();
  t.after(() => world.remove());
  return world;
}

for (const retriesMax of [0, 3]) {
  test(`JOB-34: a compiler that restarts is waited for, with ${retriesMax} retries`, async (t) => {
    const world = worldOf(t);
    const process = world.start({ retriesMax });
    process.away('compiler');
    const jobId = await submit(process, 'bell');
    await world.time.pass(AWAY_MS);
    assert.equal(outcome(process, jobId), 'COMPILING');
    process.away();
    await world.time.pass(2_000);
    assert.deepEqual([outcome(process, jobId), attemptsOf(process, jobId)], ['DONE', ['1 SUCCEEDED']]);
    await process.stop();
  });

  test(`JOB-34: devices whose driver restarts are waited for, with ${retriesMax} retries`, async (t) => {
    const world = worldOf(t);
    const process = world.start({ retriesMax });
    process.away('drivers');
    const jobId = await submit(process, 'bell');
    await world.time.pass(AWAY_MS);
    // What the device can do is part of what the program is compiled for.
    assert.equal(outcome(process, jobId), 'PENDING');
    process.away();
    await world.time.pass(2_000);
    assert.deepEqual([outcome(process, jobId), attemptsOf(process, jobId)], ['DONE', ['1 SUCCEEDED']]);
    await process.stop();
  });

  for (const forgets of [false, true]) {
    const what = forgets ? 'lost with its driver runs again in the same attempt' : 'is followed again';
    test(`JOB-34: an execution ${what}, with ${retriesMax} retries`, async (t) => {
      const world = worldOf(t);
      const process = world.start({ retriesMax });
      world.devices.otherwise = 'hold';
      const jobId = await submit(process, 'bell');
      await settled();
      process.away('drivers');
      await world.time.pass(AWAY_MS);
      assert.equal(outcome(process, jobId), 'RUNNING');
      if (forgets) world.devices.forget();
      process.away();
      await world.time.pass(2_000);
      for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
      await settled();
      assert.deepEqual([outcome(process, jobId), attemptsOf(process, jobId)], ['DONE', ['1 SUCCEEDED']]);
      assert.equal(world.devices.submissions.length, forgets ? 2 : 1);
      await process.stop();
    });
  }

  test(`JOB-34: results wait for artifacts that are away, with ${retriesMax} retries`, async (t) => {
    const world = worldOf(t);
    const process = world.start({ retriesMax });
    world.devices.otherwise = 'hold';
    const jobId = await submit(process, 'bell');
    await settled();
    process.away('qfs');
    for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
    await world.time.pass(AWAY_MS);
    assert.equal(outcome(process, jobId), 'RUNNING');
    process.away();
    await world.time.pass(2_000);
    assert.equal(outcome(process, jobId), 'DONE');
    await process.stop();
  });
}

test('JOB-34: the limit of the state ends the wait, in TIMEOUT and never in ERROR', async (t) => {
  const world = worldOf(t);
  const process = world.start({ timeLimitMs: 5_000 });
  process.away('compiler');
  const jobId = await submit(process, 'bell');
  await world.time.pass(5_000);
  assert.equal(outcome(process, jobId), 'TIMEOUT JOB_TIMEOUT');
  await process.stop();
});

test('JOB-15, JOB-34: work that a role may have taken before it went is not sent again where it would run twice', async (t) => {
  const world = worldOf(t);
  world.devices.idempotent = false;
  world.devices.script = ['refuse ROLE_UNAVAILABLE'];
  const process = world.start();
  const jobId = await submit(process, 'bell');
  await world.time.pass(2_000);
  assert.equal(outcome(process, jobId), 'ERROR EXECUTION_LOST');
  world.devices.idempotent = true;
  // What devices declare is asked anew now and then.
  await world.time.pass(60_000);
  world.devices.script = ['refuse ROLE_UNAVAILABLE'];
  const harmless = await submit(process, 'harmless');
  await world.time.pass(20_000);
  assert.deepEqual([outcome(process, harmless), attemptsOf(process, harmless)], ['DONE', ['1 SUCCEEDED']]);
  await process.stop();
});

test('JOB-15, JOB-34: a device that runs what it gets twice is asked again where nothing was sent', async (t) => {
  const world = worldOf(t);
  world.devices.idempotent = false;
  const process = world.start({ retriesMax: 0 });
  process.away('drivers');
  const jobId = await submit(process, 'bell');
  await world.time.pass(AWAY_MS);
  process.away();
  await world.time.pass(2_000);
  assert.equal(outcome(process, jobId), 'DONE');
  assert.equal(world.devices.submissions.length, 1);
  await process.stop();
});

test('JOB-2, JOB-34: while artifacts are away a submission is refused, says when to come back and leaves nothing', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  process.away('qfs');
  await assert.rejects(
    submit(process, 'bell', { idempotencyKey: 'key', requestFingerprint: new Uint8Array(32) }),
    {
      code: 'ROLE_UNAVAILABLE',
      retryAfterMs: 500,
    },
  );
  assert.deepEqual((await process.gateway.listJobs({}, options)).jobs, []);
  process.away();
  const again = await submit(process, 'bell', {
    idempotencyKey: 'key',
    requestFingerprint: new Uint8Array(32),
  });
  await settled();
  assert.equal(outcome(process, again), 'DONE');
  await process.stop();
});
