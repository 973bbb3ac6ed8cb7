import type { ExpectationValue, Observable } from '@qfs/circuit';
import type { Amplitudes } from './kernels.ts';
import { type PauliTerm, sign, turnsOf } from './pauli-terms.ts';

/**
 * Reads coherences of a state: the real or the imaginary part of ⟨j|ρ|j ⊕ x⟩ for `count` basis states j
 * from the one
 * numbered `from`. Counted are those in which the highest bit of `x` is 0 (all, if x is 0), in their order.
 */
export type Coherences = (
  part: 'real' | 'imaginary',
  x: number,
  from: number,
  count: number,
  to: Float64Array,
) => void;

/** Of a pure state: ρ is a_j conj(a_k). */
export const coherencesOf =
  (a: Amplitudes): Coherences =>
  (part, x, from, count, to) => {
    const bit = highestBit(x);
    const isReal = part === 'real';
    for (let i = 0; i < count; i += 1) {
      const j = 2 * numbered(from + i, bit);
      const k = j ^ (2 * x);
      to[i] = isReal ? a[j]! * a[k]! + a[j + 1]! * a[k + 1]! : a[j + 1]! * a[k]! - a[j]! * a[k + 1]!;
    }
  };

/** Above every bit of a state. */
const NO_BIT = 1 << 29;

export const highestBit = (bits: number): number => (bits === 0 ? NO_BIT : 1 << (31 - Math.clz32(bits)));

/** The i-th number in which this bit is 0. */
export const numbered = (i: number, bit: number): number => ((i & -bit) << 1) | (i & (bit - 1));

/** The bits of z without that one. */
const without = (z: number, bit: number): number => ((z >>> 1) & -bit) | (z & (bit - 1));

/** Coherences that are added up as one tree: as many as fit a cache. */
const BLOCK = 4_096;

/** A sum Σ_j (−1)^{j·z} v_j, and where it is wanted. */
interface SignedSum {
  readonly z: number;
  readonly at: number;
}

/**
 * Expectation values of Pauli strings in a state of so many qubits.
 *
 * Strings with the same X part share the coherences that they are made of, of which one half is enough:
 * the other
 * half is its conjugate. Each value is a sum over j with signs, added up block by block and as a tree
 * inside a block:
 * the upper half of the numbers is added to the lower one, or taken away from it, until one is left.
 * Strings share
 * the branches in which their signs agree, so that many of them cost no more than a Walsh-Hadamard
 * transform; yet
 * each value comes from the same additions in the same order whatever else is asked for.
 */
export function pauliMeans(
  terms: readonly PauliTerm[],
  qubits: number,
  coherences: Coherences,
): Float64Array {
  const means = new Float64Array(terms.length);
  const groups = Map.groupBy(terms.keys(), (at) => terms[at]!.x);
  const room = 2 * Math.min(2 ** qubits, BLOCK);
  const numbers = new Float64Array(room);
  for (const [x, members] of groups) {
    const bit = highestBit(x);
    const sums = Map.groupBy(
      members.map((at) => ({ z: without(terms[at]!.z, bit), at })),
      ({ at }) => (turnsOf(terms[at]!) % 2 === 0 ? 'real' : 'imaginary'),
    );
    const size = x === 0 ? 2 ** qubits : 2 ** (qubits - 1);
    const count = Math.min(size, BLOCK);
    for (let from = 0; from < size; from += count) {
      for (const [part, wanted] of sums) {
        coherences(part, x, from, count, numbers);
        signedSums(numbers, { from: 0, size: count, above: from }, wanted, means);
      }
    }
  }
  // i^turns times the coherence, and its conjugate: twice the real part, which is Re, −Im, −Re or Im.
  for (const [at, term] of terms.entries()) {
    const turns = turnsOf(term) % 4;
    means[at]! *= (term.x === 0 ? 1 : 2) * (turns === 1 || turns === 2 ? -1 : 1);
  }
  return means;
}

interface Part {
  /** Where its numbers stand; behind them is room for halves of halves. */
  readonly from: number;
  readonly size: number;
  /** Bits of j that all its numbers have in common. */
  readonly above: number;
}

function signedSums(v: Float64Array, part: Part, sums: readonly SignedSum[], to: Float64Array): void {
  const { from, size, above } = part;
  if (size === 1) {
    for (const { at, z } of sums) to[at]! += sign(above & z) * v[from]!;
    return;
  }
  const half = size / 2;
  const [middle, next] = [from + half, from + size];
  const rest = { from: next, size: half, above };
  const added = sums.filter(({ z }) => (z & half) === 0);
  if (added.length > 0) {
    for (let i = 0; i < half; i += 1) v[next + i] = v[from + i]! + v[middle + i]!;
    signedSums(v, rest, added, to);
  }
  if (added.length === sums.length) return;
  for (let i = 0; i < half; i += 1) v[next + i] = v[from + i]! - v[middle + i]!;
  const taken = sums.filter(({ z }) => (z & half) !== 0);
  signedSums(v, rest, taken, to);
}

/** Expectation values without statistical error; the terms of each observable are added in their order. */
export function exactExpectations(
  observables: readonly Observable[],
  terms: readonly PauliTerm[],
  qubits: number,
  coherences: Coherences,
): ExpectationValue[] {
  const means = pauliMeans(terms, qubits, coherences);
  const values = observables.map(() => 0);
  for (const [at, { observable, coefficient, x, z }] of terms.entries()) {
    values[observable]! += coefficient * (x === 0 && z === 0 ? 1 : means[at]!);
  }
  return observables.map(({ name }, i) => ({
    ...(name !== undefined && { name }),
    value: values[i]!,
    stdError: 0,
  }));
}

/** Writes Σ coefficient·P|ψ⟩ to `to`; ψ and `to` are amplitudes of as many qubits. */
export function applyTerms(terms: readonly PauliTerm[], a: Amplitudes, to: Amplitudes): void {
  const size = a.length / 2;
  const factors = new Float64Array(size);
  to.fill(0);
  for (const [x, group] of Map.groupBy(terms, (term) => term.x)) {
    for (const [isReal, members] of Map.groupBy(group, (term) => turnsOf(term) % 2 === 0)) {
      const signed = members.map((term) => ({
        z: term.z,
        factor: turnsOf(term) % 4 < 2 ? term.coefficient : -term.coefficient,
      }));
      signs(factors, 0, size, signed);
      // Times i, the real part of an amplitude becomes imaginary.
      const [first, second, flip] = isReal ? [0, 1, 1] : [1, 0, -1];
      for (let j = 0; j < size; j += 1) {
        const k = 2 * (j ^ x);
        const factor = factors[j]!;
        to[k + first] = to[k + first]! + factor * a[2 * j]!;
        to[k + second] = to[k + second]! + flip * factor * a[2 * j + 1]!;
      }
    }
  }
}

/** Writes Σ factor·(−1)^{j·z} for every j below `size`, the transpose of `signedSums`. */
function signs(
  v: Float64Array,
  from: number,
  size: number,
  terms: readonly { readonly z: number; readonly factor: number }[],
): void {
  if (terms.length === 0 || size === 1) {
    v.fill(
      terms.reduce((sum, { factor }) => sum + factor, 0),
      from,
      from + size,
    );
    return;
  }
  const half = size / 2;
  const middle = from + half;
  signs(
    v,
    from,
    half,
    terms.filter(({ z }) => (z & half) === 0),
  );
  signs(
    v,
    middle,
    half,
    terms.filter(({ z }) => (z & half) !== 0),
  );
  for (let i = from; i < middle; i += 1) {
    const [added, taken] = [v[i]!, v[i + half]!];
    v[i] = added + taken;
    v[i + half] = added - taken;
  }
}
