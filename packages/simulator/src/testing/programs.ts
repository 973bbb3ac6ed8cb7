import {
  type CircuitResult,
  constantIndex,
  type Expression,
  type Instruction,
  type Program,
  readResults,
  type Variable,
  writeAqo,
} from '@qfs/circuit';
import type { EngineItem } from '../engine-contract.ts';
import { simulate } from '../simulate.ts';

/** Short ways to write programs in tests. */
export const gate = (
  name: string,
  qubits: readonly number[],
  ...parameters: (number | Expression)[]
): Instruction => ({
  kind: 'gate',
  gate: name,
  parameters,
  qubits,
});

export const bits = (name: string, width: number): Variable => ({
  name,
  type: { kind: 'bit', width },
  role: 'local',
});

/** `variable[bit] = measure qubit` for bits declared by `bits`. */
export const measure = (qubit: number, variable: number, bit: number): Instruction => ({
  kind: 'measure',
  qubit,
  target: { kind: 'index', base: { kind: 'variable', variable }, index: constantIndex(bit) },
});

export const isOne = (variable: number, bit: number): Expression => ({
  kind: 'index',
  base: { kind: 'variable', variable },
  index: constantIndex(bit),
});

export function program(
  qubits: number,
  variables: readonly Variable[],
  body: readonly Instruction[],
): Program {
  return {
    qubits,
    qubitRegisters: [{ name: 'q', offset: 0, size: qubits }],
    variables,
    subroutines: [],
    body,
  };
}

export const item = (source: Program, more: Partial<EngineItem> = {}): EngineItem => ({
  aqo: writeAqo(source),
  parameters: [],
  shots: 1024,
  seed: 7,
  observables: [],
  memory: false,
  ...more,
});

/** Results of one item, by parameter set. */
export function resultsOf(one: EngineItem): readonly CircuitResult[] {
  const read = readResults(simulate([one]));
  if (!read.ok) throw read.error;
  return read.value.items[0]!.results;
}

export const BELL = program(
  2,
  [bits('c', 2)],
  [gate('h', [0]), gate('cx', [0, 1]), measure(0, 0, 0), measure(1, 0, 1)],
);

/**
 * Sends the state ry(angle)|0⟩ of qubit 0 to qubit 2, with feed-forward, and undoes it there: c2 is always
 * 0.
 */
export const teleport = (angle: number): Program =>
  program(
    3,
    [bits('a', 1), bits('b', 1), bits('out', 1)],
    [
      gate('ry', [0], angle),
      gate('h', [1]),
      gate('cx', [1, 2]),
      gate('cx', [0, 1]),
      gate('h', [0]),
      measure(0, 0, 0),
      measure(1, 1, 0),
      { kind: 'if', condition: isOne(1, 0), body: [gate('x', [2])] },
      { kind: 'if', condition: isOne(0, 0), body: [gate('z', [2])] },
      gate('ry', [2], -angle),
      measure(2, 2, 0),
    ],
  );
