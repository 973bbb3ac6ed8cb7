import { cos, sin } from '@qfs/core/math';

/** A row-major complex matrix, real and imaginary parts interleaved. */
export type Matrix = ArrayLike<number>;

const R = Math.SQRT1_2;

/** Real matrix from its entries. */
export const real = (...entries: number[]): number[] => entries.flatMap((entry) => [entry, 0]);

/** diag(1, …, 1, e^{i·angle}) on one qubit. */
export const phase = (angle: number): number[] => [1, 0, 0, 0, 0, 0, cos(angle), sin(angle)];

/**
 * The gate whose first operand controls `matrix`: |1⟩ (or |0⟩ for polarity false) applies it, the other
 * nothing.
 */
export function controlled(matrix: Matrix, polarity = true): Float64Array {
  const size = sizeOf(matrix);
  const result = new Float64Array(8 * size * size);
  const acting = polarity ? size : 0;
  const idle = size - acting;
  for (let row = 0; row < size; row++) {
    result[2 * ((idle + row) * 2 * size + idle + row)] = 1;
    for (let column = 0; column < size; column++) {
      const from = 2 * (row * size + column);
      const to = 2 * ((acting + row) * 2 * size + acting + column);
      result[to] = matrix[from] as number;
      result[to + 1] = matrix[from + 1] as number;
    }
  }
  return result;
}

/** Rows of a matrix of this many numbers. */
const sizeOf = (matrix: Matrix): number => Math.round(Math.sqrt(matrix.length / 2));

/** The permutation matrix that sends basis state j to `images[j]`. */
export function permutation(images: readonly number[]): Float64Array {
  const size = images.length;
  const result = new Float64Array(2 * size * size);
  images.forEach((image, from) => {
    result[2 * (image * size + from)] = 1;
  });
  return result;
}

/** e^{i·angle} times [[cos θ/2, -e^{iλ} sin θ/2], [e^{iφ} sin θ/2, e^{i(φ+λ)} cos θ/2]]. */
export function euler(theta: number, phi: number, lambda: number, angle: number): number[] {
  const c = cos(theta / 2);
  const s = sin(theta / 2);
  return [
    c * cos(angle),
    c * sin(angle),
    -s * cos(lambda + angle),
    -s * sin(lambda + angle),
    s * cos(phi + angle),
    s * sin(phi + angle),
    c * cos(phi + lambda + angle),
    c * sin(phi + lambda + angle),
  ];
}

/** Cosine and sine of half the angle. */
export const half = (angle: number): readonly [number, number] => [cos(angle / 2), sin(angle / 2)];

/**
 * exp(-iθ/2·P) for a two-qubit Pauli product P without diagonal entries: cos θ/2 on the diagonal, and at each
 * (row, column) of P, whose entry there is the real number `entry`, -i·entry·sin θ/2.
 */
export function pauliRotation(
  theta: number,
  entries: readonly (readonly [number, number, number])[],
): Float64Array {
  const [c, s] = half(theta);
  const result = new Float64Array(32);
  for (let i = 0; i < 4; i++) result[10 * i] = c;
  for (const [row, column, entry] of entries) result[2 * (4 * row + column) + 1] = -entry * s;
  return result;
}

export const MATRICES = {
  x: real(0, 1, 1, 0),
  y: [0, 0, 0, -1, 0, 1, 0, 0],
  z: real(1, 0, 0, -1),
  h: real(R, R, R, -R),
  s: [1, 0, 0, 0, 0, 0, 0, 1],
  sdg: [1, 0, 0, 0, 0, 0, 0, -1],
  t: [1, 0, 0, 0, 0, 0, R, R],
  tdg: [1, 0, 0, 0, 0, 0, R, -R],
  sx: [0.5, 0.5, 0.5, -0.5, 0.5, -0.5, 0.5, 0.5],
  sxdg: [0.5, -0.5, 0.5, 0.5, 0.5, 0.5, 0.5, -0.5],
  swap: permutation([0, 2, 1, 3]),
} as const;
