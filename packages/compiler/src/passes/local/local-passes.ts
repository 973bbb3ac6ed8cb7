import type { RunPass } from '../contract.ts';
import { cancel } from './cancellation.ts';
import { gatherPairs } from './gathering.ts';
import { foldPhases } from './phase-folding.ts';
import { resynthesiseSingleQubits } from './single-qubit.ts';
import { expandSwaps } from './swap-expansion.ts';
import { applyTemplates } from './templates.ts';
import { resynthesiseTwoQubits } from './two-qubit.ts';
import { unroll } from './unroll.ts';

const pass = (name: string, help: string, run: RunPass['run']): RunPass => ({ name, help, run });

/**
 * Every pass that keeps qubits where they are. Each is exact, global phase included; without a target they
 * choose freely among the gates of the table, with one they write only gates of its basis, given a run in
 * that basis.
 */
export const LOCAL_PASSES = {
  unroll: pass('unroll', 'Writes gates on three and more qubits as gates on one and two.', unroll),
  cancellation: pass(
    'cancellation',
    'Cancels inverse gates and merges rotations, also across gates that commute with them.',
    cancel,
  ),
  phaseFolding: pass(
    'phase_folding',
    'Merges rotations about Z that turn the same parity of qubits, wherever they stand.',
    foldPhases,
  ),
  templates: pass(
    'templates',
    'Replaces known short patterns, also with symbolic angles, by shorter ones.',
    applyTemplates,
  ),
  gathering: pass(
    'gathering',
    'Brings gates on the same pair of qubits next to each other, through gates that commute with one of them.',
    gatherPairs,
  ),
  swapExpansion: pass(
    'swap_expansion',
    'Writes each swap as three CNOTs, turned so that the first or the last cancels with a neighbour.',
    expandSwaps,
  ),
  singleQubitResynthesis: pass(
    'single_qubit_resynthesis',
    'Replaces gates in a row on one qubit by the shortest sequence for their product.',
    resynthesiseSingleQubits,
  ),
  twoQubitResynthesis: pass(
    'two_qubit_resynthesis',
    'Replaces gates in a row on a pair of qubits by the fewest two-qubit gates for their product (KAK).',
    resynthesiseTwoQubits,
  ),
} as const satisfies Readonly<Record<string, RunPass>>;

export type LocalPassName = keyof typeof LOCAL_PASSES;
