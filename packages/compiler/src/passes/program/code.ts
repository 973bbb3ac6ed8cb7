import type { Instruction } from '@qfs/circuit';
import type { Run } from '../contract.ts';

/** Gates in a row, with nothing between them but gates. */
export interface RunPiece {
  readonly kind: 'run';
  readonly run: Run;
  /** Do parameters depend on variables, so that it stays between the same classical instructions? */
  readonly isBound: boolean;
}

/**
 * What no pass rewrites: a measurement, reset, barrier, delay or classical instruction, and a gate that has
 * no form as an `Op`.
 */
export interface FixedPiece {
  readonly kind: 'fixed';
  readonly instruction: Instruction;
  /** That it acts on; the empty list for classical instructions. */
  readonly qubits: readonly number[];
  /** Control may leave the block here, so that nothing may move to the other side. */
  readonly isWall: boolean;
}

/** Control flow or a box: its blocks are rewritten each for itself. */
export interface NestedPiece {
  readonly kind: 'nested';
  readonly instruction: Instruction;
  /** In the order of `partsOf`. */
  readonly blocks: readonly Code[];
  readonly qubits: readonly number[];
  readonly isWall: boolean;
}

export type Piece = RunPiece | FixedPiece | NestedPiece;

/** A block of a program, cut at everything that passes do not rewrite. */
export type Code = readonly Piece[];

/** The same code with every run rewritten, those of inner blocks included. */
export const mapRuns = (code: Code, rewrite: (run: Run) => Run): Code =>
  code.map((piece) => {
    if (piece.kind === 'run') return { ...piece, run: rewrite(piece.run) };
    if (piece.kind === 'fixed') return piece;
    return { ...piece, blocks: piece.blocks.map((block) => mapRuns(block, rewrite)) };
  });
