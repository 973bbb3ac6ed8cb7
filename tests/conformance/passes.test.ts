import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Run } from '../../packages/compiler/src/passes/contract.ts';
import { LOCAL_PASSES } from '../../packages/compiler/src/passes/local/index.ts';
import { isNative } from './passes/native.ts';
import { type RandomRun, randomInputs, randomRun, randomRunFor } from './passes/random-run.ts';
import { TARGETS } from './passes/targets.ts';
import { unitaryDistance, unitaryOf } from './passes/unitary.ts';

/** Printed by fast-check with what fails; QFS_PROPERTY_RUNS asks for more of them. */
const RUNS = Number(process.env.QFS_PROPERTY_RUNS ?? 20);
const TOLERANCE = 1e-9;

const shown = (run: Run): string =>
  JSON.stringify(run, (_, value) => (typeof value === 'bigint' ? `${value}` : value));

/** Is the unitary the same, with its phase? */
function assertEqual({ qubits, run }: RandomRun, after: Run, inputs: readonly number[], pass: string): void {
  const distance = unitaryDistance(unitaryOf(run, qubits, inputs), unitaryOf(after, qubits, inputs));
  assert.ok(distance < TOLERANCE, `${pass} is off by ${distance}: ${shown(run)} became ${shown(after)}`);
}

for (const isSymbolic of [false, true]) {
  const kind = isSymbolic ? 'symbolic angles' : 'numbers as angles';
  for (const pass of Object.values(LOCAL_PASSES)) {
    test(`${pass.name} keeps the unitary and its phase, with ${kind}`, () => {
      fc.assert(
        fc.property(randomRun({ isSymbolic }), randomInputs(), (drawn, inputs) => {
          const context = { qubits: drawn.qubits, target: undefined, level: 3 as const };
          const { ops, phase } = LOCAL_PASSES.unroll.run(drawn.run, context);
          for (const run of pass === LOCAL_PASSES.unroll ? [drawn.run] : [drawn.run, { ops, phase }])
            assertEqual({ ...drawn, run }, pass.run(run, context), inputs, pass.name);
        }),
        { numRuns: RUNS },
      );
    });
  }
}

for (const target of TARGETS) {
  test(`every pass keeps to what the target has: ${target.name}`, () => {
    const drawn = fc.boolean().chain((isSymbolic) => randomRunFor(target, { isSymbolic }));
    fc.assert(
      fc.property(
        drawn,
        randomInputs(),
        fc.constantFrom(...Object.values(LOCAL_PASSES)),
        (before, inputs, pass) => {
          const context = { qubits: target.qubits, target, level: 3 as const };
          const after = pass.run(before.run, context);
          assertEqual(before, after, inputs, pass.name);
          for (const op of after.ops)
            assert.ok(isNative(op, target), `${pass.name} wrote ${shown({ ...after, ops: [op] })}`);
        },
      ),
      { numRuns: RUNS },
    );
  });
}

test('what the passes are compared by tells gates apart that differ in their phase alone', () => {
  const run = (gate: string): Run => ({ ops: [{ gate, parameters: [0.5], qubits: [0] }], phase: 0 });
  assert.ok(unitaryDistance(unitaryOf(run('rz'), 1, []), unitaryOf(run('p'), 1, [])) > 0.1);
});
