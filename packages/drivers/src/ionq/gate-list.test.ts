import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCompiledText } from './compiled-text.ts';
import { gateList } from './gate-list.ts';

const HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2] q;\nqubit r;\nbit[2] c;\nbit d;\n';
const listOf = (body: string) => gateList(`${HEAD}${body}\n`, readCompiledText(`${HEAD}${body}\n`));

test('gates and then measurements are a list of gates', () => {
  const list = listOf(
    'h q[0];\ncx q[0], r;\nbarrier q[0], r;\ncrz(-0.5) r, q[1];\nsdg r;\nc[1] = measure q[0];\nd = measure r;',
  );
  assert.deepEqual(list?.gates, [
    { gate: 'h', targets: [0] },
    { gate: 'x', controls: [0], targets: [2] },
    { gate: 'rz', controls: [2], targets: [1], rotation: -0.5 },
    { gate: 'si', targets: [2] },
  ]);
  assert.deepEqual(list?.measured, [null, 0, 2]);
});

test('inputs that became constants are angles', () => {
  assert.deepEqual(listOf('const float[64] θ = 1e-3;\nrx(θ) r;')?.gates, [
    { gate: 'rx', targets: [2], rotation: 0.001 },
  ]);
});

test('a general gate is three rotations', () => {
  assert.deepEqual(listOf('U(1.5, 0.5, -0.25) r;')?.gates, [
    { gate: 'rz', targets: [2], rotation: -0.25 },
    { gate: 'ry', targets: [2], rotation: 1.5 },
    { gate: 'rz', targets: [2], rotation: 0.5 },
  ]);
});

test('what is more than that is no list of gates', () => {
  for (const body of [
    'c[0] = measure q[0];\nh q[0];',
    'reset r;',
    'if (c[0]) {\n  x r;\n}',
    'rx(2 * c) r;',
    'ctrl @ rx(1.5) r, q[0];',
    'negctrl @ x r, q[0];',
    'c = "01";',
    'x q[n];',
  ]) {
    assert.equal(listOf(body), undefined, body);
  }
});
