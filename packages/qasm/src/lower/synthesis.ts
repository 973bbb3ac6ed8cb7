import { gateByName, gateMatrix } from '@qfs/circuit';
import { atan2, hypot } from '@qfs/core/math';
import { type Matrix, principal, sizeOf, type Unitary } from './unitary.ts';

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** Rows of a matrix on one qubit. */
export type Quadruple = readonly [Complex, Complex, Complex, Complex];

export const argument = ({ re, im }: Complex): number => atan2(im, re);
export const negative = ({ re, im }: Complex): Complex => ({ re: -re, im: -im });
const conjugate = ({ re, im }: Complex): Complex => ({ re, im: -im });
const magnitude = ({ re, im }: Complex): number => hypot(re, im);

/** Smaller numbers are what rounding leaves of zero. */
export const NOTHING = 1e-14;

/** A unitary on one qubit as a global phase and a `U`, both under controls that stand before the qubit. */
export function writtenAsU(
  matrix: Quadruple,
  polarities: readonly boolean[],
  qubits: Unitary['qubits'],
): Unitary[] {
  const [a, b, c, d] = matrix;
  const [diagonal, other] = [magnitude(a), magnitude(c)];
  let angles: [number, number, number];
  if (other < NOTHING) angles = [0, 0, principal(argument(d) - argument(a))];
  else if (diagonal < NOTHING) angles = [Math.PI, principal(argument(c) - argument(negative(b))), 0];
  else {
    const turn = argument(a);
    angles = [
      2 * atan2(other, diagonal),
      principal(argument(c) - turn),
      principal(argument(negative(b)) - turn),
    ];
  }
  const u = gateMatrix(gateByName('U')!, angles);
  const [from, at] = diagonal > other ? [a, 0] : [c, 4];
  const angle = principal(argument(from) - argument({ re: u[at]!, im: u[at + 1]! }));
  const operands = qubits ?? [];
  const controls = polarities.length === 0 ? {} : { controls: polarities };
  const gate: Unitary = {
    kind: 'gate',
    gate: 'U',
    parameters: angles.map((x) => x + 0),
    ...controls,
    qubits: operands,
  };
  if (Math.abs(angle) < NOTHING) return [gate];
  const outer = polarities.length === 0 ? {} : { qubits: operands.slice(0, -1) };
  return [{ kind: 'gphase', angle, ...controls, ...outer }, gate];
}

/**
 * A unitary on operands 0…n-1 as gates, in order of application: rotations between two basis states at a time
 * empty it column by column up to a diagonal (Nielsen and Chuang, §4.5.1), and each becomes a controlled `U`.
 */
export function synthesized(matrix: Matrix): Unitary[] {
  const size = sizeOf(matrix);
  const work = matrix.slice();
  const rotations: Unitary[][] = [];
  for (let column = 0; column < size; column++) {
    for (let row = column + 1; row < size; row++) {
      if (magnitude(entryOf(work, row, column)) > NOTHING) rotations.push(emptied(work, column, row));
    }
  }
  const phases = Array.from({ length: size }, (_, at) => argument(entryOf(work, at, at)));
  return [...diagonal(phases), ...rotations.reverse().flat()];
}

function entryOf(matrix: Matrix, row: number, column: number): Complex {
  const at = 2 * (row * sizeOf(matrix) + column);
  return { re: matrix[at]!, im: matrix[at + 1]! };
}

/** Rotates the entry at (row, column) into the one at (column, column); answers the rotation back. */
function emptied(matrix: Matrix, column: number, row: number): Unitary[] {
  const [kept, gone] = [entryOf(matrix, column, column), entryOf(matrix, row, column)];
  const norm = hypot(magnitude(kept), magnitude(gone));
  const a: Complex = { re: kept.re / norm, im: kept.im / norm };
  const b: Complex = { re: gone.re / norm, im: gone.im / norm };
  const size = sizeOf(matrix);
  for (let at = 0; at < size; at++) {
    const [x, y] = [entryOf(matrix, column, at), entryOf(matrix, row, at)];
    put(matrix, column, at, sum(product(conjugate(a), x), product(conjugate(b), y)));
    put(matrix, row, at, sum(product(negative(b), x), product(a, y)));
  }
  return between(column, row, 31 - Math.clz32(size), [a, negative(conjugate(b)), b, conjugate(a)]);
}

const product = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});
const sum = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });

function put(matrix: Matrix, row: number, column: number, { re, im }: Complex): void {
  const at = 2 * (row * sizeOf(matrix) + column);
  matrix[at] = re;
  matrix[at + 1] = im;
}

/** A unitary on the span of two basis states, the first of which is `low`. */
function between(low: number, high: number, qubits: number, matrix: Quadruple): Unitary[] {
  const differing = operandsOf(low ^ high, qubits);
  const target = differing[0]!;
  // The highest bit that differs is set in the larger state.
  const flips = differing
    .slice(1)
    .map((operand): Unitary => ({ kind: 'gate', gate: 'cx', parameters: [], qubits: [target, operand] }));
  const others = Array.from({ length: qubits }, (_, operand) => operand).filter((at) => at !== target);
  const polarities = others.map((operand) => (low & (1 << (qubits - 1 - operand))) !== 0);
  return [...flips, ...writtenAsU(matrix, polarities, [...others, target]), ...flips];
}

const operandsOf = (mask: number, qubits: number): number[] =>
  Array.from({ length: qubits }, (_, operand) => operand).filter(
    (operand) => (mask & (1 << (qubits - 1 - operand))) !== 0,
  );

/** Phases of the basis states, two at a time. */
function diagonal(phases: readonly number[]): Unitary[] {
  const common = phases[0]!;
  const parts: Unitary[] = Math.abs(common) < NOTHING ? [] : [{ kind: 'gphase', angle: common }];
  for (let state = 0; state < phases.length; state++) {
    const angle = principal(phases[state]! - common);
    if (Math.abs(angle) > NOTHING) parts.push(phaseOf(state, 31 - Math.clz32(phases.length), angle));
  }
  return parts;
}

/** The phase e^{i·angle} on one basis state. */
export function phaseOf(
  state: number,
  qubits: number,
  angle: Extract<Unitary, { kind: 'gphase' }>['angle'],
): Unitary {
  const operands = Array.from({ length: qubits }, (_, operand) => operand);
  if (qubits === 0) return { kind: 'gphase', angle };
  const controls = operands.map((operand) => (state & (1 << (qubits - 1 - operand))) !== 0);
  return { kind: 'gphase', angle, controls, qubits: operands };
}
