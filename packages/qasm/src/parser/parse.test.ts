import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QASM_EXPRESSION_DEPTH_MAX, QASM_NESTING_MAX, QASM_SOURCE_BYTES_MAX } from '@qfs/core';
import { parseSource, printProgram } from '../index.ts';

/** Findings as `line:column-end CODE message`. */
const findings = (source: string): string[] =>
  parseSource(source).diagnostics.map((d) => `${d.line}:${d.column}-${d.end_column} ${d.code} ${d.message}`);

const codes = (source: string): string[] => parseSource(source).diagnostics.map(({ code }) => code);

test('operators bind as the grammar says', () => {
  const cases = [
    ['a + b * c ** d ** e;', 'a + b * c ** d ** e;'],
    ['(a + b) * c;', '(a + b) * c;'],
    ['(a ** b) ** c;', '(a ** b) ** c;'],
    ['-a ** b;', '-a ** b;'],
    ['(-a) ** b;', '(-a) ** b;'],
    ['a - (b - c);', 'a - (b - c);'],
    ['((a - b)) - c;', 'a - b - c;'],
    ['a < b == c < d;', 'a < b == c < d;'],
    ['a & b ^ c | d && e || f;', 'a & b ^ c | d && e || f;'],
    ['a & (b | c);', 'a & (b | c);'],
    ['!(a && b)[0];', '!(a && b)[0];'],
    ['a << 1 + b;', 'a << 1 + b;'],
  ] as const;
  for (const [source, printed] of cases) assert.equal(printProgram(parseSource(source).ast), `${printed}\n`);
});

test('every wrong statement is reported, with its place, and right ones between them are read', () => {
  const source = 'qubit[2 q;\nh q[0];\nint 3x = 1;\nfor in {1} { x q; y q }\nx q;\n}\nif (a) { x q; ';
  assert.deepEqual(findings(source), [
    '1:9-10 QASM_UNEXPECTED_TOKEN Expected `]` after the size, found `q`.',
    '3:5-7 QASM_MALFORMED_NUMBER `3x` is neither a number nor a name.',
    '4:5-7 QASM_UNEXPECTED_TOKEN Expected a type, found `in`.',
    '6:1-2 QASM_UNEXPECTED_TOKEN This `}` closes nothing.',
    '7:8-9 QASM_UNTERMINATED The `{` before the body is never closed.',
  ]);
  assert.deepEqual(
    parseSource(source).ast.statements.map(({ kind }) => kind),
    ['gateCall', 'gateCall'],
  );
});

test('columns count characters, not bytes or UTF-16 units', () => {
  assert.deepEqual(findings('/* 𝒙𝒙 */ ;'), [
    '1:10-11 QASM_UNEXPECTED_TOKEN Expected an expression, found `;`.',
  ]);
});

test('blocks nest to QASM_NESTING_MAX and no deeper', () => {
  const nested = (depth: number): string => `${'{'.repeat(depth)}${'}'.repeat(depth)}`;
  assert.deepEqual(codes(nested(QASM_NESTING_MAX)), []);
  assert.deepEqual(codes(nested(QASM_NESTING_MAX + 1)), ['QASM_TOO_DEEP']);
  const ifs = (depth: number): string => `${'if (a) '.repeat(depth)}x q;`;
  assert.deepEqual(codes(ifs(QASM_NESTING_MAX)), []);
  assert.deepEqual(codes(ifs(QASM_NESTING_MAX + 1)), ['QASM_TOO_DEEP']);
});

test('expressions nest to QASM_EXPRESSION_DEPTH_MAX and no deeper, in every way', () => {
  const shapes: ((depth: number) => string)[] = [
    (depth) => `${'('.repeat(depth - 1)}1${')'.repeat(depth - 1)};`,
    (depth) => `${'-'.repeat(depth - 1)}1;`,
    (depth) => `1${' + 1'.repeat(depth)};`,
    (depth) => `${'a['.repeat(depth - 1)}0${']'.repeat(depth - 1)};`,
    (depth) => `a${'[0]'.repeat(depth)};`,
    (depth) => `array[int, 1] a = ${'{'.repeat(depth)}${'}'.repeat(depth)};`,
  ];
  for (const shape of shapes) {
    assert.deepEqual(codes(shape(QASM_EXPRESSION_DEPTH_MAX)), [], shape(3));
    assert.deepEqual(codes(shape(QASM_EXPRESSION_DEPTH_MAX + 1)), ['QASM_TOO_DEEP'], shape(3));
  }
});

test('a source of QASM_SOURCE_BYTES_MAX is read, a longer one is not', () => {
  assert.deepEqual(codes(' '.repeat(QASM_SOURCE_BYTES_MAX)), []);
  assert.deepEqual(codes(' '.repeat(QASM_SOURCE_BYTES_MAX + 1)), ['QASM_TOO_LARGE']);
});

test('hints say what was probably meant', () => {
  const hint = (source: string): string | undefined => parseSource(source).diagnostics[0]?.hint;
  assert.equal(hint('int x[8];'), 'the size belongs to the type: `int[n] x;`');
  assert.equal(hint('int gate;'), '`gate` is a word of the language and cannot be a name');
  assert.equal(hint('creg[2] c;'), 'creg writes the size behind the name: `creg name[n];`');
  assert.equal(hint('OPENQASM 2.1;'), 'versions 2.0, 3.0 and 3.1 are read');
});
