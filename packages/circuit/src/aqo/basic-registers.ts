import { CIRCUIT_QUBITS_MAX, CLASSICAL_BITS_MAX } from '@qfs/core';
import { boolean, integer, list, optional, required, struct } from '../codec.ts';
import type { Variable } from '../ir.ts';
import { NAME } from './nodes.ts';

/*
 * AQO 0.1 and 1.0.0: flat lists of upper-case operations, which can say what a circuit of the common gates
 * with constant angles needs. Register names travel in `metadata`.
 */

/** A name of a parameter. */
export const SYMBOL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A register of `metadata.qubits`. */
export interface QubitEntry {
  readonly name: string;
  readonly size: number;
  readonly loose?: boolean;
}

/** A register of `metadata.bits`. */
export interface BitEntry extends QubitEntry {
  readonly output?: boolean;
  readonly inner?: boolean;
}

const size = (max: number) => required('size', integer(1, max));
const name = required('name', NAME);
const loose = optional('loose', boolean);
export const QUBIT_ENTRIES = list(struct<QubitEntry>({ name, size: size(CIRCUIT_QUBITS_MAX), loose }));
export const BIT_ENTRIES = list(
  struct<BitEntry>({
    name,
    size: size(CLASSICAL_BITS_MAX),
    loose,
    output: optional('output', boolean),
    inner: optional('inner', boolean),
  }),
);

/** Bits that a variable adds to the numbering of all classical bits. */
export const widthOf = (variable: Variable): number =>
  variable.type.kind === 'bit' ? variable.type.width : 0;
