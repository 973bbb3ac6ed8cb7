import { type CompileTarget, gateByName } from '@qfs/circuit';
import type { PassContext } from '../contract.ts';
import { type Entangler, entanglerOf, SWAP } from '../matrix/synthesis.ts';
import { Settled } from './numeric.ts';
import type { Written } from './write-one-qubit.ts';

/** How a gate on one qubit is written in a basis; each needs the gates it is named after. */
export const EULER_STYLES = ['u3', 'u', 'U', 'z-sx-z', 'z-y-z', 'z-x-z', 'x-y-x', 'z-r', 'z-h-z'] as const;
export type EulerStyle = (typeof EULER_STYLES)[number];

/** The gates that a pass may write. */
export interface GateSet {
  /** Is every gate of the table allowed? */
  readonly isFree: boolean;
  allows(gate: string): boolean;
  /** The gate for rotations about Z, with the phases of its table row. */
  readonly zGate: 'rz' | 'p' | undefined;
  /** Undefined for a basis without a continuous universal set on one qubit. */
  readonly style: EulerStyle | undefined;
  /** Those that are equivalent to CNOT first. */
  readonly entanglers: readonly Entangler[];
  readonly settledRows: Settled;
  /** By the gates on both qubits of a pair. */
  readonly settledBlocks: Settled;
  /** What blocks of a pair become, by their gates; null where they stay. */
  readonly knownBlocks: Map<string, Written | null>;
  /** May a two-qubit gate act on this pair in this order? */
  isOrdered(first: number, second: number): boolean;
}

const NEEDS: Readonly<Record<EulerStyle, readonly string[]>> = {
  u3: ['u3'],
  u: ['u'],
  U: ['U'],
  'z-sx-z': ['sx'],
  'z-y-z': ['ry'],
  'z-x-z': ['rx'],
  'x-y-x': ['rx', 'ry'],
  'z-r': ['r'],
  'z-h-z': ['h'],
};

const entanglersIn = (names: readonly string[]): Entangler[] => {
  const found = names.flatMap((name) => {
    const gate = gateByName(name);
    const entangler = gate === undefined ? undefined : entanglerOf(gate);
    return entangler === undefined ? [] : [entangler];
  });
  const isFixed = ({ gate }: Entangler): boolean => gateByName(gate)?.parameters.length === 0;
  return [...found.filter(isFixed), ...found.filter((entangler) => !isFixed(entangler))];
};

const FREE: GateSet = {
  isFree: true,
  allows: () => true,
  zGate: 'rz',
  style: 'u3',
  entanglers: [...entanglersIn(['cx', 'rzz']), SWAP],
  settledRows: new Settled(),
  settledBlocks: new Settled(),
  knownBlocks: new Map(),
  isOrdered: () => true,
};

const SETS = new WeakMap<CompileTarget, GateSet>();

/** The gates of the target's basis, or all gates without a target. */
export function gateSetOf({ target }: Pick<PassContext, 'target'>): GateSet {
  if (target === undefined) return FREE;
  const known = SETS.get(target);
  if (known !== undefined) return known;
  const set = gateSetOfTarget(target);
  SETS.set(target, set);
  return set;
}

function gateSetOfTarget(target: CompileTarget): GateSet {
  const names = new Set(target.basisGates.map((name) => gateByName(name)?.name ?? name));
  const zGate = names.has('rz') ? 'rz' : names.has('p') ? 'p' : undefined;
  const style = EULER_STYLES.find(
    (candidate) =>
      NEEDS[candidate].every((name) => names.has(name)) &&
      (!candidate.startsWith('z-') || zGate !== undefined),
  );
  const pairs = target.directed
    ? new Set((target.coupling ?? []).map(([first, second]) => first! * target.qubits + second!))
    : undefined;
  return {
    isFree: false,
    allows: (gate) => names.has(gate),
    zGate,
    style,
    entanglers: entanglersIn([...names]),
    settledRows: new Settled(),
    settledBlocks: new Settled(),
    knownBlocks: new Map(),
    isOrdered: (first, second) => pairs === undefined || pairs.has(first * target.qubits + second),
  };
}
