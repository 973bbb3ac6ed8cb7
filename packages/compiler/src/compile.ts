import { aqoDigest, type Metrics, metricsOf, type Program, readAqo, writeAqo } from '@qfs/circuit';
import { type Diagnostic, type ErrorCode, ok, type Result } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { Budget, DIAGNOSTICS, isDiagnosticCode, lowerSourceWithin, type SourceStage } from '@qfs/qasm';
import { type CompileFailure, failure, openSource } from './languages.ts';

import { writeQasm } from './write-qasm.ts';

export interface CompileRequest {
  /** One of `LANGUAGES`; the supported ones compile, the others answer LANGUAGE_UNSUPPORTED. */
  readonly language: string;
  /** Text, or its UTF-8 bytes. */
  readonly source: Uint8Array | string;
}

export interface Compiled {
  /** The canonical AQO document. */
  readonly aqo: Uint8Array;
  /** `sha256:<hex>` of `aqo`. */
  readonly aqoDigest: string;
  /** The compiled circuit as OpenQASM 3. */
  readonly qasm: string;
  readonly program: Program;
  readonly metrics: Metrics;
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Source to AQO and OpenQASM 3. A pure function: equal sources give equal bytes. */
export function compileSource(request: CompileRequest): Result<Compiled, CompileFailure> {
  const read = readProgram(request);
  return read.ok ? ok(compileProgram(read.value)) : read;
}

/** What is made of a program that was read. */
export function compileProgram({ program, diagnostics }: ReadProgram): Compiled {
  const aqo = writeAqo(program);
  return {
    aqo,
    aqoDigest: aqoDigest(aqo),
    qasm: writeQasm(program),
    program,
    metrics: metricsOf(program),
    diagnostics,
  };
}

export interface ReadProgram {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
}

/** The circuit IR of a source in any supported language. */
export const readProgram = (request: CompileRequest): Result<ReadProgram, CompileFailure> =>
  readProgramWithin(new Budget(), request)!;

/**
 * The same, or undefined if it takes more than the budget. An AQO document spells its operations out, so
 * its length bounds the work and it takes nothing from the budget. `begin` is told of each stage as it begins.
 */
export function readProgramWithin(
  budget: Budget,
  { language, source }: CompileRequest,
  begin?: (stage: SourceStage) => void,
): Result<ReadProgram, CompileFailure> | undefined {
  const opened = openSource(language, source);
  if (!opened.ok) return opened;
  const { reader, text } = opened.value;
  if (reader === 'aqo') {
    begin?.('parse');
    const read = readAqo(typeof source === 'string' ? utf8(source) : source);
    return read.ok
      ? ok({ program: read.value, diagnostics: [] })
      : failure(read.error.code, read.error.message);
  }
  const lowered = lowerSourceWithin(budget, text, reader, begin);
  if (lowered === undefined) return undefined;
  const { program, diagnostics } = lowered;
  return program === undefined ? sourceFailure(diagnostics) : ok({ program, diagnostics });
}

/** The reason that stands for all errors of a program: the most basic kind of problem it has. */
export function sourceFailure(diagnostics: readonly Diagnostic[]): Result<never, CompileFailure> {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const phases = new Set(
    errors.map(({ code }) => (isDiagnosticCode(code) ? DIAGNOSTICS[code].phase : 'semantic')),
  );
  const code: ErrorCode = phases.has('syntax')
    ? 'QASM_SYNTAX'
    : phases.has('semantic')
      ? 'QASM_SEMANTIC'
      : phases.has('size')
        ? 'CIRCUIT_TOO_LARGE'
        : 'QASM_UNSUPPORTED';
  const first = errors[0]!;
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  return failure(code, `Line ${first.line}, column ${first.column}: ${first.message}${more}`, diagnostics);
}
