import type { GateInstruction, GphaseInstruction } from '@qfs/circuit';
import { gateByName, gateMatrix, gateOf } from '@qfs/circuit';
import { atan2, cos, sin, TAU } from '@qfs/core/math';

export type Unitary = GateInstruction | GphaseInstruction;

/**
 * Square, complex, row-major, real and imaginary parts interleaved; operand 0 is the highest bit of an index.
 */
export type Matrix = Float64Array;

/** Below this, rounding decides: a phase this near to −π is π, a rotation this small is none. */
export const TOLERANCE = 1e-12;

/** The angle in (−π, π]. */
export function principal(angle: number): number {
  const wrapped = angle - TAU * Math.round(angle / TAU);
  return wrapped <= TOLERANCE - Math.PI ? wrapped + TAU : wrapped;
}

export const sizeOf = (matrix: Matrix): number => Math.round(Math.sqrt(matrix.length / 2));

export function identity(size: number): Matrix {
  const matrix = new Float64Array(2 * size * size);
  for (let at = 0; at < size; at++) matrix[2 * (at * size + at)] = 1;
  return matrix;
}

export function times(a: Matrix, b: Matrix): Matrix {
  const size = sizeOf(a);
  const product = new Float64Array(a.length);
  for (let row = 0; row < size; row++) {
    for (let inner = 0; inner < size; inner++) {
      const [re, im] = [a[2 * (row * size + inner)]!, a[2 * (row * size + inner) + 1]!];
      if (re === 0 && im === 0) continue;
      for (let column = 0; column < size; column++) {
        const [to, from] = [2 * (row * size + column), 2 * (inner * size + column)];
        product[to]! += re * b[from]! - im * b[from + 1]!;
        product[to + 1]! += re * b[from + 1]! + im * b[from]!;
      }
    }
  }
  return product;
}

export function adjoint(matrix: Matrix): Matrix {
  const size = sizeOf(matrix);
  const result = new Float64Array(matrix.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      result[2 * (column * size + row)] = matrix[2 * (row * size + column)]!;
      result[2 * (column * size + row) + 1] = -matrix[2 * (row * size + column) + 1]!;
    }
  }
  return result;
}

/** What parts on operands 0…qubits-1 do together; undefined if a parameter is only known at run time. */
export function unitaryOf(parts: readonly Unitary[], qubits: number): Matrix | undefined {
  let whole = identity(2 ** qubits);
  for (const part of parts) {
    const parameters = part.kind === 'gphase' ? [part.angle] : part.parameters;
    const numbers = parameters.filter((parameter) => typeof parameter === 'number');
    if (numbers.length < parameters.length) return undefined;
    const gate = part.kind === 'gphase' ? gateByName('gphase')! : gateOf(part);
    const operands = (part.qubits ?? []) as readonly number[];
    whole = times(widened(gateMatrix(gate, numbers, part.controls), operands, qubits), whole);
  }
  return whole;
}

/** A gate's matrix on some of `qubits` operands. */
function widened(matrix: Matrix, operands: readonly number[], qubits: number): Matrix {
  const size = 2 ** qubits;
  const inner = sizeOf(matrix);
  const masks = operands.map((operand) => 1 << (qubits - 1 - operand));
  const others = masks.reduce((left, mask) => left & ~mask, size - 1);
  const local = (state: number): number =>
    masks.reduce((index, mask) => 2 * index + ((state & mask) === 0 ? 0 : 1), 0);
  const result = new Float64Array(2 * size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if ((row & others) !== (column & others)) continue;
      const from = 2 * (local(row) * inner + local(column));
      result[2 * (row * size + column)] = matrix[from]!;
      result[2 * (row * size + column) + 1] = matrix[from + 1]!;
    }
  }
  return result;
}

/** U = V·diag(e^{ia})·V† with every angle a in (−π, π]; the columns of V are eigenvectors. */
export interface Spectrum {
  readonly vectors: Matrix;
  readonly angles: readonly number[];
}

/** Weights of the imaginary part; one with which different eigenvalues meet gives way to the next. */
const MIXTURES = [0.618_033_988_7, 1.732_050_807_6, 0.271_828_182_8, 3.605_551_275_5];
const RESIDUE_MAX = 1e-13;

/**
 * The real and the imaginary part of a unitary matrix are Hermitian and commute, so the eigenvectors of
 * a generic mixture of them are those of both. Undefined if no mixture tells the eigenvalues apart to 1e-13.
 */
export function spectrumOf(matrix: Matrix): Spectrum | undefined {
  const size = sizeOf(matrix);
  const conjugate = adjoint(matrix);
  for (const weight of MIXTURES) {
    const mixture = new Float64Array(matrix.length);
    for (let at = 0; at < matrix.length; at += 2) {
      const [re, im] = [matrix[at]!, matrix[at + 1]!];
      const [cre, cim] = [conjugate[at]!, conjugate[at + 1]!];
      mixture[at] = (re + cre) / 2 + (weight * (im - cim)) / 2;
      mixture[at + 1] = (im + cim) / 2 - (weight * (re - cre)) / 2;
    }
    const vectors = eigenvectors(mixture);
    const diagonal = times(adjoint(vectors), times(matrix, vectors));
    const angles = Array.from({ length: size }, (_, at) => {
      const place = 2 * (at * size + at);
      return principal(atan2(diagonal[place + 1]!, diagonal[place]!));
    });
    if (largestOutside(diagonal) < RESIDUE_MAX) return { vectors, angles };
  }
  return undefined;
}

export function withAngles(vectors: Matrix, angles: readonly number[]): Matrix {
  const size = angles.length;
  const diagonal = new Float64Array(vectors.length);
  angles.forEach((angle, at) => {
    diagonal[2 * (at * size + at)] = cos(angle);
    diagonal[2 * (at * size + at) + 1] = sin(angle);
  });
  return times(vectors, times(diagonal, adjoint(vectors)));
}

/** The largest magnitude of any real or imaginary part that two matrices differ by. */
export const distance = (a: Matrix, b: Matrix): number =>
  a.reduce((largest, entry, at) => Math.max(largest, Math.abs(entry - b[at]!)), 0);

function largestOutside(matrix: Matrix): number {
  const size = sizeOf(matrix);
  let largest = 0;
  for (let at = 0; at < matrix.length; at++) {
    const place = Math.floor(at / 2);
    if (Math.floor(place / size) !== place % size) largest = Math.max(largest, Math.abs(matrix[at]!));
  }
  return largest;
}

const SWEEPS_MAX = 30;
/** Of the rounding of one rotation; smaller entries are zero. */
const OFF_DIAGONAL_MAX = 3e-16;

/** Eigenvectors of a Hermitian matrix, as columns, by cyclic Jacobi rotations (Golub and Van Loan, §8.5). */
function eigenvectors(hermitian: Matrix): Matrix {
  const size = sizeOf(hermitian);
  const matrix = hermitian.slice();
  const vectors = identity(size);
  for (let sweep = 0; sweep < SWEEPS_MAX && largestOutside(matrix) > OFF_DIAGONAL_MAX; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const rotation = jacobi(matrix, p, q);
        rotateColumns(vectors, p, q, rotation);
        rotateColumns(matrix, p, q, rotation);
        rotateRows(matrix, p, q, rotation);
      }
    }
  }
  return vectors;
}

/** Columns p and q become c·p − s̄·q and s·p + c·q. */
interface Rotation {
  readonly c: number;
  readonly re: number;
  readonly im: number;
}

/** The rotation that makes the entry at (p, q) zero. */
function jacobi(matrix: Matrix, p: number, q: number): Rotation {
  const size = sizeOf(matrix);
  const entry = 2 * (p * size + q);
  const [re, im] = [matrix[entry]!, matrix[entry + 1]!];
  const magnitude = Math.sqrt(re * re + im * im);
  if (magnitude === 0) return { c: 1, re: 0, im: 0 };
  const half = (matrix[2 * (q * size + q)]! - matrix[2 * (p * size + p)]!) / (2 * magnitude);
  const tangent = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.sqrt(half * half + 1));
  const c = 1 / Math.sqrt(tangent * tangent + 1);
  return { c, re: (tangent * c * re) / magnitude, im: (tangent * c * im) / magnitude };
}

function rotateColumns(matrix: Matrix, p: number, q: number, rotation: Rotation): void {
  const size = sizeOf(matrix);
  for (let row = 0; row < size; row++) mix(matrix, 2 * (row * size + p), 2 * (row * size + q), rotation, 1);
}

function rotateRows(matrix: Matrix, p: number, q: number, rotation: Rotation): void {
  const size = sizeOf(matrix);
  for (let at = 0; at < size; at++) mix(matrix, 2 * (p * size + at), 2 * (q * size + at), rotation, -1);
}

/** Rows are combined with the conjugates of what columns are combined with. */
function mix(matrix: Matrix, p: number, q: number, { c, re, im }: Rotation, sign: 1 | -1): void {
  const [a, b, x, y] = [matrix[p]!, matrix[p + 1]!, matrix[q]!, matrix[q + 1]!];
  const turn = sign * im;
  matrix[p] = c * a - (re * x + turn * y);
  matrix[p + 1] = c * b - (re * y - turn * x);
  matrix[q] = c * x + (re * a - turn * b);
  matrix[q + 1] = c * y + (re * b + turn * a);
}
