import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eigenCli } from '../platform/eigen-cli.ts';
import { connectGrpc } from '../platform/grpc-client.ts';
import {
  call,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';
import { example } from '../platform/programs.ts';

/*
 * The acceptance cases of the platform, one test each, as a person would go through them. What needs a
 * hybrid program (AC-1, and AC-2 and AC-5 in Eigen-Lang) is not among them yet; B6 is in
 * observability.test.ts.
 */
const args = ['--drivers', 'sim,fault', '--max-retries', '1'];
let platform: Platform;
const dataDir = temporaryDirectory();

before(async () => {
  platform = await startPlatform({ dataDir, args });
});
after(() => platform.end('SIGTERM'));

const BELL = { language: 'openqasm3', program: example('bell'), shots: 200, seed: 11 };
const artifact = (jobId: string, name: string) =>
  call(`${platform.ready.rest}/api/v1/jobs/${jobId}/artifacts/${name}`);

test('AC-2: a program is compiled here, without a server, to the bytes that the server runs', async () => {
  const out = join(mkdtempSync(join(tmpdir(), 'qfs-test-')), 'compiled.aqo.json');
  const compiled = await eigenCli(undefined, 'compile', 'examples/bell.qasm', '--out', out);
  assert.equal(compiled.code, 0, compiled.stderr);
  const jobId = await submit(platform.ready.rest, BELL);
  await terminalJob(platform.ready.rest, jobId);
  assert.equal(readFileSync(out, 'utf8'), (await artifact(jobId, 'compiled.aqo.json')).text);
});

test('AC-3: the list of devices shows the simulator, online', async () => {
  const { code, stdout } = await eigenCli(platform, 'devices', 'list', '--json');
  assert.equal(code, 0);
  const { devices } = JSON.parse(stdout) as { devices: Record<string, unknown>[] };
  const simulator = devices.find((device) => device.device_id === 'sim:local');
  assert.deepEqual([simulator?.status, simulator?.backend_type], ['ONLINE', 'simulator']);
});

test('AC-4: a stream shows each state of a job in order, and its end once', async () => {
  const jobs = connectGrpc(platform.ready.grpc, 'eigen.api.v1.JobService');
  const target = 'fault:queue:50';
  const { job_id } = await jobs.call('SubmitJob', { qasm: { source: Buffer.from(example('bell')) }, target });
  const states: unknown[] = [];
  for await (const { state, heartbeat } of jobs.stream('StreamJobUpdates', { job_id })) {
    if (heartbeat !== true && states.at(-1) !== state) states.push(state);
  }
  jobs.close();
  const expected = ['PENDING', 'COMPILING', 'QUEUED', 'RUNNING', 'DONE'].map((name) => `JOB_STATE_${name}`);
  assert.deepEqual(
    states.map((state) => (String(state).startsWith('JOB_STATE_') ? state : `JOB_STATE_${state}`)),
    expected,
  );
});

test('AC-5: a fault that only the run finds ends the job in ERROR, with its place and without partial results', async () => {
  const program =
    'OPENQASM 3.0; include "stdgates.inc";\ninput int n;\nqubit[2] q;\nbit[2] c;\nx q[n];\nc = measure q;\n';
  const jobId = await submit(platform.ready.rest, { program, inputs: { n: 5 } });
  const job = await terminalJob(platform.ready.rest, jobId);
  assert.equal(job.state, 'ERROR');
  assert.match(JSON.stringify(job.error), /INVALID_ARGUMENT|OUT_OF_RANGE/);
  assert.match(JSON.stringify(job.error), /5/, 'the index that is not there');
  assert.equal((await artifact(jobId, 'results.json')).status, 404);
  const refused = await call(`${platform.ready.rest}/api/v1/jobs`, 'POST', { ...BELL, program: 'h q;' });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /"line":1,"column":1/);
});

test('AC-6: results are the same bytes after a restart, and after a kill', async () => {
  const jobId = await submit(platform.ready.rest, BELL);
  await terminalJob(platform.ready.rest, jobId);
  const url = () => `${platform.ready.rest}/api/v1/jobs/${jobId}/results`;
  const first = (await call(url())).text;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    await platform.end(signal);
    platform = await startPlatform({ dataDir, args });
    assert.equal((await call(url())).text, first, signal);
  }
});

test('B5: a backend that stays away ends the job in ERROR with UNAVAILABLE', async () => {
  const jobId = await submit(platform.ready.rest, { ...BELL, target: 'fault:unavailable' });
  const { state, error } = await terminalJob(platform.ready.rest, jobId);
  assert.equal(state, 'ERROR');
  assert.equal((error as { code?: string }).code, 'UNAVAILABLE', JSON.stringify(error));
});
