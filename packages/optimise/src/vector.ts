import type { Point } from './method.ts';

export const dot = (a: Point, b: Point): number => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
export const norm = (a: Point): number => Math.sqrt(dot(a, a));
export const plus = (a: Point, b: Point): number[] => a.map((value, k) => value + b[k]!);
export const minus = (a: Point, b: Point): number[] => a.map((value, k) => value - b[k]!);
export const times = (factor: number, a: Point): number[] => a.map((value) => factor * value);

/**
 * Inverse of a square matrix given by rows, by Gauss-Jordan elimination with partial pivoting. Undefined
 * when it is
 * singular to working precision.
 */
export function inverse(rows: readonly Point[]): number[][] | undefined {
  const n = rows.length;
  const work = rows.map((row, i) => [...row, ...row.map((_, k) => (k === i ? 1 : 0))]);
  for (let column = 0; column < n; column += 1) {
    let pivot = column;
    for (let i = column + 1; i < n; i += 1) {
      if (Math.abs(work[i]![column]!) > Math.abs(work[pivot]![column]!)) pivot = i;
    }
    const lead = work[pivot]![column]!;
    if (lead === 0 || !Number.isFinite(1 / lead)) return undefined;
    [work[column], work[pivot]] = [work[pivot]!, work[column]!];
    // In the columns before this one all other rows are 0 already.
    const scaled = work[column]!;
    for (let k = column; k < 2 * n; k += 1) scaled[k]! /= lead;
    for (let i = 0; i < n; i += 1) {
      const row = work[i]!;
      const factor = row[column]!;
      if (i === column || factor === 0) continue;
      for (let k = column; k < 2 * n; k += 1) row[k]! -= factor * scaled[k]!;
    }
  }
  return work.map((row) => row.slice(n));
}
