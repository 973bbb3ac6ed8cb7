import type { Op, Run } from '../contract.ts';
import { type Axis, type GateRule, ruleOf } from './gate-rules.ts';
import { type Slot, Wires } from './wires.ts';

/** How far back on a qubit gates on the same pair are looked for. */
const STEPS_MAX = 20;

/**
 * Brings gates on the same pair next to each other where one of them commutes with all that is between, so
 * that they can be written anew together: rotations of an interaction, and the swaps that a router put among
 * them.
 */
export function gatherPairs(run: Run): Run {
  const gatherer = new Gatherer(run.ops.length);
  for (const op of run.ops) gatherer.add(op);
  return { ops: gatherer.ops(), phase: run.phase };
}

class Gatherer {
  /** Gates, and blocks of gates on one pair as one operation each. */
  readonly #wires: Wires;
  readonly #contents = new Map<Op, Op[]>();

  constructor(length: number) {
    this.#wires = new Wires(length);
  }

  ops(): Op[] {
    return this.#wires.ops().flatMap((op) => this.#contents.get(op) ?? [op]);
  }

  add(op: Op): void {
    const last = this.#wires.lastOn(op.qubits[0]!);
    if (op.qubits.length === 1 && last >= 0 && this.#contents.has(this.#wires.at(last))) this.#join(last, op);
    else if (op.qubits.length !== 2 || !this.#gather(op)) this.#open([op], op.qubits, ruleOf(op.gate));
  }

  #open(ops: Op[], qubits: readonly number[], rule: GateRule): void {
    if (qubits.length !== 2) {
      this.#wires.add(ops[0]!, rule);
      return;
    }
    const block: Op = { gate: 'block', parameters: [], qubits };
    this.#contents.set(block, ops);
    this.#wires.add(block, rule);
  }

  #join(slot: Slot, op: Op): void {
    const block = this.#wires.at(slot);
    this.#contents.get(block)!.push(op);
    this.#wires.replace(slot, block, joined(block, this.#wires.ruleAt(slot), op, ruleOf(op.gate)));
  }

  /** Carries the gate back to the last block on its pair, or that block forward to it. */
  #gather(op: Op): boolean {
    const slot = this.#blockBefore(op);
    if (slot < 0) return false;
    const rule = ruleOf(op.gate);
    if (this.#isFree(slot, op, rule)) {
      this.#join(slot, op);
      return true;
    }
    const block = this.#wires.at(slot);
    const own = this.#wires.ruleAt(slot);
    if (!this.#isFree(slot, block, own)) return false;
    const contents = this.#contents.get(block)!;
    this.#wires.remove(slot);
    this.#open([...contents, op], block.qubits, joined(block, own, op, rule));
    return true;
  }

  #blockBefore({ qubits }: Op): Slot {
    const [first, second] = qubits as readonly [number, number];
    let slot = this.#wires.lastOn(first);
    for (let step = 0; slot >= 0 && step < STEPS_MAX; step++) {
      const op = this.#wires.at(slot);
      if (op.qubits.length === 2 && op.qubits.includes(second)) return slot;
      slot = this.#wires.before(slot, first);
    }
    return -1;
  }

  /** Does the operation commute with all that stands behind the slot on its qubits? */
  #isFree(slot: Slot, op: Op, rule: GateRule): boolean {
    return op.qubits.every((qubit, operand) => {
      let other = this.#wires.lastOn(qubit);
      for (let step = 0; other !== slot; step++) {
        const axis = rule.axes[operand]!;
        if (step === STEPS_MAX || axis === '-' || this.#wires.axis(other, qubit) !== axis) return false;
        other = this.#wires.before(other, qubit);
      }
      return true;
    });
  }
}

/** How a block acts on its qubits together with one more gate on them. */
function joined(block: Op, own: GateRule, op: Op, rule: GateRule): GateRule {
  const axes = block.qubits.map((qubit, at): Axis => {
    const operand = op.qubits.indexOf(qubit);
    return operand < 0 || rule.axes[operand] === own.axes[at] ? own.axes[at]! : '-';
  });
  return { axes, symmetric: 'none', isOwnInverse: false };
}
