import {
  type Block,
  candidatesOf,
  constantIndex,
  type GateInstruction,
  type GphaseInstruction,
  type Instruction,
  type Program,
  partsOf,
  type QubitOperand,
} from '@qfs/circuit';
import { DEVICE_OPERATIONS_MAX, QUBIT_CHOICES_MAX } from '@qfs/core';
import { withBlocks } from './rebuild.ts';

/**
 * Gates whose qubits are chosen while the program runs, as a `switch` with a gate for every choice. One with more
 * than `QUBIT_CHOICES_MAX` of them stays as it is, as do all when there are too many together.
 */
export function expandChoices(program: Program): Program {
  let left = DEVICE_OPERATIONS_MAX;
  const expand = (instruction: Instruction): Instruction => {
    if (instruction.kind !== 'gate' && instruction.kind !== 'gphase') {
      const { blocks } = partsOf(instruction);
      return blocks.length === 0 ? instruction : withBlocks(instruction, blocks.map(expandBlock));
    }
    const qubits = instruction.qubits ?? [];
    if (qubits.every((qubit) => typeof qubit === 'number')) return instruction;
    const choices = qubits.reduce<number>((product, qubit) => product * candidatesOf(qubit).length, 1);
    if (choices > Math.min(QUBIT_CHOICES_MAX, left)) return instruction;
    left -= choices;
    return chosen(instruction, qubits);
  };
  const expandBlock = (block: Block): Block => block.map(expand);
  return { ...program, body: expandBlock(program.body) };
}

function chosen(gate: GateInstruction | GphaseInstruction, qubits: readonly QubitOperand[]): Instruction {
  const at = qubits.findIndex((qubit) => typeof qubit !== 'number');
  const operand = qubits[at];
  if (operand === undefined || typeof operand === 'number') return { ...gate, qubits };
  const candidates = candidatesOf(operand);
  return {
    kind: 'switch',
    subject: { kind: 'cast', type: { kind: 'int', width: 64 }, operand: operand.index },
    cases: candidates.map((candidate, place) => {
      const settled = qubits.map((qubit, other) => (other === at ? candidate : qubit));
      return {
        // −1 is the last one.
        values: [BigInt(place), BigInt(place - candidates.length)],
        body: [isTwice(candidate, qubits) ? failing(candidate) : chosen(gate, settled)],
      };
    }),
    // No such qubit: fails as the gate would.
    otherwise: [{ kind: 'reset', qubit: operand }],
  };
}

const isTwice = (candidate: number, qubits: readonly QubitOperand[]): boolean => qubits.includes(candidate);

/** A gate on one qubit twice is no gate; its place is taken by a choice that there is not. */
const failing = (qubit: number): Instruction => ({
  kind: 'reset',
  qubit: { among: [qubit], index: constantIndex(1) },
});
