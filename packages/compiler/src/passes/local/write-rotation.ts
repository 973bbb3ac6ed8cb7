import type { Parameter } from '@qfs/circuit';
import type { Op } from '../contract.ts';
import { scaleAngle, wrapAngle } from '../matrix/angles.ts';
import type { RotationFamily } from './gate-rules.ts';
import type { GateSet } from './gate-set.ts';

const PI = Math.PI;
const TAU = 2 * PI;

/** Gates that are powers of a generator, by their angle; with the phase of half of it on one qubit. */
const NAMED: Readonly<Partial<Record<RotationFamily, readonly (readonly [angle: number, gate: string])[]>>> =
  {
    rz: [
      [PI, 'z'],
      [PI / 2, 's'],
      [-PI / 2, 'sdg'],
      [PI / 4, 't'],
      [-PI / 4, 'tdg'],
    ],
    rx: [
      [PI, 'x'],
      [PI / 2, 'sx'],
      [-PI / 2, 'sxdg'],
    ],
    ry: [[PI, 'y']],
    cp: [
      [PI, 'cz'],
      [PI / 2, 'cs'],
      [-PI / 2, 'csdg'],
    ],
    cxp: [
      [PI, 'cx'],
      [PI / 2, 'csx'],
    ],
  };

/** Families that a whole turn multiplies by −1, where the others come back to the identity after two. */
const SPINS: readonly RotationFamily[] = ['rx', 'ry', 'rz', 'rxx', 'ryy', 'rzz', 'rzx'];
const CONTROLLED_SPINS: readonly RotationFamily[] = ['crx', 'cry', 'crz'];

export interface WrittenRotation {
  /** Undefined where nothing is left to do. */
  readonly op: Op | undefined;
  readonly phase: Parameter;
}

/**
 * One gate for a rotation, or none for a whole turn; undefined when the set has no gate for it. `asPhase`
 * asks for `p` in place of `rz` where both are there.
 */
export function writeRotation(
  family: RotationFamily,
  angle: Parameter,
  qubits: readonly number[],
  set: GateSet,
  asPhase = false,
): WrittenRotation | undefined {
  if (typeof angle !== 'number') return continuous(family, angle, qubits, set, asPhase);
  const wrapped = wrapAngle(angle, CONTROLLED_SPINS.includes(family) ? 2 * TAU : TAU);
  const turned = SPINS.includes(family) ? PI * Math.round((angle - wrapped) / TAU) : 0;
  if (wrapped === 0) return { op: undefined, phase: turned };
  const free = (): WrittenRotation | undefined => continuous(family, wrapped, qubits, set, asPhase);
  const written = set.isFree
    ? (named(family, wrapped, qubits, set) ?? free())
    : (free() ?? named(family, wrapped, qubits, set));
  return written && { op: written.op, phase: (written.phase as number) + turned };
}

function continuous(
  family: RotationFamily,
  angle: Parameter,
  qubits: readonly number[],
  set: GateSet,
  asPhase: boolean,
): WrittenRotation | undefined {
  if (family === 'rz' && set.allows('p') && (asPhase || !set.allows('rz')))
    return { op: { gate: 'p', parameters: [angle], qubits }, phase: scaleAngle(angle, -1 / 2) };
  if (family === 'cxp' || !set.allows(family)) return undefined;
  return { op: { gate: family, parameters: [angle], qubits }, phase: 0 };
}

function named(
  family: RotationFamily,
  angle: number,
  qubits: readonly number[],
  set: GateSet,
): WrittenRotation | undefined {
  const found = NAMED[family]?.find(([own, gate]) => wrapAngle(own - angle, TAU) === 0 && set.allows(gate));
  if (found === undefined) return undefined;
  return { op: { gate: found[1], parameters: [], qubits }, phase: qubits.length === 1 ? -angle / 2 : 0 };
}
