import { type Diagnostic, EIGEN_DEPTH_MAX, EIGEN_NODES_MAX, EIGEN_SOURCE_BYTES_MAX } from '@qfs/core';
import type { Module } from './ast.ts';
import { Findings } from './findings.ts';
import { tokenize } from './lexer/lexer.ts';
import { parseModule } from './parser/statements.ts';
import { TokenStream } from './parser/token-stream.ts';

export interface ParsedProgram {
  /** Complete exactly if there are no diagnostics. */
  readonly module: Module;
  /** What is not Python, what is not Eigen-Lang, and what is too much of it, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the text of a program. Nothing of it is executed, and what is accepted is Python that CPython's
 * own parser
 * accepts. Never throws on what a user wrote.
 */
export function parseProgram(source: string): ParsedProgram {
  const findings = new Findings();
  const module = parseInto(source, findings);
  return { module, diagnostics: findings.diagnostics(source) };
}

/** The first word of another language, behind comments of either. */
const OPENQASM = /^(?:\s|(?:#|\/\/).*[\r\n])*OPENQASM\b/;

/** The same, with the findings among others. */
export function parseInto(source: string, findings: Findings): Module {
  const bytes = new TextEncoder().encode(source).byteLength;
  if (bytes > EIGEN_SOURCE_BYTES_MAX) {
    const message = `The program has ${bytes} bytes; at most ${EIGEN_SOURCE_BYTES_MAX} are read.`;
    findings.add('EIGEN_LIMIT', { start: 0, end: 0 }, message);
    return { body: [], start: 0, end: 0 };
  }
  const other = OPENQASM.exec(source);
  if (other !== null) {
    const end = other[0].length;
    const hint = 'Name its language, openqasm3 or openqasm2.';
    findings.add('EIGEN_SYNTAX', { start: end - 'OPENQASM'.length, end }, 'This is OpenQASM.', hint);
    return { body: [], start: 0, end: 0 };
  }
  const tokens = tokenize(source, findings);
  const limits = { nodesMax: EIGEN_NODES_MAX, depthMax: EIGEN_DEPTH_MAX };
  return parseModule(new TokenStream(tokens, findings, limits));
}
