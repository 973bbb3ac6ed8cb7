import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QASM_DIAGNOSTICS_MAX } from '@qfs/core';
import { lowerSource, renderDiagnostics } from './index.ts';

const count = (source: string, severity: string): number =>
  lowerSource(source).diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;

test('errors are kept up to QASM_DIAGNOSTICS_MAX', () => {
  const wrong = (errors: number): string => `qubit q;\n${'h q;\n'.repeat(errors)}`;
  assert.equal(count(wrong(QASM_DIAGNOSTICS_MAX), 'error'), QASM_DIAGNOSTICS_MAX);
  assert.equal(count(wrong(QASM_DIAGNOSTICS_MAX + 1), 'error'), QASM_DIAGNOSTICS_MAX);
});

test('many warnings neither cut a program short nor hide an error', () => {
  const delays = 'delay[1ns] q;\n'.repeat(3 * QASM_DIAGNOSTICS_MAX);
  const { program, diagnostics } = lowerSource(`qubit q;\n${delays}U(1, 2, 3) q;`);
  assert.equal(program?.body.length, 1);
  assert.equal(diagnostics.length, QASM_DIAGNOSTICS_MAX);
  assert.equal(count(`qubit q;\n${delays}h q;`, 'error'), 1);
});

test('one wrong declaration is one finding, however often its name is used', () => {
  assert.equal(count('qubit[0] q; U(0, 0, 0) q; reset q[7];', 'error'), 1);
  assert.equal(count('qubit q; bit q; U(0, 0, 0) q; q = 1;', 'error'), 1);
  assert.equal(count('qubit q; gate g a { nothing a; } g q; inv @ g q;', 'error'), 1);
  assert.equal(count('qubit q; for int i in [0:9] { nothing q; }', 'error'), 1);
});

test('a word of the program that is longer than a line is quoted by its beginning', () => {
  const { diagnostics } = lowerSource(`qubit q; ${'x'.repeat(200)} q;`);
  assert.equal(diagnostics[0]!.message, `\`${'x'.repeat(40)}…\` is not declared.`);
});

test('a byte order mark has no column', () => {
  const source = '\ufeffhh q;\nqubit q';
  const { diagnostics } = lowerSource(source);
  assert.deepEqual(
    diagnostics.map(({ line, column, end_column }) => [line, column, end_column]),
    [
      [1, 1, 3],
      [2, 8, 8],
    ],
  );
  assert.ok(renderDiagnostics(source, diagnostics).includes('1 | hh q;\n  | ^^\n'));
});

test('places count lines and characters, also behind characters of two units', () => {
  const { diagnostics } = lowerSource('qubit q;\n/* 😀 */ hh q; // 😀😀\n\n/* 😀😀 */ yy q;');
  const places = diagnostics.map(({ line, column, end_column }) => [line, column, end_column]);
  assert.deepEqual(places, [
    [2, 9, 11],
    [4, 10, 12],
  ]);
});
