import { type CompileTarget, instructionsIn, type Program } from '@qfs/circuit';
import { ok, type Result } from '@qfs/core';
import type { Budget } from '@qfs/qasm';
import type { CompileOptions } from './compile-options.ts';
import type { CompileFailure } from './languages.ts';
import {
  OPTIMISATION_LEVELS,
  type OptimisationLevel,
  type OptimisedProgram,
  optimiseProgram,
} from './passes/index.ts';
import type { ReadProgram } from './read-program.ts';

/** What a request says about how a circuit is made. */
export interface Wish {
  readonly options: CompileOptions;
  readonly target?: {
    readonly value: CompileTarget /** Stands for it among others. */;
    readonly key: string;
  };
}

export const NO_WISH: Wish = { options: { anyTarget: false } };

/** How a circuit is made of a program. */
export interface Making {
  readonly level: OptimisationLevel;
  readonly target?: CompileTarget;
  /** Equal keys: equal bytes of equal programs. */
  readonly key: string;
}

/** No passes: the circuit is the program. */
const AS_WRITTEN: Making = { level: 0, key: '' };

/** The level where nothing was said and the device has a target. */
const TARGET_LEVEL: OptimisationLevel = 1;

/** A request is stronger than the decorator of the program, which is stronger than what targets have. */
export function makingOf({ options, target }: Wish, { defaults }: ReadProgram): Making {
  const asked = OPTIMISATION_LEVELS.find((level) => level === defaults?.optimizationLevel);
  const level = options.level ?? asked;
  if (target !== undefined && !options.anyTarget) {
    const at = level ?? TARGET_LEVEL;
    return { level: at, target: target.value, key: `${at} ${target.key}` };
  }
  return level === undefined || level === 0 ? AS_WRITTEN : { level, key: `${level}` };
}

export type Made = Pick<OptimisedProgram, 'program'> & Partial<OptimisedProgram>;

/** Steps of the budget for each operation of a program: about what lowering that takes as long costs. */
const STEPS = 40;
/** The same where qubits are laid out and gates translated. */
const TARGET_STEPS = 160;

/** The circuit of a program, or undefined if it takes more than the budget. */
export function makeWithin(
  budget: Budget,
  program: Program,
  { level, target, key }: Making,
  begin?: (stage: 'optimise') => void,
): Result<Made, CompileFailure> | undefined {
  if (key === AS_WRITTEN.key) return ok({ program });
  const steps = operationsOf(program) * (target === undefined ? STEPS : TARGET_STEPS);
  if (steps > budget.left) return undefined;
  budget.spend(steps);
  begin?.('optimise');
  return optimiseProgram(program, { level, ...(target === undefined ? {} : { target }) });
}

function operationsOf({ body, subroutines }: Program): number {
  let operations = 0;
  for (const block of [body, ...subroutines.map((subroutine) => subroutine.body)]) {
    for (const _ of instructionsIn(block)) operations += 1;
  }
  return operations;
}
