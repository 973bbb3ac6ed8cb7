import type { ExpectationValue, Observable } from '@qfs/circuit';
import { OBSERVABLE_NORM_MAX, QfsError } from '@qfs/core';
import { Prng } from '@qfs/core/math';
import { sample } from './sampling.ts';
import { placeGate, StateVector, tableGate } from './state-vector.ts';

/** A Pauli string on state-vector qubits: X where only `x` has the bit, Z where only `z` has it, Y where both do. */
interface PauliTerm {
  readonly observable: number;
  readonly coefficient: number;
  readonly x: number;
  readonly z: number;
}

/** Refuses observables that do not fit a program of this many qubits. */
export function checkObservables(observables: readonly Observable[], qubits: number): void {
  for (const [index, { name, terms }] of observables.entries()) {
    for (const { paulis, coefficient } of terms) {
      const subject = `Term '${paulis.slice(0, 80)}' of observable ${name ?? index}`;
      if (!/^[IXYZ]*$/.test(paulis)) {
        throw new QfsError('OBSERVABLE_INVALID', `${subject} has other letters than I, X, Y and Z.`);
      }
      if (paulis.length !== qubits) {
        throw new QfsError(
          'OBSERVABLE_INVALID',
          `${subject} has ${paulis.length} letters, but the program has ${qubits} qubits; give one letter per qubit.`,
        );
      }
      if (!Number.isFinite(coefficient)) {
        throw new QfsError('OBSERVABLE_INVALID', `${subject} has the coefficient ${coefficient}.`);
      }
    }
    const norm = terms.reduce((sum, { coefficient }) => sum + Math.abs(coefficient), 0);
    if (norm > OBSERVABLE_NORM_MAX) {
      throw new QfsError(
        'OBSERVABLE_INVALID',
        `The coefficients of observable ${name ?? index} add up to ${norm}; at most ${OBSERVABLE_NORM_MAX} is allowed.`,
      );
    }
  }
}

/** Qubits for which a term of an observable has one of these letters. */
export function qubitsWith(observables: readonly Observable[], letters: string): Set<number> {
  const qubits = new Set<number>();
  for (const { terms } of observables) {
    for (const { paulis } of terms) {
      for (let i = 0; i < paulis.length; i += 1) {
        if (letters.includes(paulis[i]!)) qubits.add(paulis.length - 1 - i);
      }
    }
  }
  return qubits;
}

/** Z on a qubit without amplitudes is +1 and drops out. */
function termsOf(observables: readonly Observable[], places: Int32Array): PauliTerm[] {
  return observables.flatMap(({ terms }, observable) =>
    terms.map(({ coefficient, paulis }) => {
      let x = 0;
      let z = 0;
      for (let i = 0; i < paulis.length; i += 1) {
        const place = places[paulis.length - 1 - i]!;
        const letter = paulis[i];
        if (place < 0) continue;
        if (letter === 'X' || letter === 'Y') x |= 1 << place;
        if (letter === 'Z' || letter === 'Y') z |= 1 << place;
      }
      return { observable, coefficient, x, z };
    }),
  );
}

/** −1 for an odd number of ones, else 1. */
function sign(bits: number): 1 | -1 {
  let fold = bits ^ (bits >>> 16);
  fold ^= fold >>> 8;
  fold ^= fold >>> 4;
  return (0x6996 >>> (fold & 15)) & 1 ? -1 : 1;
}

/** ⟨ψ|P|ψ⟩, summed in index order. P|j⟩ = i^{number of Y} (−1)^{j·z} |j ⊕ x⟩. */
function expectation(state: StateVector, { x, z }: PauliTerm): number {
  const a = state.amplitudes;
  const ys = x & z;
  let turns = 0;
  for (let rest = ys; rest !== 0; rest &= rest - 1) turns += 1;
  let sum = 0;
  for (let j = 0; j < a.length / 2; j += 1) {
    const k = j ^ x;
    const [re, im] = [a[2 * j]!, a[2 * j + 1]!];
    const [kRe, kIm] = [a[2 * k]!, a[2 * k + 1]!];
    // Real part of conj(a_k)·a_j·i^turns.
    const part = turns % 2 === 0 ? kRe * re + kIm * im : kIm * re - kRe * im;
    sum += sign(j & z) * part;
  }
  return turns % 4 < 2 ? sum : -sum;
}

/** Expectation values without statistical error. */
export function exactExpectations(
  state: StateVector,
  observables: readonly Observable[],
  places: Int32Array,
): ExpectationValue[] {
  const values = observables.map(() => 0);
  for (const term of termsOf(observables, places)) {
    const mean = term.x === 0 && term.z === 0 ? 1 : expectation(state, term);
    values[term.observable]! += term.coefficient * mean;
  }
  return observables.map(({ name }, i) => ({
    ...(name !== undefined && { name }),
    value: values[i]!,
    stdError: 0,
  }));
}

/** Terms that are measured together. */
export interface Group {
  readonly terms: PauliTerm[];
  /** The basis every term of the group can be read in. */
  x: number;
  z: number;
}

/** First-fit grouping of terms that agree on every qubit both act on (qubit-wise commuting). */
function groupsOf(terms: readonly PauliTerm[]): Group[] {
  const groups: Group[] = [];
  for (const term of terms) {
    const support = term.x | term.z;
    if (support === 0) continue;
    const group = groups.find(({ x, z }) => (((x ^ term.x) | (z ^ term.z)) & support & (x | z)) === 0);
    if (group === undefined) groups.push({ terms: [term], x: term.x, z: term.z });
    else {
      group.terms.push(term);
      group.x |= term.x;
      group.z |= term.z;
    }
  }
  return groups;
}

/**
 * Estimates from `shots` measurements of each group; `measure` gives the basis states that these ended in, with
 * random numbers of the group's own. The standard error counts covariances inside a group, because each shot gives one value of the observable's whole part
 * in the group. One shot says nothing about the spread: the largest possible one is reported.
 */
export function sampledExpectations(
  observables: readonly Observable[],
  places: Int32Array,
  shots: number,
  measure: (group: Group, index: number) => ReadonlyMap<number, number>,
): ExpectationValue[] {
  const terms = termsOf(observables, places);
  const means = observables.map(() => 0);
  const variances = observables.map(() => 0);
  for (const { x, z, observable, coefficient } of terms) if ((x | z) === 0) means[observable]! += coefficient;
  for (const [index, group] of groupsOf(terms).entries()) {
    const counts = measure(group, index);
    for (const observable of new Set(group.terms.map((term) => term.observable))) {
      const own = group.terms.filter((term) => term.observable === observable);
      const { mean, variance } = statistics(counts, own, shots);
      means[observable]! += mean;
      variances[observable]! += variance;
    }
  }
  return observables.map(({ name }, i) => ({
    ...(name !== undefined && { name }),
    value: means[i]!,
    stdError: Math.sqrt(variances[i]! / shots),
  }));
}

/** Measures the groups on copies of one final state. */
export function measureCopies(state: StateVector, shots: number, seed: number) {
  const rotated = new StateVector(state.qubits, state.precision);
  return (group: Group, index: number): ReadonlyMap<number, number> => {
    rotated.copyFrom(state);
    rotateToBasis(rotated, group);
    return sample(rotated, shots, new Prng(seed, 'observables', index)).counts;
  };
}

/** Turns the basis in which every term of the group can be read into the computational one. */
export function rotateToBasis(state: StateVector, group: Pick<Group, 'x' | 'z'>): void {
  const h = tableGate('h');
  const sdg = tableGate('sdg');
  for (let place = 0; place < state.qubits; place += 1) {
    if ((group.x & (1 << place)) === 0) continue;
    if (group.z & (1 << place)) state.apply(placeGate(sdg, [], [], [place]));
    state.apply(placeGate(h, [], [], [place]));
  }
}

/** Mean and variance over shots of Σ coefficient·(±1). */
function statistics(
  counts: ReadonlyMap<number, number>,
  terms: readonly PauliTerm[],
  shots: number,
): { mean: number; variance: number } {
  const readOut = (basis: number): number => {
    let value = 0;
    for (const { coefficient, x, z } of terms) value += coefficient * sign(basis & (x | z));
    return value;
  };
  const values = [...counts].map(([basis, count]) => ({ count, value: readOut(basis) }));
  let sum = 0;
  for (const { count, value } of values) sum += count * value;
  const mean = sum / shots;
  if (shots === 1) {
    const largest = terms.reduce((size, { coefficient }) => size + Math.abs(coefficient), 0);
    return { mean, variance: largest * largest };
  }
  let squares = 0;
  for (const { count, value } of values) squares += count * (value - mean) * (value - mean);
  return { mean, variance: squares / (shots - 1) };
}
