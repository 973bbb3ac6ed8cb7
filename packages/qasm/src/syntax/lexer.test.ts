import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QASM_INTEGER_CHARS_MAX, QASM_TOKENS_MAX } from '@qfs/core';
import { Findings } from '../findings.ts';
import { tokenize } from './lexer.ts';
import { describeKind } from './token.ts';

function words(source: string): string {
  const findings = new Findings();
  const tokens = tokenize(source, findings);
  const list: string[] = [];
  for (let at = 0; at < tokens.count - 1; at++) {
    const text = source.slice(tokens.starts[at], tokens.ends[at]);
    const kind = describeKind(tokens.kinds[at]!);
    list.push(kind.startsWith('`') ? text : `${kind.replace(/^an? /, '')}(${text})`);
  }
  return [...list, ...findings.list.map(({ code, start, end }) => `${code}@${start}-${end}`)].join(' ');
}

const CASES: readonly (readonly [string, string, string])[] = [
  [
    'integers in four bases',
    '7 1_000 0b1_01 0B1 0o17 0xFa_1F',
    'integer(7) integer(1_000) integer(0b1_01) integer(0B1) integer(0o17) integer(0xFa_1F)',
  ],
  [
    'floats in every form',
    '1.5 .5 5. 1e3 1.e-3 .1E+2',
    'number(1.5) number(.5) number(5.) number(1e3) number(1.e-3) number(.1E+2)',
  ],
  [
    'durations, with blanks before the unit',
    '10ns 8\tus 1.5 ms 2 s 100dt 3µs 3μs',
    'duration(10ns) duration(8\tus) duration(1.5 ms) duration(2 s) duration(100dt) duration(3µs) duration(3μs)',
  ],
  ['imaginary numbers', '2im 2.5 im', 'imaginary number(2im) imaginary number(2.5 im)'],
  ['bit strings and strings', '"0_1" "a.inc" \'b\'', 'bit string("0_1") string("a.inc") string(\'b\')'],
  ['unicode names and hardware qubits', 'θ ψ_1 $12', 'name(θ) name(ψ_1) hardware qubit($12)'],
  ['comments are blanks', 'x // y\n/* z */ w', 'name(x) name(w)'],
  [
    'the longest operator wins',
    'a**=b**c<<=d++e->f',
    'name(a) **= name(b) ** name(c) <<= name(d) ++ name(e) -> name(f)',
  ],
  [
    'annotations and pragmas reach to the end of the line',
    '@a.b c d\n#pragma e f\npragma g',
    'annotation(@a.b c d) pragma(#pragma e f) pragma(pragma g)',
  ],
  ['a modifier may touch its @', 'inv @x q', 'inv @ name(x) name(q)'],
  [
    'calibration bodies are opaque',
    'defcal x $0 { play({1}); } x',
    'defcal name(x) hardware qubit($0) calibration body({ play({1}); }) name(x)',
  ],
  [
    'a number runs into a name',
    '3x 12af 3__4',
    'integer(3x) integer(12af) integer(3__4) QASM_MALFORMED_NUMBER@0-2 QASM_MALFORMED_NUMBER@3-7 QASM_MALFORMED_NUMBER@8-12',
  ],
  [
    'wrong digits of a base',
    '0b12 0o8',
    'integer(0b12) integer(0o8) QASM_MALFORMED_NUMBER@0-4 QASM_MALFORMED_NUMBER@5-8',
  ],
  [
    'unknown characters',
    'a § # b',
    'name(a) name(b) QASM_UNEXPECTED_CHARACTER@2-3 QASM_UNEXPECTED_CHARACTER@4-5',
  ],
  ['what never ends', '"abc\n{ /* x', 'string("abc) { QASM_UNTERMINATED@0-4 QASM_UNTERMINATED@7-9'],
];

for (const [title, source, expected] of CASES) {
  test(`tokens: ${title}`, () => {
    assert.equal(words(source), expected);
  });
}

test('an integer may have QASM_INTEGER_CHARS_MAX characters and no more', () => {
  const codes = (digits: number): string[] => {
    const findings = new Findings();
    tokenize('9'.repeat(digits), findings);
    return findings.list.map(({ code }) => code);
  };
  assert.deepEqual(codes(QASM_INTEGER_CHARS_MAX), []);
  assert.deepEqual(codes(QASM_INTEGER_CHARS_MAX + 1), ['QASM_TOO_LARGE']);
});

test('a program may have QASM_TOKENS_MAX tokens and no more', () => {
  const codes = (count: number): string[] => {
    const findings = new Findings();
    tokenize(';'.repeat(count), findings);
    return findings.list.map(({ code }) => code);
  };
  assert.deepEqual(codes(QASM_TOKENS_MAX), []);
  assert.deepEqual(codes(QASM_TOKENS_MAX + 1), ['QASM_TOO_LARGE']);
});
