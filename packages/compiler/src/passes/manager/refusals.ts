import { argumentsOf, expressionsIn, expressionsOf, instructionsIn, type Program } from '@qfs/circuit';
import { CIRCUIT_OPERATIONS_MAX, DEVICE_OPERATIONS_MAX } from '@qfs/core';
import type { CompileFailure } from '../../languages.ts';
import type { Code, FixedPiece } from '../program/index.ts';

const ADVICE = 'Write it without, or compile without the target: the option target is "none" then.';

/** Why a program cannot be laid out on the qubits of a device; undefined if it can. */
export function layoutRefusal(program: Program, code: Code, name: string): CompileFailure | undefined {
  for (const instruction of instructionsIn(program.body)) {
    for (const expression of expressionsIn(expressionsOf(instruction))) {
      if (expression.kind !== 'call') continue;
      if (!argumentsOf(expression).some(({ kind }) => kind === 'qubits')) continue;
      const called = program.subroutines[expression.subroutine]?.name ?? '';
      return refusal(`the subroutine ${called} is given qubits`, name);
    }
  }
  const gate = firstFixedGate(code);
  if (gate !== undefined) return refusal(gate, name);
  return unrolledSize(code) > DEVICE_OPERATIONS_MAX ? tooManyOperations(name) : undefined;
}

/** Gates on three and more qubits become about as many on one and two. */
const UNROLLED = 20;

function unrolledSize(code: Code): number {
  let size = 0;
  for (const piece of code) {
    if (piece.kind === 'run')
      for (const { qubits } of piece.run.ops) size += qubits.length > 2 ? UNROLLED : 1;
    else if (piece.kind === 'nested') for (const block of piece.blocks) size += unrolledSize(block);
  }
  return size;
}

export const tooManyOperations = (name: string): CompileFailure => ({
  code: 'CIRCUIT_TOO_LARGE',
  message:
    `Written with the gates of ${name} the circuit has more than ${CIRCUIT_OPERATIONS_MAX} operations. ` +
    'Make it shorter, or split it.',
  diagnostics: [],
});

/** Gates that could not be written as operations: they choose a qubit while the program runs, or call. */
function firstFixedGate(code: Code): string | undefined {
  for (const piece of code) {
    if (piece.kind === 'fixed') {
      const found = fixedGate(piece);
      if (found !== undefined) return found;
    } else if (piece.kind === 'nested') {
      for (const block of piece.blocks) {
        const found = firstFixedGate(block);
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

function fixedGate({ instruction }: FixedPiece): string | undefined {
  if (instruction.kind !== 'gate' && instruction.kind !== 'gphase') return undefined;
  const name = instruction.kind === 'gate' ? instruction.gate : 'gphase';
  const choosing = (instruction.qubits ?? []).some((qubit) => typeof qubit !== 'number');
  if (choosing) return `the gate ${name} chooses a qubit while the program runs`;
  return instruction.controls === undefined
    ? `an angle of the gate ${name} calls a subroutine`
    : `the gate ${name} under ${instruction.controls.length} controls is too many gates of the device`;
}

const refusal = (what: string, name: string): CompileFailure => ({
  code: 'CIRCUIT_NOT_NATIVE',
  message: `The circuit cannot be compiled for ${name}: ${what}. ${ADVICE}`,
  diagnostics: [],
});
