import { argumentsOf, expressionsIn, expressionsOf, instructionsIn, type Program } from '@qfs/circuit';
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
  return gate === undefined ? undefined : refusal(gate, name);
}

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
  return choosing
    ? `the gate ${name} chooses a qubit while the program runs`
    : `an angle of the gate ${name} calls a subroutine`;
}

const refusal = (what: string, name: string): CompileFailure => ({
  code: 'CIRCUIT_NOT_NATIVE',
  message: `The circuit cannot be compiled for ${name}: ${what}. ${ADVICE}`,
  diagnostics: [],
});
