import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { status } from '@grpc/grpc-js';
import { eigenCli } from '../platform/eigen-cli.ts';
import { connectGrpc, grpcFailure, type Reply } from '../platform/grpc-client.ts';
import {
  call,
  jobIn,
  jobNow,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
  until,
} from '../platform/platform.ts';
import { example } from '../platform/programs.ts';
import { assertGolden } from '../platform/transcript.ts';

const BELL = { program: example('bell'), shots: 100, seed: 3 };
/** An hour: as long as nobody stops it. */
const LONG = { ...BELL, target: 'fault:slow:3600000' };
const GOLDEN = fileURLToPath(new URL('golden/lifecycle.txt', import.meta.url));
const PATIENCE_MS = 30_000;

const start = (dataDir: string, ...args: string[]): Promise<Platform> =>
  startPlatform({
    dataDir,
    args: ['--drivers', 'sim,fault', '--workers', '1', '--time-limit-ms', '7200000', ...args],
  });

type Jobs = Readonly<Record<'open' | 'ended' | 'expired' | 'deleted' | 'never', string>>;
type Ask = (platform: Platform, jobId: string) => Promise<string>;

/** A problem by its code; of /tasks what it says. */
const rest =
  (path: (jobId: string) => string): Ask =>
  async ({ ready }, jobId) => {
    const answer = await fetch(`${ready.rest}${path(jobId)}`, { headers: { prefer: 'wait=5' } });
    // The events of an open job do not end.
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
    const text = isStream ? '' : await answer.text();
    if (isStream) await answer.body?.cancel();
    if (path(jobId).startsWith('/tasks')) return `${answer.status} ${text.replace(/\{"00".*?\}/, '{…}')}`;
    const { code } = answer.ok ? {} : (JSON.parse(text) as { code?: string });
    return [answer.status, code].filter((part) => part !== undefined).join(' ');
  };

const ofJob = (path: string): Ask => rest((jobId) => `/api/v1/jobs/${jobId}${path}`);

const grpc =
  (method: string, fields: object = {}): Ask =>
  async ({ ready }, jobId) => {
    const jobs = connectGrpc(ready.grpc, 'eigen.api.v1.JobService');
    const request = { job_id: jobId, ...fields };
    const answer = method.startsWith('Stream')
      ? firstOf(jobs.stream(method, request))
      : jobs.call(method, request);
    try {
      await answer;
      return 'OK';
    } catch {
      const { status: number, reason } = await grpcFailure(answer);
      return `${status[number]} ${reason}`;
    } finally {
      jobs.close();
    }
  };

async function firstOf(stream: AsyncIterable<Reply> & { cancel(): void }): Promise<Reply | undefined> {
  for await (const reply of stream) return reply;
  return undefined;
}

const cli =
  (...words: readonly string[]): Ask =>
  async (platform, jobId) => {
    const [command, ...more] = words;
    const { code, stderr } = await eigenCli(platform, command!, jobId, ...more);
    return [code, stderr.split('\n')[0]!.replaceAll(jobId, '<job>')].join(' ').trim();
  };

/** Every way in which somebody can ask after a job. */
const QUESTIONS: Readonly<Record<string, Ask>> = {
  'GET /tasks/{id}': rest((jobId) => `/tasks/${jobId}`),
  'GET {job}': ofJob(''),
  'GET {job}/results': ofJob('/results'),
  'GET {job}/artifacts': ofJob('/artifacts'),
  'GET {job}/artifacts/results.json': ofJob('/artifacts/results.json'),
  'GET {job}/artifacts/statement.json': ofJob('/artifacts/statement.json'),
  'GET {job}/receipt': ofJob('/receipt'),
  'GET {job}/events': ofJob('/events'),
  GetJob: grpc('GetJob'),
  GetJobStatus: grpc('GetJobStatus'),
  GetJobResults: grpc('GetJobResults'),
  ListJobArtifacts: grpc('ListJobArtifacts'),
  'GetJobArtifact results.json': grpc('GetJobArtifact', { name: 'results.json' }),
  GetReceipt: grpc('GetReceipt'),
  StreamJobUpdates: grpc('StreamJobUpdates'),
  'eigen-cli status': cli('status'),
  'eigen-cli results': cli('results'),
  'eigen-cli receipt': cli('receipt'),
  'eigen-cli get results.json': cli('get', 'results.json'),
};

/** One section per question, one line per state. */
async function answersOf(platform: Platform, jobs: Jobs): Promise<string> {
  const sections: string[] = [];
  for (const [question, ask] of Object.entries(QUESTIONS)) {
    const lines = Object.entries(jobs).map(async ([state, jobId]) => {
      const answer = await ask(platform, jobId);
      return `${state.padEnd(8)} ${answer.replaceAll(jobId, '<job>')}`.trimEnd();
    });
    sections.push([`### ${question}`, ...(await Promise.all(lines)), ''].join('\n'));
  }
  return sections.join('\n');
}

const isExpired = (platform: Platform, jobId: string): Promise<unknown> =>
  until(`the results of ${jobId} to expire`, PATIENCE_MS, async () =>
    (await jobNow(platform.ready.rest, jobId)).expired_index === null ? undefined : true,
  );

const retentionEntries = async (platform: Platform): Promise<string[]> => {
  const { stdout } = await eigenCli(platform, 'log', 'tail', '--from', '1');
  return stdout.split('\n').flatMap((line) => /result_retention_s \d+/.exec(line) ?? []);
};

test('REC-14, DOOR-28, JOB-29: what became of a job is told apart on every door, after restarts and a kill', async () => {
  const dataDir = temporaryDirectory();
  let platform = await start(dataDir, '--result-ttl-s', '1');
  const expired = await submit(platform.ready.rest, BELL);
  await isExpired(platform, expired);
  assert.equal(await platform.end('SIGTERM'), 0);

  // What the log was told once holds without the variable.
  platform = await start(dataDir);
  const alsoExpired = await submit(platform.ready.rest, BELL);
  await isExpired(platform, alsoExpired);
  assert.deepEqual(await retentionEntries(platform), ['result_retention_s 1']);
  assert.equal(await platform.end('SIGTERM'), 0);

  platform = await start(dataDir, '--result-ttl-s', '0');
  const [ended, deleted] = [await submit(platform.ready.rest, BELL), await submit(platform.ready.rest, BELL)];
  await Promise.all([ended, deleted].map((jobId) => terminalJob(platform.ready.rest, jobId)));
  const { stdout } = await eigenCli(platform, 'delete', deleted, '--yes', '--json');
  const again = await call(`${platform.ready.rest}/api/v1/jobs/${deleted}`, 'DELETE');
  assert.deepEqual(again.json(), JSON.parse(stdout));
  const open = await submit(platform.ready.rest, LONG);
  await jobIn(platform.ready.rest, open, 'RUNNING');
  assert.deepEqual(await retentionEntries(platform), ['result_retention_s 1', 'result_retention_s 0']);
  const jobs: Jobs = { open, ended, expired, deleted, never: 'job_0192f0c1a2b37c4d8e5f60718293a4b5' };
  assert.equal(await platform.end('SIGKILL'), 'SIGKILL');

  platform = await start(dataDir, '--result-ttl-s', '0');
  await jobIn(platform.ready.rest, open, 'RUNNING');
  assertGolden(GOLDEN, await answersOf(platform, jobs));
  const replay = await eigenCli(platform, 'log', 'replay', '--from', '0');
  assert.equal(replay.code, 0, replay.stderr);
  await call(`${platform.ready.rest}/api/v1/jobs/${open}/cancel`, 'POST');
  assert.equal(await platform.end('SIGTERM'), 0);
});

/** Too large for the database: its bytes are a file. */
const large = (number: number) => ({
  ...BELL,
  program: `${BELL.program}// ${number} ${'x'.repeat(100_000)}\n`,
});

const blobFiles = (dataDir: string): number =>
  readdirSync(join(dataDir, 'blobs/sha256'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  ).length;

test('ART-22: deletions that a kill interrupts are carried through by the next start, all of them or none of each', async () => {
  const dataDir = temporaryDirectory();
  let platform = await start(dataDir);
  const jobs: string[] = [];
  for (let number = 0; number < 24; number += 1) jobs.push(await submit(platform.ready.rest, large(number)));
  await Promise.all(jobs.map((jobId) => terminalJob(platform.ready.rest, jobId)));
  const acknowledged: string[] = [];
  const [kept, ...others] = jobs;
  const deletions = Promise.allSettled(
    others.map(async (jobId) => {
      const answer = await call(`${platform.ready.rest}/api/v1/jobs/${jobId}`, 'DELETE');
      if (answer.status === 200) acknowledged.push(jobId);
    }),
  );
  await until('some deletions', PATIENCE_MS, async () => (acknowledged.length > 3 ? true : undefined));
  await platform.end('SIGKILL');
  await deletions;

  platform = await start(dataDir);
  const statuses = new Map<string, number>();
  for (const jobId of jobs) {
    statuses.set(jobId, (await call(`${platform.ready.rest}/api/v1/jobs/${jobId}`)).status);
  }
  assert.ok(acknowledged.every((jobId) => statuses.get(jobId) === 410));
  assert.equal(statuses.get(kept!), 200);
  const left = jobs.filter((jobId) => statuses.get(jobId) === 200);
  await until('the bytes of deleted jobs to go', PATIENCE_MS, async () =>
    blobFiles(dataDir) === left.length ? true : undefined,
  );
  for (const jobId of left) {
    const { text } = await call(`${platform.ready.rest}/api/v1/jobs/${jobId}/artifacts/program.qasm`);
    assert.equal(text, large(jobs.indexOf(jobId)).program);
  }
  await until('the directories of deleted jobs to go', PATIENCE_MS, async () =>
    jobs.every((jobId) => existsSync(join(dataDir, 'circuit_fs', jobId)) === left.includes(jobId))
      ? true
      : undefined,
  );
  assert.equal(await platform.end('SIGTERM'), 0);
});
