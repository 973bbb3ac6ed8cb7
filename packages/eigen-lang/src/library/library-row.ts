import type { MethodName } from '@qfs/optimise';
import type { Arguments } from '../evaluate/arguments.ts';
import type { CircuitBuilder } from '../evaluate/circuit-builder.ts';
import type { PauliTerm, Value } from '../evaluate/value.ts';

/** What a function of the library does to the program. */
export interface Evaluation {
  readonly circuit: CircuitBuilder;
  /** The mean of the observable is asked for. */
  expect(terms: readonly PauliTerm[], call: Arguments): void;
  /** The loop that is to be run. */
  minimise(plan: MinimisePlan, call: Arguments): void;
}

export interface MinimisePlan {
  readonly terms: readonly PauliTerm[];
  readonly method: MethodName;
  /** Absent: where the parameters say. */
  readonly start: readonly number[] | undefined;
  readonly iterationsMax: number | undefined;
  readonly tolerance: number | undefined;
}

/** The parts of the reference page, in its order. */
export const GROUPS = {
  declarations: 'Qubits, bits and parameters',
  gates: 'Gates',
  measurements: 'Measurements',
  circuits: 'Circuits by name',
  objectives: 'Observables and the search for a minimum',
  unsupported: 'Declared, and not supported',
} as const;

/** A function that programs can import. */
export interface LibraryRow {
  readonly group: keyof typeof GROUPS;
  readonly signature: string;
  /** A sentence without a full stop at its end, or several. */
  readonly help: string;
  call(given: Arguments, evaluation: Evaluation): Value;
}

export const NONE: Value = { kind: 'none' };
