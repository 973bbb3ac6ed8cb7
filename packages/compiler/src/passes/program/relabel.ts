import type { Instruction, QubitOperand } from '@qfs/circuit';
import { candidatesOf } from '@qfs/circuit';
import type { Run } from '../contract.ts';
import type { Code, FixedPiece, NestedPiece } from './code.ts';

/** Where a qubit is now. */
export type Places = ArrayLike<number>;

const relabelRun = ({ ops, phase }: Run, places: Places): Run => ({
  ops: ops.map((op) => ({ ...op, qubits: op.qubits.map((qubit) => places[qubit]!) })),
  phase,
});

/** The same piece on the places of its qubits; its inner blocks stay as they are. */
export function relabelPiece<P extends FixedPiece | NestedPiece>(piece: P, places: Places): P {
  const qubits = piece.qubits.map((qubit) => places[qubit]!);
  return { ...piece, instruction: relabelInstruction(piece.instruction, places), qubits };
}

/** All of a code on the places of its qubits. */
export const relabel = (code: Code, places: Places): Code =>
  code.map((piece) => {
    if (piece.kind === 'run') return { ...piece, run: relabelRun(piece.run, places) };
    if (piece.kind === 'fixed') return relabelPiece(piece, places);
    return { ...relabelPiece(piece, places), blocks: piece.blocks.map((block) => relabel(block, places)) };
  });

function relabelInstruction(instruction: Instruction, places: Places): Instruction {
  const operand = (qubit: QubitOperand): QubitOperand =>
    typeof qubit === 'number'
      ? places[qubit]!
      : { among: candidatesOf(qubit).map((candidate) => places[candidate]!), index: qubit.index };
  switch (instruction.kind) {
    case 'measure':
    case 'reset':
      return { ...instruction, qubit: operand(instruction.qubit) };
    case 'gate':
    case 'barrier':
    case 'delay':
      return { ...instruction, qubits: instruction.qubits.map(operand) };
    default:
      return instruction;
  }
}
