import { metricsOf, type Program } from '@qfs/circuit';
import type { CircuitSize } from '../contract.ts';
import type { Code, RunPiece } from '../program/code.ts';
import { rebuild } from '../program/rebuild.ts';

/** Depth and gates of the program with this code as its body, counted as `metrics` counts them. */
export function sizeOf(program: Program, code: Code): CircuitSize {
  if (program.subroutines.length === 0 && code.every(isConstantRun)) return sizeOfRuns(program.qubits, code);
  const { depth, gateCount, twoQubitGates } = metricsOf(rebuild(program, code));
  return { depth, gates: gateCount, twoQubitGates };
}

const isConstantRun = (piece: Code[number]): piece is RunPiece => piece.kind === 'run' && !piece.isBound;

/** Passes ask for it again and again; gates alone take a fraction of the time that any instruction does. */
function sizeOfRuns(qubits: number, runs: readonly RunPiece[]): CircuitSize {
  const levels = new Int32Array(qubits);
  let [gates, twoQubitGates] = [0, 0];
  for (const { run } of runs) {
    gates += run.ops.length;
    for (const { qubits: operands } of run.ops) {
      let level = 0;
      for (const qubit of operands) level = Math.max(level, levels[qubit]!);
      for (const qubit of operands) levels[qubit] = level + 1;
      if (operands.length === 2) twoQubitGates += 1;
    }
  }
  return { depth: levels.reduce((most, level) => Math.max(most, level), 0), gates, twoQubitGates };
}
