import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARRAY_ELEMENTS_MAX, CIRCUIT_OPERATIONS_MAX, CLASSICAL_BITS_MAX } from '@qfs/core';
import { constantIndex } from './constants.ts';
import { findingsOf } from './findings.ts';
import type {
  ClassicalType,
  Expression,
  Instruction,
  Program,
  Selector,
  Subroutine,
  Target,
  Variable,
} from './ir.ts';
import { BELL, gate, program, TELEPORT } from './testing/circuits.ts';

const found = (any: Program): string[] =>
  findingsOf(any).map(({ path, problem }) => `${path.join('.')}: ${problem}`);
const inBody = (...body: Instruction[]): string[] => found(program(2, BELL.variables, body));

test('sound programs have no findings', () => {
  assert.deepEqual(found(BELL), []);
  assert.deepEqual(found(TELEPORT), []);
});

test('AQO-14: operands must be there, be different, and be as many as the gate has', () => {
  assert.deepEqual(inBody(gate('x', [2])), ['operations.0: there is no qubit 2, only 2']);
  assert.deepEqual(inBody(gate('h', [0]), gate('cx', [1, 1])), [
    'operations.1: the same qubit is named twice',
  ]);
  assert.deepEqual(inBody(gate('cx', [0])), ['operations.0: cx with 0 controls acts on 2 qubits, not 1']);
  const controlled: Instruction = { kind: 'gate', gate: 'x', parameters: [], controls: [true], qubits: [0] };
  assert.deepEqual(inBody(controlled), ['operations.0: x with 1 controls acts on 2 qubits, not 1']);
  assert.deepEqual(inBody(gate('rx', [0])), ['operations.0: rx takes 1 parameters, not 0']);
  assert.deepEqual(inBody(gate('CX', [0, 1])), ['operations.0: the gate table has no such gate']);
  assert.deepEqual(inBody({ kind: 'gphase', angle: 0, controls: [true] }), [
    'operations.0: gphase with 1 controls acts on 1 qubits, not 0',
  ]);
  const dynamic: Instruction = { kind: 'reset', qubit: { offset: 1, size: 2, index: constantIndex(0) } };
  assert.deepEqual(inBody(dynamic), ['operations.0: there is no qubit 2, only 2']);
});

test('AQO-13, AQO-14: index sets stand alone, and every part of a target and of a choice exists', () => {
  const base = { kind: 'variable', variable: 0 } as const;
  const indices = [constantIndex(0)];
  const mixed: Selector[] = [
    { kind: 'set', indices },
    { kind: 'index', index: constantIndex(0) },
  ];
  const problem = 'operations.0: an index set stands beside other selectors';
  const assign = (target: Target, value: Expression): Instruction => ({ kind: 'assign', target, value });
  assert.deepEqual(inBody(assign({ kind: 'select', base, selectors: mixed }, constantIndex(0))), [problem]);
  assert.deepEqual(inBody(assign(base, { kind: 'select', base, selectors: mixed })), [problem]);
  const missing = { kind: 'variable', variable: 7 } as const;
  assert.deepEqual(inBody(assign({ kind: 'join', parts: [base, missing] }, constantIndex(0))), [
    'operations.0: there is no variable 7',
  ]);
  assert.deepEqual(inBody({ kind: 'reset', qubit: { among: [1, 2], index: constantIndex(0) } }), [
    'operations.0: there is no qubit 2, only 2',
  ]);
});

test('AQO-15: variables and subroutines must exist, and arguments fit', () => {
  const value = { kind: 'variable', variable: 7 } as const;
  assert.deepEqual(inBody({ kind: 'evaluate', value }), ['operations.0: there is no variable 7']);
  assert.deepEqual(inBody({ kind: 'assign', target: value, value: constantIndex(0) }), [
    'operations.0: there is no variable 7',
  ]);
  const call = (qubits: number[]): Instruction => ({
    kind: 'evaluate',
    value: { kind: 'call', subroutine: 0, arguments: [{ kind: 'qubits', qubits }] },
  });
  assert.deepEqual(inBody(call([0])), ['operations.0: there is no subroutine 0']);
  const subroutine = (body: Instruction[]): Subroutine => ({
    name: 's',
    parameters: [{ kind: 'qubits', offset: 0, size: 2 }],
    locals: [],
    body,
  });
  const calling = (qubits: number[], body: Instruction[]): string[] =>
    found({ ...program(3, [], [call(qubits)]), subroutines: [subroutine(body)] });
  assert.deepEqual(calling([1, 2], [gate('cx', [0, 1]), { kind: 'return' }]), []);
  assert.deepEqual(calling([1], []), ['operations.0: the arguments do not fit the parameters of s']);
  assert.deepEqual(calling([1, 2], [gate('x', [2])]), ['subroutines.0.body.0: there is no qubit 2, only 2']);
});

test('AQO-14: statements stand where they mean something', () => {
  const condition = { kind: 'bool', value: true } as const;
  const broken: Instruction = { kind: 'break' };
  assert.deepEqual(
    inBody({ kind: 'while', condition, body: [{ kind: 'if', condition, body: [broken] }] }),
    [],
  );
  assert.deepEqual(inBody({ kind: 'if', condition, body: [], otherwise: [broken] }), [
    'operations.0.otherwise.0: break stands outside of any loop',
  ]);
  const cases = [{ values: [1n], body: [broken] }];
  assert.deepEqual(inBody({ kind: 'switch', subject: condition, cases }), [
    'operations.0.cases.0.body.0: break stands outside of any loop',
  ]);
  assert.deepEqual(inBody({ kind: 'return' }), ['operations.0: return stands outside of any subroutine']);
});

test('AQO-9, AQO-11: names of inputs and outputs are unique, only bits are loose, registers lie within the qubits', () => {
  const input: Variable = { name: 'a', type: { kind: 'bool' }, role: 'input' };
  const local: Variable = { ...input, role: 'local' };
  assert.deepEqual(found(program(1, [local, local], [])), []);
  assert.deepEqual(found(program(1, [input, { ...input, role: 'output' }], [])), [
    'variables.1: the name a is taken',
  ]);
  assert.deepEqual(found(program(1, [{ ...local, loose: true }], [])), [
    'variables.0: only a single bit can be loose',
  ]);
  const loose = [{ name: 'q', offset: 0, size: 2, loose: true }];
  assert.deepEqual(found({ ...program(2, [], []), qubitRegisters: loose }), [
    'registers.0: only a single qubit can be loose',
  ]);
  const registers = [{ name: 'q', offset: 1, size: 1 }];
  assert.deepEqual(found({ ...program(1, [], []), qubitRegisters: registers }), [
    'registers.0: q ends at qubit 2, there are 1',
  ]);
});

const variable = (type: ClassicalType): Variable => ({ name: 'v', type, role: 'local' });

test('AQO-16: bits and array elements up to their bounds are accepted, one more is not', () => {
  const bits = (width: number): string[] =>
    found(program(1, [variable({ kind: 'bit', width: 1 }), variable({ kind: 'bit', width })], []));
  assert.deepEqual(bits(CLASSICAL_BITS_MAX - 1), []);
  assert.deepEqual(bits(CLASSICAL_BITS_MAX), ['variables: 65537 bits are more than 65536']);
  const array = (...dimensions: number[]): string[] =>
    found(program(1, [variable({ kind: 'array', element: { kind: 'bool' }, dimensions })], []));
  assert.deepEqual(array(ARRAY_ELEMENTS_MAX / 16, 16), []);
  assert.deepEqual(array(65535, 65535, 65535, 65535, 65535, 65535, 65535), [
    `variables: ${ARRAY_ELEMENTS_MAX + 1} array elements are more than ${ARRAY_ELEMENTS_MAX}`,
  ]);
});

test('AQO-16: operations up to the bound are accepted, one more is not', () => {
  // Nested blocks share one body, so that the program stays small in memory.
  const thousand: Instruction[] = Array.from({ length: 999 }, () => ({ kind: 'end' }));
  const nested: Instruction = { kind: 'box', body: thousand };
  const blocks = Array.from({ length: CIRCUIT_OPERATIONS_MAX / 1000 }, () => nested);
  assert.deepEqual(found(program(0, [], blocks)), []);
  assert.deepEqual(found(program(0, [], [...blocks, { kind: 'end' }])), [
    `operations.2000: the program has more than ${CIRCUIT_OPERATIONS_MAX} operations`,
  ]);
});
