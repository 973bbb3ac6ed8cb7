import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type CommandResult, eigenCliHere } from '../platform/eigen-cli.ts';
import { type Platform, startPlatform, temporaryDirectory, until } from '../platform/platform.ts';

/*
 * What somebody at a terminal sees of hybrid jobs: at their end, and when something about them is wrong.
 */
const folder = temporaryDirectory();
let platform: Platform;

before(async () => {
  platform = await startPlatform({ dataDir: join(folder, 'data') });
});
after(async () => {
  assert.equal(await platform.end('SIGTERM'), 0);
});

const cli = (...words: readonly string[]): Promise<CommandResult> => eigenCliHere(platform, ...words);

/** Writes a program whose entry has these lines after two qubits were declared; answers with its path. */
function program(name: string, ...lines: readonly string[]): string {
  const names = 'ExpectationValue, Observable, Param, QubitRegister, hybrid_program, minimize, ry';
  const head = [
    `from eigen_lang import ${names}`,
    '@hybrid_program',
    'def main():',
    '    q = QubitRegister(2)',
  ];
  const path = join(folder, `${name}.eigen.py`);
  writeFileSync(path, [...head, ...lines.map((line) => `    ${line}`), ''].join('\n'));
  return path;
}

/** Writes a job.yaml for the program of an example, with further lines in its `spec`. */
function document(name: string, example: string, ...lines: readonly string[]): string {
  const home = join(folder, name);
  mkdirSync(home);
  const source = new URL(`../../examples/${example}/program.eigen.py`, import.meta.url);
  writeFileSync(join(home, 'program.eigen.py'), readFileSync(source));
  const head = ['apiVersion: eigen.os/v1', 'kind: QuantumJob', 'metadata:', `  name: ${name}`, 'spec:'];
  const path = join(home, 'job.yaml');
  writeFileSync(path, [...head, ...lines.map((line) => `  ${line}`), ''].join('\n'));
  return path;
}

const PROGRAM = 'program: {path: program.eigen.py}';

/** Submits, waits and shows what came of it: the exit code and what was said. */
async function submitted(...words: readonly string[]): Promise<string> {
  const { code, stderr, stdout } = await cli('submit', ...words, '--wait');
  return `${stdout}${stderr}[${code}]`.replace(/job_[0-9a-f]{32}/g, '<job>');
}

test('the end of a search that took all its iterations is said, and status and explain know the job', async () => {
  const notes = 'metadata: {optimizer: SPSA, max_iters: 4, unit: Ha}';
  const job = document('short', 'vqe_lih', PROGRAM, 'target: emulator:line-16', notes);
  const words = ['submit', '--job', job, '--seed', '7', '--shots', '50', '--wait'];
  const { code, stderr, stdout } = await cli(...words);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^energy {6}-\d\.\d+ ± 0\.\d+ Ha from 50 shots$/m);
  assert.match(stdout, /^search {6}SPSA, ended at its limit, after 4 iterations, \d+ evaluations$/m);
  const [jobId = ''] = /job_[0-9a-f]{32}/.exec(stderr) ?? [];
  const results = JSON.parse((await cli('results', jobId, '--json')).stdout) as {
    results: { items: { optimization: Readonly<Record<string, unknown>> }[] };
  };
  const { ending, exact, iterations } = results.results.items[0]!.optimization;
  assert.deepEqual({ ending, exact, iterations }, { ending: 'iterations', exact: false, iterations: 4 });
  assert.match((await cli('results', jobId)).stdout, /^parameters {2}phi = .*, theta = /m);
  assert.match((await cli('status', jobId)).stdout, /^state +DONE$/m);
  const explained = (await cli('explain', jobId)).stdout;
  assert.match(explained, /^PASS +DEPTH +GATES +TWO-QUBIT$/m);
  const out = join(folder, 'drawing.svg');
  assert.equal((await cli('visualize', '--job', job, '--target', 'line-16', '--out', out)).code, 0);
  assert.match(readFileSync(out, 'utf8'), /^<svg /);
});

test('while a search runs, status knows its iteration; one that is cancelled keeps what it reached', async () => {
  const notes = 'metadata: {max_iters: 1000, unit: Ha}';
  const job = document('long', 'vqe_noisy', PROGRAM, 'target: sim:local', 'shots: 100000', notes);
  const jobId = (await cli('submit', '--job', job, '--quiet')).stdout.trim();
  const seen = await until('an iteration', 30_000, async () => {
    const { stdout } = await cli('status', jobId);
    return /^now +.*iteration \d+.*$/im.exec(stdout)?.[0];
  });
  assert.match(seen, / \(\d+ %\)$/);
  assert.equal((await cli('cancel', jobId)).code, 0);
  const { code, stderr } = await cli('watch', jobId, '--timeout', '30s');
  assert.equal(code, 4);
  assert.match(stderr, /RUNNING {4}iteration 1 {2}energy -1\.\d+ ± 0\.\d+ {2}best -1\./);
  assert.match(stderr, /ended in CANCELLED/);
  const kept = (await cli('artifacts', jobId)).stdout;
  assert.match(kept, /^iterations\/1\.json /m);
  assert.doesNotMatch(kept, /^results\.json/m);
});

test('what a job asks for in vain is refused before there is a job', async () => {
  for (const [words, expected] of [
    [
      ['--job', document('device', 'vqe_h2', PROGRAM, 'target: nowhere:1')],
      /There is no device "nowhere:1"\. Devices are: sim:local, .*\n\[2\]$/,
    ],
    [
      ['--job', document('method', 'vqe_h2', PROGRAM, 'target: sim:local', 'metadata: {optimizer: COBILA}')],
      /metadata\.optimizer .*"COBILA"(?:.|\n)*COBYLA(?:.|\n)*\[2\]$/,
    ],
    [
      [
        '--job',
        document(
          'digest',
          'vqe_h2',
          `program: {path: program.eigen.py, sha256: "${'0'.repeat(64)}"}`,
          'target: sim:local',
        ),
      ],
      /SHA-256 [0-9a-f]{64}, and not 0{64}(?:.|\n)*\[2\]$/,
    ],
    [[program('unbound', 'ry(q[0], Param("theta"))')], /'theta', which has no value.*\n\[2\]$/],
  ] as const) {
    const said = await submitted(...words);
    assert.match(said, expected);
    assert.doesNotMatch(said, /<job>/);
  }
});

test('what a program means in vain ends its job in ERROR, with the reason and the place', async () => {
  const search = (weights: string, method = '"COBYLA"') =>
    `minimize(ExpectationValue(Observable.from_terms([${weights}])), method=${method})`;
  const angle = 'ry(q[0], Param("theta", 0.1))';
  for (const [lines, expected] of [
    [[angle, 'minimize(ExpectationValue(Observable(Z=0, X=5)))'], /\(EIGEN_MEANING\).*qubit 5; there are 2/],
    [[angle, search('(1, "IZ")', '"MAGIC"')], /\(EIGEN_MEANING\).*"MAGIC" is no method/],
    [[angle, search('(1.7e308, "IZ"), (1.7e308, "ZI")')], /\(OBSERVABLE_INVALID\)/],
    [['minimize(ExpectationValue(Observable(Z=0)))'], /ERROR \(\w+\).*parameter/],
  ] as const) {
    const said = await submitted(program(`mistake-${expected.source.length}`, ...lines));
    assert.match(said, /^<job>\neigen-cli: <job> ended in ERROR/);
    assert.match(said, expected);
    assert.match(said, /\[4\]$/);
  }
});

test('a search by gradients over shots is refused with what to use instead', async () => {
  const said = await submitted('--job', 'examples/vqe_lih/job.yaml', '--shots', '100');
  assert.match(said, /L-BFGS-B needs exact values, .* 100 shots\. Use SPSA/);
});
