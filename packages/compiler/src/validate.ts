import { type Metrics, metricsOf } from '@qfs/circuit';
import type { Diagnostic, ErrorCode } from '@qfs/core';
import { ok, type Result } from '@qfs/core';
import { type ProgramDefaults, parseProgram } from '@qfs/eigen-lang';
import type { HybridPlan } from '@qfs/hybrid';
import { parseSource } from '@qfs/qasm';
import { eigenFailure, sourceFailure } from './failures.ts';
import { type CompileFailure, openSource } from './languages.ts';
import { type ReadProgram, type ReadRequest, readProgram } from './read-program.ts';

export const VALIDATION_LEVELS = ['syntax', 'semantic'] as const;
export type ValidationLevel = (typeof VALIDATION_LEVELS)[number];

export interface ValidateRequest extends ReadRequest {
  readonly level: ValidationLevel;
}

export interface Verdict {
  /** The program is correct as far as the level looks; a correct program may still not be executable. */
  readonly valid: boolean;
  /** It would compile. Never true at level `syntax`, which does not look. */
  readonly executable: boolean;
  /** Why not, as an error code. */
  readonly reason?: ErrorCode;
  readonly diagnostics: readonly Diagnostic[];
  /** At level `semantic`, of an executable program. */
  readonly metrics?: Metrics;
  /** At level `semantic`, of an executable Eigen-Lang program: what it asks for. */
  readonly hybrid?: { readonly defaults: ProgramDefaults; readonly plan: HybridPlan | undefined };
}

/**
 * Says what is wrong with a program, all at once. Never fails: a language that is not supported is a verdict
 * too. `read` may know programs already.
 */
export function validateSource(request: ValidateRequest, read = readProgram): Verdict {
  const checked = check(request, read);
  if (checked.ok) return checked.value;
  const { code, message, diagnostics } = checked.error;
  // A construct that cannot be executed is no mistake in the program; a program that is too large was not
  // read whole.
  const valid = code === 'QASM_UNSUPPORTED' || code === 'EIGEN_UNSUPPORTED';
  return {
    valid,
    executable: false,
    reason: code,
    diagnostics: diagnostics.length > 0 ? diagnostics : [placeless(code, message)],
  };
}

function check(request: ValidateRequest, read: typeof readProgram): Result<Verdict, CompileFailure> {
  const { level, ...program } = request;
  const opened = openSource(program.language, program.source);
  if (!opened.ok) return opened;
  const { value } = opened;
  if (level === 'semantic' || value.reader === 'aqo') {
    const found = read(program);
    return found.ok ? ok(executable(found.value)) : found;
  }
  const isEigen = value.reader === 'eigen-lang';
  const { diagnostics } = isEigen ? parseProgram(value.text) : parseSource(value.text, value.reader);
  if (!diagnostics.some(({ severity }) => severity === 'error')) {
    return ok({ valid: true, executable: false, diagnostics });
  }
  return isEigen ? eigenFailure(diagnostics) : sourceFailure(diagnostics);
}

function executable({ program, diagnostics, plan, defaults }: ReadProgram): Verdict {
  const verdict = { valid: true, executable: true, diagnostics, metrics: metricsOf(program) };
  return defaults === undefined ? verdict : { ...verdict, hybrid: { defaults, plan: plan?.value } };
}

/** A failure of the whole text, as a finding at its beginning. */
const placeless = (code: ErrorCode, message: string): Diagnostic => ({
  code,
  severity: 'error',
  message,
  line: 1,
  column: 1,
  end_line: 1,
  end_column: 1,
});
