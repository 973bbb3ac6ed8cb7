import type { ExpectationValue, Observable } from '@qfs/circuit';
import { OBSERVABLE_NORM_MAX, QfsError } from '@qfs/core';
import { Prng } from '@qfs/core/math';
import { multinomial } from './multinomial.ts';
import { type PauliTerm, sign, termsOf } from './pauli-terms.ts';
import { sample } from './sampling.ts';
import { placeGate, StateVector, tableGate } from './state-vector.ts';

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
 * Estimates from `shots` measurements of each group; `measure` gives the basis states that these ended
 * in, with
 * random numbers of the group's own. The standard error counts covariances inside a group, because each
 * shot gives one value of the observable's whole part
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

/** A binomial number costs as much as about so many shots that are drawn and sorted. */
const SHOTS_PER_STATE = 2;

/**
 * Are counts drawn by basis state, and not by shot? Few basis states take fewer random numbers than
 * shots do.
 */
export const drawsNumbers = (shots: number, qubits: number): boolean =>
  2 ** qubits * SHOTS_PER_STATE <= shots;

/** Measures the groups on copies of one final state. */
export function measureCopies(state: StateVector, shots: number, seed: number) {
  const rotated = new StateVector(state.qubits, state.precision);
  return (group: Group, index: number): ReadonlyMap<number, number> => {
    rotated.copyFrom(state);
    rotateToBasis(rotated, group);
    const random = new Prng(seed, 'observables', index);
    return drawsNumbers(shots, state.qubits)
      ? multinomial(toldApart(rotated.probabilities(), group), shots, random)
      : sample(rotated, shots, random).counts;
  };
}

/**
 * Basis states in which every term of the group is read as the same count as the first of them: what a
 * single term is
 * read as takes one random number, whatever the number of qubits.
 */
function toldApart(weights: Float64Array, { terms }: Group): Float64Array {
  const readings = 2 ** terms.length;
  if (readings >= weights.length) return weights;
  const masks = terms.map(({ x, z }) => x | z);
  const first = new Int32Array(readings).fill(-1);
  for (let basis = 0; basis < weights.length; basis += 1) {
    let reading = 0;
    for (const mask of masks) reading = 2 * reading + (sign(basis & mask) < 0 ? 1 : 0);
    const known = first[reading]!;
    if (known < 0) first[reading] = basis;
    else {
      weights[known]! += weights[basis]!;
      weights[basis] = 0;
    }
  }
  return weights;
}

/** Turns the basis in which every term of the group can be read into the computational one. */
export function rotateToBasis(
  state: Pick<StateVector, 'qubits' | 'apply'>,
  group: Pick<Group, 'x' | 'z'>,
): void {
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
