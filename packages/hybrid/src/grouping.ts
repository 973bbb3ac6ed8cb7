import type { Counts, ExpectationValue, Observable } from '@qfs/circuit';

/** A term of one of several observables. */
interface Term {
  readonly observable: number;
  readonly coefficient: number;
  /** One letter per qubit, qubit 0 rightmost. */
  readonly paulis: string;
}

/** Terms that one circuit measures: on every qubit that several of them act on they have the same letter. */
export interface MeasuredGroup {
  readonly terms: readonly Term[];
  /** The letter in which each qubit is measured, qubit 0 rightmost; I where none is. */
  readonly basis: string;
}

/**
 * Groups the terms of observables so that each group commutes qubit by qubit, first fit in the order of the
 * terms. The identity needs no measurement and is in no group.
 */
export function groupsOf(observables: readonly Observable[]): readonly MeasuredGroup[] {
  const groups: { terms: Term[]; basis: string }[] = [];
  for (const [observable, { terms }] of observables.entries()) {
    for (const { coefficient, paulis } of terms) {
      if (/^I*$/.test(paulis)) continue;
      const term = { observable, coefficient, paulis };
      const group = groups.find(({ basis }) => agree(basis, paulis));
      if (group === undefined) groups.push({ terms: [term], basis: paulis });
      else {
        group.terms.push(term);
        group.basis = joined(group.basis, paulis);
      }
    }
  }
  return groups;
}

const agree = (a: string, b: string): boolean =>
  [...a].every((letter, at) => letter === 'I' || b[at] === 'I' || letter === b[at]);

const joined = (a: string, b: string): string =>
  [...a].map((letter, at) => (letter === 'I' ? b[at]! : letter)).join('');

/** The qubits that a basis measures, ascending. */
export const measuredQubits = (basis: string): readonly number[] =>
  [...basis].toReversed().flatMap((letter, qubit) => (letter === 'I' ? [] : [qubit]));

/**
 * Expectation values from the counts of each group, whose keys have a bit for every measured qubit, the least
 * qubit rightmost. A shot of a group gives one value of the part of an observable that the group has: the
 * standard error counts the covariances of its terms. One shot says nothing of the spread: the largest that
 * there may be is taken.
 */
export function estimate(
  observables: readonly Observable[],
  groups: readonly MeasuredGroup[],
  counts: readonly Counts[],
): ExpectationValue[] {
  return observables.map(({ name, terms }, observable) => {
    let value = 0;
    let variance = 0;
    for (const { coefficient, paulis } of terms) if (/^I*$/.test(paulis)) value += coefficient;
    for (const [at, { basis, terms: grouped }] of groups.entries()) {
      const own = grouped.filter((term) => term.observable === observable);
      if (own.length === 0) continue;
      const { mean, meanVariance } = statistics(own, measuredQubits(basis), counts[at]!);
      value += mean;
      variance += meanVariance;
    }
    return { ...(name === undefined ? {} : { name }), value, stdError: Math.sqrt(variance) };
  });
}

/** Mean over shots of the sum of the terms, and the variance of that mean. */
function statistics(terms: readonly Term[], qubits: readonly number[], counts: Counts) {
  const signs = terms.map(({ coefficient, paulis }) => ({
    coefficient,
    // Places in a key that count for the parity of the term.
    places: qubits.flatMap((qubit, bit) =>
      paulis[paulis.length - 1 - qubit] === 'I' ? [] : [qubits.length - 1 - bit],
    ),
  }));
  const readOut = (key: string): number =>
    signs.reduce((sum, { coefficient, places }) => {
      const ones = places.reduce((parity, place) => parity + (key[place] === '1' ? 1 : 0), 0);
      return sum + (ones % 2 === 0 ? coefficient : -coefficient);
    }, 0);
  const values = [...counts].map(([key, count]) => ({ count, value: readOut(key) }));
  const shots = values.reduce((sum, { count }) => sum + count, 0);
  const mean = values.reduce((sum, { count, value }) => sum + count * value, 0) / shots;
  if (shots < 2) {
    const largest = terms.reduce((sum, { coefficient }) => sum + Math.abs(coefficient), 0);
    return { mean, meanVariance: largest * largest };
  }
  const squares = values.reduce((sum, { count, value }) => sum + count * (value - mean) * (value - mean), 0);
  return { mean, meanVariance: squares / (shots - 1) / shots };
}
