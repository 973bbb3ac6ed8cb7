import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as limits from '@qfs/core';
import {
  ANGLE_WIDTH_MAX,
  ARRAY_DIMENSIONS_MAX,
  ARRAY_ELEMENTS_MAX,
  CIRCUIT_OPERATIONS_MAX,
  CIRCUIT_QUBITS_MAX,
  CLASSICAL_BITS_MAX,
  INTEGER_WIDTH_MAX,
  QASM_EXPRESSION_DEPTH_MAX,
  QASM_INTEGER_CHARS_MAX,
  QASM_NAME_CHARS_MAX,
  QASM_NESTING_MAX,
} from '@qfs/core';
import { lowerSource } from './index.ts';

interface Bound {
  readonly title: string;
  readonly max: number;
  /** The number that the message names, if the source counts otherwise. */
  readonly bound?: number;
  readonly source: (size: number) => string;
  /** What one more is called. */
  readonly code: string;
}

// biome-ignore format: one bound per line
const BOUNDS: readonly Bound[] = [
  { title: 'characters of a name', max: QASM_NAME_CHARS_MAX, source: (size) => `qubit q; int ${'x'.repeat(size)};`, code: 'QASM_VALUE' },
  { title: 'characters of an integer', max: QASM_INTEGER_CHARS_MAX, source: (size) => `qubit q; float x = 1.0 * (${'0'.repeat(size - 1)}1);`, code: 'QASM_TOO_LARGE' },
  { title: 'bits of a string of bits', max: CLASSICAL_BITS_MAX, source: (size) => `qubit q; bit b = "${'01'.repeat(size).slice(0, size)}" == "1";`, code: 'QASM_TOO_LARGE' },
  { title: 'blocks in blocks', max: QASM_NESTING_MAX, source: (size) => `qubit q; ${'{ '.repeat(size)}${'} '.repeat(size)}`, code: 'QASM_TOO_DEEP' },
  { title: 'expressions in expressions', max: QASM_EXPRESSION_DEPTH_MAX - 1, bound: QASM_EXPRESSION_DEPTH_MAX, source: (size) => `qubit q; int x = ${'('.repeat(size)}1${')'.repeat(size)};`, code: 'QASM_TOO_DEEP' },
  { title: 'bits of an int', max: INTEGER_WIDTH_MAX, source: (size) => `qubit q; int[${size}] x;`, code: 'QASM_CIRCUIT_TOO_LARGE' },
  { title: 'bits of a uint', max: INTEGER_WIDTH_MAX, source: (size) => `qubit q; uint[${size}] x;`, code: 'QASM_CIRCUIT_TOO_LARGE' },
  { title: 'bits of an integer that arises', max: INTEGER_WIDTH_MAX, source: (size) => `qubit q; int x; bit[${size}] c; x = 1; if (c > x) { reset q; }`, code: 'QASM_TYPE' },
  { title: 'bits of an angle', max: ANGLE_WIDTH_MAX, source: (size) => `qubit q; angle[${size}] x;`, code: 'QASM_CIRCUIT_TOO_LARGE' },
  { title: 'bits of a float', max: 64, source: (size) => `qubit q; float[${size}] x;`, code: 'QASM_UNSUPPORTED' },
  { title: 'dimensions of an array', max: ARRAY_DIMENSIONS_MAX, source: (size) => `qubit q; array[int${', 1'.repeat(size)}] x;`, code: 'QASM_VALUE' },
  { title: 'length of an array in one dimension', max: CLASSICAL_BITS_MAX, source: (size) => `qubit q; array[int, ${size}] x;`, code: 'QASM_CIRCUIT_TOO_LARGE' },
  { title: 'elements of arrays', max: ARRAY_ELEMENTS_MAX, source: (size) => `qubit q; array[int, 1024, 1023] x; array[int, ${size - 1024 * 1023}] y;`, code: 'QASM_CIRCUIT_TOO_LARGE' },
  { title: 'qubits of a register', max: CIRCUIT_QUBITS_MAX, source: (size) => `qubit[${size}] q;`, code: 'QASM_CIRCUIT_TOO_LARGE' },
  { title: 'qubits', max: CIRCUIT_QUBITS_MAX, source: (size) => `qubit[${size - 1}] q; qubit r;`, code: 'QASM_CIRCUIT_TOO_LARGE' },
  { title: 'qubits of a subroutine', max: CIRCUIT_QUBITS_MAX, source: (size) => `qubit q; def f(qubit[${size - 1}] a, qubit b) { }`, code: 'QASM_CIRCUIT_TOO_LARGE' },
  { title: 'bits of a register', max: CLASSICAL_BITS_MAX, source: (size) => `qubit q; bit[${size}] c;`, code: 'QASM_CIRCUIT_TOO_LARGE' },
  { title: 'bits', max: CLASSICAL_BITS_MAX, source: (size) => `qubit q; bit[${size - 1}] c; bit d;`, code: 'QASM_CIRCUIT_TOO_LARGE' },
  { title: 'operations by a power', max: CIRCUIT_OPERATIONS_MAX, source: (size) => `qubit q; pow(${size}) @ U(0, 0, 1) q;`, code: 'QASM_CIRCUIT_TOO_LARGE' },
  { title: 'operations in a loop, which counts as well', max: CIRCUIT_OPERATIONS_MAX / 2, bound: CIRCUIT_OPERATIONS_MAX, source: (size) => `qubit q; for int i in [1:${size}] { reset q; }`, code: 'QASM_CIRCUIT_TOO_LARGE' },
];

/** Where the bounds of sources are tested that are not in the table. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  QASM_SOURCE_BYTES_MAX: 'parser/parse.test.ts',
  QASM_TOKENS_MAX: 'syntax/lexer.test.ts',
  QASM_DIAGNOSTICS_MAX: 'findings.test.ts',
};

for (const { title, max, source, code, bound = max } of BOUNDS) {
  test(`bound: ${title}, ${max} and no more`, () => {
    const errorsOf = (size: number) =>
      lowerSource(source(size)).diagnostics.filter(({ severity }) => severity === 'error');
    assert.deepEqual(errorsOf(max), []);
    const [found] = errorsOf(max + 1);
    assert.equal(found?.code, code);
    assert.match(found.message, new RegExp(`\\b(?:${bound}|${max + 1})\\b`));
    assert.ok(found.hint !== undefined || /at most|needs/.test(found.message), found.message);
  });
}

test('every bound of sources is in the table, or tested on both sides where it is named here', () => {
  const here = readFileSync(import.meta.filename, 'utf8');
  const ours = Object.keys(limits).filter((name) =>
    /^(?:QASM|CIRCUIT|CLASSICAL|ARRAY|INTEGER|ANGLE)_/.test(name),
  );
  const table = ours.filter((name) => here.includes(`max: ${name}`));
  for (const [name, path] of Object.entries(ELSEWHERE)) {
    const text = readFileSync(new URL(path, import.meta.url), 'utf8');
    assert.ok(text.includes(`(${name})`) && text.includes(`${name} + 1`), name);
  }
  assert.deepEqual([...table, ...Object.keys(ELSEWHERE)].sort(), ours.sort());
});
