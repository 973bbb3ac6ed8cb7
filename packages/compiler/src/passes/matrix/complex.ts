/**
 * Small complex matrices: row-major, real and imaginary parts interleaved, 8 numbers for one qubit and 32 for
 * two. Operand 0 is the most significant bit of the index. Functions write into `out`, which may not be an
 * argument unless they say so.
 */
export type Matrix = Float64Array;

/** The identity on one qubit. */
export const one = (): Matrix => new Float64Array([1, 0, 0, 0, 0, 0, 1, 0]);

/** The identity on two qubits. */
export function pairIdentity(): Matrix {
  const identity = new Float64Array(32);
  for (let i = 0; i < 32; i += 10) identity[i] = 1;
  return identity;
}

/** out = a·b on two qubits. */
export function multiply(a: Matrix, b: Matrix, out: Matrix): Matrix {
  for (let row = 0; row < 32; row += 8) {
    for (let column = 0; column < 8; column += 2) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < 4; k++) {
        const i = row + 2 * k;
        const j = 8 * k + column;
        re += a[i]! * b[j]! - a[i + 1]! * b[j + 1]!;
        im += a[i]! * b[j + 1]! + a[i + 1]! * b[j]!;
      }
      out[row + column] = re;
      out[row + column + 1] = im;
    }
  }
  return out;
}

/** A new matrix a·b on one qubit. */
export function product(a: Matrix, b: Matrix): Matrix {
  const out = new Float64Array(8);
  for (let row = 0; row < 8; row += 4) {
    for (let column = 0; column < 4; column += 2) {
      out[row + column] =
        a[row]! * b[column]! -
        a[row + 1]! * b[column + 1]! +
        a[row + 2]! * b[column + 4]! -
        a[row + 3]! * b[column + 5]!;
      out[row + column + 1] =
        a[row]! * b[column + 1]! +
        a[row + 1]! * b[column]! +
        a[row + 2]! * b[column + 5]! +
        a[row + 3]! * b[column + 4]!;
    }
  }
  return out;
}

/** A new matrix a·b on two qubits. */
export const pairProduct = (a: Matrix, b: Matrix): Matrix => multiply(a, b, new Float64Array(32));

/** A new matrix a·b·c on one qubit. */
export const product3 = (a: Matrix, b: Matrix, c: Matrix): Matrix => product(a, product(b, c));

/** The conjugate transpose. */
export function adjoint(a: Matrix): Matrix {
  const size = a.length === 8 ? 2 : 4;
  const out = new Float64Array(a.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      out[2 * (column * size + row)] = a[2 * (row * size + column)]!;
      out[2 * (column * size + row) + 1] = -a[2 * (row * size + column) + 1]!;
    }
  }
  return out;
}

/** a ⊗ b, with a on operand 0. */
export function kron(a: Matrix, b: Matrix, out: Matrix = new Float64Array(32)): Matrix {
  for (let i = 0; i < 4; i++) {
    const re = a[2 * i]!;
    const im = a[2 * i + 1]!;
    const row = 2 * (i >> 1);
    const column = 2 * (i & 1);
    for (let j = 0; j < 4; j++) {
      const o = 2 * (4 * (row + (j >> 1)) + column + (j & 1));
      out[o] = re * b[2 * j]! - im * b[2 * j + 1]!;
      out[o + 1] = re * b[2 * j + 1]! + im * b[2 * j]!;
    }
  }
  return out;
}

/** The matrix of a pair with its operands exchanged. */
export function exchanged(a: Matrix): Matrix {
  const out = new Float64Array(32);
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      const from = 2 * (4 * flip(row) + flip(column));
      const to = 2 * (4 * row + column);
      out[to] = a[from]!;
      out[to + 1] = a[from + 1]!;
    }
  }
  return out;
}

const flip = (index: number): number => ((index & 1) << 1) | (index >> 1);

/** The largest difference of two entries. */
export function distance(a: Matrix, b: Matrix): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

/** matrix · e^{i·phase}, where cosine and sine of the phase are given; in place. */
export function turn(matrix: Matrix, cosine: number, sine: number): Matrix {
  for (let i = 0; i < matrix.length; i += 2) {
    const re = matrix[i]!;
    const im = matrix[i + 1]!;
    matrix[i] = re * cosine - im * sine;
    matrix[i + 1] = re * sine + im * cosine;
  }
  return matrix;
}
