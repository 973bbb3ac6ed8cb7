/**
 * Gates on amplitudes. Amplitude j occupies places 2j (real) and 2j + 1 (imaginary); bit q of j is qubit q.
 * Every kernel visits each group of amplitudes once and computes it from these alone, in one fixed order of
 * operations, so that results have the same bits on every machine.
 */
export type Amplitudes = Float64Array | Float32Array;

/**
 * Which amplitudes a gate starts from: all whose fixed bits have the given value. They come in runs as long
 * as the lowest fixed bit, so that a kernel is an outer loop over runs and an inner one over neighbours.
 */
export interface Selection {
  /** Target and control bits, ascending. */
  readonly fixedBits: readonly number[];
  /** The fixed bits that are 1. */
  readonly value: number;
}

/** Spreads the bits of k around the fixed ones and sets these to their value: where run k / length starts. */
function startOf(k: number, { fixedBits, value }: Selection): number {
  let index = k;
  for (let i = 0; i < fixedBits.length; i += 1) {
    const bit = fixedBits[i]!;
    const low = index & (bit - 1);
    index = ((index - low) << 1) | low;
  }
  return index | value;
}

const selectedCount = (a: Amplitudes, { fixedBits }: Selection): number => (a.length / 2) >> fixedBits.length;
const runLength = (a: Amplitudes, { fixedBits }: Selection): number => fixedBits[0] ?? a.length / 2;

/** Multiplies the selected amplitudes by re + i·im. */
export function multiplySelected(a: Amplitudes, selection: Selection, re: number, im: number): void {
  const count = selectedCount(a, selection);
  const run = runLength(a, selection);
  for (let k = 0; k < count; k += run) {
    const start = 2 * startOf(k, selection);
    for (let i = start; i < start + 2 * run; i += 2) {
      const x = a[i]!;
      const y = a[i + 1]!;
      a[i] = re * x - im * y;
      a[i + 1] = re * y + im * x;
    }
  }
}

/** A full 2×2 matrix on the qubit whose bit is `target`. */
export function applyDense1(a: Amplitudes, selection: Selection, target: number, m: ArrayLike<number>): void {
  const [r00, i00, r01, i01] = [m[0]!, m[1]!, m[2]!, m[3]!];
  const [r10, i10, r11, i11] = [m[4]!, m[5]!, m[6]!, m[7]!];
  const count = selectedCount(a, selection);
  const run = runLength(a, selection);
  const stride = 2 * target;
  for (let k = 0; k < count; k += run) {
    const start = 2 * startOf(k, selection);
    for (let i = start; i < start + 2 * run; i += 2) {
      const j = i + stride;
      const x0 = a[i]!;
      const y0 = a[i + 1]!;
      const x1 = a[j]!;
      const y1 = a[j + 1]!;
      a[i] = r00 * x0 - i00 * y0 + (r01 * x1 - i01 * y1);
      a[i + 1] = r00 * y0 + i00 * x0 + (r01 * y1 + i01 * x1);
      a[j] = r10 * x0 - i10 * y0 + (r11 * x1 - i11 * y1);
      a[j + 1] = r10 * y0 + i10 * x0 + (r11 * y1 + i11 * x1);
    }
  }
}

/** Exchanges the amplitudes at two offsets from the selected ones: x on one qubit, swap on two. */
export function exchange(a: Amplitudes, selection: Selection, first: number, second: number): void {
  const count = selectedCount(a, selection);
  const run = runLength(a, selection);
  for (let k = 0; k < count; k += run) {
    const start = startOf(k, selection);
    for (let i = start; i < start + run; i += 1) {
      const p = 2 * (i + first);
      const q = 2 * (i + second);
      const x = a[p]!;
      const y = a[p + 1]!;
      a[p] = a[q]!;
      a[p + 1] = a[q + 1]!;
      a[q] = x;
      a[q + 1] = y;
    }
  }
}

/** The rows of a matrix that differ from the identity, with the columns at which they are not zero. */
export interface SparseRows {
  readonly rows: Int32Array;
  /** The columns of row i are `columns[starts[i]]` to `columns[starts[i + 1] - 1]`. */
  readonly starts: Int32Array;
  readonly columns: Int32Array;
}

/**
 * A matrix on several qubits; `offsets[j]` is what basis state j of the gate adds to an amplitude's index.
 */
export function applySparse(
  a: Amplitudes,
  selection: Selection,
  offsets: Int32Array,
  { rows, starts, columns }: SparseRows,
  m: Float64Array,
): void {
  const dimension = offsets.length;
  const gathered = new Float64Array(2 * dimension);
  const count = selectedCount(a, selection);
  const run = runLength(a, selection);
  for (let k = 0; k < count; k += run) {
    const start = startOf(k, selection);
    for (let i = start; i < start + run; i += 1) {
      for (let j = 0; j < dimension; j += 1) {
        const from = 2 * (i + offsets[j]!);
        gathered[2 * j] = a[from]!;
        gathered[2 * j + 1] = a[from + 1]!;
      }
      for (let r = 0; r < rows.length; r += 1) {
        const row = rows[r]!;
        let re = 0;
        let im = 0;
        for (let c = starts[r]!; c < starts[r + 1]!; c += 1) {
          const column = columns[c]!;
          const entry = 2 * (row * dimension + column);
          const x = gathered[2 * column]!;
          const y = gathered[2 * column + 1]!;
          re += m[entry]! * x - m[entry + 1]! * y;
          im += m[entry]! * y + m[entry + 1]! * x;
        }
        const to = 2 * (i + offsets[row]!);
        a[to] = re;
        a[to + 1] = im;
      }
    }
  }
}

/**
 * The real part of ⟨λ|M|ψ⟩, where M acts on several qubits as in `applySparse`, and rows that are not listed are 0.
 */
export function overlap(
  lambda: Amplitudes,
  psi: Amplitudes,
  selection: Selection,
  offsets: Int32Array,
  { rows, starts, columns }: SparseRows,
  m: Float64Array,
): number {
  const dimension = offsets.length;
  const count = selectedCount(psi, selection);
  const run = runLength(psi, selection);
  let sum = 0;
  for (let k = 0; k < count; k += run) {
    const start = startOf(k, selection);
    for (let i = start; i < start + run; i += 1) {
      for (let r = 0; r < rows.length; r += 1) {
        const row = rows[r]!;
        const to = 2 * (i + offsets[row]!);
        let re = 0;
        let im = 0;
        for (let c = starts[r]!; c < starts[r + 1]!; c += 1) {
          const entry = 2 * (row * dimension + columns[c]!);
          const from = 2 * (i + offsets[columns[c]!]!);
          const x = psi[from]!;
          const y = psi[from + 1]!;
          re += m[entry]! * x - m[entry + 1]! * y;
          im += m[entry]! * y + m[entry + 1]! * x;
        }
        sum += lambda[to]! * re + lambda[to + 1]! * im;
      }
    }
  }
  return sum;
}
