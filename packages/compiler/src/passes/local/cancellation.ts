import type { Parameter } from '@qfs/circuit';
import type { Op, PassContext, Run } from '../contract.ts';
import { addAngles } from '../matrix/angles.ts';
import {
  angleOfOp,
  commutesOnPair,
  type GateRule,
  hasSameOperands,
  phaseOfOp,
  ruleOf,
} from './gate-rules.ts';
import { type GateSet, gateSetOf } from './gate-set.ts';
import { type WrittenRotation, writeRotation } from './write-rotation.ts';

/** How far a gate is carried back along a qubit in search of its partner. */
const STEPS_MAX = 200;
/** A round can uncover pairs for the next; circuits settle within a few. */
const ROUNDS_MAX = 8;
/** Operands that a gate of the table has at most. */
const OPERANDS_MAX = 3;

/** Cancels inverse gates and merges rotations with everything between them that commutes. */
export function cancel(run: Run, context: PassContext): Run {
  const set = gateSetOf(context);
  let current = run;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const wires = new Wires(current.ops.length, set);
    for (const op of current.ops) wires.add(op);
    if (!wires.changed) break;
    current = { ops: wires.ops(), phase: addAngles(current.phase, wires.phase) };
  }
  return current;
}

/**
 * Operations as they stand on each qubit, in doubly linked lists: node `OPERANDS_MAX`·slot + operand stands for one
 * qubit of one operation.
 */
class Wires {
  phase: Parameter = 0;
  changed = false;
  readonly #set: GateSet;
  readonly #slots: (Op | undefined)[] = [];
  readonly #rules: GateRule[] = [];
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  /** The last node of each qubit. */
  readonly #last: number[] = [];

  constructor(length: number, set: GateSet) {
    this.#before = new Int32Array(OPERANDS_MAX * length).fill(-1);
    this.#after = new Int32Array(OPERANDS_MAX * length).fill(-1);
    this.#set = set;
  }

  ops(): Op[] {
    return this.#slots.filter((op) => op !== undefined);
  }

  add(op: Op): void {
    if (op.gate === 'id') {
      this.changed = true;
      return;
    }
    const rule = ruleOf(op.gate);
    if (this.#merge(op, rule)) {
      this.changed = true;
      return;
    }
    const slot = this.#slots.push(op) - 1;
    this.#rules.push(rule);
    for (const [operand, qubit] of op.qubits.entries()) {
      const node = OPERANDS_MAX * slot + operand;
      const last = this.#last[qubit] ?? -1;
      this.#before[node] = last;
      if (last >= 0) this.#after[last] = node;
      this.#last[qubit] = node;
    }
  }

  /** Looks for an earlier gate that this one can be carried back to and merged with. */
  #merge(op: Op, rule: GateRule): boolean {
    if (rule.rotation === undefined && !rule.isOwnInverse) return false;
    let node = this.#last[op.qubits[0]!] ?? -1;
    for (let step = 0; node >= 0 && step < STEPS_MAX; step++) {
      const slot = Math.floor(node / OPERANDS_MAX);
      if (this.#isPartner(slot, op, rule) && this.#reaches(slot, op, rule)) {
        const written = this.#mergedWith(slot, op, rule);
        if (written !== undefined) {
          this.#replace(slot, op, rule, written);
          return true;
        }
      }
      if (!this.#commutes(node, op, rule, 0)) return false;
      node = this.#before[node]!;
    }
    return false;
  }

  #isPartner(slot: number, op: Op, rule: GateRule): boolean {
    const own = this.#rules[slot]!;
    const isSameKind =
      rule.rotation === undefined ? own === rule : own.rotation?.family === rule.rotation.family;
    return isSameKind && hasSameOperands(this.#slots[slot]!, op, rule);
  }

  /** Does the gate commute with all that stands behind the slot on its other qubits? */
  #reaches(slot: number, op: Op, rule: GateRule): boolean {
    for (let operand = 1; operand < op.qubits.length; operand++) {
      let node = this.#last[op.qubits[operand]!] ?? -1;
      for (let step = 0; Math.floor(node / OPERANDS_MAX) !== slot; step++) {
        if (step === STEPS_MAX || !this.#commutes(node, op, rule, operand)) return false;
        node = this.#before[node]!;
      }
    }
    return true;
  }

  #commutes(node: number, op: Op, rule: GateRule, operand: number): boolean {
    const slot = Math.floor(node / OPERANDS_MAX);
    const own = this.#rules[slot]!;
    const axis = rule.axes[operand]!;
    if (axis !== '-' && own.axes[node - OPERANDS_MAX * slot] === axis) return true;
    const { qubits } = this.#slots[slot]!;
    return (
      qubits.length === 2 &&
      op.qubits.length === 2 &&
      commutesOnPair(own, rule) &&
      qubits.includes(op.qubits[0]!) &&
      qubits.includes(op.qubits[1]!)
    );
  }

  #mergedWith(slot: number, op: Op, rule: GateRule): WrittenRotation | undefined {
    if (rule.rotation === undefined) return { op: undefined, phase: 0 };
    const earlier = this.#slots[slot]!;
    const own = this.#rules[slot]!;
    const angle = addAngles(angleOfOp(earlier, own), angleOfOp(op, rule));
    const asPhase = own.rotation!.phaseFactor !== 0 && rule.rotation.phaseFactor !== 0;
    const written = writeRotation(rule.rotation.family, angle, earlier.qubits, this.#set, asPhase);
    return written;
  }

  #replace(slot: number, op: Op, rule: GateRule, written: WrittenRotation): void {
    const earlier = this.#slots[slot]!;
    const own = phaseOfOp(earlier, this.#rules[slot]!);
    this.phase = addAngles(this.phase, addAngles(addAngles(own, phaseOfOp(op, rule)), written.phase));
    this.#slots[slot] = written.op;
    if (written.op !== undefined) {
      this.#rules[slot] = ruleOf(written.op.gate);
      return;
    }
    for (const [operand, qubit] of earlier.qubits.entries()) {
      const node = OPERANDS_MAX * slot + operand;
      const [before, after] = [this.#before[node]!, this.#after[node]!];
      if (before >= 0) this.#after[before] = after;
      if (after >= 0) this.#before[after] = before;
      else this.#last[qubit] = before;
    }
  }
}
