import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { eigenCli } from '../platform/eigen-cli.ts';
import {
  connectGrpc,
  type GrpcService,
  grpcFailure,
  type Reply,
  type Stream,
} from '../platform/grpc-client.ts';
import {
  call,
  type Job,
  type Platform,
  startPlatform,
  temporaryDirectory,
  terminalJob,
  until,
} from '../platform/platform.ts';
import { example, layered } from '../platform/programs.ts';

const dataDir = temporaryDirectory();
let platform: Platform;
let jobs: GrpcService;

before(async () => {
  platform = await startPlatform({ dataDir });
  jobs = connectGrpc(platform.ready.grpc, 'eigen.api.v1.JobService');
});
after(async () => {
  jobs.close();
  assert.equal(await platform.end('SIGTERM'), 0);
});

/** What comes of a program and its seed, wherever it was handed in. */
const ARTIFACTS = ['program.qasm', 'compiled.aqo.json', 'compiled.qasm', 'results.json'];

const rest = (path: string, method?: string, body?: unknown, headers = {}) =>
  call(`${platform.ready.rest}${path}`, method, body, headers);

const digestsOf = ({ digests }: Job): unknown[] =>
  ARTIFACTS.map((name) => (digests as Record<string, string>)[name]);

const grpcJob = async (jobId: string): Promise<Reply> =>
  (await jobs.call('GetJob', { job_id: jobId })).job as Reply;

/** Hands the program in through each of the four doors, with the seed that the first one drew. */
async function submitEverywhere(name: string): Promise<{ ids: string[]; cliResults: string }> {
  const program = example(name);
  const task = (await rest('/tasks', 'POST', { qc: program })).json<{ task_id: string }>();
  const { seed, shots } = await terminalJob(platform.ready.rest, task.task_id);
  const body = { language: 'openqasm3', program, seed, shots };
  const { job_id: restId } = (await rest('/api/v1/jobs', 'POST', body)).json<Job>();
  const { job_id: grpcId } = await jobs.call('SubmitJob', {
    qasm: { source: Buffer.from(program), version: '3' },
    seed: String(seed),
    metadata: { shots: String(shots) },
  });
  const options = ['--seed', String(seed), '--shots', String(shots), '--wait', '--json'];
  const submitted = await eigenCli(platform, 'submit', `examples/${name}.qasm`, ...options);
  assert.equal(submitted.code, 0, submitted.stderr);
  const cliId = submitted.stderr.trim().split('\n')[0]!;
  return { ids: [task.task_id, restId, String(grpcId), cliId], cliResults: submitted.stdout };
}

for (const name of ['bell', 'teleport', 'qft']) {
  test(`DOOR-1: ${name}: every door gives the same counts and the same artifacts, byte for byte`, async () => {
    const { ids, cliResults } = await submitEverywhere(name);
    assert.equal(new Set(ids).size, 4);
    const ended = await Promise.all(ids.map((id) => terminalJob(platform.ready.rest, id)));
    assert.deepEqual(
      ended.map(({ state }) => state),
      ids.map(() => 'DONE'),
    );
    const [expected, ...others] = ended.map(digestsOf);
    assert.ok(
      expected!.every((digest) => /^sha256:[0-9a-f]{64}$/.test(String(digest))),
      String(expected),
    );
    for (const [index, digests] of others.entries()) assert.deepEqual(digests, expected, ids[index + 1]);

    const results = (await rest(`/api/v1/jobs/${ids[0]}/artifacts/results.json`)).text;
    assert.equal(cliResults, `${(await rest(`/api/v1/jobs/${ids[3]}/results`)).text}\n`);
    assert.ok(cliResults.endsWith(`,"results":${results}}\n`), cliResults);
    const { seed, shots } = ended[0]!;
    const options = ['--seed', String(seed), '--shots', String(shots), '--json'];
    const local = await eigenCli(undefined, 'run', `examples/${name}.qasm`, ...options);
    assert.equal(local.stdout, `${results}\n`, 'a run without a server');
  });
}

test('DOOR-1: a job is the same through every door, whichever it came through', async () => {
  const { ids } = await submitEverywhere('bell');
  // The command line is a client of the gRPC door.
  const doors = ['tasks', 'rest', 'grpc', 'grpc'];
  for (const [index, id] of ids.entries()) {
    const job = await terminalJob(platform.ready.rest, id);
    const results = (await rest(`/api/v1/jobs/${id}/artifacts/results.json`)).text;
    const { counts } = (JSON.parse(results) as { items: { results: { counts: object }[] }[] }).items[0]!
      .results[0]!;

    assert.deepEqual((await rest(`/tasks/${id}`)).json(), { status: 'completed', result: counts });

    const message = await grpcJob(id);
    assert.deepEqual(
      [message.job_id, message.state, message.seed, message.shots, message.digests, message.source_door],
      [id, 'JOB_STATE_DONE', String(job.seed), String(job.shots), job.digests, job.source_door],
    );
    assert.equal(job.source_door, doors[index]);
    const answer = await jobs.call('GetJobResults', { job_id: id });
    assert.equal((answer.results_json as Buffer).toString(), results);
    const numbers = Object.entries(answer.counts as Record<string, string>).map(([k, v]) => [k, Number(v)]);
    assert.deepEqual(Object.fromEntries(numbers), counts);

    const shown = await eigenCli(platform, 'status', id, '--json');
    const document = JSON.parse(shown.stdout) as Job;
    assert.deepEqual([document.job_id, document.state, document.digests], [id, 'DONE', job.digests]);
    const got = await eigenCli(platform, 'get', id, 'results.json');
    assert.equal(got.stdout, results);

    const file = join(dataDir, 'circuit_fs', id, 'results.json');
    await until(file, 10_000, async () => (existsSync(file) ? true : undefined));
    assert.equal(readFileSync(file, 'utf8'), results);
  }
});

test('DOOR-1, DOOR-14: every door lists the same jobs in the same order', async () => {
  const listed = (await rest('/api/v1/jobs?limit=200')).json<{ jobs: Job[] }>().jobs;
  const ids = listed.map(({ job_id }) => job_id);
  assert.ok(ids.length >= 4);
  const messages = (await jobs.call('ListJobs', { limit: 200 })).jobs as Reply[];
  assert.deepEqual(
    messages.map(({ job_id }) => job_id),
    ids,
  );
  const shown = await eigenCli(platform, 'list', '--limit', '200', '--json');
  const documents = (JSON.parse(shown.stdout) as { jobs: Job[] }).jobs;
  assert.deepEqual(
    documents.map(({ job_id }) => job_id),
    ids,
  );
});

const STATES = ['PENDING', 'COMPILING', 'QUEUED', 'RUNNING', 'DONE'];

interface Event {
  readonly seq: number;
  readonly state: string;
}

async function grpcEvents(jobId: string, lastSeq: number): Promise<Event[]> {
  const events: Event[] = [];
  const request = { job_id: jobId, last_event_seq: lastSeq };
  for await (const update of jobs.stream('StreamJobUpdates', request)) {
    if (update.heartbeat) continue;
    events.push({ seq: Number(update.event_seq), state: String(update.state).replace('JOB_STATE_', '') });
  }
  return events;
}

async function restEvents(jobId: string, lastSeq: number): Promise<Event[]> {
  const headers = lastSeq === 0 ? {} : { 'last-event-id': String(lastSeq) };
  const { text, status: code } = await rest(`/api/v1/jobs/${jobId}/events`, 'GET', undefined, headers);
  if (code === 204) return [];
  assert.equal(code, 200, text);
  const blocks = text.split('\n\n').filter((block) => block.startsWith('id: '));
  return blocks.map((block) => {
    const [id, event, data] = block.split('\n');
    assert.equal(event, 'event: update');
    const update = JSON.parse(data!.slice('data: '.length)) as { event_seq: number; state: string };
    assert.equal(id, `id: ${update.event_seq}`);
    return { seq: update.event_seq, state: update.state };
  });
}

test('JOB-9, DOOR-21: updates count from 1 without a gap, end with the one terminal event, and resume anywhere', async () => {
  const body = { language: 'openqasm3', program: layered(18, 8), shots: 100, seed: 1 };
  const { job_id: id } = (await rest('/api/v1/jobs', 'POST', body)).json<Job>();
  // Both streams follow the job while it runs; they end by themselves.
  const [live, liveOverRest] = await Promise.all([grpcEvents(id, 0), restEvents(id, 0)]);
  assert.deepEqual(liveOverRest, live);
  assert.deepEqual(
    live.map(({ seq }) => seq),
    live.map((_, index) => index + 1),
  );
  const visited = live.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]);
  assert.deepEqual(visited, STATES);
  assert.equal(live.filter(({ state }) => state === 'DONE').length, 1);
  for (let seq = 0; seq <= live.length; seq += 1) {
    assert.deepEqual(await grpcEvents(id, seq), live.slice(seq), `gRPC after ${seq}`);
    assert.deepEqual(await restEvents(id, seq), live.slice(seq), `server-sent events after ${seq}`);
  }
});

test('DOOR-20: a refused call says why in google.rpc.ErrorInfo, as REST says it in its problem', async () => {
  const unknown = 'job_00000000000000000000000000000000';
  const body = { language: 'openqasm3', program: example('bell') };
  const { job_id: ended } = (await rest('/api/v1/jobs', 'POST', body)).json<Job>();
  await terminalJob(platform.ready.rest, ended);
  const broken = 'OPENQASM 3.0;\nqubit q;\nh q';
  const refused = [
    ['GetJobStatus', { job_id: unknown }, status.NOT_FOUND, `/api/v1/jobs/${unknown}`, undefined],
    ['GetJobResults', { job_id: unknown }, status.NOT_FOUND, `/api/v1/jobs/${unknown}/results`, undefined],
    ['CancelJob', { job_id: ended }, status.FAILED_PRECONDITION, `/api/v1/jobs/${ended}/cancel`, {}],
    [
      'GetJobArtifact',
      { job_id: ended, name: 'none.json' },
      status.NOT_FOUND,
      `/api/v1/jobs/${ended}/artifacts/none.json`,
      undefined,
    ],
    [
      'SubmitJob',
      { qasm: { source: Buffer.from(broken) } },
      status.INVALID_ARGUMENT,
      '/api/v1/jobs',
      { language: 'openqasm3', program: broken },
    ],
    [
      'SubmitJob',
      { qasm: { source: Buffer.from(example('bell')) }, target: 'nowhere' },
      status.NOT_FOUND,
      '/api/v1/jobs',
      { ...body, target: 'nowhere' },
    ],
  ] as const;
  for (const [method, request, code, path, restBody] of refused) {
    const failure = await grpcFailure(jobs.call(method, request));
    assert.equal(failure.status, code, method);
    assert.equal(failure.domain, 'qfs', method);
    const problem = (await rest(path, restBody === undefined ? 'GET' : 'POST', restBody)).json();
    assert.equal(failure.reason, problem.code, method);
    assert.equal(status[failure.status], problem.error_code, method);
  }
});

test('DOOR-6: an idempotency key means the same job on every door that is asked the same', async () => {
  const request = { qasm: { source: Buffer.from(example('bell')) }, envelope: { idempotency_key: 'grpc-1' } };
  const first = await jobs.call('SubmitJob', request);
  const again = await jobs.call('SubmitJob', request);
  assert.deepEqual([first.replayed, again.replayed, again.job_id], [false, true, first.job_id]);
  const other = await grpcFailure(jobs.call('SubmitJob', { ...request, name: 'another' }));
  assert.deepEqual([other.status, other.reason], [status.FAILED_PRECONDITION, 'IDEMPOTENCY_MISMATCH']);
});

test('DOOR-19: health answers for the server and for each service', async () => {
  const health = connectGrpc(platform.ready.grpc, 'grpc.health.v1.Health');
  for (const service of ['', 'eigen.api.v1.JobService', 'eigen.api.v1.DeviceService']) {
    assert.deepEqual(await health.call('Check', { service }), { status: 'SERVING' }, service);
  }
  health.close();
});

test('reflection names the services and hands out their files', async () => {
  const reflection = connectGrpc(platform.ready.grpc, 'grpc.reflection.v1.ServerReflection');
  const stream: Stream = reflection.stream('ServerReflectionInfo');
  stream.write({ list_services: '' });
  stream.write({ file_containing_symbol: 'eigen.api.v1.JobService' });
  stream.end();
  const answers: Reply[] = [];
  for await (const answer of stream) answers.push(answer);
  reflection.close();
  const services = (answers[0]!.list_services_response as { service: { name: string }[] }).service;
  assert.deepEqual(services.map(({ name }) => name).sort(), [
    'eigen.api.v1.DeviceService',
    'eigen.api.v1.JobService',
    'eigen.api.v1.TokenService',
    'fabric.v1.LogService',
    'grpc.health.v1.Health',
    'grpc.reflection.v1.ServerReflection',
  ]);
  const { file_descriptor_proto: files } = answers[1]!.file_descriptor_response as {
    file_descriptor_proto: Buffer[];
  };
  assert.ok(files[0]!.includes('eigen/api/v1/job_service.proto'));
});

/** Everything that an intermediary or an impostor might claim about the caller. */
const SPOOFED = {
  'x-eigen-tenant-id': 'victim',
  'x-eigen-limits': 'tenant=0,project=0,shots=0',
  'x-eigen-sub': 'mallory',
  'x-eigen-roles': '',
  'x-eigen-account': 'victim',
  'x-forwarded-user': 'mallory',
};

test('DOOR-4, SEC-12: identity headers from outside change nothing', async () => {
  const program = example('bell');
  const plain = (await rest('/api/v1/jobs', 'POST', { language: 'openqasm3', program })).json<Job>();
  const spoofed = (
    await rest('/api/v1/jobs', 'POST', { language: 'openqasm3', program }, SPOOFED)
  ).json<Job>();
  const { 'x-eigen-roles': _, ...others } = SPOOFED;
  const overGrpc = await jobs.call(
    'SubmitJob',
    { qasm: { source: Buffer.from(program) } },
    { ...others, 'x-eigen-roles': 'none' },
  );
  const ids = [plain.job_id, spoofed.job_id, String(overGrpc.job_id)];
  const [expected, ...owners] = await Promise.all(
    ids.map(async (id) => {
      const { tenant_id, project_id, subject } = await grpcJob(id);
      return { tenant_id, project_id, subject };
    }),
  );
  for (const owner of owners) assert.deepEqual(owner, expected);
  // And whoever claims to be somebody else sees the same jobs.
  const seen = await rest(`/api/v1/jobs/${plain.job_id}`, 'GET', undefined, SPOOFED);
  assert.equal(seen.status, 200);
  const denied = await grpcFailure(
    jobs.call('SubmitJob', { qasm: { source: Buffer.from(program) }, tenant: { tenant_id: 'victim' } }),
  );
  assert.deepEqual([denied.status, denied.reason], [status.PERMISSION_DENIED, 'AUTH_DENIED']);
});
