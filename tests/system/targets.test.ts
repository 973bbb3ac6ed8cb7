import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  call,
  type Job,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';

const HEAVY_HEX = 'emulator:heavy-hex-27';
const LINE = 'emulator:line-16';
const IDEAL = { options: { noise_model: 'depolarizing:0' } };
const LEVELS = ['0', '1', '2', '3'];

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}.qasm`, import.meta.url), 'utf8');
const HEAD = 'OPENQASM 3.0; include "stdgates.inc"; ';

let platform: Platform;

before(async () => {
  platform = await startPlatform({ dataDir: temporaryDirectory() });
});
after(async () => {
  assert.equal(await platform.end('SIGTERM'), 0);
});

const ended = async (fields: object): Promise<Job> =>
  terminalJob(
    platform.ready.rest,
    await submit(platform.ready.rest, { language: 'openqasm3', seed: 7, shots: 200, ...fields }),
  );

async function artifact<T>({ job_id: jobId, ...job }: Job, name: string): Promise<T> {
  const answer = await call(`${platform.ready.rest}/api/v1/jobs/${jobId}/artifacts/${name}`);
  assert.equal(answer.status, 200, `${answer.text} ${JSON.stringify(job)}`);
  return answer.json<T>();
}

interface Results {
  readonly items: readonly {
    readonly results: readonly {
      readonly counts: Readonly<Record<string, number>>;
      readonly expectation_values: readonly { readonly value: number }[];
    }[];
  }[];
}
interface Meta {
  readonly execution: { readonly target_compiled: string };
}
interface Report {
  readonly optimization_level: number;
  readonly target?: string;
  readonly passes: readonly { readonly pass: string }[];
  readonly layout?: { readonly initial: readonly number[]; readonly final: readonly number[] };
}

const first = async (job: Job) => (await artifact<Results>(job, 'results.json')).items[0]!.results[0]!;

test('JOB-60: a circuit that is compiled for a device gives the bits that the program says, at every level', async () => {
  for (const level of LEVELS) {
    const compiler_options = { optimization_level: level };
    for (const target of [HEAVY_HEX, LINE, 'emulator:all-to-all-11']) {
      const job = await ended({ program: example('qft'), target, compiler_options, ...IDEAL });
      assert.deepEqual((await first(job)).counts, { 101: 200 }, `${target}, level ${level}`);
      assert.equal((await artifact<Meta>(job, 'meta.json')).execution.target_compiled, 'true');
      const report = await artifact<Report>(job, 'compile.json');
      assert.deepEqual([report.optimization_level, report.target], [Number(level), target]);
      assert.ok(report.passes.some(({ pass }) => pass === 'basis_translation'));
      assert.equal(report.layout?.initial.length, 3);
    }
  }
});

test('JOB-61: expectation values are of the qubits of the program, wherever the compiler put them', async () => {
  // Qubits 0 and 4 are a Bell pair; the swap at the end moves half of it to qubit 2.
  const program = `${HEAD} qubit[5] q; h q[0]; cx q[0], q[4]; x q[1]; swap q[4], q[2];`;
  const observables = ['IIZIZ', 'IIXIX', 'IIIZI', 'ZIIII'].map((paulis) => ({
    terms: [{ coefficient: 1, paulis }],
  }));
  for (const level of LEVELS) {
    const job = await ended({
      program,
      observables,
      target: HEAVY_HEX,
      compiler_options: { optimization_level: level },
      ...IDEAL,
    });
    const { expectation_values: values } = await first(job);
    const rounded = values.map(({ value }) => Math.round(value * 1e9) / 1e9 + 0);
    assert.deepEqual(rounded, [1, 1, -1, 1], `level ${level}`);
  }
});

test('JOB-62: measurements, conditions, loops and subroutines run on a device as they do without one', async () => {
  const dynamic =
    `${HEAD} def flip(qubit a) -> bit { bit r; x a; r = measure a; return r; } qubit[4] q; bit[4] c; int n; ` +
    'h q[0]; c[0] = measure q[0]; if (c[0]) { cx q[0], q[3]; cx q[3], q[0]; cx q[0], q[3]; } ' +
    'else { x q[3]; } for int i in [0:2] { cx q[3], q[i + 0]; } c[1] = flip(q[1]); n = 2; x q[n]; c[2:3] = measure q[2:3];';
  const circuits = { teleport: example('teleport'), dynamic };
  for (const [name, program] of Object.entries(circuits)) {
    const plain = await first(await ended({ program, shots: 2000 }));
    for (const level of LEVELS) {
      const compiler_options = { optimization_level: level };
      const job = await ended({ program, shots: 2000, target: LINE, compiler_options, ...IDEAL });
      const { counts } = await first(job);
      assert.deepEqual(
        Object.keys(counts).sort(),
        Object.keys(plain.counts).sort(),
        `${name}, level ${level}`,
      );
      for (const [key, count] of Object.entries(plain.counts))
        assert.ok(Math.abs(count - counts[key]!) < 200, `${name}, level ${level}, ${key}`);
    }
  }
});

test('JOB-63: a circuit is left as it is written where the job says so, and no passes ran', async () => {
  const job = await ended({ program: example('bell'), target: LINE, compiler_options: { target: 'none' } });
  assert.equal((await artifact<Meta>(job, 'meta.json')).execution.target_compiled, 'false');
  const report = await call(`${platform.ready.rest}/api/v1/jobs/${job.job_id}/artifacts/compile.json`);
  assert.equal(report.status, 404);
});

test('JOB-64: what no device of the kind can run is refused by what stands in the way', async () => {
  const early =
    `${HEAD} def early(qubit a) -> bit { bit r; r = measure a; if (r) { return r; } x a; return r; } ` +
    'qubit q; bit c; c = early(q);';
  const refused = await ended({ program: early, target: LINE });
  assert.equal(refused.state, 'ERROR');
  assert.match(JSON.stringify(refused.error), /CIRCUIT_NOT_NATIVE.*the subroutine early is given qubits/);
});
