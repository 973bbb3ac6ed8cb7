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
 * The acceptance cases of the platform, as a person would go through them; B6 is in observability.test.ts.
 */
const args = ['--drivers', 'sim,emulator,fault', '--max-retries', '1'];
let platform: Platform;
const dataDir = temporaryDirectory();

before(async () => {
  platform = await startPlatform({ dataDir, args });
});
after(() => platform.end('SIGTERM'));

const BELL = { language: 'openqasm3', program: example('bell'), shots: 200, seed: 11 };
const artifact = (jobId: string, name: string) =>
  call(`${platform.ready.rest}/api/v1/jobs/${jobId}/artifacts/${name}`);

/** What the CLI prints with `--jsonl`: a document per line. */
const lines = <T>(text: string): T[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

interface Event {
  readonly job_id: string;
  readonly state?: string;
  readonly iteration?: { readonly iteration: number; readonly value: number; readonly best: number };
}

interface HybridResults {
  readonly results: {
    readonly items: readonly {
      readonly results: readonly { readonly counts: Readonly<Record<string, number>> }[];
      readonly optimization: Readonly<Record<string, unknown>>;
      readonly returned: Readonly<Record<string, unknown>>;
    }[];
  };
}

test('AC-1: a VQE is submitted and watched to its ground state; its iterations are kept', async () => {
  const job = ['submit', '--job', 'examples/vqe_h2/job.yaml', '--watch'] as const;
  const { code, stderr, stdout } = await eigenCli(platform, ...job, '--jsonl');
  assert.equal(code, 0, stderr);
  const documents = lines<Event & HybridResults>(stdout);
  const steps = documents.flatMap(({ iteration }) => (iteration === undefined ? [] : [iteration]));
  assert.ok(steps.length >= 10 && steps.length <= 30, `${steps.length} iterations`);
  assert.deepEqual(
    steps.map(({ iteration }) => iteration),
    steps.map((_, k) => k + 1),
  );
  assert.equal(steps[0]!.value.toFixed(4), '-1.1170', 'it begins at the Hartree-Fock energy');
  assert.ok(steps.every(({ best }, k) => best <= (steps[k - 1]?.best ?? Infinity)));
  const { job_id: jobId, results } = documents.at(-1)!;
  const [item] = results.items;
  assert.equal((item!.optimization.value as number).toFixed(7), '-1.1373060');
  assert.deepEqual([item!.optimization.exact, item!.optimization.ending], [true, 'converged']);
  assert.equal(item!.returned.energy, item!.optimization.value);
  const shots = Object.values(item!.results[0]!.counts).reduce((sum, count) => sum + count, 0);
  assert.equal(shots, 1024);
  const kept = await eigenCli(platform, 'artifacts', jobId, '--json');
  const names = (JSON.parse(kept.stdout) as { artifacts: { name: string }[] }).artifacts.map(
    ({ name }) => name,
  );
  for (const name of ['program.eigen.py', 'job.yaml', 'compiled.aqo.json', 'plan.json', 'results.json']) {
    assert.ok(names.includes(name), `${name} of ${names}`);
  }
  assert.equal(names.filter((name) => /^iterations\/\d+\.json$/.test(name)).length, steps.length);
  const again = await eigenCli(platform, ...job, '--plain');
  assert.match(again.stderr, /RUNNING {4}iteration 1 {2}energy -1\.1169990 {2}best -1\.1169990/);
  assert.match(again.stdout, /^energy {6}-1\.1373060 ± 0 Ha \(exact\)$/m);
});

test('AC-1: the upstream example, a job.yaml of version 0.1, reaches its minimum', async () => {
  const job = 'examples/vqe_upstream/job.yaml';
  const { code, stderr, stdout } = await eigenCli(platform, 'submit', '--job', job, '--wait', '--json');
  assert.equal(code, 0, stderr);
  const { optimization } = (JSON.parse(stdout) as HybridResults).results.items[0]!;
  assert.ok(Math.abs((optimization.value as number) - -2) < 0.002, stdout);
  assert.ok((optimization.iterations as number) <= 60);
  assert.equal((optimization.start_value as number).toFixed(6), '0.843415');
});

test('AC-2: an Eigen-Lang job compiles here for a device to the bytes that the server makes', async () => {
  const out = join(mkdtempSync(join(tmpdir(), 'qfs-test-')), 'compiled.aqo.json');
  const job = ['--job', 'examples/qaoa_maxcut/job.yaml'] as const;
  const here = await eigenCli(
    undefined,
    'compile',
    ...job,
    '--target',
    'heavy-hex-27',
    '-O',
    '3',
    '--out',
    out,
  );
  assert.equal(here.code, 0, here.stderr);
  const asked = ['--target', 'emulator:heavy-hex-27', '-O', '3', '--shots', '20'];
  const sent = await eigenCli(platform, 'submit', ...job, ...asked, '--wait', '--quiet');
  const jobId = sent.stdout.split('\n')[0]!;
  assert.equal(sent.code, 0, sent.stderr);
  assert.equal(readFileSync(out, 'utf8'), (await artifact(jobId, 'compiled.aqo.json')).text);
  const explained = await eigenCli(platform, 'explain', jobId);
  assert.match(explained.stdout, /^target {2}emulator:heavy-hex-27$/m);
  assert.match(explained.stdout, /^all passes /m);
});

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

test('AC-5: a mistake in an Eigen-Lang program ends the job in ERROR, with its place and nothing compiled', async () => {
  const program =
    'from eigen_lang import QubitRegister, hybrid_program, rx\n\n\n@hybrid_program\ndef main():\n' +
    '    q = QubitRegister(2)\n    rx(q[0] 0.5)\n';
  const jobId = await submit(platform.ready.rest, { program, language: 'eigen-lang' });
  const job = await terminalJob(platform.ready.rest, jobId);
  const { code, reason } = job.error as Record<string, unknown>;
  assert.deepEqual(
    [job.state, code, reason],
    ['ERROR', 'INVALID_ARGUMENT', 'EIGEN_SYNTAX'],
    JSON.stringify(job),
  );
  assert.match(JSON.stringify(job), /"line":7,"column":13/);
  for (const name of ['compiled.aqo.json', 'compiled.qasm', 'plan.json', 'results.json']) {
    assert.equal((await artifact(jobId, name)).status, 404, name);
  }
  const shown = await eigenCli(platform, 'results', jobId);
  assert.equal(shown.code, 4);
  assert.match(shown.stderr, /ended in ERROR \(EIGEN_SYNTAX\)\. .*[Ll]ine 7, column 13/);
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
