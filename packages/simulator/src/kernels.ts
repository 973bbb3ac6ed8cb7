/**
 * Gates on amplitudes. Amplitude j occupies places 2j (real) and 2j + 1 (imaginary); bit q of j is qubit q. Every
 * kernel visits each group of amplitudes once and computes it from these alone, in one fixed order of operations, so
 * that results have the same bits on every machine.
 */
export type Amplitudes = Float64Array | Float32Array;

/** Which amplitudes a gate touches: all whose bits under `mask` equal `value`; the target bits are zero in both. */
export interface Selection {
  /** Target and control bits, ascending. */
  readonly fixedBits: readonly number[];
  /** The control bits that must be 1. */
  readonly value: number;
}

/** Spreads the bits of k around the fixed ones, which stay zero. */
function spread(k: number, fixedBits: readonly number[]): number {
  let index = k;
  for (const bit of fixedBits) {
    const low = index & (bit - 1);
    index = ((index - low) << 1) | low;
  }
  return index;
}

/** Calls `visit` with the start and length of every contiguous run of selected amplitudes. */
function eachRun(size: number, selection: Selection, visit: (start: number, end: number) => void): void {
  const { fixedBits, value } = selection;
  const run = fixedBits[0] ?? size;
  const count = size >> fixedBits.length;
  for (let k = 0; k < count; k += run) {
    const start = spread(k, fixedBits) | value;
    visit(start, start + run);
  }
}

/** Multiplies the selected amplitudes by re + i·im. */
export function multiplySelected(a: Amplitudes, selection: Selection, re: number, im: number): void {
  eachRun(a.length / 2, selection, (start, end) => {
    for (let i = 2 * start; i < 2 * end; i += 2) {
      const x = a[i]!;
      const y = a[i + 1]!;
      a[i] = re * x - im * y;
      a[i + 1] = re * y + im * x;
    }
  });
}

/** A full 2×2 matrix on the qubit whose bit is `target`. */
export function applyDense1(a: Amplitudes, selection: Selection, target: number, m: ArrayLike<number>): void {
  const [r00, i00, r01, i01, r10, i10, r11, i11] = m as unknown as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const stride = 2 * target;
  eachRun(a.length / 2, selection, (start, end) => {
    for (let i = 2 * start; i < 2 * end; i += 2) {
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
  });
}

/** Exchanges the amplitudes whose index differs by these bits: x on one qubit, swap on two. */
export function exchange(a: Amplitudes, selection: Selection, first: number, second: number): void {
  eachRun(a.length / 2, selection, (start, end) => {
    for (let i = start; i < end; i += 1) {
      const p = 2 * (i + first);
      const q = 2 * (i + second);
      const x = a[p]!;
      const y = a[p + 1]!;
      a[p] = a[q]!;
      a[p + 1] = a[q + 1]!;
      a[q] = x;
      a[q + 1] = y;
    }
  });
}

/** One row of a sparse matrix: the columns that count, and its real and imaginary parts at these. */
export interface SparseRow {
  readonly row: number;
  readonly columns: readonly number[];
}

/**
 * A matrix on several qubits. `offsets[j]` is what basis state j of the gate adds to an amplitude's index. Rows that
 * are not listed are rows of the identity.
 */
export function applySparse(
  a: Amplitudes,
  selection: Selection,
  offsets: readonly number[],
  rows: readonly SparseRow[],
  m: ArrayLike<number>,
): void {
  const dimension = offsets.length;
  const gathered = new Float64Array(2 * dimension);
  eachRun(a.length / 2, selection, (start, end) => {
    for (let i = start; i < end; i += 1) {
      for (let j = 0; j < dimension; j += 1) {
        const from = 2 * (i + offsets[j]!);
        gathered[2 * j] = a[from]!;
        gathered[2 * j + 1] = a[from + 1]!;
      }
      for (const { row, columns } of rows) {
        let re = 0;
        let im = 0;
        for (const column of columns) {
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
  });
}
