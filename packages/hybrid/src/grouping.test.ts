import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observable, Program } from '@qfs/circuit';
import { estimate, groupsOf, measuredQubits } from './grouping.ts';
import { inBasis } from './in-basis.ts';

const H2: Observable = {
  name: 'energy',
  terms: [
    { coefficient: -0.3, paulis: 'II' },
    { coefficient: 0.4, paulis: 'IZ' },
    { coefficient: -0.4, paulis: 'ZI' },
    { coefficient: -0.1, paulis: 'ZZ' },
    { coefficient: 0.2, paulis: 'XX' },
    { coefficient: 0.7, paulis: 'YI' },
  ],
};

test('terms that agree on every qubit are measured together', () => {
  const groups = groupsOf([H2, { terms: [{ coefficient: 1, paulis: 'IX' }] }]);
  assert.deepEqual(
    groups.map(({ basis, terms }) => `${basis}: ${terms.map(({ paulis }) => paulis).join(' ')}`),
    ['ZZ: IZ ZI ZZ', 'XX: XX IX', 'YI: YI'],
  );
  assert.deepEqual(measuredQubits('ZIIX'), [0, 3]);
});

test('values and standard errors are those of the shots, with the covariances of a group', () => {
  const groups = groupsOf([H2]);
  const counts = [
    new Map([
      ['00', 1],
      ['01', 6],
      ['10', 2],
      ['11', 1],
    ]),
    new Map([
      ['00', 5],
      ['11', 5],
    ]),
    new Map([['0', 10]]),
  ];
  const [found] = estimate([H2], groups, counts);
  // Each shot of the first group has one value of 0.4 Z0 - 0.4 Z1 - 0.1 Z1 Z0.
  const shots = [
    ...Array(1).fill(-0.1),
    ...Array(6).fill(-0.7),
    ...Array(2).fill(0.9),
    ...Array(1).fill(-0.1),
  ];
  const mean = shots.reduce((sum, value) => sum + value, 0) / 10;
  const variance = shots.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 9;
  assert.equal(found?.name, 'energy');
  assert.ok(Math.abs(found!.value - (-0.3 + mean + 0.2 + 0.7)) < 1e-12);
  assert.ok(Math.abs(found!.stdError - Math.sqrt(variance / 10)) < 1e-12);
  const single = estimate(
    [{ terms: [{ coefficient: 2, paulis: 'Z' }] }],
    [{ basis: 'Z', terms: [{ observable: 0, coefficient: 2, paulis: 'Z' }] }],
    [new Map([['1', 1]])],
  );
  assert.deepEqual(single, [{ value: -2, stdError: 2 }]);
});

const PROGRAM: Program = {
  qubits: 2,
  qubitRegisters: [{ name: 'q', offset: 0, size: 2 }],
  variables: [
    { name: 'theta', type: { kind: 'float', width: 64 }, role: 'input' },
    { name: 'c', type: { kind: 'bit', width: 2 }, role: 'local' },
  ],
  subroutines: [],
  body: [
    { kind: 'gate', gate: 'ry', parameters: [{ kind: 'variable', variable: 0 }], qubits: [1] },
    { kind: 'measure', qubit: 0, target: { kind: 'variable', variable: 1 } },
  ],
};

test('a circuit is measured in a basis in place of its own measurements', () => {
  const { body, variables } = inBasis(PROGRAM, 'YX');
  assert.deepEqual(
    body.map((instruction) =>
      instruction.kind === 'gate'
        ? `${instruction.gate} ${instruction.qubits}`
        : `${instruction.kind} ${instruction.kind === 'measure' ? instruction.qubit : ''}`,
    ),
    ['ry 1', 'h 0', 'sdg 1', 'h 1', 'measure 0', 'measure 1'],
  );
  assert.deepEqual(
    variables.map(({ name, role }) => `${role} ${name}`),
    ['input theta', 'local measured'],
  );
  const late = [...PROGRAM.body, { kind: 'gate', gate: 'x', parameters: [], qubits: [0] } as const];
  assert.throws(() => inBasis({ ...PROGRAM, body: late }, 'ZZ'), {
    code: 'NOT_IMPLEMENTED',
    message: /a gate follows a measurement/,
  });
  const reset = [{ kind: 'reset', qubit: 0 } as const];
  assert.throws(() => inBasis({ ...PROGRAM, body: reset }, 'ZZ'), /it has "reset"/);
});
