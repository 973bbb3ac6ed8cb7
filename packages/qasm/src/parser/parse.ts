import { QASM_SOURCE_BYTES_MAX } from '@qfs/core';
import { Findings } from '../findings.ts';
import type { ProgramNode } from '../syntax/ast.ts';
import { tokenize } from '../syntax/lexer.ts';
import { KIND } from '../syntax/token.ts';
import { Cursor, Unreadable } from './cursor.ts';
import { parseStatements } from './statements.ts';

/**
 * Reads a whole program (OpenQASM 3.0 and 3.1). Always returns a tree; it is complete exactly if no error was
 * found. Errors are collected, one per statement at most, up to `QASM_DIAGNOSTICS_MAX`.
 */
export function parseProgram(source: string, findings: Findings = new Findings()): ProgramNode {
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
    version = parseVersion(cursor);
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown;
    return empty;
  }
  const statements = parseStatements(cursor, true);
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

function parseVersion(cursor: Cursor): ProgramNode['version'] {
  if (!cursor.accept(KIND['kw:OPENQASM'])) return undefined;
  const match = /^([0-9]+)(?:\.([0-9]+))?$/.exec(cursor.text);
  if (match === null) return cursor.unexpected('a version number such as 3.0');
  const major = Number(match[1]);
  const minor = match[2] === undefined ? undefined : Number(match[2]);
  if (major !== 3 || (minor !== undefined && minor > 1)) {
    cursor.fail('QASM_VERSION_UNSUPPORTED', cursor, `OpenQASM ${cursor.text} cannot be read here.`, {
      hint: 'versions 3.0 and 3.1 are read',
    });
  }
  cursor.advance();
  cursor.expect(KIND[';'], 'after the version');
  return { major, ...(minor === undefined ? {} : { minor }) };
}
