import { QfsError, READOUT_TERMS_MAX } from '@qfs/core';
import type { TrajectoryNoise } from '../noise/trajectory-noise.ts';
import { ones, type PauliTerm } from '../pauli-terms.ts';

/**
 * What is measured of Pauli strings when readout errs. A qubit that is read wrongly with probabilities
 * e₀ and e₁ turns
 * a letter P into (e₁ − e₀) I + (1 − e₀ − e₁) P, so a string becomes a sum of strings.
 * @param qubits the program qubit at each place of the state
 */
export function readoutTerms(
  terms: readonly PauliTerm[],
  model: TrajectoryNoise,
  qubits: readonly number[],
): PauliTerm[] {
  let all = terms;
  const splitting = qubits.reduce((mask, qubit, place) => {
    const [zero, one] = model.misread(qubit);
    return zero === one ? mask : mask | (1 << place);
  }, 0);
  const made = terms.reduce((sum, { x, z }) => sum + 2 ** ones((x | z) & splitting), 0);
  if (made > READOUT_TERMS_MAX) throw tooMany();
  for (const [place, qubit] of qubits.entries()) {
    const [zero, one] = model.misread(qubit);
    if (zero === 0 && one === 0) continue;
    const bit = 1 << place;
    all = all.flatMap((term) => {
      if (((term.x | term.z) & bit) === 0) return [term];
      const { coefficient, x, z } = term;
      const read = { ...term, coefficient: (1 - zero - one) * coefficient };
      const lost = { ...term, coefficient: (one - zero) * coefficient, x: x & ~bit, z: z & ~bit };
      return zero === one ? [read] : [read, lost];
    });
  }
  return [...all];
}

const tooMany = (): QfsError =>
  new QfsError(
    'CIRCUIT_TOO_LARGE',
    `With readout errors the observables have more than ${READOUT_TERMS_MAX} terms. ` +
      'Take fewer terms at a time, terms on fewer qubits, or shots.',
  );
