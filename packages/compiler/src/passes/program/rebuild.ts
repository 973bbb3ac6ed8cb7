import type { Block, Instruction, Program } from '@qfs/circuit';
import { assert } from '@qfs/core';
import type { Run } from '../contract.ts';
import type { Code } from './code.ts';

/** The program with this code as its body. */
export const rebuild = (program: Program, code: Code): Program => ({ ...program, body: blockOf(code) });

function blockOf(code: Code): Block {
  const block: Instruction[] = [];
  for (const piece of code) {
    if (piece.kind === 'run') pushRun(piece.run, block);
    else if (piece.kind === 'fixed') block.push(piece.instruction);
    else block.push(withBlocks(piece.instruction, piece.blocks.map(blockOf)));
  }
  return block;
}

function pushRun({ ops, phase }: Run, block: Instruction[]): void {
  if (phase !== 0) block.push({ kind: 'gphase', angle: phase });
  for (const { gate, parameters, qubits } of ops) block.push({ kind: 'gate', gate, parameters, qubits });
}

/** The same instruction around other blocks, which come in the order of `partsOf`. */
export function withBlocks(instruction: Instruction, blocks: readonly Block[]): Instruction {
  const block = (index: number): Block => {
    const found = blocks[index];
    assert(found !== undefined, 'an instruction keeps the number of its blocks');
    return found;
  };
  switch (instruction.kind) {
    case 'box':
    case 'for':
    case 'while':
      return { ...instruction, body: block(0) };
    case 'if':
      return { ...instruction, body: block(0), ...(instruction.otherwise && { otherwise: block(1) }) };
    case 'switch': {
      const cases = instruction.cases.map(({ values }, index) => ({ values, body: block(index) }));
      return { ...instruction, cases, ...(instruction.otherwise && { otherwise: block(cases.length) }) };
    }
    default:
      return instruction;
  }
}
