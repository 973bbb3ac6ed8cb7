import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lowerSource } from './index.ts';

const HEAD = 'include "stdgates.inc"; qubit[2] q; ';

/** A slip of the finger, and what was meant. */
const SLIPS: readonly (readonly [slip: string, meant: string])[] = [
  [`${HEAD}hh q;`, '`h`'],
  [`${HEAD}swpa q[0], q[1];`, '`swap`'],
  [`${HEAD}h qq;`, '`q`'],
  [`${HEAD}gate turn a { } trun q;`, '`turn`'],
  [`${HEAD}int counter; countr = 1;`, '`counter`'],
  [`${HEAD}int counter; counter = countre + 1;`, '`counter`'],
  [`${HEAD}float x = piu;`, '`pi`'],
  [`${HEAD}float x = arcos(0.5);`, '`arccos`'],
  [`${HEAD}float x = sni(0.5);`, '`sin`'],
  [`${HEAD}def flip(qubit a) { } flop(q[0]);`, '`flip`'],
  ['itn[8] x;', '`int`'],
  ['flaot x = 2;', '`float`'],
  ['bti[2] c = "01";', '`bit`'],
  ['output bti x;', '`bit`'],
  ['arary[int, 2] x;', '`array`'],
  ['qbit q;', '`qubit`'],
  ['whlie (true) { }', '`while`'],
  ['fro int i in [0:1] { }', '`for`'],
  ['def f() { retrun 2; }', '`return`'],
  ['bit c; c = mesure q;', '`measure`'],
  ['gtae g a { }', '`gate`'],
  ['cosnt int n = 2;', '`const`'],
  ['ctlr @ x q;', '`ctrl`'],
  ['if (ture) { }', '`true`'],
  ['OPENQSAM 3.0; qubit q;', '`OPENQASM`'],
  ['inclde "stdgates.inc";', '`include`'],
  ['include "stdgate.inc";', '"stdgates.inc"'],
  ['@qfs.iner\nint x; qubit q;', '`@qfs.inner`'],
];

for (const [slip, meant] of SLIPS) {
  test(`did you mean ${meant}: ${slip.replace(HEAD, '')}`, () => {
    assert.equal(lowerSource(slip).diagnostics[0]?.hint, `did you mean ${meant}?`);
  });
}

test('a name that is meant as one is no misspelt word of the language', () => {
  for (const source of ['int inputs; inputs = = 2;', 'int inputs = ;', 'int i; i = = 2;', 'x q r;']) {
    assert.equal(lowerSource(source).diagnostics[0]?.hint, undefined, source);
  }
});

/** What people write who know an earlier version, another tool or another language, and what helps them. */
const HINTS: readonly (readonly [source: string, hint: string])[] = [
  [`${HEAD}gate a x { b x; } gate b x { h x; }`, 'move its declaration up: a name is known from there on'],
  [
    'int k = f(2); def f(int n) -> int { return n; }',
    'move its declaration up: a name is known from there on',
  ],
  [`${HEAD}int z = 1;`, 'take another name'],
  ['gate U(a, b, c) q { }', 'take another name'],
  [
    'array[int, 2] a; a = {1, 2};',
    'a list in braces gives an array its first value; afterwards assign element by element',
  ],
  ['output int k = 2;', 'an output is assigned in a statement of its own: `k = …;`'],
  ['input int k = 2;', 'the value of an input is given with the job'],
  [
    `${HEAD}bool b = measure q[0];`,
    'measure into bits, `bit b = measure q;`, and use these: a bit is a condition, and casts to numbers',
  ],
  [`${HEAD}for i in [0:1] { }`, 'the variable of a loop has one: `for int i in …`'],
];

for (const [source, hint] of HINTS) {
  test(`a hint for ${source.replace(HEAD, '')}`, () => {
    assert.equal(lowerSource(source).diagnostics[0]?.hint, hint);
  });
}

test('what an included file or the language declares is said to be theirs', () => {
  const messageOf = (source: string) => lowerSource(source).diagnostics[0]?.message;
  assert.equal(messageOf(`${HEAD}int z = 1;`), '`z` is declared already: a gate of "stdgates.inc".');
  assert.equal(messageOf('gate U(a, b, c) q { }'), '`U` is declared already: a gate that needs no file.');
});
