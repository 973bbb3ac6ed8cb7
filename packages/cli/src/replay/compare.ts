import { type CircuitResult, type Counts, readResults } from '@qfs/circuit';
import { equal } from '@qfs/core/exact';

/** How two runs of one job compare. */
export interface Comparison {
  /** The bytes of both results are the same. */
  readonly equal: boolean;
  /** Largest of all parameter sets: half the sum of the differences of the shares, 0 to 1. */
  readonly distance: number;
  /** What two runs of one distribution with as many shots would exceed in one of a thousand cases. */
  readonly noise: number;
  /** The first place at which they differ in something that is no matter of chance. */
  readonly difference?: string;
}

/** The chance of a distance beyond the noise between equal distributions. */
const EXCESS = 0.001;

/**
 * Compares two results documents. Where their bytes differ, the counts are compared by their total variation
 * distance beside the one that shot noise explains.
 * @throws QfsError RESULT_INCOMPLETE when one of them is no results document
 */
export function compareResults(before: Uint8Array, now: Uint8Array): Comparison {
  if (equal(before, now)) return { equal: true, distance: 0, noise: 0 };
  const [first, second] = [before, now].map(readSets);
  if (first!.length !== second!.length) {
    const difference = `there were ${first!.length} results, now there are ${second!.length}`;
    return { equal: false, distance: 1, noise: 0, difference };
  }
  let worst = { distance: 0, noise: 0 };
  for (const [at, result] of first!.entries()) {
    const other = second![at]!;
    if (result.shots !== other.shots) {
      const difference = `result ${at} had ${result.shots} shots, now it has ${other.shots}`;
      return { equal: false, distance: 1, noise: 0, difference };
    }
    const distance = totalVariation(result.counts, other.counts, result.shots);
    const noise = noiseOf(result.counts, other.counts, result.shots);
    if (distance - noise > worst.distance - worst.noise || at === 0) worst = { distance, noise };
  }
  return { equal: false, ...worst };
}

function readSets(bytes: Uint8Array): readonly CircuitResult[] {
  const read = readResults(bytes);
  if (!read.ok) throw read.error;
  return read.value.items.flatMap(({ results }) => results);
}

/** Total variation distance of two samples of the same size: ½ Σ |a(x) − b(x)| ÷ shots, from 0 to 1. */
export function totalVariation(a: Counts, b: Counts, shots: number): number {
  if (shots === 0) return 0;
  let sum = 0;
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    sum += Math.abs((a.get(key) ?? 0) - (b.get(key) ?? 0));
  }
  return sum / (2 * shots);
}

/**
 * A distance that two samples of one distribution exceed with a chance of at most `EXCESS`: the mean distance is about
 * Σ √(p(x)(1 − p(x)) ÷ (π shots)), since the difference of two shares is nearly normal with variance
 * 2p(1 − p) ÷ shots; one shot changes the distance by at most 1 ÷ shots, so that beyond the mean the bounded
 * difference inequality holds (McDiarmid, Surveys in Combinatorics 1989, pp. 148–188).
 */
export function noiseOf(a: Counts, b: Counts, shots: number): number {
  if (shots === 0) return 0;
  let mean = 0;
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const share = ((a.get(key) ?? 0) + (b.get(key) ?? 0)) / (2 * shots);
    mean += Math.sqrt((share * (1 - share)) / (Math.PI * shots));
  }
  return Math.min(1, mean + Math.sqrt(Math.log(1 / EXCESS) / shots));
}
