import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lowerSource } from './index.ts';

const HEAD = 'include "stdgates.inc";\n';

const codesOf = (source: string): string[] =>
  lowerSource(source)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, line, column }) => `${line}:${column} ${code}`);

test('a program with a syntax error also hears of its other mistakes', () => {
  const source = `${HEAD}qubit[2] q;
bit[2 c;
h q[5];
cx q[0];
int x = ;
c[0] = measure q[0];
y q[x];
foo q;`;
  assert.deepEqual(codesOf(source), [
    '3:7 QASM_UNEXPECTED_TOKEN',
    '4:5 QASM_INDEX_OUT_OF_RANGE',
    '5:1 QASM_ARITY',
    '6:9 QASM_UNEXPECTED_TOKEN',
    '9:1 QASM_UNDECLARED',
  ]);
});

// biome-ignore format: one broken program per line
const BROKEN: readonly (readonly [string, string])[] = [
  ['a declaration without its semicolon', `${HEAD}qubit[2] q\nbit[2] c;\nh q[0]; c = measure q; if (c[0]) x q[1];`],
  ['an inclusion that cannot be read', 'include "stdgates.inc"\nqubit q; h q; cx q, q;'],
  ['a misspelt inclusion', 'inclde "stdgates.inc";\nqubit q; h q;'],
  ['a gate definition', `${HEAD}gate g(a { rx(a) b; }\nqubit q; g(1) q; inv @ g(2) q;`],
  ['a subroutine', `${HEAD}def f(qubit a, -> bit { return measure a; }\nqubit q; bit c; c = f(q); f(q);`],
  ['a constant', `${HEAD}const int n = 2 +;\nqubit[n] q; for int i in [0:n] { h q[i]; }`],
  ['a block', `${HEAD}qubit q; bit c; if (c { int k; while (k < 2 { k += 1; } } k = 2;`],
  ['an alias', `${HEAD}qubit[2] q; let a = q[0:1; h a; cx a[0], a[1];`],
  ['a number', `${HEAD}qubit[0b12] q; h q[1];`],
];

for (const [title, source] of BROKEN) {
  test(`what could not be read is no further mistake: ${title}`, () => {
    const { diagnostics } = lowerSource(source);
    const found = diagnostics.filter(({ severity }) => severity === 'error');
    assert.equal(found.length, 1, JSON.stringify(found, undefined, 1));
  });
}

test('a mistake in an unrolled loop is reported once', () => {
  assert.deepEqual(codesOf(`${HEAD}qubit[0] q; for int i in [0:9999] { h q[i]; h r; }`), [
    '2:7 QASM_VALUE',
    '2:47 QASM_UNDECLARED',
  ]);
});
