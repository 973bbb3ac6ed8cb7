import type { Prng } from '@qfs/core/math';
import type { StateVector } from './state-vector.ts';

/** Basis states drawn from a final state. */
export interface Samples {
  /** Shots per basis state, in ascending order of the basis state. */
  readonly counts: ReadonlyMap<number, number>;
  /** The basis state of every shot, in order of the shots. */
  ofShot(shot: number): number;
}

/** Draws `shots` basis states, of which shot k takes the k-th number of the stream. */
export const sample = (state: StateVector, shots: number, random: Prng): Samples =>
  sampleAt(
    state,
    Float64Array.from({ length: shots }, () => random.uniform()),
  );

/** Draws basis states of a pure state. */
export function sampleAt({ amplitudes: a }: StateVector, uniforms: Float64Array): Samples {
  const weight = (at: number): number => a[2 * at]! * a[2 * at]! + a[2 * at + 1]! * a[2 * at + 1]!;
  return draw(weight, a.length / 2, uniforms);
}

/** Draws places of a list of weights. */
export const sampleWeights = (weights: Float64Array, uniforms: Float64Array): Samples =>
  draw((at) => weights[at]!, weights.length, uniforms);

/**
 * Inverts the cumulative distribution at these uniform numbers. They are sorted, so that one pass over
 * the weights
 * in index order finds all of them.
 */
function draw(weightOf: (at: number) => number, size: number, uniforms: Float64Array): Samples {
  const shots = uniforms.length;
  const sorted = uniforms.slice().sort();
  let total = 0;
  let last = 0;
  for (let at = 0; at < size; at += 1) {
    const weight = weightOf(at);
    total += weight;
    if (weight > 0) last = at;
  }
  const found = new Int32Array(shots);
  const counts = new Map<number, number>();
  let basis = 0;
  let below = 0;
  for (let shot = 0; shot < shots; shot += 1) {
    const threshold = sorted[shot]! * total;
    while (basis < last) {
      const next = below + weightOf(basis);
      if (next > threshold) break;
      below = next;
      basis += 1;
    }
    found[shot] = basis;
    counts.set(basis, (counts.get(basis) ?? 0) + 1);
  }
  return { counts, ofShot: (shot) => found[rank(sorted, uniforms[shot]!)]! };
}

/** The first place of a sorted array that holds `value`, which it contains. */
function rank(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
