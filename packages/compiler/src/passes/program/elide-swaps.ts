import type { Op } from '../contract.ts';
import type { Code } from './code.ts';
import { relabel, relabelPiece } from './relabel.ts';

export interface WithoutSwaps {
  readonly code: Code;
  /** On which qubit of the code each qubit of the program ends. */
  readonly final: Int32Array;
}

/**
 * The code with swaps left out: what follows acts on the other qubit instead. Only outside of control flow,
 * where every shot passes; a program that may end early keeps its swaps, as its qubits would end in two
 * places.
 */
export function elideSwaps(code: Code, qubits: number): WithoutSwaps {
  const wires = Int32Array.from({ length: qubits }, (_, qubit) => qubit);
  if (mayEnd(code)) return { code, final: wires };
  const rewritten = code.map((piece) => {
    if (piece.kind === 'fixed') return relabelPiece(piece, wires);
    if (piece.kind === 'nested') {
      return { ...relabelPiece(piece, wires), blocks: piece.blocks.map((block) => relabel(block, wires)) };
    }
    const ops: Op[] = [];
    for (const op of piece.run.ops) {
      const [a = 0, b = 0] = op.qubits;
      if (op.gate === 'swap') [wires[a], wires[b]] = [wires[b]!, wires[a]!];
      else ops.push({ ...op, qubits: op.qubits.map((qubit) => wires[qubit]!) });
    }
    return { ...piece, run: { ops, phase: piece.run.phase } };
  });
  return { code: rewritten, final: wires };
}

/** Is there an `end` anywhere? */
export const mayEnd = (code: Code): boolean =>
  code.some((piece) => {
    if (piece.kind === 'nested') return piece.blocks.some(mayEnd);
    return piece.kind === 'fixed' && piece.instruction.kind === 'end';
  });
