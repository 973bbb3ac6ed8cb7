import type { Op, PassContext, Run } from '../contract.ts';
import { gateSetOf } from './gate-set.ts';

/**
 * Gates whose decomposition begins and ends with `cx` of their operands in order, but for gates on one qubit.
 */
const BEGIN_AND_END_WITH_CX: ReadonlySet<string> = new Set(['cx', 'cp', 'crz', 'cry', 'rzz']);

/**
 * Writes each swap as three CNOTs. Before or after a gate that ends or begins with a CNOT on the same pair
 * they are turned so that two of the four cancel; gates on one qubit step through the swap to the other one.
 */
export function expandSwaps(run: Run, context: PassContext): Run {
  if (!gateSetOf(context).allows('cx') || run.ops.every(({ gate }) => gate !== 'swap')) return run;
  const expander = new Expander();
  for (const op of run.ops) expander.add(op);
  expander.end();
  return { ops: expander.out, phase: run.phase };
}

class Expander {
  readonly out: Op[] = [];
  /** Gates on one qubit that are not written yet. */
  readonly #waiting: Op[][] = [];
  /** The last gate on several qubits that was written, by qubit. */
  readonly #last: (Op | undefined)[] = [];
  /** The other qubit of a swap that waits, behind the gates that wait, for its direction. */
  readonly #partner: (number | undefined)[] = [];

  add(op: Op): void {
    const [first, second] = op.qubits as readonly [number, number];
    if (op.qubits.length === 1) {
      const qubit = this.#partner[first] ?? first;
      this.#waitingOn(qubit).push({ ...op, qubits: [qubit] });
    } else if (op.gate === 'swap') this.#swap(first, second);
    else {
      for (const qubit of op.qubits) this.#release(qubit, op);
      this.#write(op);
    }
  }

  end(): void {
    for (let qubit = 0; qubit < this.#waiting.length; qubit++) this.#release(qubit);
  }

  #waitingOn(qubit: number): Op[] {
    let list = this.#waiting[qubit];
    if (list === undefined) {
      for (let before = this.#waiting.length; before < qubit; before++) this.#waiting.push([]);
      list = [];
      this.#waiting[qubit] = list;
    }
    return list;
  }

  #swap(first: number, second: number): void {
    if (this.#partner[first] === second) {
      // Two swaps in a row are none.
      this.#partner[first] = this.#partner[second] = undefined;
      return;
    }
    if (this.#partner[first] !== undefined) this.#release(first);
    if (this.#partner[second] !== undefined) this.#release(second);
    const last = this.#last[first];
    if (last !== undefined && last === this.#last[second] && isTurnable(last)) {
      this.#writeSwap(last.qubits);
      const [a, b] = [this.#waitingOn(first), this.#waitingOn(second)];
      this.#waiting[first] = b.map((op) => ({ ...op, qubits: [first] }));
      this.#waiting[second] = a.map((op) => ({ ...op, qubits: [second] }));
      return;
    }
    this.#waitingOn(first);
    this.#waitingOn(second);
    this.#partner[first] = second;
    this.#partner[second] = first;
  }

  /** Writes what waits on a qubit, before `next`. */
  #release(qubit: number, next?: Op): void {
    const partner = this.#partner[qubit];
    this.#flush(qubit);
    if (partner === undefined) return;
    this.#flush(partner);
    this.#partner[qubit] = this.#partner[partner] = undefined;
    this.#writeSwap(next?.qubits.includes(partner) && isTurnable(next) ? next.qubits : [qubit, partner]);
  }

  #flush(qubit: number): void {
    for (const op of this.#waiting[qubit] ?? []) this.out.push(op);
    this.#waiting[qubit] = [];
  }

  #writeSwap(qubits: readonly number[]): void {
    const outer: Op = { gate: 'cx', parameters: [], qubits };
    this.#write(outer);
    this.#write({ ...outer, qubits: [...qubits].reverse() });
    this.#write(outer);
  }

  #write(op: Op): void {
    this.out.push(op);
    for (const qubit of op.qubits) this.#last[qubit] = op;
  }
}

const isTurnable = ({ gate, qubits }: Op): boolean => qubits.length === 2 && BEGIN_AND_END_WITH_CX.has(gate);
