import { type Instruction, type Parameter, partsOf } from '@qfs/circuit';
import type { Op } from '../contract.ts';
import type { Code, FixedPiece, NestedPiece } from '../program/index.ts';

/**
 * What a router moves through a device: gates on a pair with everything that follows them on that pair, gates
 * on one qubit, and pieces that are not gates.
 */
export type Node =
  | GatesNode
  | { readonly kind: 'phase'; readonly angle: Parameter; readonly isBound: boolean }
  | { readonly kind: 'piece'; readonly piece: FixedPiece | NestedPiece };

interface GatesNode {
  readonly kind: 'gates';
  readonly ops: Op[];
  /** Do parameters depend on variables, so that it stays between the same classical instructions? */
  readonly isBound: boolean;
}

/**
 * The order of nodes: each waits for those before it on its wires. Wires are qubits and one for classical
 * data.
 */
export interface Interactions {
  readonly nodes: readonly Node[];
  /** Nodes that come next on the wires of each node; once for every wire that both are on. */
  readonly next: readonly (readonly number[])[];
  /** On how many wires each node waits for another. */
  readonly waits: Int32Array;
  /** The two qubits of nodes that need neighbours, at 2i and 2i + 1; -1 for all others. */
  readonly pairs: Int32Array;
  /** How many CNOTs the gates of a pair are worth, at most 3. */
  readonly costs: Uint8Array;
  /** Nodes that can wait until everything else has happened: measurements that nothing depends on. */
  readonly isTail: Uint8Array;
}

/** CNOTs that a gate is worth; 2 for what is not listed. */
const COSTS: Readonly<Record<string, number>> = { cx: 1, cy: 1, cz: 1, ch: 1, ecr: 1, swap: 3 };
const COST_MAX = 3;

const costOf = ({ gate, qubits }: Op): number => (qubits.length < 2 ? 0 : (COSTS[gate] ?? 2));

/** @param qubits of the program: the number of the classical wire */
export function interactionsOf(code: Code, qubits: number): Interactions {
  const builder = new InteractionBuilder(qubits);
  for (const piece of code) {
    if (piece.kind !== 'run') {
      builder.piece(piece);
      continue;
    }
    const { ops, phase } = piece.run;
    if (phase !== 0) builder.phase(phase, piece.isBound && typeof phase !== 'number');
    for (const op of ops) builder.gate(op, isBoundOp(op, piece.isBound));
  }
  return builder.build();
}

/**
 * Only the pairs, in the order of the program and as if every inner block ran once: what a layout depends on.
 */
export function pairsOf(code: Code, qubits: number): Interactions {
  const builder = new InteractionBuilder(qubits);
  const visit = (block: Code): void => {
    for (const piece of block) {
      if (piece.kind === 'nested') piece.blocks.forEach(visit);
      if (piece.kind !== 'run') continue;
      for (const op of piece.run.ops) if (op.qubits.length === 2) builder.gate(op, false);
    }
  };
  visit(code);
  return builder.build();
}

const isBoundOp = ({ parameters }: Op, isBoundRun: boolean): boolean =>
  isBoundRun && parameters.some((parameter) => typeof parameter !== 'number');

class InteractionBuilder {
  readonly #qubits: number;
  readonly #nodes: Node[] = [];
  readonly #next: number[][] = [];
  readonly #waits: number[] = [];
  readonly #pairs: number[] = [];
  readonly #costs: number[] = [];
  /** The last node on each wire; -1 where there is none. */
  readonly #last: Int32Array;

  constructor(qubits: number) {
    this.#qubits = qubits;
    this.#last = new Int32Array(qubits + 1).fill(-1);
  }

  gate(op: Op, isBound: boolean): void {
    const [a = 0, b = a] = op.qubits;
    const open = this.#last[a]!;
    if (!isBound && open >= 0 && this.#continues(open, op)) {
      (this.#nodes[open] as GatesNode).ops.push(op);
      this.#costs[open] = Math.min(COST_MAX, this.#costs[open]! + costOf(op));
      return;
    }
    const wires = isBound ? [...op.qubits, this.#qubits] : op.qubits;
    const [first, second] = op.qubits.length === 2 ? [a, b] : [-1, -1];
    this.#push({ kind: 'gates', ops: [op], isBound }, wires, first, second, costOf(op));
  }

  /** Is the node the last one on every qubit of the gate, and on no others than the gate may be on? */
  #continues(open: number, { qubits }: Op): boolean {
    const node = this.#nodes[open]!;
    if (node.kind !== 'gates' || node.isBound) return false;
    return qubits.length === 1 || (this.#last[qubits[1]!] === open && this.#pairs[2 * open]! >= 0);
  }

  phase(angle: Parameter, isBound: boolean): void {
    this.#push({ kind: 'phase', angle, isBound }, isBound ? [this.#qubits] : [], -1, -1, 0);
  }

  piece(piece: FixedPiece | NestedPiece): void {
    const isOrdered = piece.kind === 'nested' || !isOnQubitsAlone(piece.instruction);
    const wires = piece.isWall
      ? Array.from({ length: this.#qubits + 1 }, (_, wire) => wire)
      : [...piece.qubits, ...(isOrdered ? [this.#qubits] : [])];
    this.#push({ kind: 'piece', piece }, wires, -1, -1, 0);
  }

  #push(node: Node, wires: readonly number[], first: number, second: number, cost: number): void {
    const at = this.#nodes.push(node) - 1;
    let waits = 0;
    for (const wire of wires) {
      const last = this.#last[wire]!;
      if (last >= 0) {
        this.#next[last]!.push(at);
        waits += 1;
      }
      this.#last[wire] = at;
    }
    this.#next.push([]);
    this.#waits.push(waits);
    this.#pairs.push(first, second);
    this.#costs.push(cost);
  }

  build(): Interactions {
    const isTail = new Uint8Array(this.#nodes.length);
    for (let at = this.#nodes.length - 1; at >= 0; at--) {
      const node = this.#nodes[at]!;
      const mayWait = node.kind === 'piece' && MAY_WAIT.has(node.piece.instruction.kind);
      if (mayWait && this.#next[at]!.every((next) => isTail[next] === 1)) isTail[at] = 1;
    }
    return {
      nodes: this.#nodes,
      next: this.#next,
      waits: Int32Array.from(this.#waits),
      pairs: Int32Array.from(this.#pairs),
      costs: Uint8Array.from(this.#costs),
      isTail,
    };
  }
}

/** It neither reads nor writes what other instructions read or write, apart from its qubits. */
const isOnQubitsAlone = (instruction: Instruction): boolean =>
  (instruction.kind === 'barrier' || instruction.kind === 'reset') &&
  partsOf(instruction).qubits.every((qubit) => typeof qubit === 'number');

const MAY_WAIT: ReadonlySet<string> = new Set(['measure', 'barrier', 'delay']);

/** The same nodes in the opposite order. */
export function reversed({ nodes, next, pairs, costs, isTail }: Interactions): Interactions {
  const last = nodes.length - 1;
  const back: number[][] = nodes.map(() => []);
  const waits = new Int32Array(nodes.length);
  next.forEach((after, at) => {
    for (const node of after) back[last - node]!.push(last - at);
    waits[last - at] = after.length;
  });
  const turned = new Int32Array(pairs.length);
  for (let at = 0; at <= last; at++) {
    turned[2 * (last - at)] = pairs[2 * at]!;
    turned[2 * (last - at) + 1] = pairs[2 * at + 1]!;
  }
  return {
    nodes: nodes.toReversed(),
    next: back,
    waits,
    pairs: turned,
    costs: costs.toReversed(),
    isTail: isTail.toReversed(),
  };
}
