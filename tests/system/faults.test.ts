import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { eigenCli } from '../platform/eigen-cli.ts';
import {
  call,
  type Job,
  jobIn,
  jobNow,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
  until,
} from '../platform/platform.ts';
import { example, layered } from '../platform/programs.ts';
import type { RunningServer } from '../platform/server.ts';

const BELL = { program: example('bell'), shots: 500, seed: 3 };
const DRIVERS = ['--drivers', 'sim,fault'];
const RETRIES = 3;

let platform: Platform;
let rest: string;

before(async () => {
  const args = [...DRIVERS, '--max-retries', String(RETRIES), '--workers', '2'];
  platform = await startPlatform({ dataDir: temporaryDirectory(), args });
  rest = platform.ready.rest;
});
after(async () => {
  assert.equal(await platform.end('SIGTERM'), 0);
});

const artifact = async (address: string, jobId: string, name: string): Promise<string | undefined> => {
  const answer = await call(`${address}/api/v1/jobs/${jobId}/artifacts/${name}`);
  return answer.status === 200 ? answer.text : undefined;
};
const reasonOf = (job: Job): string | undefined => (job.error as { reason: string } | null)?.reason;

/** What a device does, by the steps of its script, and how many attempts the job then takes to be DONE. */
const SURVIVED: readonly [script: string, attempts: number][] = [
  ['ok', 1],
  ['unavailable@2/ok', 3],
  ['offline/ok', 2],
  ['crash/ok', 2],
  ['lost/ok', 2],
  ['lost_answer/ok', 2],
  ['partial/ok', 2],
  ['late:200', 1],
  ['duplicate', 1],
  ['slow:100', 1],
  ['queue:100', 1],
];

test('whatever a device does, the job that ends DONE has the counts of one that met no fault', async () => {
  const undisturbed = await submit(rest, BELL);
  assert.equal((await terminalJob(rest, undisturbed)).state, 'DONE');
  const expected = await artifact(rest, undisturbed, 'results.json');
  await Promise.all(
    SURVIVED.map(async ([script, attempts]) => {
      const id = await submit(rest, { ...BELL, target: `fault:${script}` });
      const job = await terminalJob(rest, id);
      assert.deepEqual([job.state, job.attempts, reasonOf(job)], ['DONE', attempts, undefined], script);
      assert.equal(await artifact(rest, id, 'results.json'), expected, script);
    }),
  );
});

test('a failure that is not to be repeated ends the job at the first attempt', async () => {
  const job = await terminalJob(rest, await submit(rest, { ...BELL, target: 'fault:fail' }));
  assert.deepEqual([job.state, job.attempts, job.dead_letter], ['ERROR', 1, false]);
  assert.equal(reasonOf(job), 'INTERNAL');
  const task = (await call(`${rest}/tasks/${job.job_id}`)).json();
  assert.deepEqual([task.status, task.reason], ['error', 'INTERNAL']);
});

test('a job whose every attempt failed is a dead letter, and says why', async () => {
  const id = await submit(rest, { ...BELL, target: 'fault:unavailable' });
  const job = await terminalJob(rest, id);
  assert.deepEqual([job.state, job.attempts, job.dead_letter], ['ERROR', RETRIES + 1, true]);
  assert.equal(reasonOf(job), 'ATTEMPTS_EXHAUSTED');
  assert.equal(await artifact(rest, id, 'results.json'), undefined);
  const written = JSON.parse((await artifact(rest, id, 'error.json')) ?? '{}') as Record<string, unknown>;
  assert.deepEqual([written.code, written.attempt], ['ATTEMPTS_EXHAUSTED', RETRIES + 1]);
  const watched = await eigenCli(platform, 'results', id);
  assert.equal(watched.code, 4, watched.stderr);
});

test('a dead letter is redriven with the same inputs and seed once its cause is gone', async () => {
  const dataDir = temporaryDirectory();
  const impatient = await startPlatform({ dataDir, args: [...DRIVERS, '--max-retries', '1'] });
  const target = 'fault:unavailable@2/ok';
  const dead = await submit(impatient.ready.rest, { ...BELL, target });
  const given = await terminalJob(impatient.ready.rest, dead);
  assert.deepEqual([given.state, given.attempts, given.dead_letter], ['ERROR', 2, true]);
  assert.equal(await impatient.end('SIGTERM'), 0);

  const patient = await startPlatform({ dataDir, args: [...DRIVERS, '--max-retries', '2'] });
  const redriven = await eigenCli(patient, 'redrive', dead);
  assert.equal(redriven.code, 0, redriven.stderr);
  const id = redriven.stdout.trim();
  const job = await terminalJob(patient.ready.rest, id);
  assert.deepEqual([job.state, job.attempts, job.seed], ['DONE', 3, BELL.seed]);
  assert.equal(job.parent_job_id, dead);
  assert.equal((await jobNow(patient.ready.rest, dead)).state, 'ERROR');
  const again = await submit(patient.ready.rest, BELL);
  await terminalJob(patient.ready.rest, again);
  assert.equal(
    await artifact(patient.ready.rest, id, 'results.json'),
    await artifact(patient.ready.rest, again, 'results.json'),
  );
  assert.equal(await patient.end('SIGTERM'), 0);
});

const cancel = (id: string) => call(`${rest}/api/v1/jobs/${id}/cancel`, 'POST');

test('a running job that is cancelled ends CANCELLED, with the outcome recorded', async () => {
  const id = await submit(rest, { ...BELL, target: 'fault:hang' });
  await jobIn(rest, id, 'RUNNING');
  const answer = await cancel(id);
  assert.equal(answer.status, 202, answer.text);
  const job = await terminalJob(rest, id);
  assert.deepEqual([job.state, job.cancel_requested, job.cancel_outcome], ['CANCELLED', true, 'cancelled']);
  assert.equal(await artifact(rest, id, 'results.json'), undefined);
  assert.equal((await cancel(id)).status, 409);
  const task = (await call(`${rest}/tasks/${id}`)).json();
  assert.deepEqual([task.status, task.reason], ['error', 'CANCELLED']);
});

test('a simulation under way is cancelled, and its threads are free for the next job', async () => {
  const id = await submit(rest, { program: layered(24, 60), shots: 10 });
  await jobIn(rest, id, 'RUNNING');
  await cancel(id);
  assert.equal((await terminalJob(rest, id)).state, 'CANCELLED');
  assert.equal((await terminalJob(rest, await submit(rest, BELL), 20_000)).state, 'DONE');
});

test('a cancellation that comes too late says so, and the results stand', async () => {
  const id = await submit(rest, { ...BELL, target: 'fault:late_cancel:400' });
  await jobIn(rest, id, 'RUNNING');
  await cancel(id);
  const job = await terminalJob(rest, id);
  assert.deepEqual([job.state, job.cancel_requested, job.cancel_outcome], ['DONE', true, 'too_late']);
  assert.ok(await artifact(rest, id, 'results.json'));
});

const lateResults = async (admin: string): Promise<number> => {
  const { text } = await call(`${admin}/metrics`);
  return Number(/^eigen_kernel_late_results_total (\d+)/m.exec(text)?.[1] ?? 0);
};

test('the time limit ends a job in TIMEOUT; what comes after it is recorded and not used', async () => {
  const limited = await startPlatform({
    dataDir: temporaryDirectory(),
    args: DRIVERS,
    environment: { QC_TASK_TIME_LIMIT_MS: '1500' },
  });
  const { rest: address } = limited.ready;
  const { admin } = limited.of('kernel').ready;
  const hanging = await submit(address, { ...BELL, target: 'fault:hang' });
  const late = await submit(address, { ...BELL, target: 'fault:late_cancel:3000' });
  const heavy = await submit(address, { program: layered(24, 60), shots: 10 });
  for (const id of [hanging, late, heavy]) {
    const job = await terminalJob(address, id);
    assert.deepEqual([job.state, reasonOf(job)], ['TIMEOUT', 'JOB_TIMEOUT'], JSON.stringify(job));
  }
  await until('the late result', 20_000, async () => ((await lateResults(admin)) === 1 ? true : undefined));
  assert.equal((await jobNow(address, late)).state, 'TIMEOUT');
  assert.equal(await artifact(address, late, 'results.json'), undefined);
  const task = (await call(`${address}/tasks/${late}`)).json();
  assert.deepEqual([task.status, task.reason], ['error', 'JOB_TIMEOUT']);
  assert.equal((await terminalJob(address, await submit(address, BELL), 20_000)).state, 'DONE');
  assert.equal(await limited.end('SIGTERM'), 0);
});

/** Process ids of the engine of a platform, from its children. */
function enginesOf({ pid }: Pick<RunningServer, 'pid'>): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => {
      try {
        const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]);
        return parent === pid && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('engine-process');
      } catch {
        return false; // It ended while we looked.
      }
    });
}

const withoutProc = process.platform === 'linux' ? false : 'the engine process is found through /proc';

/** Time for the engine to be deep in a simulation of some seconds. */
const DEEP_MS = 300;

test('the engine process is killed in the middle of a job: a new one does it again, with the same counts', {
  skip: withoutProc,
}, async () => {
  const heavy = { program: layered(21, 12), shots: 300, seed: 9 };
  const undisturbed = await submit(rest, heavy);
  assert.equal((await terminalJob(rest, undisturbed)).state, 'DONE');
  const id = await submit(rest, heavy);
  await jobIn(rest, id, 'RUNNING');
  await new Promise((resolve) => setTimeout(resolve, DEEP_MS));
  const [engine, ...others] = enginesOf(platform.of('driver-manager'));
  assert.deepEqual(others, []);
  process.kill(engine!, 'SIGKILL');
  assert.equal((await jobNow(rest, id)).state, 'RUNNING', 'the kill came too late to prove anything');
  assert.equal((await terminalJob(rest, id)).state, 'DONE');
  const [expected, repeated] = await Promise.all(
    [undisturbed, id].map((job) => artifact(rest, job, 'results.json')),
  );
  assert.ok(expected);
  assert.equal(repeated, expected);
  assert.match(platform.stderr(), /The simulation process ended/);
  assert.notDeepEqual(enginesOf(platform.of('driver-manager')), [engine]);
});
