import { type Program, readAqo } from '@qfs/circuit';
import { type Diagnostic, ok, type Result } from '@qfs/core';
import { lowerProgramWithin, type ProgramDefaults } from '@qfs/eigen-lang';
import { type HybridPlan, writePlan } from '@qfs/hybrid';
import { Budget, lowerSourceWithin, type SourceDialect, type SourceStage } from '@qfs/qasm';
import { eigenFailure, sourceFailure } from './failures.ts';
import { type CompileFailure, failure, openSource } from './languages.ts';

export interface ReadRequest {
  /** One of `LANGUAGES`; others answer LANGUAGE_UNSUPPORTED. */
  readonly language: string;
  /** Text, or its UTF-8 bytes. */
  readonly source: Uint8Array | string;
  /** The name that the entry of an Eigen-Lang program must have; empty or absent: it has one. */
  readonly entrypoint?: string;
}

export interface ReadProgram {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
  /** Of a hybrid program. */
  readonly plan?: { readonly bytes: Uint8Array; readonly value: HybridPlan };
  /** What an Eigen-Lang program asks for. */
  readonly defaults?: ProgramDefaults;
}

/** The circuit IR of a source in any language. */
export const readProgram = (request: ReadRequest): Result<ReadProgram, CompileFailure> =>
  readProgramWithin(new Budget(), request)!;

/**
 * The same, or undefined if it takes more than the budget. An AQO document spells its operations out, so
 * its length bounds the work and it takes nothing from the budget. `begin` is told of each stage as it begins.
 */
export function readProgramWithin(
  budget: Budget,
  { language, source, entrypoint = '' }: ReadRequest,
  begin?: (stage: SourceStage) => void,
): Result<ReadProgram, CompileFailure> | undefined {
  const opened = openSource(language, source);
  if (!opened.ok) return opened;
  const { value } = opened;
  if (value.reader === 'aqo') return readDocument(value.bytes, begin);
  if (value.reader === 'eigen-lang') return readEigen(budget, value.text, entrypoint, begin);
  return readQasm(budget, value.text, value.reader, begin);
}

type Begin = ((stage: SourceStage) => void) | undefined;
type Reading = Result<ReadProgram, CompileFailure>;

function readDocument(bytes: Uint8Array, begin: Begin): Reading {
  begin?.('parse');
  const read = readAqo(bytes);
  return read.ok
    ? ok({ program: read.value, diagnostics: [] })
    : failure(read.error.code, read.error.message);
}

function readQasm(budget: Budget, text: string, dialect: SourceDialect, begin: Begin): Reading | undefined {
  const lowered = lowerSourceWithin(budget, text, dialect, begin);
  if (lowered === undefined) return undefined;
  const { program, diagnostics } = lowered;
  return program === undefined ? sourceFailure(diagnostics) : ok({ program, diagnostics });
}

function readEigen(budget: Budget, text: string, entrypoint: string, begin: Begin): Reading | undefined {
  begin?.('parse');
  const lowered = lowerProgramWithin(budget.left, text, entrypoint === '' ? undefined : entrypoint);
  if (lowered === undefined) return undefined;
  const { program, diagnostics, steps } = lowered;
  budget.spend(steps);
  if (program === undefined) return eigenFailure(diagnostics);
  const { circuit, defaults, plan } = program;
  const read = { program: circuit, diagnostics, defaults };
  return ok(plan === undefined ? read : { ...read, plan: { bytes: writePlan(plan), value: plan } });
}
