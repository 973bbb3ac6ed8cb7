import { metricsOf, type Program } from '@qfs/circuit';
import type { CircuitSize } from '../contract.ts';
import type { Code } from '../program/code.ts';
import { rebuild } from '../program/rebuild.ts';

/** Depth and gates of the program with this code as its body, counted as `metrics` counts them. */
export function sizeOf(program: Program, code: Code): CircuitSize {
  const { depth, gateCount, twoQubitGates } = metricsOf(rebuild(program, code));
  return { depth, gates: gateCount, twoQubitGates };
}
