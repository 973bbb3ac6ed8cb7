import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { DEPENDENCIES_MAX, QfsError } from '@qfs/core';
import { newJobId } from '@qfs/core/exact';
import { callOptions } from '@qfs/rpc';
import { ExecutionState } from '@qfs/rpc/internal';
import { settled } from './testing/fake-time.ts';
import { outcome, story, submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const options = callOptions(CONTEXT);

function worldOf(t: TestContext): World {
  const world = new World();
  t.after(() => world.remove());
  return world;
}

const settleAll = (world: World, state = ExecutionState.SUCCEEDED): void => {
  for (const remoteId of world.devices.held) world.devices.settle(remoteId, state, 'CIRCUIT_TOO_LARGE');
};

test('JOB-32: a job waits for those that it depends on, over a restart too, and says so', async (t) => {
  const world = worldOf(t);
  world.devices.otherwise = 'hold';
  let process = world.start();
  const first = await submit(process, 'a');
  const second = await submit(process, 'b');
  const jobId = await submit(process, 'c', { dependencies: [first, second, first] });
  await settled();
  const { job } = await process.gateway.getJob({ jobId }, options);
  assert.deepEqual(
    [job?.state, job?.stage, job?.dependencies],
    [1, 'WAITING_FOR_DEPENDENCIES', [first, second]],
  );
  const { rationale } = await process.gateway.getDispatchRationale({ jobId }, options);
  assert.ok(rationale?.reasonCodes.includes('WAITS_FOR_DEPENDENCIES'));
  await process.crash();
  process = world.start();
  await settled();
  world.devices.settle(world.devices.held[0]!, ExecutionState.SUCCEEDED);
  await settled();
  assert.equal(outcome(process, jobId), 'PENDING');
  settleAll(world);
  await settled();
  settleAll(world);
  await settled();
  assert.deepEqual(story(process, jobId), [
    '1 PENDING 0 Accepted.',
    '2 PENDING 0 The jobs that it depends on are DONE.',
    '3 COMPILING 0 Compiling.',
    '4 QUEUED 0 Compiled; waits for sim:local.',
    '5 RUNNING 1 Attempt 1 on sim:local.',
    '6 DONE 1 Done.',
  ]);
  await process.stop();
});

test('JOB-32: a dependency that ends otherwise ends the job at once, however many others still run', async (t) => {
  const world = worldOf(t);
  world.devices.otherwise = 'hold';
  const process = world.start();
  const slow = await submit(process, 'slow');
  const lost = await submit(process, 'lost');
  const jobId = await submit(process, 'c', { dependencies: [slow, lost] });
  await settled();
  await process.gateway.cancelJob({ jobId: lost }, options);
  await settled();
  assert.equal(outcome(process, jobId), 'ERROR DEPENDENCY_FAILED');
  const { job } = await process.gateway.getJob({ jobId }, options);
  assert.deepEqual([job?.errorCode, job?.stage], ['FAILED_PRECONDITION', 'WAITING_FOR_DEPENDENCIES']);
  assert.match(job?.errorSummary ?? '', new RegExp(`depends on ${lost}, which ended in CANCELLED`));
  const later = await submit(process, 'd', { dependencies: [jobId] });
  await settled();
  assert.equal(outcome(process, later), 'ERROR DEPENDENCY_FAILED');
  const again = await process.gateway.redriveJob({ jobId }, options);
  settleAll(world);
  await settled();
  settleAll(world);
  await settled();
  assert.equal(outcome(process, again.jobId), 'DONE', 'who runs it again has seen how the others ended');
  await process.stop();
});

test('JOB-32: a job that waits for others is cancelled, and times out, as every job that waits', async (t) => {
  const world = worldOf(t);
  world.devices.otherwise = 'hold';
  const process = world.start({ queueTimeLimitMs: 20_000, timeLimitMs: 60_000 });
  const first = await submit(process, 'a');
  const waits = await submit(process, 'b', { dependencies: [first] });
  const cancelled = await submit(process, 'c', { dependencies: [first] });
  await settled();
  const answer = await process.gateway.cancelJob({ jobId: cancelled }, options);
  assert.deepEqual([answer.outcome, outcome(process, cancelled)], ['cancelled', 'CANCELLED CANCELLED']);
  await world.time.pass(20_000);
  assert.equal(outcome(process, waits), 'TIMEOUT JOB_TIMEOUT');
  await process.stop();
});

test('JOB-32: many jobs that wait for one begin when it is DONE', async (t) => {
  const world = worldOf(t);
  world.devices.otherwise = 'hold';
  const process = world.start();
  const first = await submit(process, 'first');
  const others: string[] = [];
  for (let count = 0; count < 50; count++)
    others.push(await submit(process, 'other', { dependencies: [first] }));
  world.devices.otherwise = 'succeed';
  settleAll(world);
  while (process.kernel.active > 0) await settled();
  assert.deepEqual(new Set(others.map((jobId) => outcome(process, jobId))), new Set(['DONE']));
  await process.stop();
});

test('JOB-32: a dependency that was deleted after it was DONE counts', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const first = await submit(process, 'a');
  await settled();
  world.devices.otherwise = 'hold';
  const slow = await submit(process, 'slow');
  const jobId = await submit(process, 'b', { dependencies: [first, slow] });
  await settled();
  await process.gateway.deleteJob({ jobId: first }, options);
  settleAll(world);
  await settled();
  settleAll(world);
  await settled();
  assert.equal(outcome(process, jobId), 'DONE');
  await process.stop();
});

async function refusal(process: Process, dependencies: readonly string[]): Promise<string> {
  const error = await submit(process, 'bell', { dependencies: [...dependencies] }).then(
    () => undefined,
    (thrown: unknown) => QfsError.from(thrown),
  );
  return error === undefined ? 'accepted' : `${error.code} ${error.message}`;
}

test('JOB-32: what is no job of the submitter is refused by name, and so is one more than may be', async (t) => {
  const process = worldOf(t).start();
  const own = await submit(process, 'bell');
  const foreign = { ...CONTEXT, identity: { ...CONTEXT.identity, tenantId: 'another' } };
  const theirs = await submit(process, 'bell', {}, foreign);
  await settled();
  const unknown = newJobId(1, new Uint8Array(10));
  assert.match(await refusal(process, [own, unknown]), new RegExp(`^JOB_NOT_FOUND .*${unknown}`));
  assert.match(await refusal(process, [theirs]), /^JOB_NOT_FOUND /);
  assert.match(
    await refusal(process, ['s3://bucket/data']),
    /^JOB_SPEC_INVALID dependencies\[0\] is "s3:\/\/bucket\/data", which is a URI/,
  );
  assert.match(
    await refusal(process, ['job_1']),
    /^JOB_SPEC_INVALID dependencies\[0\] is "job_1", which is no job id/,
  );
  const many = Array.from({ length: DEPENDENCIES_MAX }, () => own);
  assert.equal(await refusal(process, many), 'accepted');
  assert.match(await refusal(process, [...many, own]), /^JOB_SPEC_INVALID dependencies /);
  await process.stop();
});
