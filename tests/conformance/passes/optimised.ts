import type { CompileTarget } from '@qfs/circuit';
import { readProgram, writeQasm } from '@qfs/compiler';
import { QfsError } from '@qfs/core';
import type { InputValue } from '@qfs/simulator';
import type { OptimisationLevel } from '../../../packages/compiler/src/passes/contract.ts';
import { optimiseProgram } from '../../../packages/compiler/src/passes/index.ts';
import { shrunk } from '../reference/shrink.ts';
import { channelDifference } from './comparison.ts';
import { TooManyCourses } from './courses.ts';
import { nativeProblem } from './native.ts';

/** A program and how it is compiled. */
export interface Trial {
  readonly source: string;
  readonly inputs: Readonly<Record<string, InputValue>>;
  readonly level: OptimisationLevel;
  readonly target?: CompileTarget | undefined;
  readonly seed: number;
}

/** `different` is wrong; a program may be refused by the compiler, or be too long to follow. */
export interface TrialVerdict {
  readonly kind: 'equal' | 'refused' | 'skipped' | 'different';
  readonly reason: string;
}

const verdict = (kind: TrialVerdict['kind'], reason: string): TrialVerdict => ({ kind, reason });

/** Does the optimised program keep to its target, and to the channel of the program as it was written? */
export function judge({ source, inputs, level, target, seed }: Trial): TrialVerdict {
  const read = readProgram({ language: 'openqasm3', source });
  if (!read.ok) return verdict('refused', 'does not compile');
  const { program } = read.value;
  const optimised = optimiseProgram(program, { level, ...(target && { target }) });
  if (!optimised.ok) return verdict('refused', optimised.error.code);
  const foreign = target && nativeProblem(optimised.value.program, target);
  if (foreign !== undefined) return verdict('different', `not native: ${foreign}`);
  try {
    const difference = channelDifference(program, optimised.value, seed, new Map(Object.entries(inputs)));
    return difference === undefined ? verdict('equal', '') : verdict('different', difference);
  } catch (problem) {
    // A program that fails while it runs says nothing about what it would have left behind.
    if (problem instanceof TooManyCourses || problem instanceof QfsError)
      return verdict('skipped', problem.message);
    throw problem;
  }
}

/** The optimised program as OpenQASM 3. */
export function textAt(source: string, level: OptimisationLevel): string {
  const read = readProgram({ language: 'openqasm3', source });
  if (!read.ok) throw read.error;
  const optimised = optimiseProgram(read.value.program, { level });
  if (!optimised.ok) throw optimised.error;
  return writeQasm(optimised.value.program);
}

/** The smallest program found that is still compiled wrongly. */
export const smallestTrial = (trial: Trial): string =>
  shrunk(trial.source, (source) => judge({ ...trial, source }).kind === 'different');
