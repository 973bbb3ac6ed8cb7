import { atan2 } from '@qfs/core/math';
import type { Matrix } from './complex.ts';

/**
 * A unitary on one qubit: e^{i·phase} · rz(phi) · ry(theta) · rz(lambda), with theta in [0, π]; lambda is 0
 * where only the sum of the two counts.
 */
export interface Euler {
  readonly theta: number;
  readonly phi: number;
  readonly lambda: number;
  readonly phase: number;
}

/**
 * Entries below this have no direction: who leaves out a turn below ANGLE_TOLERANCE must not keep half of its
 * angles, which would be rounding.
 */
const VANISHING = 1e-11;

export function euler(m: Matrix): Euler {
  const diagonal = Math.sqrt(m[0]! * m[0]! + m[1]! * m[1]!);
  const other = Math.sqrt(m[4]! * m[4]! + m[5]! * m[5]!);
  const theta = 2 * atan2(other, diagonal);
  // Halves of sum and difference of phi and lambda, from the arguments of the entries.
  let sum = 0;
  let difference = 0;
  let phase = 0;
  if (diagonal > VANISHING) {
    const upper = atan2(m[1]!, m[0]!);
    const lower = atan2(m[7]!, m[6]!);
    sum = (lower - upper) / 2;
    phase = (lower + upper) / 2;
  }
  if (other > VANISHING) {
    const upper = atan2(-m[3]!, -m[2]!);
    const lower = atan2(m[5]!, m[4]!);
    difference = (lower - upper) / 2;
    if (diagonal <= VANISHING) phase = (lower + upper) / 2;
    // Both give the phase up to a half turn; where they differ, the difference of the angles takes it.
    else if (Math.round((lower + upper - 2 * phase) / (2 * Math.PI)) % 2 !== 0) difference += Math.PI;
  }
  if (other <= VANISHING) return { theta, phi: 2 * sum, lambda: 0, phase };
  return { theta, phi: sum + difference, lambda: sum - difference, phase };
}
