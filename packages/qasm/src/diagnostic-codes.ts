/**
 * Every finding about an OpenQASM program. `phase` says which verdict a finding leads to; `example` is a program that
 * provokes exactly this code (the tests compile each one).
 */
export type DiagnosticPhase = 'syntax' | 'semantic' | 'unsupported' | 'size' | 'advice';

export interface DiagnosticRow {
  readonly severity: 'error' | 'warning' | 'note';
  readonly phase: DiagnosticPhase;
  readonly title: string;
  readonly help: string;
  readonly example: string;
  /** What to do, for a finding that does not say it better. */
  readonly hint?: string;
}

const row = (
  phase: DiagnosticPhase,
  title: string,
  help: string,
  example: string,
  hint?: string,
): DiagnosticRow => ({
  severity: phase === 'advice' ? 'warning' : 'error',
  phase,
  title,
  help,
  example,
  ...(hint === undefined ? {} : { hint }),
});

const STANDARD = 'include "stdgates.inc";\n';

export const DIAGNOSTICS = {
  QASM_UNEXPECTED_CHARACTER: row(
    'syntax',
    'A character that OpenQASM does not know',
    'Remove the character, or write the operator the way OpenQASM writes it.',
    'qubit q; §',
  ),
  QASM_UNTERMINATED: row(
    'syntax',
    'A comment, string or block never ends',
    'Close it; the place where it began is marked.',
    'qubit q; /* never closed',
  ),
  QASM_MALFORMED_NUMBER: row(
    'syntax',
    'A number is not written correctly',
    'Digits may be separated by single underscores; 0b, 0o and 0x take only their own digits.',
    'int[8] x = 0b12;',
  ),
  QASM_UNEXPECTED_TOKEN: row(
    'syntax',
    'Something else was expected here',
    'The message names what was found and what may stand there.',
    'qubit[2 q;',
  ),
  QASM_VERSION_UNSUPPORTED: row(
    'syntax',
    'The OpenQASM version is not known',
    'Write `OPENQASM 3.0;`, `OPENQASM 3.1;` or `OPENQASM 2.0;`, or leave the line out.',
    'OPENQASM 4.0;',
  ),
  QASM_TOO_DEEP: row(
    'syntax',
    'Blocks or expressions are nested too deeply',
    'The bounds are `QASM_NESTING_MAX` and `QASM_EXPRESSION_DEPTH_MAX`. Give parts of it names.',
    `int x = ${'('.repeat(300)}1${')'.repeat(300)};`,
    'give inner parts names, or move them into a subroutine',
  ),
  QASM_TOO_LARGE: row(
    'size',
    'The source text is larger than may be read',
    'The bounds are `QASM_SOURCE_BYTES_MAX` and `QASM_TOKENS_MAX`. Use loops and gate definitions.',
    `int x = ${'9'.repeat(5000)};`,
    'shorten it; loops, gates and subroutines say much in few words',
  ),
  QASM_CIRCUIT_TOO_LARGE: row(
    'size',
    'The program needs more operations, qubits or bits than may be used',
    'The bounds are `CIRCUIT_OPERATIONS_MAX`, `CIRCUIT_QUBITS_MAX` and `CLASSICAL_BITS_MAX`.',
    'qubit[1000000] q;',
    'make it smaller, or split the program into several jobs',
  ),
  QASM_UNDECLARED: row(
    'semantic',
    'A name was never declared',
    'Declare it before its first use; the gates of the standard library need `include "stdgates.inc";`.',
    'qubit q; h q;',
  ),
  QASM_REDECLARED: row(
    'semantic',
    'A name is declared twice in the same scope',
    'Rename one of the two; the earlier place is given.',
    'qubit q; bit q;',
  ),
  QASM_ARITY: row(
    'semantic',
    'A gate or function got the wrong number of operands',
    'The message says how many it takes and how many were given.',
    `${STANDARD}qubit q; cx q;`,
  ),
  QASM_INDEX_OUT_OF_RANGE: row(
    'semantic',
    'An index lies outside the register',
    'Indices run from 0 to size - 1; negative ones count from the end.',
    `${STANDARD}qubit[2] q; h q[2];`,
  ),
  QASM_DUPLICATE_QUBIT: row(
    'semantic',
    'One operation uses the same qubit twice',
    'Every operand of a gate must be another qubit.',
    `${STANDARD}qubit[2] q; cx q[0], q[0];`,
  ),
  QASM_SIZE_MISMATCH: row(
    'semantic',
    'Registers of different sizes meet in one operation',
    'Registers are combined element by element, so their sizes must be equal.',
    `${STANDARD}qubit[2] a; qubit[3] b; cx a, b;`,
  ),
  QASM_TYPE: row(
    'semantic',
    'A value or name of this type cannot be used here',
    'The message names the type found and the type needed; a cast such as `int[8](x)` may help.',
    `${STANDARD}qubit q; bit c; h c;`,
  ),
  QASM_NOT_CONSTANT: row(
    'semantic',
    'A value must be known when the program is compiled',
    'Use literals and `const` values here.',
    'int n = 3; qubit[n] q;',
  ),
  QASM_VALUE: row(
    'semantic',
    'A value cannot be computed or does not fit',
    'For example a division by zero, or a size that is not positive.',
    'qubit[0] q;',
  ),
  QASM_CONTEXT: row(
    'semantic',
    'A statement may not stand here',
    'For example a measurement in a gate definition, or `break` outside a loop.',
    'break;',
  ),
  QASM_INCLUDE_UNKNOWN: row(
    'semantic',
    'The included file does not exist here',
    'Built in are "stdgates.inc" and "qfs.inc", in OpenQASM 2 "qelib1.inc". Paste other files into the program.',
    'include "mygates.inc";',
  ),
  QASM_UNSUPPORTED: row(
    'unsupported',
    'The construct can be checked and drawn, not executed',
    'The message names the construct.',
    'extern f(int[8]) -> int[8];',
  ),
  QASM_OTHER_VERSION: {
    ...row(
      'advice',
      'The header names another version of OpenQASM than the request',
      'The header wins. Name the language of the program in the request: `openqasm2` or `openqasm3`.',
      'OPENQASM 2.0;\nqreg q[1];',
    ),
    severity: 'note',
  },
  QASM_IGNORED: row(
    'advice',
    'Something has no effect on the result',
    'Pragmas, annotations and timing are read, checked and otherwise ignored.',
    'pragma vendor setting\nqubit q;',
  ),
} as const satisfies Record<string, DiagnosticRow>;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;

export const isDiagnosticCode = (code: string): code is DiagnosticCode => Object.hasOwn(DIAGNOSTICS, code);
