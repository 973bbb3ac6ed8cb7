import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connectGrpc, type GrpcService, type Reply } from '../platform/grpc-client.ts';
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
import { example } from '../platform/programs.ts';

const BELL = { program: example('bell'), shots: 100 };
const STREAMS = 100;

const dataDir = temporaryDirectory();
let platform: Platform;
let rest: string;
let jobs: GrpcService;

async function start(): Promise<void> {
  platform = await startPlatform({ dataDir, args: ['--drivers', 'sim,fault', '--workers', '2'] });
  rest = platform.ready.rest;
  jobs = connectGrpc(platform.ready.grpc, 'eigen.api.v1.JobService');
}

before(start);
after(async () => {
  jobs.close();
  assert.equal(await platform.end('SIGTERM'), 0);
});

const reasonOf = ({ error }: Job): string | undefined => (error as { reason: string } | null)?.reason;

test('JOB-31: who waits sees its place and when it will begin, the same at both doors', async () => {
  const target = 'fault:slow:2000';
  await terminalJob(rest, await submit(rest, { ...BELL, target }));
  const { metadata } = (await call(`${rest}/api/v1/devices/${encodeURIComponent(target)}/status`)).json<{
    metadata: Record<string, string>;
  }>();
  assert.ok(Number(metadata.mean_execution_ms) > 2_000 * 0.9);
  const count = Number(metadata.slots) + 3;
  const submitted = await Promise.all(Array.from({ length: count }, () => submit(rest, { ...BELL, target })));
  const accepted = await Promise.all(submitted.map((jobId) => jobNow(rest, jobId)));
  const last = accepted.toSorted((a, b) => Number(b.accepted_index) - Number(a.accepted_index))[0]!.job_id;
  const job = await until('a place in the queue', 10_000, async () => {
    const now = await jobNow(rest, last);
    assert.notEqual(now.state, 'DONE', 'the queue was longer than that');
    return Number(now.position_in_queue) > 0 ? now : undefined;
  });
  assert.ok(Date.parse(String(job.estimated_start_time)) > Date.parse(String(job.created_at)));
  const { status } = (await jobs.call('GetJobStatus', { job_id: last })) as { status: Reply };
  assert.ok(Number(status.position_in_queue) <= Number(job.position_in_queue));
  const rationale = (await call(`${rest}/api/v1/jobs/${last}/rationale`)).json<{
    reason_codes: string[];
    attributes: Record<string, string>;
    trace_id: string;
  }>();
  assert.ok(rationale.reason_codes.includes('PRIORITY_THEN_ACCEPTANCE'));
  assert.match(rationale.trace_id, /^[0-9a-f]{32}$/);
  for (const jobId of submitted) assert.equal((await terminalJob(rest, jobId)).state, 'DONE');
  const ended = await jobNow(rest, last);
  assert.deepEqual([ended.position_in_queue, ended.estimated_start_time], [null, null]);
});

test('JOB-32: a job begins when those that it depends on are DONE, also when the process was killed meanwhile', async () => {
  const first = await submit(rest, { ...BELL, target: 'fault:slow:1500' });
  const jobId = await submit(rest, { ...BELL, dependencies: [first] });
  assert.deepEqual(
    [(await jobNow(rest, jobId)).stage, (await jobNow(rest, jobId)).dependencies],
    ['WAITING_FOR_DEPENDENCIES', [first]],
  );
  jobs.close();
  await platform.end('SIGKILL');
  await start();
  const [job, dependency] = [await terminalJob(rest, jobId), await jobNow(rest, first)];
  assert.deepEqual([job.state, dependency.state], ['DONE', 'DONE']);
  assert.ok(Number(job.finished_index) > Number(dependency.finished_index));
  const doomed = await submit(rest, { ...BELL, target: 'fault:fail' });
  const after = await terminalJob(rest, await submit(rest, { ...BELL, dependencies: [doomed] }));
  assert.deepEqual([after.state, reasonOf(after)], ['ERROR', 'DEPENDENCY_FAILED']);
});

test('JOB-32: dependencies that are no jobs are refused before anything is accepted', async () => {
  const body = { language: 'openqasm3', ...BELL };
  const uri = await call(`${rest}/api/v1/jobs`, 'POST', { ...body, dependencies: ['s3://bucket/data'] });
  assert.equal(uri.status, 400);
  assert.match(uri.text, /s3:\/\/bucket\/data.*URI/);
  const unknown = `job_${'0'.repeat(31)}1`;
  const refused = await jobs
    .call('SubmitJob', { qasm: { source: Buffer.from(BELL.program) }, dependencies: [unknown] })
    .then(
      () => assert.fail('it was accepted'),
      (error: { code: number; details: string }) => error,
    );
  assert.ok([3, 5].includes(refused.code), refused.details);
});

test('JOB-35: the terms of a job are honoured, and a term that nobody knows is refused by name', async () => {
  const terms = { 'retry.max_attempts': '1' };
  const once = await terminalJob(
    rest,
    await submit(rest, { ...BELL, target: 'fault:unavailable', metadata: terms }),
  );
  assert.deepEqual(
    [once.state, reasonOf(once), once.attempts, once.max_attempts, once.metadata],
    ['ERROR', 'ATTEMPTS_EXHAUSTED', 1, 1, terms],
  );
  const short = { 'timeout.execution_ms': '1200' };
  const late = await terminalJob(
    rest,
    await submit(rest, { ...BELL, target: 'fault:hang', metadata: short }),
  );
  assert.deepEqual([late.state, reasonOf(late)], ['TIMEOUT', 'JOB_TIMEOUT']);
  const unknown = await call(`${rest}/api/v1/jobs`, 'POST', {
    ...{ language: 'openqasm3', ...BELL, metadata: { 'retry.count': '3' } },
  });
  assert.equal(unknown.status, 400);
  assert.match(unknown.text, /retry\.count is not known/);
});

test('JOB-33: a quota that a request asks for is counted with every open job, and says when to come back', async () => {
  const request = {
    qasm: { source: Buffer.from(BELL.program) },
    target: 'fault:hang',
    tenant: { contract_version: '1.0.0', project_max_queued_jobs: 2 },
  };
  const answers = await Promise.allSettled(Array.from({ length: 8 }, () => jobs.call('SubmitJob', request)));
  const accepted = answers.filter((answer) => answer.status === 'fulfilled');
  assert.equal(accepted.length, 2);
  for (const answer of answers) {
    if (answer.status === 'fulfilled') continue;
    const { code, details } = answer.reason as { code: number; details: string };
    assert.equal(code, 8, details);
    assert.match(details, /project-default has 2 jobs that have not ended/);
  }
  for (const { value } of accepted) {
    const job_id = String(value.job_id);
    await jobs.call('CancelJob', { job_id });
    assert.equal((await terminalJob(rest, job_id)).state, 'CANCELLED');
  }
});

test('DOOR-14, JOB-27: lists are narrowed by what is asked, children are found, and deleted jobs are known by their ids', async () => {
  const since = new Date(Date.now() - 1_000).toISOString();
  const parent = await submit(rest, { ...BELL, name: 'parent', tags: ['narrow', 'a&b'] });
  const child = await submit(rest, { ...BELL, name: 'child', tags: ['narrow'], parent_job_id: parent });
  for (const jobId of [parent, child]) await terminalJob(rest, jobId);
  const listed = async (query: Readonly<Record<string, string>>): Promise<(string | number | null)[]> => {
    const answer = await call(`${rest}/api/v1/jobs?${new URLSearchParams(query)}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json<{ jobs: Job[] }>().jobs.map(({ job_id }) => job_id);
  };
  assert.deepEqual(await listed({ tag: 'narrow', since }), [child, parent]);
  assert.deepEqual(await listed({ tag: 'a&b' }), [parent]);
  assert.deepEqual(await listed({ name: 'child', target: 'sim:local' }), [child]);
  assert.deepEqual(await listed({ parent_job_id: parent }), [child]);
  assert.equal((await call(`${rest}/api/v1/jobs/${child}`, 'DELETE')).status, 200);
  assert.deepEqual(await listed({ parent_job_id: parent }), []);
  assert.deepEqual(await listed({ deleted: 'true' }), [child]);
});

test('JOB-9: a hundred streams, each begun at another event, get the rest in order and the end once', async () => {
  const jobId = await submit(rest, { ...BELL, target: 'fault:slow:1500' });
  await jobIn(rest, jobId, 'RUNNING');
  const newest = Number((await jobNow(rest, jobId)).event_seq);
  const received = await Promise.all(
    Array.from({ length: STREAMS }, async (_, number) => {
      const last_event_seq = number % (newest + 1);
      const updates: Reply[] = [];
      for await (const update of jobs.stream('StreamJobUpdates', { job_id: jobId, last_event_seq })) {
        if (update.heartbeat !== true) updates.push(update);
      }
      return { after: last_event_seq, updates };
    }),
  );
  for (const { after: begun, updates } of received) {
    assert.deepEqual(
      updates.map(({ event_seq }) => Number(event_seq)),
      updates.map((_, index) => begun + 1 + index),
    );
    const ends = updates.filter(({ state }) => state === 'JOB_STATE_DONE');
    assert.deepEqual([ends.length, updates.at(-1)], [1, ends[0]]);
  }
  const beyond = jobs.stream('StreamJobUpdates', { job_id: jobId, last_event_seq: 1_000 });
  const error = await beyond[Symbol.asyncIterator]()
    .next()
    .then(
      () => assert.fail('a cursor beyond the job was taken'),
      (thrown: { code: number }) => thrown,
    );
  assert.equal(error.code, 11);
});
