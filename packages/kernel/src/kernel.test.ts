import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IDEMPOTENCY_HOURS, JOB_ITEMS_MAX, QfsError } from '@qfs/core';
import { digestOf, utf8 } from '@qfs/core/exact';
import { parseJson } from '@qfs/core/json';
import { callOptions } from '@qfs/rpc';
import { CancelOutcome, CircuitFormat, ExecutionState } from '@qfs/rpc/internal';
import { settled } from './testing/fake-time.ts';
import { artifactNames, attemptsOf, ends, outcome, story, submission, submit } from './testing/submit.ts';
import { CONTEXT, World } from './testing/world.ts';

const options = callOptions(CONTEXT);

/** A world that is removed when the test ends, whatever happens in it. */
function worldOf(t: { after(run: () => void): void }): World {
  const world = new World();
  t.after(() => world.remove());
  return world;
}

const hasCode = (code: string) => (error: unknown) => error instanceof QfsError && error.code === code;

test('JOB-1, JOB-9, ART-2: a job goes from acceptance over compiler and device to durable results', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  assert.deepEqual(story(process, jobId), [
    '1 PENDING 0 Accepted.',
    '2 COMPILING 0 Compiling.',
    '3 QUEUED 0 Compiled; waits for sim:local.',
    '4 RUNNING 1 Attempt 1 on sim:local.',
    '5 DONE 1 Done.',
  ]);
  assert.deepEqual(await artifactNames(process, jobId), [
    'compiled.aqo.json',
    'compiled.qasm',
    'job.yaml',
    'meta.json',
    'program.qasm',
    'results.json',
    'statement.json',
  ]);
  assert.deepEqual(process.errors, []);
  await process.stop();
});

test('JOB-3, JOB-10, ART-2: a batch keeps what belongs to an item under the item', async (t) => {
  const process = worldOf(t).start();
  const item = (program: string) => ({
    language: 'openqasm3',
    program: new TextEncoder().encode(program),
    shots: 10,
    parameters: [{ values: { theta: 0.5 } }, { values: { theta: 1 } }],
  });
  const { jobId } = await process.gateway.enqueueJob(
    { priority: 50, items: [item('a'), item('b')] },
    options,
  );
  await settled();
  assert.equal(outcome(process, jobId), 'DONE');
  assert.deepEqual(await artifactNames(process, jobId), [
    'items/0/compiled.aqo.json',
    'items/0/compiled.qasm',
    'items/0/program.qasm',
    'items/1/compiled.aqo.json',
    'items/1/compiled.qasm',
    'items/1/program.qasm',
    'job.yaml',
    'meta.json',
    'results.json',
    'statement.json',
  ]);
  const { job } = await process.gateway.getJob({ jobId }, options);
  assert.deepEqual([job?.itemCount, job?.shots, job?.name], [2, 40n, jobId]);
  const aqoDigests = [0, 1].map((item) => job?.digests[`items/${item}/compiled.aqo.json`]);
  const { compiledDigest } = process.store.find(CONTEXT.identity, jobId)!;
  assert.equal(compiledDigest, digestOf(utf8(aqoDigests.join('\n'))));
  await process.stop();
});

test('JOB-9: a device that does not take AQO gets the circuit as OpenQASM 3', async (t) => {
  const world = worldOf(t);
  world.devices.formats = [CircuitFormat.QASM3_TEXT];
  const process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  assert.equal(outcome(process, jobId), 'DONE');
  const [execution] = world.devices.executions.values();
  const { format, data } = execution!.request.items[0]!.payload!;
  assert.equal(format, CircuitFormat.QASM3_TEXT);
  const stored = await process.qfs.retrieveArtifact({ jobId, name: 'compiled.qasm' }, options);
  assert.deepEqual(data, stored.data);
  await process.stop();
});

test('JOB-9: what a submitter noted is part of the job', async (t) => {
  const process = worldOf(t).start();
  const metadataKvs = { note: 'µ', other: '' };
  const { jobId } = await process.gateway.enqueueJob({ ...submission('bell'), metadataKvs }, options);
  const { job } = await process.gateway.getJob({ jobId }, options);
  assert.deepEqual({ ...job?.metadata }, metadataKvs);
  await process.stop();
});

test('JOB-3: the largest batch fits into the entries of its acceptance and its end', async (t) => {
  const process = worldOf(t).start();
  const program = new TextEncoder().encode('bell');
  const items = Array.from({ length: JOB_ITEMS_MAX }, () => ({ language: 'openqasm3', program, shots: 1 }));
  const { jobId } = await process.gateway.enqueueJob({ priority: 50, items }, options);
  while (process.kernel.active > 0) await settled();
  assert.equal(outcome(process, jobId), 'DONE');
  assert.equal((await artifactNames(process, jobId)).length, 3 * JOB_ITEMS_MAX + 4);
  await process.stop();
});

test('JOB-10, ART-2: a program that does not compile ends in ERROR with its diagnostics and no compiled artifacts', async (t) => {
  const process = worldOf(t).start();
  const jobId = await submit(process, 'error QASM_SEMANTIC');
  await settled();
  assert.equal(outcome(process, jobId), 'ERROR QASM_SEMANTIC');
  assert.deepEqual(await artifactNames(process, jobId), [
    'error.json',
    'job.yaml',
    'program.qasm',
    'statement.json',
  ]);
  const { job } = await process.gateway.getJob({ jobId }, options);
  assert.deepEqual(
    [
      job?.errorCode,
      job?.errorReason,
      job?.errorSummary,
      job?.stage,
      job?.diagnostics.map(({ column }) => column),
    ],
    ['INVALID_ARGUMENT', 'QASM_SEMANTIC', 'planted QASM_SEMANTIC', 'COMPILING', [2]],
  );
  const { data } = await process.qfs.retrieveArtifact({ jobId, name: 'error.json' }, options);
  const document = parseJson(data);
  assert.ok(document.ok);
  assert.deepEqual((document.value as { code: string }).code, 'QASM_SEMANTIC');
  await process.stop();
});

test('JOB-5, JOB-17, JOB-18: retryable failures are tried again with the same seed; the attempts are on record', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.script = ['refuse DEVICE_OFFLINE', 'fail ENGINE_LOST', 'incomplete', 'succeed'];
  const jobId = await submit(process, 'bell');
  await world.time.pass(5_000);
  assert.equal(outcome(process, jobId), 'DONE');
  assert.deepEqual(attemptsOf(process, jobId), [
    '1 FAILED DEVICE_OFFLINE',
    '2 FAILED ENGINE_LOST',
    '3 FAILED RESULT_INCOMPLETE',
    '4 SUCCEEDED',
  ]);
  const seeds = [...world.devices.executions.values()].map(({ request }) => request.items[0]?.seed);
  assert.deepEqual(new Set(seeds), new Set([7n]));
  await process.stop();
});

test('JOB-20, ART-7: after the last attempt the job is a dead letter, and a redrive is a new job with the same inputs', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.otherwise = 'fail ENGINE_LOST';
  const jobId = await submit(process, 'bell');
  await world.time.pass(10_000);
  assert.equal(outcome(process, jobId), 'ERROR ATTEMPTS_EXHAUSTED');
  assert.equal(attemptsOf(process, jobId).length, 4);
  assert.equal(process.counts.get('eigen_kernel_dead_letters_total'), 1);
  const scope = CONTEXT.identity;
  const { jobs: letters } = process.store.list(scope, {
    states: [],
    beforeIndex: 1e9,
    limit: 9,
    deadLettersOnly: true,
  });
  assert.deepEqual(
    letters.map((job) => job.jobId),
    [jobId],
  );
  world.devices.otherwise = 'succeed';
  const again = await process.gateway.redriveJob({ jobId }, options);
  await settled();
  const { job } = await process.gateway.getJob({ jobId: again.jobId }, options);
  assert.deepEqual([job?.parentJobId, job?.seed, outcome(process, again.jobId)], [jobId, 7n, 'DONE']);
  assert.ok((await artifactNames(process, again.jobId)).includes('program.qasm'));
  await process.stop();
});

test('JOB-17: a failure that does not pass ends the job at once', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.script = ['refuse CIRCUIT_TOO_LARGE'];
  const jobId = await submit(process, 'bell');
  await settled();
  assert.equal(outcome(process, jobId), 'ERROR CIRCUIT_TOO_LARGE');
  assert.equal(world.devices.submissions.length, 1);
  await process.stop();
});

test('JOB-10, JOB-17: a compiler that is away is waited for; one that gives other bytes on a retry ends the job', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const patient = await submit(process, 'flaky 2');
  await world.time.pass(3_000);
  assert.equal(outcome(process, patient), 'DONE');
  world.devices.script = ['fail ENGINE_LOST'];
  const restless = await submit(process, 'restless');
  await world.time.pass(3_000);
  assert.equal(outcome(process, restless), 'ERROR NONDETERMINISTIC_COMPILE');
  await process.stop();
});

test('JOB-14, JOB-15: a lost submit answer is followed up under the same token, so that the work runs once', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.script = ['lose_answer', 'succeed'];
  const jobId = await submit(process, 'bell');
  await world.time.pass(3_000);
  assert.equal(outcome(process, jobId), 'DONE');
  assert.deepEqual(world.devices.submissions, [`${jobId}/1 lose_answer`, `${jobId}/1 succeed`]);
  assert.equal(world.devices.executions.size, 1);
  await process.stop();
});

test('JOB-15, JOB-20: a device that would run the work twice is not asked twice', async (t) => {
  const world = worldOf(t);
  world.devices.idempotent = false;
  const process = world.start();
  world.devices.script = ['lose_answer'];
  const jobId = await submit(process, 'bell');
  await world.time.pass(3_000);
  assert.equal(outcome(process, jobId), 'ERROR EXECUTION_LOST');
  assert.equal(world.devices.submissions.length, 1);
  await process.stop();
});

test('JOB-16: silence on the way to a device is no failure of the execution', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.silences = 4;
  const jobId = await submit(process, 'bell');
  await world.time.pass(10_000);
  assert.deepEqual([outcome(process, jobId), attemptsOf(process, jobId)], ['DONE', ['1 SUCCEEDED']]);
  await process.stop();
});

test('JOB-9: progress is told by tenths', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.otherwise = 'hold';
  const jobId = await submit(process, 'bell');
  await settled();
  const [remoteId = ''] = world.devices.held;
  for (const progress of [0.05, 0.1, 0.15, 0.25, 0.25]) {
    world.devices.advance(remoteId, progress);
    await settled();
  }
  world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  await settled();
  const events = process.store.events(CONTEXT.identity, jobId, 4, 1_000);
  assert.deepEqual(
    events.map(({ seq, state, progress }) => [seq, state, progress]),
    [
      [5, 'RUNNING', 0.1],
      [6, 'RUNNING', 0.25],
      [7, 'DONE', 1],
    ],
  );
  await process.stop();
});

test('JOB-16: an attempt is given up after five silences where that is harmless, elsewhere never', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.silences = 5;
  const harmless = await submit(process, 'bell');
  await world.time.pass(10_000);
  assert.deepEqual(attemptsOf(process, harmless), ['1 FAILED BACKEND_UNAVAILABLE', '2 SUCCEEDED']);
  world.devices.idempotent = false;
  world.devices.silences = 20;
  const harmful = await submit(process, 'bell');
  await world.time.pass(30_000);
  assert.deepEqual([outcome(process, harmful), attemptsOf(process, harmful)], ['DONE', ['1 SUCCEEDED']]);
  await process.stop();
});

test('JOB-22: jobs that wait for the compiler, compile or wait for a device are cancelled at once', async (t) => {
  const world = worldOf(t);
  const process = world.start({ compileSlots: 1 });
  const gate = Promise.withResolvers<void>();
  world.compiler.gate = gate.promise;
  const compiling = await submit(process, 'a');
  const pending = await submit(process, 'b');
  await settled();
  assert.deepEqual([outcome(process, compiling), outcome(process, pending)], ['COMPILING', 'PENDING']);
  for (const jobId of [pending, compiling]) {
    const answer = await process.gateway.cancelJob({ jobId }, options);
    assert.deepEqual([answer.accepted, answer.outcome], [true, 'cancelled']);
  }
  gate.resolve();
  world.devices.slots = 1;
  world.devices.otherwise = 'hold';
  await world.time.pass(60_000);
  const running = await submit(process, 'c');
  const queued = await submit(process, 'd');
  await settled();
  assert.deepEqual([outcome(process, running), outcome(process, queued)], ['RUNNING', 'QUEUED']);
  const answer = await process.gateway.cancelJob({ jobId: queued }, options);
  assert.deepEqual([answer.outcome, outcome(process, queued)], ['cancelled', 'CANCELLED CANCELLED']);
  assert.deepEqual(ends(process, compiling), ['CANCELLED']);
  await process.stop();
});

test('JOB-22: a running job is cancelled through its device, and the outcome is recorded', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.otherwise = 'hold';
  const jobId = await submit(process, 'bell');
  await settled();
  const answer = await process.gateway.cancelJob({ jobId }, options);
  assert.equal(answer.outcome, 'requested');
  await settled();
  const { job } = await process.gateway.getJob({ jobId }, options);
  assert.deepEqual([outcome(process, jobId), job?.cancelOutcome], ['CANCELLED CANCELLED', 'cancelled']);
  await assert.rejects(process.gateway.cancelJob({ jobId }, options), hasCode('JOB_TERMINAL'));
  await process.stop();
});

test('JOB-22: after a request to cancel no further attempt is made', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.otherwise = 'hold';
  world.devices.cancelAnswer = CancelOutcome.REQUESTED;
  const jobId = await submit(process, 'bell');
  await settled();
  await process.gateway.cancelJob({ jobId }, options);
  const [remoteId = ''] = world.devices.held;
  world.devices.settle(remoteId, ExecutionState.FAILED, 'ENGINE_LOST');
  await world.time.pass(5_000);
  assert.equal(outcome(process, jobId), 'CANCELLED CANCELLED');
  assert.equal(attemptsOf(process, jobId).length, 1);
  await process.stop();
});

for (const [name, answer, expected] of [
  [
    'JOB-22: results that come first win over a cancellation',
    CancelOutcome.REQUESTED,
    'completed_before_cancel',
  ],
  ['JOB-22: a device that cannot stop completes the job', CancelOutcome.TOO_LATE, 'too_late'],
] as const) {
  test(name, async (t) => {
    const world = worldOf(t);
    const process = world.start();
    world.devices.otherwise = 'hold';
    world.devices.cancelAnswer = answer;
    const jobId = await submit(process, 'bell');
    await settled();
    await process.gateway.cancelJob({ jobId }, options);
    await settled();
    for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
    await settled();
    const { job } = await process.gateway.getJob({ jobId }, options);
    assert.deepEqual([outcome(process, jobId), job?.cancelOutcome], ['DONE', expected]);
    await process.stop();
  });
}

test('JOB-21: every wait has a limit, and the execution is stopped when its limit passes', async (t) => {
  const world = worldOf(t);
  const process = world.start({ timeLimitMs: 1_000, queueTimeLimitMs: 5_000, compileSlots: 1 });
  world.devices.slots = 1;
  world.devices.otherwise = 'hold';
  const running = await submit(process, 'a');
  await settled();
  await world.time.pass(999);
  assert.equal(outcome(process, running), 'RUNNING');
  await world.time.pass(1);
  assert.equal(outcome(process, running), 'TIMEOUT JOB_TIMEOUT');
  assert.deepEqual(world.devices.cancelled, [`remote:${running}/1`]);
  world.compiler.gate = new Promise(() => undefined);
  const compiling = await submit(process, 'b');
  await world.time.pass(1_000);
  assert.equal(outcome(process, compiling), 'TIMEOUT JOB_TIMEOUT');
  assert.deepEqual(ends(process, running), ['TIMEOUT']);
  await process.stop();
});

test('JOB-21: a wall clock that jumps by a year ends no job', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.otherwise = 'hold';
  const jobId = await submit(process, 'bell');
  await settled();
  world.time.jumpWallClock(365 * 24 * 3_600_000);
  await world.time.pass(1_000);
  assert.equal(outcome(process, jobId), 'RUNNING');
  for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  await settled();
  assert.equal(outcome(process, jobId), 'DONE');
  await process.stop();
});

test('JOB-26: a repeated request finds its job; another request under the key is refused; tenants share no keys', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const keyed = (fingerprint: number) =>
    submission('bell', { idempotencyKey: 'k', requestFingerprint: Uint8Array.of(fingerprint) });
  const answers = await Promise.all([1, 1, 1].map((one) => process.gateway.enqueueJob(keyed(one), options)));
  assert.equal(new Set(answers.map(({ jobId }) => jobId)).size, 1);
  assert.deepEqual(answers.map(({ replayed }) => replayed).sort(), [false, true, true]);
  await assert.rejects(process.gateway.enqueueJob(keyed(2), options), hasCode('IDEMPOTENCY_MISMATCH'));
  const other = callOptions({ ...CONTEXT, identity: { ...CONTEXT.identity, tenantId: 'tenant-b' } });
  const elsewhere = await process.gateway.enqueueJob(keyed(2), other);
  assert.equal(elsewhere.replayed, false);
  world.time.jumpWallClock(IDEMPOTENCY_HOURS * 3_600_000 - 1);
  await assert.rejects(process.gateway.enqueueJob(keyed(2), options), hasCode('IDEMPOTENCY_MISMATCH'));
  world.time.jumpWallClock(1);
  const later = await process.gateway.enqueueJob(keyed(2), options);
  assert.equal(later.replayed, false);
  await process.stop();
});

test('JOB-2: a process that shuts down accepts no job, and runs none again', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  const stopped = process.kernel.stop();
  await assert.rejects(submit(process, 'bell'), hasCode('SHUTTING_DOWN'));
  await assert.rejects(process.gateway.redriveJob({ jobId }, options), hasCode('SHUTTING_DOWN'));
  await stopped;
  assert.equal((await process.gateway.listJobs({}, options)).jobs.length, 1);
  await process.stop();
});

test('JOB-2, JOB-19: a full disk accepts nothing, and later nothing is lost', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  process.failWrites(new QfsError('STORAGE_FULL', 'planted'));
  await assert.rejects(submit(process, 'a'), hasCode('STORAGE_FULL'));
  process.failWrites(undefined);
  world.devices.otherwise = 'hold';
  const jobId = await submit(process, 'b');
  await settled();
  process.failWrites(new QfsError('STORAGE_FULL', 'planted'));
  for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  await world.time.pass(5_000);
  assert.equal(outcome(process, jobId), 'RUNNING');
  process.failWrites(undefined);
  await world.time.pass(2_000);
  assert.equal(outcome(process, jobId), 'DONE');
  await process.stop();
});

test('JOB-2: events keep their order when the store takes the beginning of a compilation after its end', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  process.failWrites(new QfsError('STORE_UNAVAILABLE', 'planted'), 'jobs.start_compile');
  const jobId = await submit(process, 'late');
  await settled();
  assert.deepEqual(story(process, jobId), ['1 PENDING 0 Accepted.']);
  process.failWrites(undefined);
  await world.time.pass(5_000);
  assert.deepEqual(
    story(process, jobId).map((line) => line.split(' ')[1]),
    ['PENDING', 'COMPILING', 'QUEUED', 'RUNNING', 'DONE'],
  );
  assert.deepEqual(process.errors, []);
  await process.stop();
});

test('JOB-9: no job waits for the writes of another that is compiled already', async (t) => {
  const world = worldOf(t);
  const process = world.start({ compileSlots: 1 });
  process.failWrites(new QfsError('STORE_UNAVAILABLE', 'planted'), 'jobs.compiled');
  await submit(process, 'a');
  await submit(process, 'b');
  await settled();
  assert.deepEqual(world.compiler.compiled, ['a', 'b']);
  process.failWrites(undefined);
  await process.stop();
});
