import { type CompileTarget, gateByName } from '@qfs/circuit';
import type { PassContext } from '../contract.ts';
import { type Entangler, entanglerOf, SWAP } from '../matrix/synthesis.ts';
import { type TurnFamily, turnFamilyOf } from '../target/one-qubit.ts';
import { Settled } from './numeric.ts';
import type { Written } from './write-one-qubit.ts';

/** The gates that a pass may write. */
export interface GateSet {
  /** Is every gate of the table allowed? */
  readonly isFree: boolean;
  allows(gate: string): boolean;
  readonly names: ReadonlySet<string>;
  /** How a gate on one qubit is written; undefined for a basis that does not make all of them. */
  readonly turns: TurnFamily | undefined;
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
  names: new Set(['u3']),
  turns: turnFamilyOf(new Set(['u3'])),
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
  const pairs = target.directed
    ? new Set((target.coupling ?? []).map(([first, second]) => first! * target.qubits + second!))
    : undefined;
  return {
    isFree: false,
    allows: (gate) => names.has(gate),
    names,
    turns: turnFamilyOf(names),
    entanglers: entanglersIn([...names]),
    settledRows: new Settled(),
    settledBlocks: new Settled(),
    knownBlocks: new Map(),
    isOrdered: (first, second) => pairs === undefined || pairs.has(first * target.qubits + second),
  };
}
