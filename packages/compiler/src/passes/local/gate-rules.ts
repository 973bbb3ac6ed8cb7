import type { Parameter } from '@qfs/circuit';
import { assert } from '@qfs/core';
import type { Op } from '../contract.ts';
import { scaleAngle } from '../matrix/angles.ts';

/**
 * What an operation is on one of its qubits: it acts there as a combination of the identity and this Pauli
 * operator, or as anything (`-`). Operations that agree on every qubit they share commute.
 */
export type Axis = 'X' | 'Y' | 'Z' | '-';

/**
 * Operations that merge by adding their angles; `cxp` is the power angle/π of CNOT, as `cp` is that of CZ.
 */
export type RotationFamily =
  | 'rx'
  | 'ry'
  | 'rz'
  | 'rxx'
  | 'ryy'
  | 'rzz'
  | 'rzx'
  | 'cp'
  | 'cxp'
  | 'crx'
  | 'cry'
  | 'crz';

export interface GateRule {
  /** One per qubit. */
  readonly axes: readonly Axis[];
  /** Which operands may be exchanged with each other. */
  readonly symmetric: 'none' | 'all' | 'first two' | 'last two';
  readonly isOwnInverse: boolean;
  /**
   * The gate is e^{i·phaseFactor·angle} times the rotation of the family, by its parameter or by this angle.
   * Without a family it merges with nothing.
   */
  readonly rotation?: {
    readonly family: RotationFamily;
    readonly angle: number | undefined;
    readonly phaseFactor: number;
  };
  /**
   * Gates on the same pair commute where both are functions of XX, YY, ZZ (`paulis`), or one is a function of
   * Z⊗Z and the sum of both Z (`levels`) and the other keeps the number of ones (`exchange`, which also is
   * one of `paulis`).
   */
  readonly pair?: 'paulis' | 'levels' | 'exchange';
}

const PI = Math.PI;

interface Extra {
  readonly symmetric?: GateRule['symmetric'];
  readonly pair?: NonNullable<GateRule['pair']>;
}

const axesOf = (axes: string): Axis[] => [...axes] as Axis[];

const plain = (axes: string, extra: Extra = {}): GateRule => ({
  axes: axesOf(axes),
  symmetric: 'none',
  isOwnInverse: false,
  ...extra,
});

const involution = (axes: string, extra: Extra = {}): GateRule => ({
  ...plain(axes, extra),
  isOwnInverse: true,
});

const rotation = (
  axes: string,
  family: RotationFamily,
  {
    angle,
    phaseFactor = 0,
    ...extra
  }: Extra & { readonly angle?: number; readonly phaseFactor?: number } = {},
): GateRule => ({ ...plain(axes, extra), rotation: { family, angle, phaseFactor } });

/** A gate with a name that is a power of a Pauli operator: a rotation with the phase of half its angle. */
const power = (axis: 'X' | 'Y' | 'Z', angle?: number): GateRule =>
  rotation(axis, `r${axis.toLowerCase()}` as RotationFamily, {
    ...(angle !== undefined && { angle }),
    phaseFactor: 1 / 2,
  });

const level = (angle?: number): GateRule =>
  rotation('ZZ', 'cp', { symmetric: 'all', pair: 'levels', ...(angle !== undefined && { angle }) });

/** Every gate of the table but those on no qubit. */
export const GATE_RULES: Readonly<Record<string, GateRule>> = {
  id: involution('-'),
  U: plain('-'),
  u: plain('-'),
  u2: plain('-'),
  u3: plain('-'),
  r: plain('-'),
  h: involution('-'),
  x: power('X', PI),
  sx: power('X', PI / 2),
  sxdg: power('X', -PI / 2),
  rx: rotation('X', 'rx'),
  y: power('Y', PI),
  ry: rotation('Y', 'ry'),
  z: power('Z', PI),
  s: power('Z', PI / 2),
  sdg: power('Z', -PI / 2),
  t: power('Z', PI / 4),
  tdg: power('Z', -PI / 4),
  p: power('Z'),
  rz: rotation('Z', 'rz'),
  cx: rotation('ZX', 'cxp', { angle: PI }),
  csx: rotation('ZX', 'cxp', { angle: PI / 2 }),
  cy: involution('ZY'),
  ch: involution('Z-'),
  cz: level(PI),
  cs: level(PI / 2),
  csdg: level(-PI / 2),
  cp: level(),
  crx: rotation('ZX', 'crx'),
  cry: rotation('ZY', 'cry'),
  crz: rotation('ZZ', 'crz'),
  cu: plain('Z-'),
  rxx: rotation('XX', 'rxx', { symmetric: 'all', pair: 'paulis' }),
  ryy: rotation('YY', 'ryy', { symmetric: 'all', pair: 'paulis' }),
  rzz: rotation('ZZ', 'rzz', { symmetric: 'all', pair: 'paulis' }),
  rzx: rotation('ZX', 'rzx'),
  xx_plus_yy: plain('--'),
  swap: involution('--', { symmetric: 'all', pair: 'exchange' }),
  iswap: plain('--', { symmetric: 'all', pair: 'exchange' }),
  dcx: plain('--'),
  ecr: involution('-X'),
  ccx: involution('ZZX', { symmetric: 'first two' }),
  ccz: involution('ZZZ', { symmetric: 'all' }),
  cswap: involution('Z--', { symmetric: 'last two' }),
};

const RULES: ReadonlyMap<string, GateRule> = new Map(Object.entries(GATE_RULES));

export function ruleOf(gate: string): GateRule {
  const rule = RULES.get(gate);
  assert(rule !== undefined, () => `no rule for gate '${gate}'`);
  return rule;
}

/** The angle of a gate that is a rotation. */
export const angleOfOp = (op: Op, { rotation: own }: GateRule): Parameter => own?.angle ?? op.parameters[0]!;

/** The phase that the gate has beside the rotation of its family. */
export const phaseOfOp = (op: Op, rule: GateRule): Parameter =>
  rule.rotation === undefined || rule.rotation.phaseFactor === 0
    ? 0
    : scaleAngle(angleOfOp(op, rule), rule.rotation.phaseFactor);

/** Do two gates of the same rule act on the same qubits in the same roles? */
export function hasSameOperands(left: Op, right: Op, { symmetric }: GateRule): boolean {
  const [a, b, c] = left.qubits;
  const [x, y, z] = right.qubits;
  if (a === x && b === y && c === z) return true;
  switch (symmetric) {
    case 'none':
      return false;
    case 'first two':
      return a === y && b === x && c === z;
    case 'last two':
      return a === x && b === z && c === y;
    case 'all':
      return (
        left.qubits.length === right.qubits.length &&
        left.qubits.every((qubit) => right.qubits.includes(qubit))
      );
  }
}

/** Do two gates on the same pair commute although they differ in their axes? */
export const commutesOnPair = ({ pair: left }: GateRule, { pair: right }: GateRule): boolean =>
  left !== undefined &&
  right !== undefined &&
  (left === 'exchange' || right === 'exchange' || (left === 'paulis' && right === 'paulis'));
