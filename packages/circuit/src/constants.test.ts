import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bitTarget, constantBit, constantIndex, isStatic } from './constants.ts';
import type { Instruction, Variable } from './ir.ts';
import { BELL, GHZ, gate, program, TELEPORT } from './testing/circuits.ts';
import { randomRunnableProgram } from './testing/random-program.ts';

test('static are gates, barriers, phases and measurements with constant operands, and nothing else', () => {
  assert.deepEqual([BELL, GHZ, TELEPORT].map(isStatic), [true, true, false]);
  const only = (instruction: Instruction): boolean => isStatic(program(2, BELL.variables, [instruction]));
  assert.equal(only({ kind: 'gphase', angle: 1 }), true);
  assert.equal(only({ kind: 'measure', qubit: 0 }), true);
  assert.equal(only({ kind: 'reset', qubit: 0 }), false);
  assert.equal(only(gate('rx', [0], { kind: 'float', value: 1 })), false);
  const chosen = { offset: 0, size: 2, index: constantIndex(0) };
  assert.equal(only({ kind: 'gate', gate: 'x', parameters: [], qubits: [chosen] }), false);
  assert.equal(only({ kind: 'barrier', qubits: [chosen] }), false);
  const index = { kind: 'variable', variable: 0 } as const;
  assert.equal(only({ kind: 'measure', qubit: 0, target: { kind: 'index', base: index, index } }), false);
});

test('the generator of static programs makes static programs', () => {
  fc.assert(fc.property(randomRunnableProgram(undefined, { isStatic: true }), isStatic), { numRuns: 50 });
});

test('a bit of a register and a loose bit are found again behind their targets', () => {
  const bits: Variable[] = [
    { name: 'c', type: { kind: 'bit', width: 3 }, role: 'local' },
    { name: 'd', type: { kind: 'bit', width: 1 }, role: 'local', loose: true },
    { name: 'n', type: { kind: 'int', width: 8 }, role: 'local' },
  ];
  const of = (variable: number, bit: number) =>
    constantBit({ variables: bits }, bitTarget({ variables: bits }, variable, bit));
  assert.deepEqual(of(0, 2), { variable: 0, bit: 2 });
  assert.deepEqual(of(1, 0), { variable: 1, bit: 0 });
  assert.equal(of(0, 3), undefined);
  assert.equal(of(0, -1), undefined);
  assert.equal(of(2, 0), undefined);
  assert.equal(constantBit({ variables: bits }, { kind: 'variable', variable: 0 }), undefined);
});
