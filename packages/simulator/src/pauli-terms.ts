import type { Observable } from '@qfs/circuit';

/** A Pauli string on state-vector qubits: X where only `x` has the bit, Z where only `z` has it, Y where both do. */
export interface PauliTerm {
  readonly observable: number;
  readonly coefficient: number;
  readonly x: number;
  readonly z: number;
}

/** The terms of all observables in order. Z on a qubit without amplitudes is +1 and drops out. */
export function termsOf(observables: readonly Observable[], places: Int32Array): PauliTerm[] {
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
export function sign(bits: number): 1 | -1 {
  let fold = bits ^ (bits >>> 16);
  fold ^= fold >>> 8;
  fold ^= fold >>> 4;
  return (0x6996 >>> (fold & 15)) & 1 ? -1 : 1;
}

/** How many letters of the string are Y: P|j⟩ = i^turns (−1)^{j·z} |j ⊕ x⟩. */
export const turnsOf = ({ x, z }: Pick<PauliTerm, 'x' | 'z'>): number => ones(x & z);

export function ones(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
