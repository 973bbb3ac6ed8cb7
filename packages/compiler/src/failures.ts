import type { Diagnostic, ErrorCode, Result } from '@qfs/core';
import type { EigenDiagnosticCode } from '@qfs/eigen-lang';
import { DIAGNOSTICS, isDiagnosticCode } from '@qfs/qasm';
import { type CompileFailure, failure } from './languages.ts';

/** The reason that stands for all errors of an OpenQASM program: the most basic kind of problem it has. */
export function sourceFailure(diagnostics: readonly Diagnostic[]): Result<never, CompileFailure> {
  const phases = new Set(
    errorsOf(diagnostics).map(({ code }) => (isDiagnosticCode(code) ? DIAGNOSTICS[code].phase : 'semantic')),
  );
  const code: ErrorCode = phases.has('syntax')
    ? 'QASM_SYNTAX'
    : phases.has('semantic')
      ? 'QASM_SEMANTIC'
      : phases.has('size')
        ? 'CIRCUIT_TOO_LARGE'
        : 'QASM_UNSUPPORTED';
  return failureAt(code, diagnostics);
}

/** A program beyond a limit was not read whole, so that comes first; then the most basic kind of problem. */
const EIGEN_CODES = [
  'EIGEN_LIMIT',
  'EIGEN_SYNTAX',
  'EIGEN_FORBIDDEN',
  'EIGEN_MEANING',
  'EIGEN_UNSUPPORTED',
] as const satisfies readonly (EigenDiagnosticCode & ErrorCode)[];

/** The reason that stands for all errors of an Eigen-Lang program. */
export function eigenFailure(diagnostics: readonly Diagnostic[]): Result<never, CompileFailure> {
  const found = new Set(errorsOf(diagnostics).map(({ code }) => code));
  return failureAt(EIGEN_CODES.find((code) => found.has(code)) ?? 'EIGEN_MEANING', diagnostics);
}

function failureAt(code: ErrorCode, diagnostics: readonly Diagnostic[]): Result<never, CompileFailure> {
  const errors = errorsOf(diagnostics);
  const first = errors[0]!;
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  return failure(code, `Line ${first.line}, column ${first.column}: ${first.message}${more}`, diagnostics);
}

const errorsOf = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.filter(({ severity }) => severity === 'error');
