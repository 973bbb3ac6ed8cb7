import { IONQ_PAULI_TERMS_MAX } from '@qfs/core';
import { type Fields, readNumber, refuse } from './gate-fields.ts';

/** Takes the eigenbasis of a Pauli matrix to that of Z, and back. */
const BASES: Readonly<Record<string, readonly [enter: string, leave: string]>> = {
  X: ['h', 'h'],
  Y: ['rx(pi/2)', 'rx(-pi/2)'],
};

interface Term {
  readonly paulis: string;
  readonly coefficient: number;
}

/**
 * `pauliexp`: exp(-i·t·Σ c·P) of Pauli strings that commute, which is the product of exp(-i·t·c·P). The rightmost letter
 * of a string acts on the first target.
 */
export function pauliExponential(gate: Fields, targets: readonly string[], place: string): string[] {
  const time = readNumber(gate, ['time'], place);
  const terms = readTerms(gate, targets.length, place);
  refuseNonCommuting(terms, place);
  return terms.flatMap(({ paulis, coefficient }) => {
    const letters = [...paulis].reverse();
    const acted = targets.filter((_, index) => letters[index] !== 'I');
    const last = acted.at(-1);
    const angle = String(2 * time * coefficient);
    // A global phase, which no result shows.
    if (last === undefined) return [];
    const bases = targets.flatMap((target, index) => {
      const basis = BASES[letters[index] ?? 'I'];
      return basis === undefined ? [] : [{ target, enter: basis[0], leave: basis[1] }];
    });
    const ladder = acted.slice(1).map((target, index) => `cx ${acted[index]}, ${target};`);
    return [
      ...bases.map(({ target, enter }) => `${enter} ${target};`),
      ...ladder,
      `rz(${angle}) ${last};`,
      ...ladder.toReversed(),
      ...bases.map(({ target, leave }) => `${leave} ${target};`),
    ];
  });
}

function readTerms({ terms, coefficients }: Fields, width: number, place: string): readonly Term[] {
  if (!Array.isArray(terms) || terms.length === 0 || terms.length > IONQ_PAULI_TERMS_MAX) {
    return refuse(`${place}.terms`, `must be a list of 1 to ${IONQ_PAULI_TERMS_MAX} Pauli strings`);
  }
  if (!Array.isArray(coefficients) || coefficients.length !== terms.length) {
    return refuse(`${place}.coefficients`, 'must be a list with one number per term');
  }
  return terms.map((paulis: unknown, index): Term => {
    if (typeof paulis !== 'string' || paulis.length !== width || /[^IXYZ]/.test(paulis)) {
      return refuse(`${place}.terms[${index}]`, `must have ${width} letters of I, X, Y, Z, one per target`);
    }
    return { paulis, coefficient: readNumber({ coefficients }, [`coefficients[${index}]`], place) };
  });
}

/** Strings commute when they differ, both other than I, in an even number of places. */
function refuseNonCommuting(terms: readonly Term[], place: string): void {
  for (const [index, { paulis: first }] of terms.entries()) {
    for (const { paulis: second } of terms.slice(index + 1)) {
      let differences = 0;
      for (let at = 0; at < first.length; at += 1) {
        if (first[at] !== 'I' && second[at] !== 'I' && first[at] !== second[at]) differences += 1;
      }
      if (differences % 2 === 0) continue;
      refuse(
        `${place}.terms`,
        `hold ${first} and ${second}, which do not commute; write the steps of the product formula you want`,
      );
    }
  }
}
