import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOBS_PAGE_MAX, QfsError } from '@qfs/core';
import { callOptions } from '@qfs/rpc';
import { CancelOutcome, ExecutionState } from '@qfs/rpc/internal';
import fc from 'fast-check';
import { settled } from './testing/fake-time.ts';
import { attemptsOf, ends, outcome, story, submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const options = callOptions(CONTEXT);

function worldOf(t: { after(run: () => void): void }): World {
  const world = new World();
  t.after(() => world.remove());
  return world;
}

test('JOB-24: a crash before, during and after the compilation loses nothing', async (t) => {
  const world = worldOf(t);
  world.compiler.gate = new Promise(() => undefined);
  let process = world.start({ compileSlots: 1 });
  const jobs = [await submit(process, 'a'), await submit(process, 'b')];
  await settled();
  assert.deepEqual(
    jobs.map((jobId) => outcome(process, jobId)),
    ['COMPILING', 'PENDING'],
  );
  await process.crash();
  world.compiler.gate = undefined;
  world.devices.slots = 1;
  world.devices.otherwise = 'hold';
  process = world.start();
  await settled();
  assert.deepEqual(
    jobs.map((jobId) => outcome(process, jobId)),
    ['RUNNING', 'QUEUED'],
  );
  await process.crash();
  world.devices.otherwise = 'succeed';
  for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  process = world.start();
  await settled();
  assert.deepEqual(
    jobs.map((jobId) => outcome(process, jobId)),
    ['DONE', 'DONE'],
  );
  await process.stop();
});

test('JOB-14, JOB-24: a running job is attached to again by its remote id and not submitted twice', async (t) => {
  const world = worldOf(t);
  world.devices.idempotent = false;
  world.devices.otherwise = 'hold';
  let process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  await process.crash();
  process = world.start();
  await settled();
  for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  await settled();
  assert.deepEqual([outcome(process, jobId), world.devices.submissions.length], ['DONE', 1]);
  assert.deepEqual(attemptsOf(process, jobId), ['1 SUCCEEDED']);
  const meta = await process.qfs.retrieveArtifact({ jobId, name: 'meta.json' }, options);
  const { job } = await process.gateway.getJob({ jobId }, options);
  const { items } = JSON.parse(new TextDecoder().decode(meta.data));
  assert.equal(items[0].aqo_digest, job?.digests['compiled.aqo.json']);
  await process.stop();
});

test('JOB-24: an execution that its device forgot runs again under its token where that is harmless', async (t) => {
  const world = worldOf(t);
  world.devices.otherwise = 'hold';
  let process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  await process.crash();
  world.devices.forget();
  world.devices.otherwise = 'succeed';
  process = world.start();
  await settled();
  assert.equal(outcome(process, jobId), 'DONE');
  assert.deepEqual(world.devices.submissions, [`${jobId}/1 hold`, `${jobId}/1 succeed`]);
  await process.stop();
});

test('JOB-21: an execution that was attached to again is stopped when the time limit passes', async (t) => {
  const world = worldOf(t);
  world.devices.otherwise = 'hold';
  let process = world.start({ timeLimitMs: 1_000 });
  const jobId = await submit(process, 'bell');
  await settled();
  await process.crash();
  process = world.start({ timeLimitMs: 1_000 });
  await world.time.pass(1_000);
  assert.equal(outcome(process, jobId), 'TIMEOUT JOB_TIMEOUT');
  assert.deepEqual(world.devices.cancelled, [`remote:${jobId}/1`]);
  await process.stop();
});

test('JOB-23: a result that no one can stop any more is recorded as late', async (t) => {
  const world = worldOf(t);
  world.devices.otherwise = 'hold';
  world.devices.cancelAnswer = CancelOutcome.TOO_LATE;
  const process = world.start({ timeLimitMs: 1_000 });
  const jobId = await submit(process, 'bell');
  await world.time.pass(1_000);
  assert.equal(outcome(process, jobId), 'TIMEOUT JOB_TIMEOUT');
  assert.deepEqual(attemptsOf(process, jobId), ['1 LATE JOB_TIMEOUT']);
  assert.equal(process.counts.get('eigen_kernel_late_results_total'), 1);
  assert.deepEqual(ends(process, jobId), ['TIMEOUT']);
  await process.stop();
});

test('JOB-24: a request to cancel survives a crash', async (t) => {
  const world = worldOf(t);
  world.devices.otherwise = 'hold';
  let process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  await process.store.requestCancel({ jobId, message: 'Asked.' });
  await process.crash();
  process = world.start();
  await settled();
  assert.equal(outcome(process, jobId), 'CANCELLED CANCELLED');
  await process.stop();
});

test('JOB-13, JOB-23: a result that comes with an old token is refused, recorded once and counted', async (t) => {
  const world = worldOf(t);
  world.devices.otherwise = 'hold';
  const process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  const old = process.store.attempts(CONTEXT.identity, jobId).at(-1);
  assert.ok(old !== undefined);
  await process.store.reattach({ jobId, attempt: 1 });
  const late = process.store.finish(
    {
      jobId,
      state: 'DONE',
      attempt: 1,
      fencing: { term: old.leaseTerm, n: old.leaseN },
      message: '',
      manifest: [],
    },
    [],
  );
  await assert.rejects(late, (error) => error instanceof QfsError && error.code === 'STALE_LEASE');
  assert.equal(outcome(process, jobId), 'RUNNING');
  for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  await settled();
  assert.equal(outcome(process, jobId), 'RUNNING');
  assert.equal(process.counts.get('eigen_kernel_late_results_total'), 1);
  assert.equal(process.store.find(CONTEXT.identity, jobId)?.lateResults, 1);
  await process.crash();
  const next = world.start();
  await settled();
  assert.deepEqual([outcome(next, jobId), ends(next, jobId)], ['DONE', ['DONE']]);
  await next.stop();
});

test('JOB-25: a stop hands running jobs back, and the next start finds them', async (t) => {
  const world = worldOf(t);
  world.devices.otherwise = 'hold';
  let process = world.start({ drainMs: 100 });
  const jobId = await submit(process, 'bell');
  await settled();
  await process.stop();
  process = world.start();
  await settled();
  assert.deepEqual(world.devices.cancelled, []);
  for (const remoteId of world.devices.held) world.devices.settle(remoteId, ExecutionState.SUCCEEDED);
  await settled();
  assert.equal(outcome(process, jobId), 'DONE');
  await process.stop();
});

test('JOB-8: a thousand jobs submitted at once all end, once each', async (t) => {
  const world = worldOf(t);
  const process = world.start();
  const jobs = await Promise.all(Array.from({ length: 1_000 }, (_, n) => submit(process, `job ${n % 7}`)));
  while (process.kernel.active > 0) await settled();
  assert.equal(new Set(jobs).size, 1_000);
  const page = await process.gateway.listJobs({ limit: JOBS_PAGE_MAX + 1 }, options);
  assert.equal(page.jobs.length, JOBS_PAGE_MAX);
  for (const jobId of jobs)
    assert.deepEqual(ends(process, jobId), ['DONE'], story(process, jobId).join('\n'));
  assert.deepEqual(process.errors, []);
  await process.stop();
});

type Act =
  | { readonly kind: 'submit'; readonly program: string }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'cancel'; readonly which: number }
  | { readonly kind: 'settle'; readonly which: number; readonly end: 'SUCCEEDED' | 'FAILED' | 'CANCELLED' }
  | { readonly kind: 'script'; readonly behaviour: (typeof BEHAVIOURS)[number] }
  | { readonly kind: 'turns'; readonly turns: number }
  | { readonly kind: 'crash'; readonly forget: boolean }
  | { readonly kind: 'stop' };

const BEHAVIOURS = [
  'succeed',
  'hold',
  'lose_answer',
  'incomplete',
  'refuse DEVICE_OFFLINE',
  'refuse CIRCUIT_TOO_LARGE',
  'fail ENGINE_LOST',
  'fail JOB_TIMEOUT',
] as const;

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      program: fc.constantFrom('plain', 'flaky 1', 'error QASM_SYNTAX'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 3_000 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(9) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('settle' as const),
      which: fc.nat(9),
      end: fc.constantFrom('SUCCEEDED' as const, 'FAILED' as const, 'CANCELLED' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('script' as const), behaviour: fc.constantFrom(...BEHAVIOURS) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('turns' as const), turns: fc.nat(6) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), forget: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const) }) },
);

async function perform(world: World, process: Process, jobs: string[], next: Act): Promise<Process> {
  switch (next.kind) {
    case 'submit':
      jobs.push(await submit(process, next.program));
      return process;
    case 'pass':
      await world.time.pass(next.ms);
      return process;
    case 'turns':
      for (let turn = 0; turn < next.turns; turn++) await new Promise(setImmediate);
      return process;
    case 'cancel': {
      const jobId = jobs[next.which % Math.max(1, jobs.length)];
      if (jobId !== undefined) void process.gateway.cancelJob({ jobId }, options).catch(() => undefined);
      return process;
    }
    case 'settle': {
      const remoteId = world.devices.held[next.which % Math.max(1, world.devices.held.length)];
      if (remoteId !== undefined) world.devices.settle(remoteId, ExecutionState[next.end], 'ENGINE_LOST');
      return process;
    }
    case 'script':
      world.devices.script.push(next.behaviour);
      return process;
    case 'stop':
      await process.stop();
      return world.start();
    case 'crash':
      await process.crash();
      if (next.forget) world.devices.forget();
      return world.start();
  }
}

test('JOB-8, JOB-9: whatever happens in whatever order, every accepted job ends in exactly one terminal state', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { minLength: 3, maxLength: 25 }),
      fc.boolean(),
      async (acts, idempotent) => {
        const world = new World();
        world.devices.idempotent = idempotent;
        let process = world.start();
        const jobs: string[] = [];
        for (const next of acts) process = await perform(world, process, jobs, next);
        await world.time.pass(8 * 24 * 3_600_000);
        assert.equal(process.kernel.active, 0);
        for (const jobId of jobs)
          assert.equal(ends(process, jobId).length, 1, story(process, jobId).join('\n'));
        const events = jobs.flatMap((jobId) =>
          process.store.events(CONTEXT.identity, jobId, 0, 10_000).map(({ seq }, index) => seq - index),
        );
        assert.ok(events.every((first) => first === 1));
        assert.equal(world.time.pending, 0);
        await process.stop();
        world.remove();
      },
    ),
    { numRuns: 40, verbose: true },
  );
});
