import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { eigenCli } from '../platform/eigen-cli.ts';
import {
  call,
  type Job,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';

const BELL = `OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;`;
const H2 = readFileSync(new URL('../../examples/vqe_h2/program.eigen.py', import.meta.url), 'utf8');
interface Values {
  readonly counts: Readonly<Record<string, number>>;
  readonly expectation_values: readonly { readonly value: number; readonly std_error: number }[];
}

const CORRELATIONS = [
  { terms: [{ coefficient: 1, paulis: 'ZZ' }] },
  { terms: [{ coefficient: 1, paulis: 'XX' }] },
];

let platform: Platform;

before(async () => {
  platform = await startPlatform({ dataDir: temporaryDirectory() });
});
after(async () => {
  assert.equal(await platform.end('SIGTERM'), 0);
});

const ended = async (fields: object): Promise<Job> =>
  terminalJob(platform.ready.rest, await submit(platform.ready.rest, { seed: 7, ...fields }));

const results = async ({ job_id: jobId }: Job) => {
  const answer = await call(`${platform.ready.rest}/api/v1/jobs/${jobId}/artifacts/results.json`);
  assert.equal(answer.status, 200, answer.text);
  return JSON.parse(answer.text).items[0];
};

/** `method` of a job is an option of the device. */
const density = (noise: string) => ({ method: 'density', options: { noise_model: noise } });

test('with the method density, counts and estimates are drawn from the exact distribution', async () => {
  const job = await ended({
    language: 'openqasm3',
    program: BELL,
    shots: 4000,
    observables: CORRELATIONS,
    ...density('depolarizing:0.12'),
  });
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  const [{ counts, expectation_values: values, metadata }] = (await results(job)).results;
  // After h, X, Y and Z of qubit 0 are equally likely; after cx one of 15 operators, of which 8 change
  // each sign.
  const [afterH, afterCx] = [1 - (4 / 3) * 0.12, 1 - (16 / 15) * 0.12];
  for (const [at, expected] of [afterCx, afterH * afterCx].entries()) {
    assert.ok(Math.abs(values[at].value - expected) < 5 * values[at].std_error, JSON.stringify(values));
  }
  assert.ok(Math.abs((counts['00'] + counts['11']) / 4000 - (1 + afterCx) / 2) < 0.03);
  assert.equal(metadata.method, 'density');
});

test('JOB-42: a circuit whose job asks for exact values has them beside its counts', async () => {
  const program = `OPENQASM 3.0; include "stdgates.inc"; input float a; qubit[2] q; bit[2] c;
    h q[0]; cx q[0], q[1]; rz(a) q[1]; c = measure q;`;
  const parameters = [{ a: 0 }, { a: Math.PI / 3 }];
  const item = { language: 'openqasm3', program, shots: 100, observables: CORRELATIONS, parameters };
  const metadata = { estimator: 'exact' };
  const values = async (job: Job): Promise<number[][]> => {
    assert.equal(job.state, 'DONE', JSON.stringify(job));
    return (await results(job)).results.map(({ counts, expectation_values: found }: Values) => {
      assert.equal(
        Object.values(counts).reduce((sum, count) => sum + count),
        100,
      );
      assert.deepEqual([found[0]!.std_error, found[1]!.std_error], [0, 0]);
      return found.map(({ value }) => Number(value.toFixed(9)));
    });
  };
  const ideal = await ended({ ...item, metadata });
  assert.deepEqual(await values(ideal), [
    [1, 1],
    [1, 0.5],
  ]);
  const [, afterCx] = [0, 1 - (16 / 15) * 0.12];
  const [[zz]] = (await values(await ended({ ...item, metadata, ...density('depolarizing:0.12') }))) as [
    [number],
  ];
  assert.equal(zz, Number((afterCx * (1 - (4 / 3) * 0.12)).toFixed(9)));
  // What was kept of the job gives the same bytes once more.
  const replayed = await eigenCli(platform, 'replay', ideal.job_id);
  assert.equal(replayed.code, 0, replayed.stdout + replayed.stderr);
});

test('searches with noise take exact values, and gradients of them, from the density matrix', async () => {
  const found: number[] = [];
  for (const optimizer of ['COBYLA', 'L-BFGS-B']) {
    const job = await ended({
      language: 'eigen-lang',
      program: H2,
      metadata: { estimator: 'exact', optimizer },
      ...density('depolarizing:0.001'),
    });
    assert.equal(job.state, 'DONE', JSON.stringify(job));
    const { optimization } = await results(job);
    assert.equal(optimization.exact, true);
    found.push(optimization.value);
  }
  // Above the ground state, by what noise adds; and the same by both ways.
  assert.ok(found[0]! > -1.137306 && found[0]! < -1.13, `${found[0]}`);
  assert.ok(Math.abs(found[0]! - found[1]!) < 1e-6, `${found}`);
});

test('a density matrix that is too large is refused with what to do', async () => {
  const program = BELL.replaceAll('[2]', '[13]').replace('h q[0];', 'h q;');
  const refused = await ended({ language: 'openqasm3', program, shots: 10, ...density('depolarizing:0.1') });
  assert.equal(refused.state, 'ERROR');
  assert.match(JSON.stringify(refused.error), /CIRCUIT_TOO_LARGE.*density matrix may have at most 12/);
});
