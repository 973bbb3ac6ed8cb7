import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lowerSource, renderDiagnostics } from './index.ts';

const render = (source: string, color = false): string =>
  renderDiagnostics(source, lowerSource(source).diagnostics, { file: 'bell.qasm', color });

test('a finding shows its line, a caret under the place, hint and earlier place', () => {
  assert.equal(
    render('include "stdgates.inc";\nqubit[2] qubits;\nbit qubits;\nh qubit_s[0];\n'),
    [
      'error[QASM_REDECLARED]: `qubits` is declared already.',
      ' --> bell.qasm:3:5',
      '  |',
      '3 | bit qubits;',
      '  |     ^^^^^^',
      '  = note: declared here first: bell.qasm:2:10',
      '',
      'error[QASM_UNDECLARED]: `qubit_s` is not declared.',
      ' --> bell.qasm:4:3',
      '  |',
      '4 | h qubit_s[0];',
      '  |   ^^^^^^^',
      '  = help: did you mean `qubits`?',
      '',
      '2 errors',
      '',
    ].join('\n'),
  );
});

test('colour is only added when asked for', () => {
  assert.ok(render('x', true).includes('\u001b[1;31m'));
  assert.ok(!render('x').includes('\u001b'));
});

test('nothing found is nothing shown', () => {
  assert.equal(renderDiagnostics('', []), '');
});

test('control characters and long lines of a hostile text do not reach the terminal', () => {
  const shown = render(`${' '.repeat(5000)}\u001b[2J${'x'.repeat(5000)} §`);
  assert.ok(!shown.includes('\u001b'));
  assert.ok(shown.split('\n').every((line) => line.length < 300));
});
