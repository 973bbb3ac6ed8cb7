import type { CompileTarget, TargetErrors } from '@qfs/circuit';
import type { Code } from '../program/index.ts';

/** How a circuit uses its qubits: what a layout is judged by. */
export interface Usage {
  readonly qubits: number;
  /** Gates on each qubit alone, and how often it is measured. */
  readonly gates: Float64Array;
  readonly measurements: Float64Array;
  /** Pairs that interact, each once with its lower qubit first, and how many gates they share. */
  readonly pairs: readonly { readonly a: number; readonly b: number; readonly gates: number }[];
  /** Qubits that anything acts on, ascending. */
  readonly active: readonly number[];
}

/**
 * Inner blocks count as if each ran once.
 * @param free gates that cost nothing, as virtual rotations do
 */
export function usageOf(code: Code, qubits: number, free: ReadonlySet<string> = NONE): Usage {
  const gates = new Float64Array(qubits);
  const measurements = new Float64Array(qubits);
  const pairs = new Map<number, number>();
  const active = new Set<number>();
  const visit = (block: Code): void => {
    for (const piece of block) {
      if (piece.kind === 'run') {
        for (const op of piece.run.ops) {
          const [a = 0, b = -1] = op.qubits;
          for (const qubit of op.qubits) active.add(qubit);
          if (b < 0) gates[a]! += free.has(op.gate) ? 0 : 1;
          else {
            const key = Math.min(a, b) * qubits + Math.max(a, b);
            pairs.set(key, (pairs.get(key) ?? 0) + 1);
          }
        }
        continue;
      }
      if (piece.instruction.kind !== 'barrier') for (const qubit of piece.qubits) active.add(qubit);
      if (piece.instruction.kind === 'measure') for (const qubit of piece.qubits) measurements[qubit]! += 1;
      if (piece.kind === 'nested') piece.blocks.forEach(visit);
    }
  };
  visit(code);
  return {
    qubits,
    gates,
    measurements,
    pairs: [...pairs].map(([key, count]) => ({ a: Math.floor(key / qubits), b: key % qubits, gates: count })),
    active: [...active].sort((a, b) => a - b),
  };
}

const NONE: ReadonlySet<string> = new Set();

/** What goes wrong on each qubit and each pair of a device; nothing where its errors are not known. */
export class ErrorRates {
  readonly isKnown: boolean;
  /** Gates in which nothing goes wrong. */
  readonly free: ReadonlySet<string>;
  readonly #errors: TargetErrors | undefined;
  readonly #pairs: Float64Array;
  readonly qubits: number;

  constructor({ qubits, errors, durations = new Map() }: CompileTarget) {
    this.#errors = errors;
    this.qubits = qubits;
    this.isKnown = errors !== undefined;
    this.free = new Set([...durations].flatMap(([gate, seconds]) => (seconds === 0 ? [gate] : [])));
    const known = errors?.pairs ?? [];
    const mean = known.reduce((sum, { error }) => sum + error, 0) / Math.max(1, known.length);
    this.#pairs = new Float64Array(qubits * qubits).fill(mean);
    for (const {
      qubits: [a = 0, b = 0],
      error,
    } of known) {
      if (a >= qubits || b >= qubits) continue;
      this.#pairs[a * qubits + b] = error;
      this.#pairs[b * qubits + a] = error;
    }
  }

  pair(p: number, q: number): number {
    return this.#pairs[p * this.qubits + q]!;
  }

  gate(p: number): number {
    return this.#errors?.qubits[p] ?? 0;
  }

  readout(p: number): number {
    return this.#errors?.readout[p] ?? 0;
  }

  /** Errors that are expected of what a qubit does alone at a place. */
  alone({ gates, measurements }: Usage, qubit: number, place: number): number {
    return gates[qubit]! * this.gate(place) + measurements[qubit]! * this.readout(place);
  }

  /** Errors that are expected in all, to first order. */
  ofLayout(usage: Usage, places: ArrayLike<number>): number {
    let sum = 0;
    for (const qubit of usage.active) sum += this.alone(usage, qubit, places[qubit]!);
    for (const { a, b, gates } of usage.pairs) sum += gates * this.pair(places[a]!, places[b]!);
    return sum;
  }
}
