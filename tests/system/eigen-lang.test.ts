import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { compileSource } from '@qfs/compiler';
import { connectGrpc, type GrpcService } from '../platform/grpc-client.ts';
import {
  call,
  type Job,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';

let platform: Platform;
let jobs: GrpcService;

before(async () => {
  platform = await startPlatform({ dataDir: temporaryDirectory() });
  jobs = connectGrpc(platform.ready.grpc, 'eigen.api.v1.JobService');
});
after(async () => {
  jobs.close();
  assert.equal(await platform.end('SIGTERM'), 0);
});

const EXAMPLE = readFileSync(new URL('../../examples/vqe_h2/program.eigen.py', import.meta.url), 'utf8');

const program = (...lines: readonly string[]): string =>
  [
    'from eigen_lang import ExpectationValue, Observable, Param, QubitRegister, cnot, h, hybrid_program, \\',
    '  load_dataset, rx',
    '@hybrid_program(shots=64, seed=3)',
    'def main():',
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');

const ended = async (fields: object): Promise<Job> => {
  const { rest } = platform.ready;
  return terminalJob(rest, await submit(rest, { language: 'eigen-lang', ...fields }));
};

const artifact = (job: Job, name: string) =>
  call(`${platform.ready.rest}/api/v1/jobs/${job.job_id}/artifacts/${name}`);

interface Results {
  readonly results: {
    readonly items: readonly { readonly results: readonly { readonly counts: object }[] }[];
  };
}

const resultsOf = async (job: Job): Promise<Results['results']> =>
  (await call(`${platform.ready.rest}/api/v1/jobs/${job.job_id}/results`)).json<Results>().results;

test('a circuit runs with the shots and the seed that its decorator says', async () => {
  const source = program('q = QubitRegister(2)', 'h(q[0])', 'cnot(q[0], q[1])');
  const job = await ended({ program: source });
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  assert.deepEqual([job.shots, String(job.seed)], [64, '3']);
  const counts = (await resultsOf(job)).items[0]!.results[0]!.counts;
  assert.deepEqual(Object.keys(counts).sort(), ['00', '11']);
});

test('a program compiles here to the bytes that the server keeps', async () => {
  const job = await ended({ program: EXAMPLE, seed: 7 });
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  const compiled = compileSource({ language: 'eigen-lang', source: EXAMPLE });
  assert.ok(compiled.ok);
  const utf8 = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();
  for (const [name, here] of [
    ['compiled.aqo.json', utf8(compiled.value.aqo)],
    ['compiled.qasm', compiled.value.qasm],
    ['plan.json', utf8(compiled.value.plan)],
    ['program.eigen.py', EXAMPLE],
  ] as const) {
    assert.equal((await artifact(job, name)).text, here, name);
  }
});

test('a mistake ends the job while it compiles, with line and column and nothing compiled', async () => {
  for (const [source, reason, code, place] of [
    ['x = 1\ny = (2\n', 'EIGEN_SYNTAX', 'INVALID_ARGUMENT', [2, 5]],
    [program('h(0)', 'import os'), 'EIGEN_FORBIDDEN', 'INVALID_ARGUMENT', [6, 5]],
    [program('h(qq)'), 'EIGEN_MEANING', 'INVALID_ARGUMENT', [5, 7]],
    [program('h(0)', 'load_dataset("a")'), 'EIGEN_UNSUPPORTED', 'UNIMPLEMENTED', [6, 5]],
  ] as const) {
    const job = await ended({ program: source });
    assert.equal(job.state, 'ERROR', source);
    const { error, stage } = job as unknown as { error: Record<string, string>; stage: string };
    assert.deepEqual([error.code, error.reason, stage], [code, reason, 'COMPILING'], source);
    const [first] = (await artifact(job, 'error.json')).json<{
      diagnostics: { line: number; column: number }[];
    }>().diagnostics;
    assert.deepEqual([first!.line, first!.column], place);
    for (const name of ['compiled.aqo.json', 'compiled.qasm', 'plan.json']) {
      assert.equal((await artifact(job, name)).status, 404, name);
    }
  }
});

test('an expectation alone is evaluated once, where its parameters begin', async () => {
  const lines = ['t = Param("t", 3.141592653589793)', 'rx(0, t)', 'e = ExpectationValue(Observable(Z=0))'];
  const job = await ended({ program: program(...lines, 'return {"mean": e, "why": "one shot"}') });
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  const [item] = (await resultsOf(job)).items;
  const { mean, why } = (item as unknown as { returned: { mean: number; why: string } }).returned;
  assert.deepEqual([Math.round(mean * 1e9) / 1e9, why], [-1, 'one shot']);
  assert.deepEqual(item!.results[0]!.counts, { 1: 64 });
  const alone = await ended({ program: program('rx(0, Param("t", 3.141592653589793))') });
  assert.deepEqual((await resultsOf(alone)).items[0]!.results[0]!.counts, { 1: 64 });
});

test('gRPC takes a program with its entry and its hash, and no other program under that hash', async () => {
  const source = Buffer.from(program('h(0)'));
  const sha256 = createHash('sha256').update(source).digest('hex');
  const { job_id: jobId } = await jobs.call('SubmitJob', {
    name: 'eigen',
    eigen_lang: { source, entrypoint: 'main', sha256 },
    target: 'sim:local',
  });
  assert.equal((await terminalJob(platform.ready.rest, String(jobId))).state, 'DONE');
  const changed = { source: Buffer.from(program('h(1)')), sha256 };
  await assert.rejects(jobs.call('SubmitJob', { eigen_lang: changed }), /but the source has [0-9a-f]{64}/);
});

test('for a device with couplings and a basis a program is compiled to them, and not where it asks so', async () => {
  const devices = (await call(`${platform.ready.rest}/api/v1/devices`)).json<{
    devices: { device_id: string }[];
  }>();
  const line = devices.devices.find(({ device_id: id }) => id.startsWith('emulator:line'))?.device_id;
  assert.ok(line);
  const source = program('q = QubitRegister(3)', 'h(q[0])', 'cnot(q[0], q[2])');
  const placed = await ended({ program: source, target: line });
  assert.equal(placed.state, 'DONE', JSON.stringify(placed));
  assert.doesNotMatch((await artifact(placed, 'compiled.qasm')).text, /^h /m);
  const report = (await artifact(placed, 'compile.json')).json<{ target: string; passes: unknown[] }>();
  assert.equal(report.target, line);
  const written = await ended({ program: source, target: line, compiler_options: { target: 'none' } });
  assert.equal(written.state, 'DONE', JSON.stringify(written));
  assert.match((await artifact(written, 'compiled.qasm')).text, /^h q\[0\];/m);
});
