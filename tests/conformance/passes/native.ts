import { type CompileTarget, instructionsIn, type Program } from '@qfs/circuit';
import type { Op } from '../../../packages/compiler/src/passes/contract.ts';

/** Has the target this gate, on qubits that it couples in this order? */
export function isNative(
  { gate, qubits }: Pick<Op, 'gate' | 'qubits'>,
  { basisGates, coupling, directed }: CompileTarget,
): boolean {
  if (!basisGates.includes(gate)) return false;
  if (qubits.length === 1 || coupling === undefined) return true;
  const [a, b] = qubits;
  return coupling.some(([from, to]) => (from === a && to === b) || (!directed && from === b && to === a));
}

/** The first instruction that the target cannot execute, or undefined. Subroutines get no qubits there. */
export function nativeProblem(program: Program, target: CompileTarget): string | undefined {
  if (program.qubits > target.qubits) return `the program has ${program.qubits} qubits`;
  for (const instruction of instructionsIn(program.body)) {
    if (instruction.kind === 'gphase' && instruction.controls !== undefined) return 'a controlled phase';
    if (instruction.kind !== 'gate') continue;
    const qubits = instruction.qubits as readonly number[];
    if (instruction.controls !== undefined || !isNative({ gate: instruction.gate, qubits }, target))
      return `${instruction.gate} on ${qubits.join(', ')}`;
  }
  return undefined;
}
