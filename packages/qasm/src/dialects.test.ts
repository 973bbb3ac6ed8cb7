import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lowerSource, renderDiagnostics } from './index.ts';

const findings = (source: string): string[] =>
  lowerSource(source, 'braket').diagnostics.map(({ code, message }) => `${code} ${message}`);

/** Programs that mean the same, the first with the gates of the dialect. */
// biome-ignore format: one program per line
const SAME: readonly (readonly [string, string])[] = [
  ['qubit[3] q; h q; cnot q[0], q[1]; ccnot q[0], q[1], q[2]; si q[0]; v q[1]; vi q[1]; phaseshift(1) q[2]; xx(0.5) q[0], q[1];', 'qubit[3] q; h q; cx q[0], q[1]; ccx q[0], q[1], q[2]; sdg q[0]; sx q[1]; sxdg q[1]; p(1) q[2]; rxx(0.5) q[0], q[1];'],
  ['qubit[2] q; int i = 1; i q[0]; bit v; v q[0]; gate cnot a, b { cz a, b; } cnot q[0], q[1];', 'qubit[2] q; int i = 1; id q[0]; bit v; sx q[0]; cz q[0], q[1];'],
  ['qubit[2] q; ctrl @ U(1, 2, 3) q[0], q[1];', 'qubit[2] q; ctrl @ u(1, 2, 3) q[0], q[1];'],
  ['include "stdgates.inc"; qubit[2] q; x q; cy q[0], q[1];', 'qubit[2] q; x q; cy q[0], q[1];'],
];

test('the gates of Braket are known without an inclusion, and a program may hide them', () => {
  for (const [dialect, plain] of SAME) {
    const { program, diagnostics } = lowerSource(dialect, 'braket');
    assert.ok(program, renderDiagnostics(dialect, diagnostics));
    const expected = lowerSource(`include "stdgates.inc"; include "qfs.inc"; ${plain}`).program;
    assert.deepEqual(program, expected);
  }
});

test('in OpenQASM 3 itself they are not', () => {
  assert.equal(lowerSource('qubit[2] q; cnot q[0], q[1];').program, undefined);
  assert.deepEqual(
    lowerSource('include "stdgates.inc"; qubit[2] q; cnot q[0], q[1];').diagnostics.map(({ hint }) => hint),
    ['a gate of Amazon Braket, whose programs are the dialect `braket`'],
  );
});

// biome-ignore format: one pragma per line
const PRAGMAS: readonly (readonly [string, string])[] = [
  ['braket result probability q[0]', 'QASM_IGNORED The result type is not computed: ask for it in the job, with `observables` for expectation values.'],
  ['braket verbatim', 'QASM_IGNORED The gates are executed as they are written anyway.'],
  ['braket noise bit_flip(0.1) q[0]', 'QASM_UNSUPPORTED Noise inside a program cannot be executed.'],
  ['braket something', 'QASM_IGNORED The pragma is not known and has no effect.'],
  ['braket unitary([[1]]) q[0]', 'QASM_VALUE The pragma gives no gate: its matrix needs a row and a column of numbers for every state of its qubits.'],
  ['braket unitary([[1, 0], [0, x]]) q[0]', 'QASM_VALUE The pragma gives no gate: its matrix needs a row and a column of numbers for every state of its qubits.'],
  ['braket unitary([[1, 0], [1, 0]]) q[0]', 'QASM_VALUE The pragma gives no gate: its matrix is not unitary.'],
  ['braket unitary q[0]', 'QASM_VALUE The pragma gives no gate: it is written `unitary([[…], […]]) q[0]`.'],
  ['braket unitary([[1, 0], [0, 1]]) +', 'QASM_VALUE The pragma gives no gate: its operands are qubits such as `q[0]`.'],
  ['braket unitary([[1, 0], [0, 1]]) q', 'QASM_VALUE The pragma gives no gate: its operands are single qubits, and hardware qubits that gates use.'],
  ['braket unitary([[1, 0], [0, 1]]) $1', 'QASM_VALUE The pragma gives no gate: its operands are single qubits, and hardware qubits that gates use.'],
  ['braket unitary([[1, 0], [0, 1]]) a[0], a[1], a[2], a[3], a[4]', 'QASM_VALUE The pragma gives no gate: it acts on 5 qubits, and at most 4 are possible.'],
];

for (const [pragma, finding] of PRAGMAS) {
  test(`#pragma ${pragma}`, () => {
    assert.deepEqual(findings(`qubit[2] q; x q[0];\n#pragma ${pragma}`), [finding]);
  });
}

test('a hostile pragma is read in linear time', () => {
  const long = 200_000;
  for (const text of [
    `[[${'1'.repeat(long)}x]]) q[0]`,
    `[[${'['.repeat(long)}) q[0]`,
    `[${'])'.repeat(long)}`,
    `[[1e${'1'.repeat(long)}x]]) q[0]`,
  ])
    assert.equal(findings(`qubit[2] q;\n#pragma braket unitary(${text}`).length, 1);
});

test('a pragma with a matrix is the gate of the matrix', () => {
  const gates = (text: string) =>
    lowerSource(`qubit[2] q;\n#pragma braket unitary(${text}`, 'braket').program?.body;
  assert.deepEqual(gates('[[1, 0], [0, 1]]) q[0]'), []);
  const defined =
    'qubit[2] q; gate g a, b { x a;\n#pragma braket unitary([[1, 0], [0, -1.0]]) b\n} g q[1], q[0];';
  assert.deepEqual(lowerSource(defined, 'braket').program?.body, [
    { kind: 'gate', gate: 'x', parameters: [], qubits: [1] },
    { kind: 'gphase', angle: Math.PI, controls: [true], qubits: [0] },
  ]);
  assert.deepEqual(gates('[[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0im]]) q[1], q[0]'), [
    { kind: 'gphase', angle: Math.PI / 2, controls: [true, true], qubits: [1, 0] },
  ]);
});
