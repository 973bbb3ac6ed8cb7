import type { Program } from '@qfs/circuit';
import type { Diagnostic } from '@qfs/core';
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
 * Reads OpenQASM 3 source text and gives it its meaning. A text that does not parse is not checked further.
 */
export function lowerSource(source: string): LoweredSource {
  const findings = new Findings();
  const ast = parseProgram(source, findings);
  const program = findings.errors === 0 ? lowerProgram(ast, findings) : undefined;
  const diagnostics = toDiagnostics(source, findings.list);
  return program === undefined ? { diagnostics } : { program, diagnostics };
}
