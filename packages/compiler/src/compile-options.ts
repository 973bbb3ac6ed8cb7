import { ok, type Result } from '@qfs/core';
import { type CompileFailure, failure } from './languages.ts';
import { OPTIMISATION_LEVELS, type OptimisationLevel } from './passes/contract.ts';

interface OptionRow {
  readonly help: string;
  readonly values: readonly string[];
}

/** Every compiler option. */
export const COMPILER_OPTIONS = {
  optimization_level: {
    help:
      'How much the circuit may be rewritten: 0 as written, 3 the most. Without it: 1 where the device has a ' +
      'target, else 0.',
    values: OPTIMISATION_LEVELS.map(String),
  },
  target: {
    help: '`none`: not for the gates and couplings of the device, which must take the circuit all the same.',
    values: ['none'],
  },
} as const satisfies Record<string, OptionRow>;

export interface CompileOptions {
  /** Absent: as the target has it. */
  readonly level?: OptimisationLevel;
  /** The target of the device is left aside. */
  readonly anyTarget: boolean;
}

/** Reads compiler options; JOB_SPEC_INVALID names the first that is not known, or its value. */
export function readCompileOptions(
  options: Readonly<Record<string, string>>,
): Result<CompileOptions, CompileFailure> {
  for (const [name, value] of Object.entries(options)) {
    const row: OptionRow | undefined = Object.hasOwn(COMPILER_OPTIONS, name)
      ? COMPILER_OPTIONS[name as keyof typeof COMPILER_OPTIONS]
      : undefined;
    if (row === undefined) {
      const known = Object.keys(COMPILER_OPTIONS).join(', ');
      const message = `There is no compiler option '${name.slice(0, 40)}'. There are: ${known}.`;
      return failure('JOB_SPEC_INVALID', message);
    }
    if (!row.values.includes(value)) {
      const known = row.values.join(', ');
      const message = `The compiler option ${name} is '${value.slice(0, 40)}'; it may be: ${known}.`;
      return failure('JOB_SPEC_INVALID', message);
    }
  }
  const level = OPTIMISATION_LEVELS.find((known) => String(known) === options.optimization_level);
  return ok({ anyTarget: options.target === 'none', ...(level === undefined ? {} : { level }) });
}
