import type { Expression as CircuitExpression, Observable } from '@qfs/circuit';
import type { OptimumPart } from '@qfs/hybrid';

/**
 * What an expression of a program stands for. Everything is known when it is read, but what parameters
 * will be.
 */
export type Value =
  | { readonly kind: 'number'; readonly value: number | bigint }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'none' }
  /** Of a measurement: known for each shot alone, and counted. */
  | { readonly kind: 'outcome' }
  | { readonly kind: 'list' | 'tuple'; readonly elements: readonly Value[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [key: Value, value: Value])[] }
  /** Of one parameter or several: known when the circuit is bound. */
  | {
      readonly kind: 'angle';
      readonly expression: CircuitExpression;
      /** Operators and parameters in it. */
      readonly nodes: number;
      /** The name, if it is one parameter and nothing more. */
      readonly parameter?: string;
    }
  | { readonly kind: 'qubits'; readonly offset: number; readonly size: number }
  | { readonly kind: 'qubit' | 'bit'; readonly index: number }
  | { readonly kind: 'bits'; readonly offset: number; readonly size: number }
  | { readonly kind: 'observable'; readonly terms: readonly PauliTerm[] }
  /** The same list of terms is the same expectation. */
  | { readonly kind: 'expectation'; readonly terms: readonly PauliTerm[] }
  /** Gates that a template wrote, and their angles. */
  | { readonly kind: 'ansatz'; readonly name: string; readonly angles: readonly Value[] }
  /** Known when the loop of the optimiser has ended. */
  | { readonly kind: 'optimum' }
  | { readonly kind: 'output'; readonly name: OptimumPart }
  | { readonly kind: 'symbol'; readonly name: string };

/** A product of Pauli operators on single qubits with its weight; no operators are the identity. */
export interface PauliTerm {
  readonly coefficient: number;
  readonly paulis: ReadonlyMap<number, 'X' | 'Y' | 'Z'>;
}

/** `X0 Z2`; empty for the identity. */
export const termText = ({ paulis }: PauliTerm): string =>
  [...paulis].map(([qubit, letter]) => `${letter}${qubit}`).join(' ');

const NAMES: Readonly<Record<Value['kind'], string>> = {
  number: 'a number',
  string: 'a text',
  bool: 'a truth value',
  none: 'None',
  outcome: 'the outcome of a measurement',
  list: 'a list',
  tuple: 'a tuple',
  dict: 'a dictionary',
  angle: 'a value of parameters',
  qubits: 'a register of qubits',
  qubit: 'a qubit',
  bit: 'a bit',
  bits: 'a register of bits',
  observable: 'an observable',
  expectation: 'an expectation value',
  ansatz: 'an ansatz',
  optimum: 'the result of minimize',
  output: 'a part of the result of minimize',
  symbol: 'a function',
};

export const nameOf = (value: Value): string => NAMES[value.kind];

/**
 * The observable over so many qubits as strings of letters, qubit 0 rightmost; equal strings are one
 * term.
 */
export function observableOf(terms: readonly PauliTerm[], qubits: number): Observable {
  const weights = new Map<string, number>();
  for (const { coefficient, paulis } of terms) {
    const row = new Array<string>(qubits).fill('I');
    for (const [qubit, letter] of paulis) row[qubits - 1 - qubit] = letter;
    const letters = row.join('');
    weights.set(letters, (weights.get(letters) ?? 0) + coefficient);
  }
  return { terms: [...weights].map(([paulis, coefficient]) => ({ coefficient, paulis })) };
}
