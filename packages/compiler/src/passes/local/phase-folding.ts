import type { Op, PassContext, Run } from '../contract.ts';
import { AngleSum, TERMS_MERGED_MAX } from '../matrix/angles.ts';
import { angleOfOp, phaseOfOp, ruleOf } from './gate-rules.ts';
import { type GateSet, gateSetOf } from './gate-set.ts';
import { writeRotation } from './write-rotation.ts';

/** A qubit whose parity has more variables than this is taken for a new one. */
const VARIABLES_MAX = 64;

/** What a qubit holds along a path of basis states: the sum of variables modulo 2, possibly flipped. */
interface Parity {
  /** Ascending. */
  readonly variables: readonly number[];
  readonly isFlipped: boolean;
}

/** A rotation that stands in one slot and turns a parity that others turn as well. */
interface Member {
  readonly slot: number;
  /** Does it turn the parity the other way round? */
  readonly isFlipped: boolean;
}

/**
 * Rotations about Z and Z⊗Z depend on a parity of qubits alone. Along each path of basis states every qubit
 * holds a sum of variables: CNOTs add, X flips, and a gate that mixes basis states starts a new variable.
 * Rotations of equal sums are one, wherever they stand and whatever is between them. (Phase folding: Amy,
 * Maslov and Mosca 2014; Nam, Ross, Su, Childs and Maslov 2018.)
 */
export function foldPhases(run: Run, context: PassContext): Run {
  const groups = groupsOf(run.ops, context.qubits);
  const slots: (Op | undefined)[] = [...run.ops];
  const phase = new AngleSum(run.phase);
  let isChanged = false;
  const set = gateSetOf(context);
  for (const members of groups) if (fold(members, slots, phase, set)) isChanged = true;
  return isChanged ? { ops: slots.filter((op) => op !== undefined), phase: phase.value() } : run;
}

/** Members that turn the same parity, two and more each. */
function groupsOf(ops: readonly Op[], qubits: number): Iterable<readonly Member[]> {
  const parities = new Parities(qubits);
  const groups = new Map<string, Member[]>();
  for (const [slot, op] of ops.entries()) {
    const turned = parities.turnedBy(op);
    if (turned === undefined) {
      parities.follow(op);
      continue;
    }
    const member = { slot, isFlipped: turned.isFlipped };
    const group = groups.get(turned.key);
    if (group === undefined) groups.set(turned.key, [member]);
    else group.push(member);
  }
  return groups.values();
}

/**
 * Writes the whole angle into the first member on the fewest qubits, takes the others away and adds the phase
 * that is left; false where the set has no gate for the sum.
 */
function fold(members: readonly Member[], slots: (Op | undefined)[], phase: AngleSum, set: GateSet): boolean {
  if (members.length < 2) return false;
  const size = ({ slot }: Member): number => slots[slot]!.qubits.length;
  const kept = members.reduce((best, member) => (size(member) < size(best) ? member : best));
  const angle = new AngleSum(0);
  const left = new AngleSum(0);
  let asPhase = true;
  for (const member of members) {
    const op = slots[member.slot]!;
    const rule = ruleOf(op.gate);
    angle.add(angleOfOp(op, rule), member.isFlipped === kept.isFlipped ? 1 : -1);
    left.add(phaseOfOp(op, rule));
    if (rule.rotation?.phaseFactor === 0) asPhase = false;
  }
  if (angle.terms > TERMS_MERGED_MAX) return false;
  const { gate, qubits } = slots[kept.slot]!;
  const written = writeRotation(ruleOf(gate).rotation!.family, angle.value(), qubits, set, asPhase);
  if (written === undefined) return false;
  for (const { slot } of members) slots[slot] = undefined;
  slots[kept.slot] = written.op;
  phase.add(left.value()).add(written.phase);
  return true;
}

class Parities {
  readonly #of: Parity[];
  #variables: number;

  constructor(qubits: number) {
    this.#of = Array.from({ length: qubits }, (_, qubit) => ({ variables: [qubit], isFlipped: false }));
    this.#variables = qubits;
  }

  /** The parity that a rotation turns; undefined for every other gate. */
  turnedBy({ gate, qubits }: Op): { readonly key: string; readonly isFlipped: boolean } | undefined {
    const family = ruleOf(gate).rotation?.family;
    const [first, second] = [this.#of[qubits[0]!]!, this.#of[qubits[1]!]];
    switch (family) {
      case 'rz':
        return { key: first.variables.join(), isFlipped: first.isFlipped };
      case 'rzz': {
        const { variables, isFlipped } = sum(first, second!);
        return { key: variables.join(), isFlipped };
      }
      case 'cp': {
        const key = [keyOf(first), keyOf(second!)].sort().join('&');
        return { key, isFlipped: false };
      }
      default:
        return undefined;
    }
  }

  /** What the qubits hold after a gate that is not folded. */
  follow({ gate, qubits }: Op): void {
    const [first, second] = qubits as readonly [number, number];
    switch (gate) {
      case 'x':
      case 'y':
        this.#of[first] = { ...this.#of[first]!, isFlipped: !this.#of[first]!.isFlipped };
        return;
      case 'cx':
      case 'cy':
        this.#add(first, second);
        return;
      case 'dcx':
        this.#add(first, second);
        this.#add(second, first);
        return;
      case 'swap':
      case 'iswap':
        [this.#of[first], this.#of[second]] = [this.#of[second]!, this.#of[first]!];
        return;
    }
    for (const [operand, axis] of ruleOf(gate).axes.entries()) {
      if (axis !== 'Z') this.#renew(qubits[operand]!);
    }
  }

  #add(from: number, to: number): void {
    const added = sum(this.#of[from]!, this.#of[to]!);
    if (added.variables.length > VARIABLES_MAX) this.#renew(to);
    else this.#of[to] = added;
  }

  #renew(qubit: number): void {
    this.#of[qubit] = { variables: [this.#variables], isFlipped: false };
    this.#variables += 1;
  }
}

const keyOf = ({ variables, isFlipped }: Parity): string => `${variables.join()}${isFlipped ? '!' : ''}`;

/** The sum modulo 2. */
function sum(left: Parity, right: Parity): Parity {
  const [a, b] = [left.variables, right.variables];
  const variables: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      i += 1;
      j += 1;
    } else if (a[i]! < b[j]!) variables.push(a[i++]!);
    else variables.push(b[j++]!);
  }
  while (i < a.length) variables.push(a[i++]!);
  while (j < b.length) variables.push(b[j++]!);
  return { variables, isFlipped: left.isFlipped !== right.isFlipped };
}
