import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { VALIDATE_INLINE_BYTES_MAX } from '@qfs/core';
import { areQuick } from './quick-source.ts';

const openqasm = (text: string) => ({ language: 'openqasm3', source: new TextEncoder().encode(text) });

const QUICK = [
  ['Bell', readFileSync(new URL('../../../../examples/bell.qasm', import.meta.url), 'utf8')],
  ['words in comments', 'qubit q; // for a while\nx q;'],
  ['single qubits', 'qubit a; qubit b; cx a, b;'],
  ['OpenQASM 2', 'qreg q[5]; creg c[5]; h q; measure q -> c;'],
  ['a thousand gates', `qubit[8] q;${'x q[0];'.repeat(1000)}`],
] as const;

for (const [title, text] of QUICK) {
  test(`a program that is plainly small is compiled at once: ${title}`, () => {
    assert.equal(areQuick([openqasm(text)]), true);
  });
}

const SLOW = [
  ['a loop', 'qubit q; for int i in [0:1900000] { x q; }'],
  ['gates that double', 'gate a q { x q; x q; } gate b q { a q; a q; } qubit q; b q;'],
  ['a gate per qubit of a large register', `qubit[4000] q;${'x q;'.repeat(450)}`],
  ['a size that is computed', `const int n = 8; qubit[n * n * n * n] q;${'x q;'.repeat(450)}`],
  ['a size behind a comment', `qubit/**/[4000] q;${'x q;'.repeat(450)}`],
  ['a size behind a line comment', `qubit // [1]\n[4000] q;${'x q;'.repeat(450)}`],
  ['a size with separators', `qubit[4_000] q;${'x q;'.repeat(450)}`],
  ['OpenQASM 2', `qreg q [ 4000 ];${'x q;'.repeat(450)}`],
  ['a comment that is none', `/* // */ qubit[4000] q;${'x q;'.repeat(450)}`],
  ['a comment in a string', `include "//"; qubit[4000] q;${'x q;'.repeat(450)}`],
  ['a long text', ' '.repeat(VALIDATE_INLINE_BYTES_MAX + 1)],
] as const;

for (const [title, text] of SLOW) {
  test(`a few bytes that mean a lot of work are not: ${title}`, () => {
    assert.equal(areQuick([openqasm(text)]), false);
  });
}

test('the items of a batch count together; the length of an AQO document says enough', () => {
  const item = openqasm(`qubit[100] q;${'x q;'.repeat(60)}`);
  assert.equal(areQuick([item]), true);
  assert.equal(areQuick([item, item]), false);
  const aqo = (bytes: number) => ({ language: 'aqo', source: new Uint8Array(bytes) });
  assert.equal(areQuick([aqo(VALIDATE_INLINE_BYTES_MAX)]), true);
  assert.equal(areQuick([aqo(VALIDATE_INLINE_BYTES_MAX), aqo(1)]), false);
});
