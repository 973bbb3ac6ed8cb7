import type { Op, PassContext, Run } from '../contract.ts';
import { addAngles } from '../matrix/angles.ts';
import { exchanged, kron, type Matrix, multiply, one, pairIdentity } from '../matrix/complex.ts';
import { type Kak, kak } from '../matrix/kak.ts';
import type { Entangler } from '../matrix/synthesis.ts';
import { type GateSet, gateSetOf } from './gate-set.ts';
import { applyToOne, isNumeric, matrixOf } from './numeric.ts';
import { type Written, writeOneQubit } from './write-one-qubit.ts';

/** Numeric gates in a row on a pair of qubits. */
interface PairBlock {
  readonly first: number;
  readonly second: number;
  readonly ops: Op[];
  /** Those of its operations that act on both. */
  readonly onBoth: Op[];
}

/**
 * Writes every row of numeric gates on a pair anew where that takes fewer two-qubit gates, or as many and
 * fewer others.
 */
export function resynthesiseTwoQubits(run: Run, context: PassContext): Run {
  const set = gateSetOf(context);
  if (set.turns === undefined || set.entanglers.length === 0) return run;
  const collector = new Collector(set);
  for (const op of run.ops) collector.add(op);
  collector.end();
  return { ops: collector.out, phase: addAngles(run.phase, collector.phase) };
}

class Collector {
  readonly out: Op[] = [];
  phase = 0;
  readonly #set: GateSet;
  /** The block that is open on each qubit. */
  readonly #blocks: (PairBlock | undefined)[] = [];
  /** Gates on one qubit before the first gate on a pair. */
  readonly #rows: (Op[] | undefined)[] = [];

  constructor(set: GateSet) {
    this.#set = set;
  }

  add(op: Op): void {
    if (op.qubits.length > 2 || !isNumeric(op)) {
      for (const qubit of op.qubits) this.#close(qubit);
      this.out.push(op);
    } else if (op.qubits.length === 1) {
      const qubit = op.qubits[0]!;
      const row = this.#blocks[qubit]?.ops ?? this.#rows[qubit];
      if (row === undefined) this.#rows[qubit] = [op];
      else row.push(op);
    } else this.#addToPair(op, op.qubits[0]!, op.qubits[1]!);
  }

  end(): void {
    for (let qubit = 0; qubit < this.#blocks.length; qubit++) this.#close(qubit);
    for (let qubit = 0; qubit < this.#rows.length; qubit++) this.#close(qubit);
  }

  #addToPair(op: Op, first: number, second: number): void {
    const block = this.#blocks[first];
    if (block !== undefined && block === this.#blocks[second]) {
      block.ops.push(op);
      block.onBoth.push(op);
      return;
    }
    if (block !== undefined) this.#close(first);
    if (this.#blocks[second] !== undefined) this.#close(second);
    const ops = [...(this.#rows[first] ?? []), ...(this.#rows[second] ?? []), op];
    this.#rows[first] = this.#rows[second] = undefined;
    this.#blocks[first] = this.#blocks[second] = { first, second, ops, onBoth: [op] };
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
      for (const op of row) this.out.push(op);
    }
  }
}

function rewritten(block: PairBlock, set: GateSet): Written {
  const asIs: Written = { ops: block.ops, phase: 0 };
  // One gate of the set cannot become fewer, and its neighbours on one qubit are looked at by themselves.
  if (block.onBoth.length === 1 && block.ops.every(({ gate }) => set.allows(gate))) return asIs;
  // Other passes move gates on one qubit in and out at its ends, which does not change how many it needs on
  // both.
  if (set.settledBlocks.has(block.onBoth)) return asIs;
  const shorter = shortenedOnce(block, set);
  const chosen = shorter === null ? asIs : placed(shorter, block);
  set.settledBlocks.add(chosen.ops.filter(({ qubits }) => qubits.length === 2));
  return chosen;
}

/** Circuits repeat their patterns: so many blocks are known by their gates. */
const KNOWN_BLOCKS_MAX = 4096;
/** Blocks with more gates, or more angles, than patterns have are not asked for. */
const PATTERN_GATES_MAX = 32;
const PATTERN_ANGLES_MAX = 8;

/** What a block becomes is a function of its gates and of the orders of the pair that are allowed. */
function shortenedOnce(block: PairBlock, set: GateSet): Written | null {
  const key = keyOf(block, set);
  if (key === undefined) return shortened(block, set);
  let shorter = set.knownBlocks.get(key);
  if (shorter === undefined) {
    shorter = shortened(block, set);
    if (set.knownBlocks.size === KNOWN_BLOCKS_MAX) set.knownBlocks.clear();
    set.knownBlocks.set(key, shorter);
  }
  return shorter;
}

function keyOf({ first, second, ops }: PairBlock, set: GateSet): string | undefined {
  const angles = ops.reduce((count, { parameters }) => count + parameters.length, 0);
  if (ops.length > PATTERN_GATES_MAX || angles > PATTERN_ANGLES_MAX) return undefined;
  let key = `${set.isOrdered(first, second)} ${set.isOrdered(second, first)}`;
  for (const { gate, parameters, qubits } of ops) {
    key += qubits.length === 2 ? ';' : ',';
    key += (qubits[0] === first ? '' : '~') + gate;
    if (parameters.length > 0) key += `(${parameters.join()})`;
  }
  return key;
}

/** The operations of a block on qubits 0 and 1, on its own qubits. */
function placed({ ops, phase }: Written, { first, second }: PairBlock): Written {
  const lists = [[first], [second], [first, second], [second, first]] as const;
  const place = ({ gate, parameters, qubits: [a, b] }: Op): Op => ({
    gate,
    parameters,
    qubits: lists[(b === undefined ? 0 : 2) + a!]!,
  });
  return { ops: ops.map(place), phase };
}

function unitaryOf({ first, ops }: PairBlock): Matrix {
  // Gates on one qubit are gathered there, and met with the pair when it is turned as a whole.
  const ones = [one(), one()] as const;
  let isGathered = false;
  let unitary = pairIdentity();
  let other: Matrix = new Float64Array(32);
  const turn = (matrix: Matrix): void => {
    multiply(matrix, unitary, other);
    [unitary, other] = [other, unitary];
  };
  const meet = (): void => {
    if (!isGathered) return;
    turn(kron(ones[0], ones[1], GATHERED));
    for (const gathered of ones) gathered.set(IDENTITY);
    isGathered = false;
  };
  for (const op of ops) {
    const isForward = op.qubits[0] === first;
    if (op.qubits.length === 1) {
      applyToOne(op, ones[isForward ? 0 : 1]);
      isGathered = true;
    } else {
      meet();
      turn(isForward ? matrixOf(op) : exchanged(matrixOf(op)));
    }
  }
  meet();
  return unitary;
}

const IDENTITY = one();
const GATHERED = new Float64Array(32);

/** The block on qubits 0 and 1 with fewer gates; null where there is nothing to gain. */
function shortened(block: PairBlock, set: GateSet): Written | null {
  const unitary = unitaryOf(block);
  const decomposition = kak(unitary);
  const [entangler, count] = cheapest(decomposition, set);
  const isTied = count === block.onBoth.length;
  if (count > block.onBoth.length || (isTied && block.ops.length === count)) return null;
  const anew = write(block, unitary, decomposition, entangler, set);
  return anew === undefined || (isTied && weightOf(anew.ops) >= weightOf(block.ops)) ? null : anew;
}

/**
 * Gates between the first and the last one on both qubits count in full. Those at the ends count a quarter:
 * most of them merge with what stands beside the block.
 */
function weightOf(ops: readonly Op[]): number {
  let first = 0;
  while (ops[first]!.qubits.length === 1) first += 1;
  let last = ops.length - 1;
  while (ops[last]!.qubits.length === 1) last -= 1;
  return last - first + (ops.length - 1 - (last - first)) / 4;
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
  { first, second }: PairBlock,
  unitary: Matrix,
  decomposition: Kak,
  entangler: Entangler,
  set: GateSet,
): Written | undefined {
  const isTurned = !set.isOrdered(first, second);
  const isBothWays = !isTurned && set.isOrdered(second, first);
  const circuit = entangler.synthesise(isTurned ? kak(exchanged(unitary)) : decomposition, isBothWays);
  const qubits = isTurned ? [1, 0] : [0, 1];
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
      for (const op of written.ops) ops.push(op);
    }
  }
  return { ops, phase };
}
