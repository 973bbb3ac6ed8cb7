import { type Gate, gateByName } from '@qfs/circuit';
import { assert } from '@qfs/core';
import { cos, sin } from '@qfs/core/math';
import type { Op } from '../contract.ts';
import { type Matrix, product } from '../matrix/complex.ts';

/** Matrices of gates without parameters, made once. */
const FIXED = new Map<string, Matrix>();

/** The table row of an operation. */
function gateOfOp(op: Op): Gate {
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

/** unitary = operation · unitary on one qubit, in place. */
export function applyToOne(op: Op, unitary: Matrix): void {
  // Half of all gates of a basis with virtual rotations are these.
  if (op.gate === 'rz') scaleRows(op.parameters[0] as number, unitary);
  else unitary.set(product(matrixOf(op), unitary));
}

function scaleRows(angle: number, m: Matrix): void {
  const c = cos(angle / 2);
  const s = sin(angle / 2);
  for (let i = 0; i < 4; i += 2) {
    const [upper, upperIm] = [m[i]!, m[i + 1]!];
    m[i] = upper * c + upperIm * s;
    m[i + 1] = upperIm * c - upper * s;
    const [lower, lowerIm] = [m[i + 4]!, m[i + 5]!];
    m[i + 4] = lower * c - lowerIm * s;
    m[i + 5] = lowerIm * c + lower * s;
  }
}

/**
 * Rows of operations that are known to be as short as they can be in a gate set, so that they are looked at
 * once. A row is known by the identity of its operations, which every compilation makes anew, and held no
 * longer than the first of them.
 */
export class Settled {
  readonly #rows = new WeakMap<Op, readonly Op[]>();

  has(ops: readonly Op[]): boolean {
    const known = this.#rows.get(ops[0]!);
    return known?.length === ops.length && known.every((op, at) => op === ops[at]);
  }

  add(ops: readonly Op[]): void {
    if (ops.length > 0) this.#rows.set(ops[0]!, ops);
  }
}
