import { atan2, cos, sin } from '@qfs/core/math';
import { ANGLE_TOLERANCE } from './angles.ts';
import { adjoint, type Matrix, multiply, product, product3, turn } from './complex.ts';
import { diagonaliseTogether } from './diagonalise.ts';
import { euler } from './euler.ts';
import { H, rx, rz, S, SDG, V, VDG, X, Y, Z } from './rotations.ts';

/**
 * U = e^{i·phase} · (after₀ ⊗ after₁) · exp(i(a·XX + b·YY + c·ZZ)) · (before₀ ⊗ before₁), with the
 * coordinates in the Weyl chamber π/4 ≥ a ≥ b ≥ |c|, and c ≥ 0 where a = π/4. The factors on one qubit have
 * determinant 1 up to a sign and a multiple of i. (Cartan decomposition: Khaneja and Glaser 2001; Kraus and
 * Cirac 2001.)
 */
export interface Kak {
  readonly phase: number;
  readonly coordinates: readonly [number, number, number];
  readonly before: readonly [Matrix, Matrix];
  readonly after: readonly [Matrix, Matrix];
}

interface Factors {
  phase: number;
  coordinates: [number, number, number];
  before: [Matrix, Matrix];
  after: [Matrix, Matrix];
}

/**
 * Coordinates nearer than this to the border of the chamber are on it; rounding of long products stays below.
 */
export const COORDINATE_TOLERANCE = ANGLE_TOLERANCE;

/** Of a unitary on two qubits, 32 numbers. */
export function kak(unitary: Matrix): Kak {
  const inMagic = toMagic(unitary);
  const [a, b] = gram(inMagic);
  const p = diagonaliseTogether(a, b);
  const angles = [0, 1, 2, 3].map((j) => atan2(b[5 * j]!, a[5 * j]!) / 2) as Four;
  const left = leftFactor(inMagic, p, angles);
  if (determinant(left) < 0) {
    angles[0] += Math.PI;
    for (let row = 0; row < 16; row += 4) left[row] = -left[row]!;
  }
  const [t0, t1, t2, t3] = angles;
  const factors: Factors = {
    phase: (t0 + t1 + t2 + t3) / 4,
    coordinates: [(t0 + t1 - t2 - t3) / 4, (t1 + t3 - t0 - t2) / 4, (t0 + t3 - t1 - t2) / 4],
    before: factorsOf(fromMagic(transposed(p))),
    after: factorsOf(fromMagic(left)),
  };
  intoChamber(factors);
  settle(factors);
  return factors;
}

type Four = [number, number, number, number];

/**
 * The magic basis (Makhlin 2002), in which products of one-qubit gates of determinant 1 are real rotations
 * and XX, YY, ZZ diagonal: |00⟩+|11⟩, i(|01⟩+|10⟩), |01⟩−|10⟩, i(|00⟩−|11⟩), over √2.
 */
const R = Math.SQRT1_2;
const MAGIC: Matrix = Float64Array.of(
  ...[R, 0, 0, 0, 0, 0, 0, R],
  ...[0, 0, 0, R, R, 0, 0, 0],
  ...[0, 0, 0, R, -R, 0, 0, 0],
  ...[R, 0, 0, 0, 0, 0, 0, -R],
);
const MAGIC_ADJOINT: Matrix = Float64Array.of(
  ...[R, 0, 0, 0, 0, 0, R, 0],
  ...[0, 0, 0, -R, 0, -R, 0, 0],
  ...[0, 0, R, 0, -R, 0, 0, 0],
  ...[0, -R, 0, 0, 0, 0, 0, R],
);

const SCRATCH = new Float64Array(32);

const toMagic = (unitary: Matrix): Matrix =>
  multiply(MAGIC_ADJOINT, multiply(unitary, MAGIC, SCRATCH), new Float64Array(32));

/** A real matrix taken out of the magic basis. */
function fromMagic(rotation: Float64Array): Matrix {
  const complex = new Float64Array(32);
  for (let i = 0; i < 16; i++) complex[2 * i] = rotation[i]!;
  return multiply(MAGIC, multiply(complex, MAGIC_ADJOINT, SCRATCH), new Float64Array(32));
}

/** Real and imaginary part of MᵀM. */
function gram(m: Matrix): [Float64Array, Float64Array] {
  const re = new Float64Array(16);
  const im = new Float64Array(16);
  for (let row = 0; row < 4; row++) {
    for (let column = row; column < 4; column++) {
      let x = 0;
      let y = 0;
      for (let k = 0; k < 32; k += 8) {
        const p = k + 2 * row;
        const q = k + 2 * column;
        x += m[p]! * m[q]! - m[p + 1]! * m[q + 1]!;
        y += m[p]! * m[q + 1]! + m[p + 1]! * m[q]!;
      }
      re[4 * row + column] = re[4 * column + row] = x;
      im[4 * row + column] = im[4 * column + row] = y;
    }
  }
  return [re, im];
}

/** M·P·diag(e^{-i·angles}), which is real. */
function leftFactor(m: Matrix, p: Float64Array, angles: Four): Float64Array {
  const out = new Float64Array(16);
  for (let column = 0; column < 4; column++) {
    const c = cos(angles[column]!);
    const s = sin(angles[column]!);
    for (let row = 0; row < 4; row++) {
      let x = 0;
      let y = 0;
      for (let k = 0; k < 4; k++) {
        x += m[2 * (4 * row + k)]! * p[4 * k + column]!;
        y += m[2 * (4 * row + k) + 1]! * p[4 * k + column]!;
      }
      out[4 * row + column] = x * c + y * s;
    }
  }
  return out;
}

function transposed(m: Float64Array): Float64Array {
  const out = new Float64Array(16);
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) out[4 * column + row] = m[4 * row + column]!;
  }
  return out;
}

/** Of a real 4×4 matrix, by minors of the upper and the lower two rows (Laplace). */
function determinant(m: Float64Array): number {
  const minor = (row: number, i: number, j: number): number =>
    m[row + i]! * m[row + 4 + j]! - m[row + j]! * m[row + 4 + i]!;
  return (
    minor(0, 0, 1) * minor(8, 2, 3) -
    minor(0, 0, 2) * minor(8, 1, 3) +
    minor(0, 0, 3) * minor(8, 1, 2) +
    minor(0, 1, 2) * minor(8, 0, 3) -
    minor(0, 1, 3) * minor(8, 0, 2) +
    minor(0, 2, 3) * minor(8, 0, 1)
  );
}

/** A and B of determinant 1 with A ⊗ B the matrix, which is such a product. */
function factorsOf(m: Matrix): [Matrix, Matrix] {
  let largest = 0;
  let at = 0;
  for (let i = 0; i < 32; i += 2) {
    const size = m[i]! * m[i]! + m[i + 1]! * m[i + 1]!;
    if (size > largest + COORDINATE_TOLERANCE) {
      largest = size;
      at = i / 2;
    }
  }
  const row = at >> 2;
  const column = at & 3;
  const second = block(m, row & 2, column & 2, 1);
  normalise(second);
  const first = block(m, row & 1, column & 1, 2);
  // The first factor times an entry of the second: divided by it, the product is the matrix.
  const entry = 2 * (2 * (row & 1) + (column & 1));
  const re = second[entry]!;
  const im = second[entry + 1]!;
  const square = re * re + im * im;
  turn(first, re / square, -im / square);
  return [first, second];
}

/** The 2×2 matrix of entries from (row, column) on, `stride` apart. */
function block(m: Matrix, row: number, column: number, stride: number): Matrix {
  const out = new Float64Array(8);
  for (let i = 0; i < 4; i++) {
    const from = 2 * (4 * (row + stride * (i >> 1)) + column + stride * (i & 1));
    out[2 * i] = m[from]!;
    out[2 * i + 1] = m[from + 1]!;
  }
  return out;
}

/** Divides a multiple of a unitary by a square root of its determinant. */
function normalise(m: Matrix): void {
  const [a, ai, b, bi, c, ci, d, di] = m as unknown as readonly number[] as Eight;
  const re = a * d - ai * di - (b * c - bi * ci);
  const im = a * di + ai * d - (b * ci + bi * c);
  const angle = atan2(im, re) / 2;
  const size = Math.sqrt(Math.sqrt(re * re + im * im));
  turn(m, cos(angle) / size, -sin(angle) / size);
}

type Eight = readonly [number, number, number, number, number, number, number, number];

const PAULIS = [X, Y, Z] as const;
/** By the coordinate that stays: exchanges the two others, its inverse. */
const EXCHANGES = [
  [V, VDG],
  [H, H],
  [S, SDG],
] as const;
const HALF_PI = Math.PI / 2;
const QUARTER_PI = Math.PI / 4;

function intoChamber(factors: Factors): void {
  const { coordinates } = factors;
  for (const axis of [0, 1, 2] as const) {
    // Halves go down, so that a coordinate of π/4 stays what it is.
    const steps = Math.ceil(coordinates[axis] / HALF_PI - 0.5 - COORDINATE_TOLERANCE);
    shift(factors, axis, steps);
  }
  const size = (axis: 0 | 1 | 2): number => Math.abs(coordinates[axis]);
  if (size(1) > size(0) + COORDINATE_TOLERANCE) exchange(factors, 2);
  if (size(2) > size(1) + COORDINATE_TOLERANCE) exchange(factors, 0);
  if (size(1) > size(0) + COORDINATE_TOLERANCE) exchange(factors, 2);
  for (const axis of [0, 1, 2] as const) if (size(axis) < COORDINATE_TOLERANCE) coordinates[axis] = 0;
  if (coordinates[0] < 0) flip(factors, coordinates[1] < 0 ? 2 : 1);
  else if (coordinates[1] < 0) flip(factors, 0);
  if (coordinates[0] > QUARTER_PI - COORDINATE_TOLERANCE && coordinates[2] < 0) {
    shift(factors, 0, 1);
    flip(factors, 1);
  }
}

/** Takes `steps`·π/2 off a coordinate: exp(iπ/2·PP) = i·PP. */
function shift(factors: Factors, axis: 0 | 1 | 2, steps: number): void {
  if (steps === 0) return;
  factors.coordinates[axis] -= steps * HALF_PI;
  factors.phase += steps * HALF_PI;
  if (steps % 2 === 0) return;
  const pauli = PAULIS[axis];
  factors.after = [product(factors.after[0], pauli), product(factors.after[1], pauli)];
}

/** Exchanges the two coordinates beside `kept`. */
function exchange(factors: Factors, kept: 0 | 1 | 2): void {
  const { coordinates, before, after } = factors;
  const [i, j] = [(kept + 1) % 3, (kept + 2) % 3] as [0 | 1 | 2, 0 | 1 | 2];
  [coordinates[i], coordinates[j]] = [coordinates[j], coordinates[i]];
  const [forth, back] = EXCHANGES[kept];
  factors.before = [product(forth, before[0]), product(forth, before[1])];
  factors.after = [product(after[0], back), product(after[1], back)];
}

/** Changes the signs of the two coordinates beside `kept`. */
function flip(factors: Factors, kept: 0 | 1 | 2): void {
  const { coordinates } = factors;
  coordinates[(kept + 1) % 3] = -coordinates[(kept + 1) % 3]!;
  coordinates[(kept + 2) % 3] = -coordinates[(kept + 2) % 3]!;
  factors.before[0] = product(PAULIS[kept], factors.before[0]);
  factors.after[0] = product(factors.after[0], PAULIS[kept]);
}

/**
 * Equal coordinates leave the one-qubit factors some freedom: what commutes with the interaction can stand
 * before or after it. All of it goes after, so that what is before is as simple as can be and does not depend
 * on rounding.
 */
function settle(factors: Factors): void {
  const [a, b, c] = factors.coordinates;
  const isEqual = (left: number, right: number): boolean => Math.abs(left - right) < COORDINATE_TOLERANCE;
  if (isEqual(a, b) && isEqual(b, c)) {
    const [first] = factors.before;
    carry(factors, first, first);
  } else if (b === 0) {
    carry(factors, leadingX(factors.before[0]), leadingX(factors.before[1]));
  } else if (isEqual(a, b)) {
    const turn = rz(euler(factors.before[0]).phi);
    carry(factors, turn, turn);
  } else if (isEqual(b, Math.abs(c))) {
    const turn = leadingX(factors.before[0]);
    carry(factors, turn, c > 0 ? turn : adjoint(turn));
  }
}

/** The last rotation about X of a gate on one qubit, as X-Y-X Euler angles have it. */
const leadingX = (gate: Matrix): Matrix => rx(euler(product3(H, gate, H)).phi);

/** Takes gates that commute with the interaction from before it to after it. */
function carry(factors: Factors, first: Matrix, second: Matrix): void {
  const { before, after } = factors;
  factors.before = [product(adjoint(first), before[0]), product(adjoint(second), before[1])];
  factors.after = [product(after[0], first), product(after[1], second)];
}
