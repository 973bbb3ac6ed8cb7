import type { Parameter } from '@qfs/circuit';
import type { Op } from '../contract.ts';
import { AngleSum } from '../matrix/angles.ts';
import type { Code, Piece } from './code.ts';

interface OpenRun {
  readonly kind: 'run';
  readonly ops: Op[];
  readonly phase: AngleSum;
  isBound: boolean;
}

/** Puts gates into the earliest run that they can go into, and everything else behind what is there. */
export class CodeBuilder {
  readonly #pieces: (OpenRun | Exclude<Piece, { kind: 'run' }>)[] = [];
  /** Indices of pieces that are runs, ascending. */
  readonly #runs: number[] = [];
  /** The last piece that touches each qubit. */
  readonly #last = new Map<number, number>();
  /** The last piece that no gate may pass. */
  #wall = -1;

  push(piece: Exclude<Piece, { kind: 'run' }>): void {
    const at = this.#pieces.push(piece) - 1;
    for (const qubit of piece.qubits) this.#last.set(qubit, at);
    if (piece.isWall) this.#wall = at;
  }

  /** @param isConstant do its parameters have the same value wherever it is? */
  gate(op: Op, isConstant: boolean): void {
    let after = this.#earliest(isConstant);
    for (const qubit of op.qubits) after = Math.max(after, this.#last.get(qubit) ?? -1);
    const at = this.#runFrom(after);
    const run = this.#run(at);
    run.ops.push(op);
    if (!isConstant) run.isBound = true;
    for (const qubit of op.qubits) this.#last.set(qubit, at);
  }

  phase(angle: Parameter, isConstant: boolean): void {
    const run = this.#run(this.#runFrom(this.#earliest(isConstant)));
    run.phase.add(angle);
    if (!isConstant) run.isBound = true;
  }

  pieces(): Code {
    return this.#pieces.map((piece) =>
      piece.kind === 'run'
        ? { kind: 'run', run: { ops: piece.ops, phase: piece.phase.value() }, isBound: piece.isBound }
        : piece,
    );
  }

  /** Values may change at any instruction that is no gate. */
  #earliest(isConstant: boolean): number {
    if (isConstant) return this.#wall;
    const last = this.#pieces.length - 1;
    return this.#pieces[last]?.kind === 'run' ? last : Math.max(this.#wall, last);
  }

  #run(at: number): OpenRun {
    return this.#pieces[at] as OpenRun;
  }

  /** The first run at this index or behind it; a new one where there is none. */
  #runFrom(index: number): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#runs[middle]! < index) low = middle + 1;
      else high = middle;
    }
    const found = this.#runs[low];
    if (found !== undefined) return found;
    const at = this.#pieces.push({ kind: 'run', ops: [], phase: new AngleSum(0), isBound: false }) - 1;
    this.#runs.push(at);
    return at;
  }
}
