import { bitTarget, constantIndex } from '../constants.ts';
import type { Expression, Instruction, Parameter, Program, Variable } from '../ir.ts';

/** A gate instruction on constant qubits. */
export const gate = (name: string, qubits: number[], ...parameters: Parameter[]): Instruction => ({
  kind: 'gate',
  gate: name,
  parameters,
  qubits,
});

const register = (name: string, width: number): Variable => ({
  name,
  type: { kind: 'bit', width },
  role: 'local',
});
const looseBit = (name: string): Variable => ({ ...register(name, 1), loose: true });

export const program = (
  qubits: number,
  variables: readonly Variable[],
  body: readonly Instruction[],
): Program => ({
  qubits,
  qubitRegisters: qubits === 0 ? [] : [{ name: 'q', offset: 0, size: qubits }],
  variables,
  subroutines: [],
  body,
});

export const measure = (
  qubit: number,
  variables: readonly Variable[],
  variable = 0,
  bit = qubit,
): Instruction => ({
  kind: 'measure',
  qubit,
  target: bitTarget({ variables }, variable, bit),
});

const C2 = [register('c', 2)];
export const BELL = program(2, C2, [gate('h', [0]), gate('cx', [0, 1]), measure(0, C2), measure(1, C2)]);

const C4 = [register('c', 4)];
export const GHZ = program(4, C4, [
  gate('h', [0]),
  ...[0, 1, 2].map((qubit) => gate('cx', [qubit, qubit + 1])),
  { kind: 'barrier', qubits: [0, 1, 2, 3] },
  ...[0, 1, 2, 3].map((qubit) => measure(qubit, C4)),
]);

/** Is the register or loose bit equal to this value? */
export const equals = (variable: number, value: number): Expression => ({
  kind: 'binary',
  operator: '==',
  left: { kind: 'variable', variable },
  right: constantIndex(value),
});

const TELEPORT_BITS = [looseBit('m0'), looseBit('m1'), looseBit('out')];
export const TELEPORT = program(3, TELEPORT_BITS, [
  gate('u', [0], 0.3, 0.2, 0.1),
  gate('h', [1]),
  gate('cx', [1, 2]),
  { kind: 'barrier', qubits: [0, 1, 2] },
  gate('cx', [0, 1]),
  gate('h', [0]),
  measure(0, TELEPORT_BITS, 0, 0),
  measure(1, TELEPORT_BITS, 1, 0),
  { kind: 'if', condition: equals(1, 1), body: [gate('x', [2])] },
  { kind: 'if', condition: equals(0, 1), body: [gate('z', [2])] },
  measure(2, TELEPORT_BITS, 2, 0),
]);
