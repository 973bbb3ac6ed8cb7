import type { Op } from '../contract.ts';
import { type Axis, type GateRule, ruleOf } from './gate-rules.ts';

/** Operands that a gate of the table has at most. */
const OPERANDS_MAX = 3;

/** Where an operation of `Wires` stands. */
export type Slot = number;

/**
 * The operations of a run as they stand on each qubit, in doubly linked lists, so that one can be taken out
 * or replaced and its neighbours on a qubit be found, each in constant time. Operations are only added at the
 * end.
 */
export class Wires {
  readonly #ops: (Op | undefined)[] = [];
  readonly #rules: GateRule[] = [];
  /** The qubits of the nodes of each operation, in their order. */
  readonly #qubits: (readonly number[])[] = [];
  /**
   * Node `OPERANDS_MAX`·slot + operand stands for one qubit of an operation; what stands before and after it.
   */
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  /** The last node of each qubit. */
  readonly #last: number[] = [];

  /** @param length how many operations there will be at most */
  constructor(length: number) {
    this.#before = new Int32Array(OPERANDS_MAX * length).fill(-1);
    this.#after = new Int32Array(OPERANDS_MAX * length).fill(-1);
  }

  /** What is left, in an order of application. */
  ops(): Op[] {
    return this.#ops.filter((op) => op !== undefined);
  }

  at(slot: Slot): Op {
    return this.#ops[slot]!;
  }

  ruleAt(slot: Slot): GateRule {
    return this.#rules[slot]!;
  }

  add(op: Op, rule: GateRule = ruleOf(op.gate)): void {
    const { qubits } = op;
    const slot = this.#ops.push(op) - 1;
    this.#rules.push(rule);
    this.#qubits.push(qubits);
    for (let operand = 0; operand < qubits.length; operand++) {
      const qubit = qubits[operand]!;
      const node = OPERANDS_MAX * slot + operand;
      const last = this.#last[qubit] ?? -1;
      this.#before[node] = last;
      if (last >= 0) this.#after[last] = node;
      this.#last[qubit] = node;
    }
  }

  /** The last operation on a qubit, or −1. */
  lastOn(qubit: number): Slot {
    return slotOf(this.#last[qubit] ?? -1);
  }

  /** The operation before this one on one of its qubits, or −1. */
  before(slot: Slot, qubit: number): Slot {
    return slotOf(this.#before[this.#node(slot, qubit)]!);
  }

  /** How the operation acts on one of its qubits. */
  axis(slot: Slot, qubit: number): Axis {
    return this.#rules[slot]!.axes[this.#ops[slot]!.qubits.indexOf(qubit)]!;
  }

  /** Puts another operation on the same qubits in place of this one. */
  replace(slot: Slot, op: Op, rule: GateRule = ruleOf(op.gate)): void {
    this.#ops[slot] = op;
    this.#rules[slot] = rule;
  }

  remove(slot: Slot): void {
    for (const qubit of this.#qubits[slot]!) {
      const node = this.#node(slot, qubit);
      const [before, after] = [this.#before[node]!, this.#after[node]!];
      if (before >= 0) this.#after[before] = after;
      if (after >= 0) this.#before[after] = before;
      else this.#last[qubit] = before;
    }
    this.#ops[slot] = undefined;
  }

  #node(slot: Slot, qubit: number): number {
    return OPERANDS_MAX * slot + this.#qubits[slot]!.indexOf(qubit);
  }
}

const slotOf = (node: number): Slot => (node < 0 ? -1 : Math.floor(node / OPERANDS_MAX));
