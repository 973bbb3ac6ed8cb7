import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CompileTarget } from '@qfs/circuit';
import { OPTIMISATION_LEVELS, type OptimisationLevel } from '../../packages/compiler/src/passes/contract.ts';
import { compiledDigests } from './passes/digests.ts';
import { DYNAMIC_INPUTS, randomDynamicProgram } from './passes/dynamic-program.ts';
import { judge, smallestTrial, type Trial, textAt } from './passes/optimised.ts';
import { TARGETS } from './passes/targets.ts';
import { randomProgram } from './reference/generator/program.ts';

/** The seeds are the same in every run; QFS_PROPERTY_RUNS asks for more of them, `npm run fuzz -- passes` for others. */
const SEED = 20_261;
const PROGRAMS = Number(process.env.QFS_PROPERTY_RUNS ?? 20);

/** Judges some programs, and tells how many were the same afterwards. */
function proven(trialOf: (seed: number, at: number) => Trial): number {
  let equal = 0;
  for (let at = 0; at < PROGRAMS; at += 1) {
    const trial = trialOf(SEED + at, at);
    const { kind, reason } = judge(trial);
    if (kind === 'different')
      assert.fail(`seed ${trial.seed}, level ${trial.level}: ${reason}\n${smallestTrial(trial)}`);
    if (kind === 'equal') equal += 1;
  }
  return equal;
}

const dynamicTrial = (seed: number, at: number, level: OptimisationLevel, target?: CompileTarget): Trial => ({
  source: randomDynamicProgram(seed, 1 + (at % 6), target === undefined ? 6 : 5),
  inputs: DYNAMIC_INPUTS,
  level,
  target,
  seed,
});

for (const level of OPTIMISATION_LEVELS) {
  test(`level ${level} keeps the channel of programs with measurements, resets and control flow`, () => {
    assert.ok(proven((seed, at) => dynamicTrial(seed, at, level)) > 0.9 * PROGRAMS);
  });

  test(`level ${level} keeps the channel of typed programs with subroutines, arrays and inputs`, () => {
    const equal = proven((seed, at) => ({ ...randomProgram(seed, 1 + (at % 12)), level, seed }));
    assert.ok(equal > 0.7 * PROGRAMS);
  });

  test(`level ${level} keeps the channel where qubits are laid out on a device`, () => {
    const target = (at: number): CompileTarget => TARGETS[at % TARGETS.length]!;
    assert.ok(proven((seed, at) => dynamicTrial(seed, at, level, target(at))) > 0.7 * PROGRAMS);
  });
}

/** Each would be shorter, and wrong, if a gate were moved across what stands between it and its like. */
const BOUNDARIES: Readonly<Record<string, string>> = {
  'a measurement': 'h q[0]; c[0] = measure q[0]; h q[0]; c[1] = measure q[0];',
  'a reset': 'x q[0]; reset q[0]; x q[0]; h q[1]; reset q[1]; h q[1];',
  'a condition on what was measured': 'h q[0]; c[0] = measure q[0]; x q[1]; if (c[0]) { x q[1]; } x q[1];',
  'a loop': 'h q[0]; while (n < 3) { n = n + 1; h q[0]; } h q[0];',
  'a choice':
    'h q[0]; c[0] = measure q[0]; n = int(c[0]); x q[1]; switch (n) { case 1 { x q[1]; } default { h q[1]; } } x q[1];',
  'a call': 'h q[0]; part(q[0]); h q[0];',
  'an assignment to what an angle says':
    'moving = 0.5; rz(moving) q[0]; h q[1]; moving = 1.5; rz(-moving) q[0]; h q[0];',
  'a qubit that is chosen while it runs':
    'h q[0]; c[0] = measure q[0]; if (c[0]) { n = 1; } x q[1]; x q[n]; x q[1];',
  'a gate that entangles': 'x q[0]; cx q[0], q[1]; x q[0]; cx q[1], q[0]; h q[1]; cx q[0], q[1]; h q[1];',
  'the end of the program': 'h q[0]; c[0] = measure q[0]; x q[1]; if (c[0]) { end; } x q[1];',
};
const HEAD = `OPENQASM 3.0;
include "stdgates.inc";
def part(qubit a) { x a; rz(0.3) a; }
qubit[2] q;
bit[2] c;
int n;
float[64] moving;
`;

for (const [what, body] of Object.entries(BOUNDARIES)) {
  test(`no pass moves a gate across ${what}`, () => {
    const source = HEAD + body;
    for (const level of OPTIMISATION_LEVELS)
      assert.deepEqual(judge({ source, inputs: {}, level, seed: SEED }), { kind: 'equal', reason: '' });
  });
}

test('barriers are kept, with what stands on either side of them', () => {
  const source = `${HEAD}h q[0]; barrier q[0]; h q[0];`;
  for (const level of OPTIMISATION_LEVELS)
    assert.match(textAt(source, level), /h q\[0\];\nbarrier q\[0\];\nh q\[0\];/);
});

test('angles are added with the precision of their inputs, not with less', () => {
  for (const type of ['float[32]', 'angle[8]', 'int[8]', 'uint[4]']) {
    const source = `${HEAD}input ${type} a; input ${type} b; rz(a) q[0]; rz(b) q[0]; rx(-a) q[1]; rx(a / 2) q[1]; rz(a * 3) q[0];`;
    const inputs = type === 'float[32]' || type === 'angle[8]' ? { a: 0.1, b: 3.3 } : { a: 7, b: 9 };
    for (const level of OPTIMISATION_LEVELS)
      assert.deepEqual(judge({ source, inputs, level, seed: SEED }), { kind: 'equal', reason: '' }, type);
  }
});

test('equal programs and options give equal bytes, also in another process without optimised code', () => {
  const here = compiledDigests();
  assert.deepEqual(compiledDigests(), here);
  const child = fileURLToPath(new URL('./passes/digests-child.ts', import.meta.url));
  const there = execFileSync(process.execPath, ['--no-opt', child], { encoding: 'utf8' });
  assert.deepEqual(JSON.parse(there), here);
});
