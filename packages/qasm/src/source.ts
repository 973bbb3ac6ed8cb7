import type { Program } from '@qfs/circuit';
import type { Diagnostic } from '@qfs/core';
import { DIAGNOSTICS } from './diagnostic-codes.ts';
import { Findings, toDiagnostics } from './findings.ts';
import { lowerProgram } from './lower/lower.ts';
import { parseProgram } from './parser/parse.ts';
import type { ProgramNode } from './syntax/ast.ts';

export interface ParsedSource {
  /** Complete exactly if no diagnostic is an error. */
  readonly ast: ProgramNode;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads OpenQASM 3 source text; see `parseProgram`. */
export function parseSource(source: string): ParsedSource {
  const findings = new Findings();
  const ast = parseProgram(source, findings);
  return { ast, diagnostics: toDiagnostics(source, findings.list) };
}

export interface LoweredSource {
  /** Present exactly if no diagnostic is an error. */
  readonly program?: Program;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads OpenQASM 3 source text and gives it its meaning. What can be read of a text with syntax errors is
 * checked as well, so that all errors are reported at once; of a text that is too large nothing is.
 */
export function lowerSource(source: string): LoweredSource {
  const findings = new Findings();
  const ast = parseProgram(source, findings);
  const isCutOff = findings.list.some(({ code }) => DIAGNOSTICS[code].phase === 'size');
  const program = isCutOff ? undefined : lowerProgram(ast, findings);
  const diagnostics = toDiagnostics(source, findings.list);
  return program === undefined ? { diagnostics } : { program, diagnostics };
}
