import type { Op, Run } from '../contract.ts';
import { ruleOf } from '../local/gate-rules.ts';

/**
 * The same gates in an order of fewer layers. Gates that act on a qubit about the same axis commute there and
 * may come in any order; groups of such gates follow each other. Layer by layer, of the gates that can come
 * next those are taken that most has to wait for (list scheduling; Graham 1966). The run stays as it is
 * unless layers are saved.
 */
export function schedule(run: Run): Run {
  const ops = new Scheduler(run.ops).run();
  return depthOf(ops) < depthOf(run.ops) ? { ops, phase: run.phase } : run;
}

function depthOf(ops: readonly Op[]): number {
  const levels = new Map<number, number>();
  let depth = 0;
  for (const { qubits } of ops) {
    let level = 0;
    for (const qubit of qubits) level = Math.max(level, levels.get(qubit) ?? 0);
    level += 1;
    for (const qubit of qubits) levels.set(qubit, level);
    depth = Math.max(depth, level);
  }
  return depth;
}

/** Gates that are next to each other on a qubit and commute there. */
interface Group {
  readonly axis: string;
  readonly members: number[];
  left: number;
  /** Gates on the qubit from this group on. */
  load: number;
  /** The layers that gates of later groups need at least. */
  height: number;
}

class Scheduler {
  readonly #ops: readonly Op[];
  /** Groups of each qubit in their order, and the one that it is at. */
  readonly #groups = new Map<number, Group[]>();
  readonly #at = new Map<number, number>();
  /** The group of each operand of each gate. */
  readonly #own: readonly Group[][];
  readonly #priority: Float64Array;
  /** On how many of its qubits a gate still waits for an earlier group. */
  readonly #waits: Int32Array;

  constructor(ops: readonly Op[]) {
    this.#ops = ops;
    this.#own = ops.map((op, index) => this.#join(op, index));
    this.#waits = new Int32Array(ops.length);
    for (const [index, groups] of this.#own.entries()) {
      groups.forEach((group, operand) => {
        if (this.#groups.get(ops[index]!.qubits[operand]!)![0] !== group) this.#waits[index]! += 1;
      });
    }
    this.#priority = this.#priorities();
  }

  /** Puts the gate into the last group of each of its qubits, or begins a new one. */
  #join({ gate, qubits }: Op, index: number): Group[] {
    const { axes } = ruleOf(gate);
    return qubits.map((qubit, operand) => {
      const axis = axes[operand]!;
      const groups = this.#groups.get(qubit) ?? [];
      this.#groups.set(qubit, groups);
      let last = groups.at(-1);
      if (last === undefined || axis === '-' || last.axis !== axis) {
        last = { axis, members: [], left: 0, load: 0, height: 0 };
        groups.push(last);
      }
      last.members.push(index);
      last.left += 1;
      return last;
    });
  }

  #priorities(): Float64Array {
    for (const groups of this.#groups.values()) {
      let load = 0;
      for (const group of groups.toReversed()) {
        load += group.members.length;
        group.load = load;
      }
    }
    const priority = new Float64Array(this.#ops.length);
    const next = new Map<Group, Group>();
    for (const groups of this.#groups.values()) {
      groups.forEach((group, at) => {
        if (at > 0) next.set(groups[at - 1]!, group);
      });
    }
    for (let index = this.#ops.length - 1; index >= 0; index--) {
      let height = 0;
      for (const group of this.#own[index]!) height = Math.max(height, next.get(group)?.height ?? 0);
      height += 1;
      let most = height;
      for (const group of this.#own[index]!) {
        group.height = Math.max(group.height, height);
        most = Math.max(most, group.load);
      }
      priority[index] = most;
    }
    return priority;
  }

  run(): readonly Op[] {
    const scheduled: Op[] = [];
    let ready: number[] = [];
    this.#waits.forEach((waits, index) => {
      if (waits === 0) ready.push(index);
    });
    while (ready.length > 0) {
      ready.sort((a, b) => this.#priority[b]! - this.#priority[a]! || a - b);
      const busy = new Set<number>();
      const later: number[] = [];
      const taken: number[] = [];
      for (const index of ready) {
        const { qubits } = this.#ops[index]!;
        if (qubits.some((qubit) => busy.has(qubit))) {
          later.push(index);
          continue;
        }
        for (const qubit of qubits) busy.add(qubit);
        scheduled.push(this.#ops[index]!);
        taken.push(index);
      }
      for (const index of taken) this.#finish(index, later);
      ready = later;
    }
    return scheduled;
  }

  /** Gates of the groups that come next become ready. */
  #finish(index: number, ready: number[]): void {
    this.#own[index]!.forEach((group, operand) => {
      group.left -= 1;
      if (group.left > 0) return;
      const qubit = this.#ops[index]!.qubits[operand]!;
      const at = (this.#at.get(qubit) ?? 0) + 1;
      this.#at.set(qubit, at);
      for (const member of this.#groups.get(qubit)![at]?.members ?? []) {
        this.#waits[member]! -= 1;
        if (this.#waits[member] === 0) ready.push(member);
      }
    });
  }
}
