import { QASM_SOURCE_BYTES_MAX } from '@qfs/core';
import { Findings } from '../findings.ts';
import { parseOpenQasm2 } from '../openqasm2/statements.ts';
import { asOpenQasm2 } from '../openqasm2/words.ts';
import type { ProgramNode, StatementNode } from '../syntax/ast.ts';
import { tokenize } from '../syntax/lexer.ts';
import { KIND } from '../syntax/token.ts';
import { Cursor, Unreadable } from './cursor.ts';
import { parseStatements } from './statements.ts';

/** The version of the language that a program is written in. */
type Version = 2 | 3;

/**
 * Reads a whole program (OpenQASM 2.0, 3.0 and 3.1). The header says which version it is; a program without
 * one has the `presumed` version. Always returns a tree; it is complete exactly if no error was found. Errors
 * are collected, one per statement at most, up to `QASM_DIAGNOSTICS_MAX`.
 */
export function parseProgram(
  source: string,
  findings: Findings = new Findings(),
  presumed: Version = 3,
): ProgramNode {
  const empty: ProgramNode = {
    kind: 'program',
    statements: [],
    hardwareQubits: [],
    start: 0,
    end: source.length,
  };
  // A UTF-16 unit is at least one byte of UTF-8, so this never refuses what the byte limit allows.
  if (source.length > QASM_SOURCE_BYTES_MAX) {
    findings.add(
      'QASM_TOO_LARGE',
      { start: 0, end: 0 },
      `The program is larger than ${QASM_SOURCE_BYTES_MAX} bytes.`,
    );
    return empty;
  }
  const cursor = new Cursor(tokenize(source, findings), findings);
  let version: ProgramNode['version'];
  try {
    version = parseVersion(cursor, presumed);
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown;
    return empty;
  }
  const statements = version?.major === 2 ? parseVersion2(cursor) : parseStatements(cursor, true);
  return {
    kind: 'program',
    ...(version === undefined ? {} : { version }),
    statements,
    ...(cursor.lostNames.size === 0 ? {} : { lostNames: cursor.lostNames }),
    hardwareQubits: [...cursor.hardwareQubits].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)),
    start: 0,
    end: source.length,
  };
}

function parseVersion2(cursor: Cursor): StatementNode[] {
  asOpenQasm2(cursor.tokens);
  cursor.rewind(cursor.position);
  return parseOpenQasm2(cursor);
}

const VERSIONS: ReadonlySet<string> = new Set(['2', '2.0', '3', '3.0', '3.1']);

function parseVersion(cursor: Cursor, presumed: Version): ProgramNode['version'] {
  const { start } = cursor;
  if (!cursor.accept(KIND['kw:OPENQASM'])) return presumed === 2 ? { major: 2, minor: 0 } : undefined;
  const { text } = cursor;
  const match = /^([0-9]+)(?:\.([0-9]+))?$/.exec(text);
  if (match === null) return cursor.unexpected('a version number such as 3.0');
  if (!VERSIONS.has(text)) {
    cursor.fail('QASM_VERSION_UNSUPPORTED', cursor, `OpenQASM ${text} cannot be read here.`, {
      hint: 'versions 2.0, 3.0 and 3.1 are read',
    });
  }
  const major = Number(match[1]);
  cursor.advance();
  cursor.expect(KIND[';'], 'after the version');
  if (major !== presumed) {
    cursor.findings.add(
      'QASM_OTHER_VERSION',
      { start, end: cursor.lastEnd },
      `Submitted as OpenQASM ${presumed}; its header says ${text}, so it is read as that.`,
    );
  }
  return { major, ...(match[2] === undefined ? {} : { minor: Number(match[2]) }) };
}
