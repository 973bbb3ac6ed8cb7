import type { Op, PassContext, Run } from '../contract.ts';
import { addAngles } from '../matrix/angles.ts';
import { applyToPair, exchanged, kron, type Matrix, one, pairProduct, product } from '../matrix/complex.ts';
import { type Kak, kak } from '../matrix/kak.ts';
import type { Entangler } from '../matrix/synthesis.ts';
import { type GateSet, gateSetOf } from './gate-set.ts';
import { isNumeric, matrixOf, type Row } from './numeric.ts';
import { writeOneQubit } from './write-one-qubit.ts';

/** Numeric gates in a row on a pair of qubits. */
interface PairBlock {
  /** The operands of its unitary, in order. */
  readonly first: number;
  readonly second: number;
  readonly ops: Op[];
  readonly unitary: Matrix;
  twoQubitGates: number;
}

/** Writes every row of numeric gates on a pair anew where that takes fewer two-qubit gates, or as many and fewer others. */
export function resynthesiseTwoQubits(run: Run, context: PassContext): Run {
  const set = gateSetOf(context);
  if (set.style === undefined || set.entanglers.length === 0) return run;
  const collector = new Collector(set);
  for (const op of run.ops) collector.add(op);
  collector.end();
  return { ops: collector.out, phase: addAngles(run.phase, collector.phase) };
}

class Collector {
  readonly out: Op[] = [];
  phase = 0;
  readonly #set: GateSet;
  readonly #blocks: (PairBlock | undefined)[] = [];
  readonly #rows: (Row | undefined)[] = [];

  constructor(set: GateSet) {
    this.#set = set;
  }

  add(op: Op): void {
    if (op.qubits.length > 2 || !isNumeric(op)) {
      for (const qubit of op.qubits) this.#close(qubit);
      this.out.push(op);
    } else if (op.qubits.length === 1) this.#addToQubit(op, op.qubits[0]!);
    else this.#addToPair(op, op.qubits[0]!, op.qubits[1]!);
  }

  end(): void {
    for (let qubit = 0; qubit < this.#blocks.length; qubit++) this.#close(qubit);
    for (let qubit = 0; qubit < this.#rows.length; qubit++) this.#close(qubit);
  }

  #addToQubit(op: Op, qubit: number): void {
    const block = this.#blocks[qubit];
    if (block !== undefined) {
      block.ops.push(op);
      applyToPair(matrixOf(op), qubit === block.first ? 0 : 1, block.unitary);
      return;
    }
    const row = this.#rows[qubit];
    if (row === undefined) this.#rows[qubit] = { ops: [op], unitary: matrixOf(op) };
    else {
      row.ops.push(op);
      row.unitary = product(matrixOf(op), row.unitary);
    }
  }

  #addToPair(op: Op, first: number, second: number): void {
    const block = this.#blocks[first];
    if (block !== undefined && block === this.#blocks[second]) {
      const matrix = block.first === first ? matrixOf(op) : exchanged(matrixOf(op));
      block.unitary.set(pairProduct(matrix, block.unitary));
      block.ops.push(op);
      block.twoQubitGates += 1;
      return;
    }
    if (block !== undefined) this.#close(first);
    if (this.#blocks[second] !== undefined) this.#close(second);
    const rows = [this.#rows[first], this.#rows[second]] as const;
    this.#rows[first] = this.#rows[second] = undefined;
    const opened: PairBlock = {
      first,
      second,
      ops: [...(rows[0]?.ops ?? []), ...(rows[1]?.ops ?? []), op],
      unitary: pairProduct(matrixOf(op), kron(rows[0]?.unitary ?? IDENTITY, rows[1]?.unitary ?? IDENTITY)),
      twoQubitGates: 1,
    };
    this.#blocks[first] = this.#blocks[second] = opened;
  }

  /** Writes what is open on the qubit. */
  #close(qubit: number): void {
    const block = this.#blocks[qubit];
    if (block !== undefined) {
      this.#blocks[block.first] = this.#blocks[block.second] = undefined;
      const written = rewritten(block, this.#set);
      this.phase += written.phase;
      for (const op of written.ops) this.out.push(op);
    }
    const row = this.#rows[qubit];
    if (row !== undefined) {
      this.#rows[qubit] = undefined;
      for (const op of row.ops) this.out.push(op);
    }
  }
}

const IDENTITY = one();

interface Rewritten {
  readonly ops: readonly Op[];
  readonly phase: number;
}

function rewritten(block: PairBlock, set: GateSet): Rewritten {
  const asIs: Rewritten = { ops: block.ops, phase: 0 };
  if (block.ops.length === 1) return asIs;
  const decomposition = kak(block.unitary);
  const [entangler, count] = cheapest(decomposition, set);
  if (count > block.twoQubitGates) return asIs;
  const anew = write(block, decomposition, entangler, set);
  if (anew === undefined || (count === block.twoQubitGates && anew.ops.length >= block.ops.length))
    return asIs;
  return anew;
}

/** The entangler of which the fewest are needed, the first of equally good ones. */
function cheapest({ coordinates }: Kak, { entanglers }: GateSet): readonly [Entangler, number] {
  let best = entanglers[0]!;
  let count = best.count(coordinates);
  for (const entangler of entanglers) {
    const own = entangler.count(coordinates);
    if (own < count) [best, count] = [entangler, own];
  }
  return [best, count];
}

function write(
  block: PairBlock,
  decomposition: Kak,
  entangler: Entangler,
  set: GateSet,
): Rewritten | undefined {
  const { first, second } = block;
  const isTurned = !set.isOrdered(first, second);
  const isBothWays = !isTurned && set.isOrdered(second, first);
  const circuit = entangler.synthesise(isTurned ? kak(exchanged(block.unitary)) : decomposition, isBothWays);
  const qubits = isTurned ? [second, first] : [first, second];
  const reversed = [...qubits].reverse();
  const ops: Op[] = [];
  let { phase } = circuit;
  for (const [at, layer] of circuit.layers.entries()) {
    if (at > 0) {
      const parameters = circuit.parameters[at - 1]!;
      ops.push({ gate: entangler.gate, parameters, qubits: circuit.turned[at - 1] ? reversed : qubits });
    }
    for (const operand of [0, 1] as const) {
      const written = writeOneQubit(layer[operand], qubits[operand]!, set);
      if (written === undefined) return undefined;
      phase += written.phase;
      ops.push(...written.ops);
    }
  }
  return { ops, phase };
}
