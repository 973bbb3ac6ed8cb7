import type { OptimisationLevel } from '../contract.ts';
import type { LocalPassName } from '../local/index.ts';

/** What a level does; `eigen-cli explain`, guides and reference pages are made of this table. */
export interface Level {
  readonly help: string;
  /** Before qubits are placed, and all that there is without a target. */
  readonly before: readonly LocalPassName[];
  /** On the qubits of the target, while gates are still free. */
  readonly between: readonly LocalPassName[];
  /** On the qubits and with the gates of the target, in rounds until nothing gets better. */
  readonly after: readonly LocalPassName[];
  readonly rounds: number;
}

export const LEVELS: Readonly<Record<OptimisationLevel, Level>> = {
  0: {
    help: 'Only what the target demands: its gates, and swaps where qubits are not coupled.',
    before: [],
    between: [],
    after: [],
    rounds: 0,
  },
  1: {
    help: 'Cancels and merges gates, and looks shortly for a good layout.',
    before: ['cancellation', 'singleQubitResynthesis'],
    between: ['swapExpansion', 'cancellation'],
    after: ['cancellation', 'singleQubitResynthesis'],
    rounds: 1,
  },
  2: {
    help: 'Makes each sequence of gates on a pair anew, and looks for a layout without swaps.',
    before: ['cancellation', 'twoQubitResynthesis', 'singleQubitResynthesis'],
    between: [],
    after: ['twoQubitResynthesis', 'cancellation', 'singleQubitResynthesis'],
    rounds: 2,
  },
  3: {
    help: 'Adds patterns and phase polynomials, tries many layouts, and repeats until nothing gets better.',
    before: ['templates', 'phaseFolding', 'cancellation', 'twoQubitResynthesis', 'singleQubitResynthesis'],
    between: ['gathering', 'swapExpansion', 'cancellation', 'gathering'],
    after: ['twoQubitResynthesis', 'cancellation', 'singleQubitResynthesis'],
    rounds: 4,
  },
};

/** The first level at which gates that commute are put into an order of fewer layers. */
export const SCHEDULED_FROM: OptimisationLevel = 2;
