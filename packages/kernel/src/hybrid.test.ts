import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HYBRID_ITERATIONS_MAX, QfsError } from '@qfs/core';
import { callOptions } from '@qfs/rpc';
import { CancelOutcome, ExecutionState } from '@qfs/rpc/internal';
import { settled } from './testing/fake-time.ts';
import { artifactNames, attemptsOf, outcome, story, submission, submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const options = callOptions(CONTEXT);
const PROGRAM = 'vqe\nsearches COBYLA';
const PLAIN = { metadataKvs: { max_iters: '12' } };

function worldOf(t: { after(run: () => void): void }): World {
  const world = new World();
  t.after(() => world.remove());
  return world;
}

async function artifact(process: Process, jobId: string, name: string): Promise<string> {
  const { data } = await process.qfs.retrieveArtifact({ jobId, name }, options);
  return new TextDecoder().decode(data);
}

const never = (): Promise<void> => new Promise(() => undefined);

test('JOB-37: a hybrid job searches, tells of every iteration, and ends with what it found', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const jobId = await submit(process, `${PROGRAM}\nreports yes`);
  await settled();
  assert.equal(outcome(process, jobId), 'DONE');
  const results = JSON.parse(await artifact(process, jobId, 'results.json'));
  const [{ optimization, returned, results: counted }] = results.items;
  assert.ok(Math.abs(optimization.value + 2) < 1e-6);
  assert.deepEqual(
    [optimization.ending, optimization.exact, returned],
    ['converged', true, { energy: optimization.value }],
  );
  assert.deepEqual([counted.length, counted[0].counts], [1, { '0': 1024 }]);
  const { iterations } = optimization;
  assert.deepEqual(
    world.devices.runs,
    Array.from({ length: iterations }, (_, k) => `${jobId}/1/0.${k + 1}`),
  );
  assert.deepEqual(world.devices.submissions, [`${jobId}/1 succeed`]);
  const names = await artifactNames(process, jobId);
  assert.equal(names.filter((name) => name.startsWith('iterations/')).length, iterations);
  assert.deepEqual(names.filter((name) => !name.startsWith('iterations/')).sort(), [
    'compile.json',
    'compiled.aqo.json',
    'compiled.qasm',
    'job.yaml',
    'meta.json',
    'plan.json',
    'program.qasm',
    'results.json',
    'statement.json',
  ]);
  const last = JSON.parse(await artifact(process, jobId, `iterations/${iterations}.json`));
  assert.deepEqual([last.iteration, last.evaluations], [iterations, optimization.evaluations]);
  const told = [];
  for await (const { iteration, state } of process.gateway.streamJobUpdates({ jobId }, options)) {
    if (iteration !== undefined) told.push({ ...iteration, state });
  }
  assert.deepEqual(
    told.map(({ iteration }) => iteration),
    Array.from({ length: iterations }, (_, k) => k + 1),
  );
  assert.equal(told.at(-1)?.best, Math.min(...told.map(({ value }) => value)));
  assert.deepEqual(Object.keys(told[0]?.parameters ?? {}), ['a', 'b']);
  assert.equal(process.store.iterations(CONTEXT.identity, jobId).length, 0);
  await process.stop();
});

test('JOB-39: a crash in any iteration repeats that one alone, and changes no byte of the results', async (t) => {
  const undisturbed = worldOf(t).start();
  const whole = await submit(undisturbed, PROGRAM, PLAIN);
  await settled();
  const expected = await artifact(undisturbed, whole, 'results.json');
  await undisturbed.stop();
  for (const at of [1, 2, 7, 12, 13]) {
    const world = worldOf(t);
    let process = world.start();
    const crashed = Promise.withResolvers<void>();
    const crash = (): void => crashed.resolve(process.crash());
    world.devices.onRun = async () => {
      if (world.devices.runs.length !== at) return;
      // Iterations are written behind the search, a moment later.
      await world.time.pass(100);
      crash();
      await never();
    };
    if (at === 13) world.devices.otherwise = 'hold';
    const jobId = await submit(process, PROGRAM, PLAIN);
    await settled();
    if (at === 13) crash();
    await crashed.promise;
    world.devices.onRun = () => undefined;
    world.devices.otherwise = 'succeed';
    for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
    process = world.start();
    await settled();
    assert.equal(outcome(process, jobId), 'DONE');
    const tokens = Array.from({ length: 12 }, (_, k) => `${jobId}/1/0.${k + 1}`);
    if (at <= 12) tokens.splice(at, 0, tokens[at - 1]!);
    assert.deepEqual(world.devices.runs, tokens, `crash in iteration ${at}`);
    assert.equal(world.devices.submissions.length, 1);
    assert.equal(await artifact(process, jobId, 'results.json'), expected);
    assert.deepEqual(attemptsOf(process, jobId), ['1 SUCCEEDED']);
    await process.stop();
  }
});

test('JOB-39: a device that runs nothing twice is asked once for every evaluation, over crashes too', async (t) => {
  const world = worldOf(t);
  world.devices.idempotent = false;
  world.devices.otherwise = 'hold';
  let process = world.start();
  const jobId = await submit(process, PROGRAM, { metadataKvs: { max_iters: '3' } });
  for (let execution = 1; execution <= 4; execution++) {
    await settled();
    assert.equal(world.devices.submissions.length, execution);
    await process.crash();
    process = world.start();
    await settled();
    for (const remoteId of world.devices.held) {
      world.devices.advance(remoteId, 0.5);
      await settled();
      world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
    }
  }
  await settled();
  assert.equal(outcome(process, jobId), 'DONE');
  assert.deepEqual(
    world.devices.submissions,
    ['/1/0.1', '/1/0.2', '/1/0.3', '/1'].map((name) => `${jobId}${name} hold`),
  );
  assert.deepEqual([world.devices.runs, attemptsOf(process, jobId)], [[], ['1 SUCCEEDED']]);
  const progress = process.store.events(CONTEXT.identity, jobId, 0, 1_000).map((event) => event.progress);
  assert.deepEqual([...new Set(progress)], [0, 1 / 3, 2 / 3, 1]);
  await process.stop();
});

test('JOB-40: a failed evaluation is tried again in the next attempt, and those before it are not', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.onRun = () => {
    if (world.devices.runs.length === 5) throw new QfsError('ENGINE_LOST', 'gone');
  };
  const jobId = await submit(process, PROGRAM, PLAIN);
  await world.time.pass(2_000);
  assert.equal(outcome(process, jobId), 'DONE');
  const numbers = world.devices.runs.map((token) => token.slice(jobId.length));
  assert.deepEqual(numbers.slice(3, 7), ['/1/0.4', '/1/0.5', '/2/0.5', '/2/0.6']);
  assert.deepEqual(attemptsOf(process, jobId), ['1 FAILED ENGINE_LOST', '2 SUCCEEDED']);
  assert.ok((await artifactNames(process, jobId)).includes('iterations/12.json'));
  await process.stop();
});

test('JOB-41: a hybrid job is cancelled within an iteration, and what it reached can be read', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.onRun = () => (world.devices.runs.length === 4 ? never() : undefined);
  const jobId = await submit(process, PROGRAM);
  await settled();
  assert.equal(outcome(process, jobId), 'RUNNING');
  assert.equal((await process.gateway.cancelJob({ jobId }, options)).outcome, 'requested');
  await settled();
  assert.equal(outcome(process, jobId), 'CANCELLED CANCELLED');
  const names = await artifactNames(process, jobId);
  assert.deepEqual(
    names.filter((name) => name.startsWith('iterations/')),
    ['iterations/1.json', 'iterations/2.json', 'iterations/3.json'],
  );
  assert.equal(world.devices.runs.length, 4);
  await process.stop();
});

test('JOB-41: where the device cannot stop, the search ends after the evaluation', async (t) => {
  const world = worldOf(t);
  world.devices.idempotent = false;
  world.devices.otherwise = 'hold';
  world.devices.cancelAnswer = CancelOutcome.UNSUPPORTED;
  const process = world.start();
  const jobId = await submit(process, PROGRAM);
  await settled();
  await process.gateway.cancelJob({ jobId }, options);
  await settled();
  assert.equal(outcome(process, jobId), 'RUNNING');
  for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  await settled();
  assert.equal(outcome(process, jobId), 'CANCELLED CANCELLED');
  assert.equal(world.devices.submissions.length, 1);
  assert.ok((await artifactNames(process, jobId)).includes('iterations/1.json'));
  await process.stop();
});

test('JOB-21, JOB-41: the time limit holds for the whole loop', async (t) => {
  const world = worldOf(t);
  const process = world.start({ timeLimitMs: 5_000 });
  world.devices.onRun = () => (world.devices.runs.length === 3 ? never() : undefined);
  const jobId = await submit(process, PROGRAM);
  await world.time.pass(5_000);
  assert.equal(outcome(process, jobId), 'TIMEOUT JOB_TIMEOUT');
  assert.ok((await artifactNames(process, jobId)).includes('iterations/2.json'));
  await process.stop();
});

test('JOB-38: shots that somebody asked for are used for every evaluation', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const jobId = await submit(process, PROGRAM, { metadataKvs: { max_iters: '4', shots: '100' } });
  await settled();
  const { optimization } = JSON.parse(await artifact(process, jobId, 'results.json')).items[0];
  assert.deepEqual([optimization.exact, optimization.std_error], [false, 0.01]);
  const exact = await submit(process, PROGRAM, {
    metadataKvs: { max_iters: '4', shots: '100', estimator: 'exact' },
  });
  await settled();
  const found = JSON.parse(await artifact(process, exact, 'results.json')).items[0].optimization;
  assert.deepEqual([found.exact, found.std_error, found.measured.std_error], [true, 0, 0.01]);
  await process.stop();
});

test('JOB-38: what a loop cannot be run with is refused with the reason', async (t) => {
  const process = worldOf(t).start();
  const failure = async (program: string, metadataKvs: Record<string, string>): Promise<string> => {
    const jobId = await submit(process, program, { metadataKvs });
    await settled();
    const job = process.store.find(CONTEXT.identity, jobId);
    return `${job?.state} ${job?.errorCode} ${job?.errorSummary}`;
  };
  assert.match(
    await failure('vqe\nsearches L-BFGS-B', { shots: '100' }),
    /^ERROR JOB_SPEC_INVALID L-BFGS-B needs exact values, and these are sampled from 100 shots\. Use SPSA/,
  );
  assert.match(
    await failure(PROGRAM, { optimizer: 'adam' }),
    /^ERROR JOB_SPEC_INVALID metadata\.optimizer is "adam", which is no optimiser/,
  );
  await assert.rejects(submit(process, PROGRAM, { programFormat: 'eigen-lang', metadataKvs: { tol: 'x' } }), {
    code: 'JOB_SPEC_INVALID',
  });
  await process.stop();
});

test('JOB-37: searches of a batch come one after the other, beside plain circuits', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const items = ['vqe one\nsearches COBYLA', 'vqe two\nsearches L-BFGS-B', 'vqe three\nsearches SPSA'];
  const text = (program: string) => ({ ...submission(program), language: 'openqasm3' });
  const batch = (max: number) => ({
    items: items.map((program) => ({ language: 'openqasm3', program: text(program).program })),
    metadataKvs: { max_iters: String(max) },
  });
  const jobId = await submit(process, 'unused', batch(20) as never);
  await settled();
  assert.equal(outcome(process, jobId), 'DONE');
  const { items: found } = JSON.parse(await artifact(process, jobId, 'results.json'));
  assert.deepEqual(
    found.map((item: { optimization: { method: string } }) => item.optimization.method),
    ['COBYLA', 'L-BFGS-B', 'SPSA'],
  );
  const order = world.devices.runs.map((token) => token.split('/').at(-1)?.split('.')[0]);
  assert.deepEqual([...new Set(order)], ['0', '1', '2']);
  assert.ok((await artifactNames(process, jobId)).includes('items/1/iterations/1.json'));
  const progress = process.store.events(CONTEXT.identity, jobId, 0, 1_000).map((event) => event.progress);
  assert.ok(progress.every((part, k) => k === 0 || part >= progress[k - 1]!));
  const tooMany = await submit(process, 'unused', batch(HYBRID_ITERATIONS_MAX) as never);
  await settled();
  assert.equal(outcome(process, tooMany), 'ERROR JOB_SPEC_INVALID');
  assert.match(story(process, tooMany).at(-1) ?? '', /has 3000 iterations over all items; at most 1000 are/);
  await process.stop();
});

test('JOB-33, JOB-38: the shots of a search count where a tenant may not have as many as it likes', async (t) => {
  const process = worldOf(t).start();
  const { identity } = CONTEXT;
  const bounded = { ...CONTEXT, identity: { ...identity, limits: { shotsPerJobMax: 1_300 } } };
  const job = (max_iters: string) =>
    submit(process, PROGRAM, { metadataKvs: { max_iters, shots: '100' } }, bounded);
  const [few, many] = [await job('4'), await job('5')];
  await settled();
  // Three points are asked for in the first iteration, and so are as many in each, as far as can be told.
  assert.deepEqual([outcome(process, few), outcome(process, many)], ['DONE', 'ERROR CIRCUIT_TOO_LARGE']);
  assert.match(story(process, many).at(-1) ?? '', /may take 1600 shots .* may have 1300 in one job/);
  await process.stop();
});

test('JOB-13, JOB-39: iterations are kept for the lease that reports them, and for no other', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  world.devices.onRun = never;
  const jobId = await submit(process, PROGRAM);
  await settled();
  const event = {
    iteration: 1,
    evaluations: 1,
    evaluationsMax: 1,
    value: 0,
    stdError: 0,
    best: 0,
    parameters: {},
  };
  const row = { item: 0, iteration: 1, told: '[]', record: '{}', event, message: '', progress: 0 };
  const write = (n: number) =>
    process.store.iterated({ jobId, attempt: 1, fencing: { term: 1, n }, iterations: [row] });
  await assert.rejects(write(99), { code: 'STALE_LEASE' });
  assert.deepEqual(process.store.iterations(CONTEXT.identity, jobId), []);
  await process.crash();
});
