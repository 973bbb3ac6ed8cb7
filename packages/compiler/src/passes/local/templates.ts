import type { Op, PassContext, Run } from '../contract.ts';
import { AngleSum, scaleAngle } from '../matrix/angles.ts';
import { angleOfOp, phaseOfOp, ruleOf } from './gate-rules.ts';
import type { GateSet } from './gate-set.ts';
import { inRounds } from './in-rounds.ts';
import { type Slot, Wires } from './wires.ts';

/** How far back on the other qubit the first gate of a pattern is looked for. */
const STEPS_MAX = 50;
/** One pattern can make another; a CNOT between four H takes two rounds. */
const ROUNDS_MAX = 4;

/** What a gate becomes between two H on the operand; `turned` where the operands change places. */
interface Conjugate {
  readonly gate: string;
  readonly isTurned?: boolean;
  readonly isNegated?: boolean;
}

/** By gate and operand. Symmetric gates turn so that the operand comes last. */
const BETWEEN_HADAMARDS: Readonly<Record<string, readonly (Conjugate | undefined)[]>> = {
  cx: [undefined, { gate: 'cz' }],
  cz: [{ gate: 'cx', isTurned: true }, { gate: 'cx' }],
  cs: [{ gate: 'csx', isTurned: true }, { gate: 'csx' }],
  csx: [undefined, { gate: 'cs' }],
  crx: [undefined, { gate: 'crz' }],
  crz: [undefined, { gate: 'crx' }],
  cry: [undefined, { gate: 'cry', isNegated: true }],
  rzz: [{ gate: 'rzx', isTurned: true }, { gate: 'rzx' }],
  rzx: [{ gate: 'rxx' }, { gate: 'rzz' }],
  rxx: [{ gate: 'rzx' }, { gate: 'rzx', isTurned: true }],
  ccx: [undefined, undefined, { gate: 'ccz' }],
  ccz: [undefined, undefined, { gate: 'ccx' }],
};

/** A rotation of one operand between two equal gates, and the rotation of the pair that the three are. */
interface Sandwich {
  readonly outer: 'cx' | 'cz';
  /** The operand with the rotation. */
  readonly operand: 0 | 1;
  readonly middle: 'rz' | 'rx';
  readonly gate: string;
  readonly isTurned?: boolean;
}

const SANDWICHES: readonly Sandwich[] = [
  { outer: 'cx', operand: 1, middle: 'rz', gate: 'rzz' },
  { outer: 'cx', operand: 0, middle: 'rx', gate: 'rxx' },
  { outer: 'cz', operand: 1, middle: 'rx', gate: 'rzx' },
  { outer: 'cz', operand: 0, middle: 'rx', gate: 'rzx', isTurned: true },
];

/** Replaces short patterns of gates, whose angles may be symbolic, by one gate each. */
export const applyTemplates = (run: Run, context: PassContext): Run =>
  inRounds(run, context, ROUNDS_MAX, (current, set) => new Matcher(current, set));

class Matcher {
  readonly wires: Wires;
  readonly phase: AngleSum;
  isChanged = false;
  readonly #set: GateSet;

  constructor(run: Run, set: GateSet) {
    this.wires = new Wires(run.ops.length);
    this.phase = new AngleSum(run.phase);
    this.#set = set;
    for (const op of run.ops) {
      if (this.#closesHadamards(op) || this.#closesSandwich(op)) this.isChanged = true;
      else this.wires.add(op);
    }
  }

  /** H, gate, H on one operand of the gate: the gate with another axis. */
  #closesHadamards({ gate, qubits }: Op): boolean {
    if (gate !== 'h') return false;
    const qubit = qubits[0]!;
    const slot = this.wires.lastOn(qubit);
    if (slot < 0) return false;
    const inner = this.wires.at(slot);
    const operand = inner.qubits.indexOf(qubit);
    const conjugate = BETWEEN_HADAMARDS[inner.gate]?.[operand];
    if (conjugate === undefined || !this.#set.allows(conjugate.gate)) return false;
    const opening = this.wires.before(slot, qubit);
    if (opening < 0 || this.wires.at(opening).gate !== 'h') return false;
    this.wires.remove(opening);
    const parameters = conjugate.isNegated
      ? inner.parameters.map((angle) => scaleAngle(angle, -1))
      : inner.parameters;
    this.wires.replace(slot, { gate: conjugate.gate, parameters, qubits: turned(inner.qubits, conjugate) });
    return true;
  }

  /** A rotation between two CNOTs or two CZ: one rotation of the pair. */
  #closesSandwich(op: Op): boolean {
    if (op.gate !== 'cx' && op.gate !== 'cz') return false;
    return SANDWICHES.some((sandwich) => sandwich.outer === op.gate && this.#isFilled(op, sandwich));
  }

  #isFilled(op: Op, sandwich: Sandwich): boolean {
    const { operand, gate, middle } = sandwich;
    const [qubit, other] = [op.qubits[operand]!, op.qubits[1 - operand]!];
    const rotation = this.wires.lastOn(qubit);
    if (rotation < 0 || !this.#set.allows(gate)) return false;
    const turn = this.wires.at(rotation);
    const rule = this.wires.ruleAt(rotation);
    // Named gates stay what they are: CNOT with T is what fault-tolerant machines run.
    if (turn.qubits.length !== 1 || turn.parameters.length === 0 || rule.rotation?.family !== middle)
      return false;
    const opening = this.wires.before(rotation, qubit);
    if (opening < 0 || !isSame(this.wires.at(opening), op) || !this.#reaches(opening, other, op))
      return false;
    const angle = angleOfOp(turn, rule);
    this.phase.add(phaseOfOp(turn, rule));
    this.wires.remove(rotation);
    this.wires.replace(opening, { gate, parameters: [angle], qubits: turned(op.qubits, sandwich) });
    return true;
  }

  /** Does the gate commute with all that stands on the qubit between the slot and it? */
  #reaches(opening: Slot, qubit: number, op: Op): boolean {
    const axis = ruleOf(op.gate).axes[op.qubits.indexOf(qubit)];
    let slot = this.wires.lastOn(qubit);
    for (let step = 0; slot !== opening; step++) {
      if (step === STEPS_MAX || this.wires.axis(slot, qubit) !== axis) return false;
      slot = this.wires.before(slot, qubit);
    }
    return true;
  }
}

const turned = (
  qubits: readonly number[],
  { isTurned }: { readonly isTurned?: boolean },
): readonly number[] => (isTurned ? [...qubits].reverse() : qubits);

const isSame = (left: Op, right: Op): boolean =>
  left.gate === right.gate &&
  (left.qubits[0] === right.qubits[0]
    ? left.qubits[1] === right.qubits[1]
    : right.gate === 'cz' && left.qubits[0] === right.qubits[1] && left.qubits[1] === right.qubits[0]);
