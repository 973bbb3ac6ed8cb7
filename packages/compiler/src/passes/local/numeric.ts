import { type Gate, gateByName } from '@qfs/circuit';
import { assert } from '@qfs/core';
import type { Op } from '../contract.ts';
import type { Matrix } from '../matrix/complex.ts';

/** Matrices of gates without parameters, made once. */
const FIXED = new Map<string, Matrix>();

/** The table row of an operation. */
export function gateOfOp(op: Op): Gate {
  const gate = gateByName(op.gate);
  assert(gate !== undefined, () => `no gate '${op.gate}' in the gate table`);
  return gate;
}

export const isNumeric = (op: Op): boolean =>
  op.parameters.every((parameter) => typeof parameter === 'number');

/** The unitary of an operation whose parameters are numbers; not to be written to. */
export function matrixOf(op: Op): Matrix {
  if (op.parameters.length > 0) return gateOfOp(op).matrix(op.parameters as readonly number[]);
  let matrix = FIXED.get(op.gate);
  if (matrix === undefined) {
    matrix = gateOfOp(op).matrix([]);
    FIXED.set(op.gate, matrix);
  }
  return matrix;
}

/** Numeric gates in a row on one qubit that are still to be written, with their product. */
export interface Row {
  readonly ops: Op[];
  unitary: Matrix;
}
