import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GATES } from '@qfs/circuit';
import fc from 'fast-check';
import type { Op } from '../contract.ts';
import { runOf } from '../local/testing/text-run.ts';
import { matrixOf } from '../testing/unitary.ts';
import { schedule } from './schedule.ts';

const order = (text: string): string =>
  schedule(runOf(text))
    .ops.map(({ gate, qubits }) => `${gate} ${qubits.join(' ')}`)
    .join('; ');

test('gates that commute come in an order of fewer layers', () => {
  assert.equal(order('cz 0 1; cz 1 2; cz 2 3'), 'cz 0 1; cz 2 3; cz 1 2');
  assert.equal(
    order('rzz(pi/3) 0 1; rzz(pi/3) 0 2; rzz(pi/3) 1 3; rzz(pi/3) 2 3'),
    'rzz 0 1; rzz 2 3; rzz 0 2; rzz 1 3',
  );
  assert.equal(order('cx 0 1; cx 1 2; cx 0 3'), 'cx 0 1; cx 1 2; cx 0 3');
});

test('a run that no order makes shorter stays as it is', () => {
  const run = runOf('h 0; cx 0 1; h 1; cx 1 2');
  assert.equal(schedule(run), run);
});

test('any order that is chosen is the same unitary', () => {
  const gates = GATES.filter(({ qubits }) => qubits > 0);
  const common = gates.filter(({ name }) => ['cz', 'cx', 'rz', 'rzz', 'x', 'rx', 'h'].includes(name));
  const op = fc
    .tuple(
      fc.oneof(fc.constantFrom(...gates), fc.constantFrom(...common)),
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
    )
    .map(
      ([{ name, parameters, qubits }, places]): Op => ({
        gate: name,
        parameters: parameters.map((_, at) => 0.3 + at),
        qubits: places.slice(0, qubits),
      }),
    );
  fc.assert(
    fc.property(fc.array(op, { maxLength: 14 }), (ops) => {
      const run = { ops, phase: 0 };
      const expected = matrixOf(run, 4);
      const actual = matrixOf(schedule(run), 4);
      assert.ok(expected.every((value, at) => Math.abs(value - actual[at]!) < 1e-9));
    }),
    { numRuns: Number(process.env.QFS_PROPERTY_RUNS ?? 60) },
  );
});
