import type { Op, PassContext, Run } from '../contract.ts';
import { AngleSum, mergedAngle } from '../matrix/angles.ts';
import {
  angleOfOp,
  commutesOnPair,
  type GateRule,
  hasSameOperands,
  phaseOfOp,
  ruleOf,
} from './gate-rules.ts';
import type { GateSet } from './gate-set.ts';
import { inRounds } from './in-rounds.ts';
import { type Slot, Wires } from './wires.ts';
import { type WrittenRotation, writeRotation } from './write-rotation.ts';

/** How far a gate is carried back along a qubit in search of its partner. */
const STEPS_MAX = 200;
/** A round can uncover pairs for the next; circuits settle within a few. */
const ROUNDS_MAX = 8;

/** Cancels inverse gates and merges rotations with everything between them that commutes. */
export const cancel = (run: Run, context: PassContext): Run =>
  inRounds(run, context, ROUNDS_MAX, (current, set) => new Canceller(current, set));

class Canceller {
  readonly wires: Wires;
  readonly phase: AngleSum;
  isChanged = false;
  readonly #set: GateSet;

  constructor(run: Run, set: GateSet) {
    this.wires = new Wires(run.ops.length);
    this.phase = new AngleSum(run.phase);
    this.#set = set;
    for (const op of run.ops) {
      const rule = ruleOf(op.gate);
      if (this.#isNothing(op, rule) || this.#merge(op, rule)) this.isChanged = true;
      else this.wires.add(op);
    }
  }

  /** Is the gate an identity, up to a phase that is kept? */
  #isNothing(op: Op, rule: GateRule): boolean {
    if (op.gate === 'id') return true;
    const [angle] = op.parameters;
    if (rule.rotation === undefined || typeof angle !== 'number') return false;
    const written = writeRotation(rule.rotation.family, angle, op.qubits, this.#set);
    if (written === undefined || written.op !== undefined) return false;
    this.phase.add(phaseOfOp(op, rule)).add(written.phase);
    return true;
  }

  /** Looks for an earlier gate that this one can be carried back to, and merges the two. */
  #merge(op: Op, rule: GateRule): boolean {
    if (rule.rotation === undefined && !rule.isOwnInverse) return false;
    const qubit = op.qubits[0]!;
    let slot = this.wires.lastOn(qubit);
    for (let step = 0; slot >= 0 && step < STEPS_MAX; step++) {
      if (this.#isPartner(slot, op, rule) && this.#reaches(slot, op, rule)) {
        const written = this.#sum(slot, op, rule);
        if (written !== undefined) this.#put(slot, op, rule, written);
        return written !== undefined;
      }
      if (!this.#commutes(slot, op, rule, 0)) return false;
      slot = this.wires.before(slot, qubit);
    }
    return false;
  }

  #isPartner(slot: Slot, op: Op, rule: GateRule): boolean {
    const own = this.wires.ruleAt(slot);
    const isSameKind =
      rule.rotation === undefined ? own === rule : own.rotation?.family === rule.rotation.family;
    return isSameKind && hasSameOperands(this.wires.at(slot), op, rule);
  }

  /** Does the gate commute with all that stands behind the slot on its other qubits? */
  #reaches(slot: Slot, op: Op, rule: GateRule): boolean {
    for (let operand = 1; operand < op.qubits.length; operand++) {
      const qubit = op.qubits[operand]!;
      let other = this.wires.lastOn(qubit);
      for (let step = 0; other !== slot; step++) {
        if (step === STEPS_MAX || !this.#commutes(other, op, rule, operand)) return false;
        other = this.wires.before(other, qubit);
      }
    }
    return true;
  }

  /** Do the gates commute, as far as one qubit that they share tells? */
  #commutes(slot: Slot, op: Op, rule: GateRule, operand: number): boolean {
    const axis = rule.axes[operand]!;
    if (axis !== '-' && this.wires.axis(slot, op.qubits[operand]!) === axis) return true;
    const { qubits } = this.wires.at(slot);
    return (
      qubits.length === 2 &&
      op.qubits.length === 2 &&
      commutesOnPair(this.wires.ruleAt(slot), rule) &&
      qubits.includes(op.qubits[0]!) &&
      qubits.includes(op.qubits[1]!)
    );
  }

  #sum(slot: Slot, op: Op, rule: GateRule): WrittenRotation | undefined {
    if (rule.rotation === undefined) return { op: undefined, phase: 0 };
    const earlier = this.wires.at(slot);
    const own = this.wires.ruleAt(slot);
    const angle = mergedAngle(angleOfOp(earlier, own), angleOfOp(op, rule));
    if (angle === undefined) return undefined;
    const asPhase = own.rotation!.phaseFactor !== 0 && rule.rotation.phaseFactor !== 0;
    return writeRotation(rule.rotation.family, angle, earlier.qubits, this.#set, asPhase);
  }

  #put(slot: Slot, op: Op, rule: GateRule, written: WrittenRotation): void {
    this.phase
      .add(phaseOfOp(this.wires.at(slot), this.wires.ruleAt(slot)))
      .add(phaseOfOp(op, rule))
      .add(written.phase);
    if (written.op === undefined) this.wires.remove(slot);
    else this.wires.replace(slot, written.op);
  }
}
