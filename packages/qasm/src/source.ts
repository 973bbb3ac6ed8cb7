import type { Program } from '@qfs/circuit';
import type { Diagnostic } from '@qfs/core';
import { Budget, BudgetSpent } from './budget.ts';
import { DIAGNOSTICS } from './diagnostic-codes.ts';
import { DIALECTS, type Dialect } from './dialects.ts';
import { Findings, toDiagnostics } from './findings.ts';
import { lowerProgram } from './lower/lower.ts';
import { parseProgram } from './parser/parse.ts';
import type { ProgramNode } from './syntax/ast.ts';

export interface ParsedSource {
  /** Complete exactly if no diagnostic is an error. */
  readonly ast: ProgramNode;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a text is taken for where it does not say which version it is; `braket` is a dialect of version 3. */
export type SourceDialect = 'openqasm3' | 'openqasm2' | Dialect;

/** Reads OpenQASM source text; see `parseProgram`. */
export function parseSource(source: string, dialect: SourceDialect = 'openqasm3'): ParsedSource {
  const findings = new Findings();
  const ast = parse(source, findings, dialect);
  return { ast, diagnostics: toDiagnostics(source, findings.list) };
}

const parse = (source: string, findings: Findings, dialect: SourceDialect): ProgramNode =>
  parseProgram(source, findings, dialect === 'openqasm2' ? 2 : 3);

export interface LoweredSource {
  /** Present exactly if no diagnostic is an error. */
  readonly program?: Program;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads OpenQASM source text and gives it its meaning. What can be read of a text with syntax errors is
 * checked as well, so that all errors are reported at once; of a text that is too large nothing is.
 */
export const lowerSource = (source: string, dialect: SourceDialect = 'openqasm3'): LoweredSource =>
  lower(source, dialect, new Budget());

/**
 * What is done to a text, in this order. Lowering finds what the program means, and everything wrong
 * with that.
 */
export type SourceStage = 'parse' | 'lower';

/**
 * The same, or undefined if it takes more than the budget, from which every step is taken. `begin` is told of
 * each stage as it begins.
 */
export function lowerSourceWithin(
  budget: Budget,
  source: string,
  dialect: SourceDialect,
  begin?: (stage: SourceStage) => void,
): LoweredSource | undefined {
  try {
    return lower(source, dialect, budget, begin);
  } catch (thrown) {
    if (thrown instanceof BudgetSpent) return undefined;
    throw thrown;
  }
}

function lower(
  source: string,
  dialect: SourceDialect,
  budget: Budget,
  begin?: (stage: SourceStage) => void,
): LoweredSource {
  const findings = new Findings();
  begin?.('parse');
  const ast = parse(source, findings, dialect);
  const isCutOff = findings.list.some(({ code }) => DIAGNOSTICS[code].phase === 'size');
  begin?.('lower');
  const gates = isDialect(dialect) ? dialect : undefined;
  const program = isCutOff ? undefined : lowerProgram(ast, findings, gates, budget);
  const diagnostics = toDiagnostics(source, findings.list);
  return program === undefined ? { diagnostics } : { program, diagnostics };
}

const isDialect = (dialect: SourceDialect): dialect is Dialect => Object.hasOwn(DIALECTS, dialect);
