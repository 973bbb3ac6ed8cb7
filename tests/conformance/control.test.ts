/** Which statements run, how often, and on which qubits: control flow, subroutines and operands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileSource, validateSource } from '@qfs/compiler';
import { PARAMETER_NODES_MAX } from '@qfs/core';
import { assertOutcome, compiled, HEAD, refusal, run } from './run.ts';

type Row = readonly [source: string, r: string];

function assertRows(rows: readonly Row[]): void {
  for (const [source, expected] of rows) assertOutcome(source, expected);
}

// biome-ignore format: one program per line
const RANGES: readonly Row[] = [
  ['qubit q; output int r; for int i in [5:-2:0] { r = 10 * r + i; }', '531'],
  ['qubit q; output int r; int a = 5; int b = -2; for int i in [a:b:0] { r = 10 * r + i; }', '531'],
  ['qubit q; output int r; int a = 5; for int i in [a:1] { r = 1; }', '0'],
  ['qubit q; output int r; for int i in [5:1] { r = 1; }', '0'],
  ['qubit q; output int r; int n; for int i in [n:3] { int k = 1; k += i; r += k; }', '10'],
  ['qubit q; output int r; int n = 3; for uint[2] i in [1:n] { r = 10 * r + int(i); }', '123'],
  ['qubit q; output int r; for int i in [0:3] { i += 1; r = 10 * r + i; }', '1234'],
  ['qubit q; output int r; int n = 2; for int i in [0:n] { n = 0; r += 1; }', '3'],
];

test('loops over ranges: steps, empty ranges, bounds that are computed once', () => assertRows(RANGES));

// biome-ignore format: one program per line
const ITERATED: readonly Row[] = [
  ['qubit q; output int r; for int i in {5, 3, 1} { if (i == 1) break; r = 10 * r + i; }', '53'],
  ['qubit q; output int r; int k = 4; for int i in {k, k - 1, 1} { if (i == 3) continue; r = 10 * r + i; }', '41'],
  ['qubit q; output int r; array[int, 2, 3] a = {{1, 2, 3}, {4, 5, 6}}; for int i in a[1] { if (i == 5) continue; r = 10 * r + i; }', '46'],
  ['qubit q; output int r; array[int, 4] a = {1, 2, 3, 4}; for int i in a[3:-2:0] { r = 10 * r + i; }', '42'],
  ['qubit q; output int r; bit[3] c = "110"; for bit b in c { r = 10 * r + int(b); }', '11'],
  ['qubit q; output int r; bit[4] c = "0110"; for bit b in c[1:3] { r = 10 * r + int(b); }', '110'],
];

test('loops over sets, arrays, parts of arrays and registers', () => assertRows(ITERATED));

// biome-ignore format: one program per line
const SWITCHES: readonly Row[] = [
  ['qubit q; output int r; int k = 3; switch (k) { case 1, 2 { r = 11; } case 3, 4 { r = 12; } default { r = 13; } }', '12'],
  ['qubit q; output int r; const int n = 3; int k = 4; switch (k) { case n - 1 { r = 1; } case n, n + 1 { r = 2; } }', '2'],
  ['qubit q; output int r; int k = 7; switch (k) { case 1 { r = 12; } }', '0'],
  ['qubit q; output int r; uint[3] k = 7; switch (k + 1) { case 0 { r = 1; } case 8 { r = 2; } }', '2'],
  ['qubit q; output int r; for int i in [0:4] { switch (i) { case 2 { break; } default { r += 20; continue; } } r += 100; }', '40'],
  ['qubit[2] q; output int r; x q[1]; bit[2] c = measure q; switch (int(c)) { case 1 { r = 1; } case 2 { switch (r) { case 0 { r = 5; } } } }', '5'],
];

test('a switch takes the case of its value, one of several, or the default', () => assertRows(SWITCHES));

test('what a switch may not contain', () => {
  assert.match(
    refusal('qubit q; int k; switch (k) { case 1, 1 { } }'),
    /^QASM_VALUE: The value 1 has a case/,
  );
  assert.match(refusal('qubit q; int k; int n; switch (k) { case n { } }'), /^QASM_NOT_CONSTANT/);
  assert.match(
    refusal('qubit q; bit[2] c; switch (c) { case 1 { } }'),
    /^QASM_TYPE: A switch needs an integer/,
  );
});

// biome-ignore format: one program per line
const CONDITIONS: readonly Row[] = [
  ['qubit q; output int r; bit b = 1; if (b) r = 1; else r = 2;', '1'],
  ['qubit q; output int r; bit[3] b = "011"; if (b == 3) r = 1; else r = 2;', '1'],
  ['qubit q; output int r; bit[3] b = "011"; if (b < 4) r = 1; else r = 2;', '1'],
  ['qubit q; output int r; bit[3] b = "011"; if (b != 11) r = 1; else r = 2;', '1'],
  ['qubit q; output int r; bit[3] b = "011"; if (b[2]) r = 1; else if (b[1] == 1) r = 2; else r = 3;', '2'],
  ['qubit[2] q; output int r; x q[0]; bit[2] c = measure q; if (c == "01") r = 1; if (int(c) == 2) r = 2;', '1'],
  ['def f(readonly array[int, 2] a) -> int { return a[0] + a[1]; } qubit q; array[int, 2, 2] m = {{3, 0}, {0, 0}}; output int r; while (f(m[0]) > r) { r += 1; if (r == 1) continue; }', '3'],
  ['def f(readonly array[int, 2] a) -> bool { return a[0] < 2; } qubit q; array[int, 3] m; output int r; while (f(m[0:1])) { m[0] += 1; r += 5; }', '10'],
  ['def f(readonly array[int, 2] a) -> bool { return a[0] < 2; } qubit q; array[int, 3] m; output int r; if (m[0] > 0) r = 1; else if (f(m[1:2])) r = 2; else r = 3;', '2'],
  ['def f(mutable array[int, 2] a) -> bool { a[0] += 1; return a[0] < 4; } qubit q; array[int, 2, 2] m; output int r; while (f(m[1]) && r < 9) r += 1;', '3'],
];

test('conditions: bits, registers beside integers, calls that are given arrays', () =>
  assertRows(CONDITIONS));

// biome-ignore format: one program per line
const LEAVING: readonly Row[] = [
  ['qubit q; output int r; while (true) { r += 1; if (r < 6) continue; break; }', '6'],
  ['def f() -> int { int k; while (true) { k += 1; for int i in [0:k] { if (i == 3) return 10 * k + i; } } return 0; } qubit q; output int r; for int j in [0:2] { r += f(); }', '99'],
  ['def f(int n) -> int { int m; for int i in {1, 2, 3, 4} { switch (i) { case 2 { continue; } case 4 { break; } } m = 10 * m + i; if (m > n) return m; } return -m; } qubit q; output int r; for int j in [0:1] { r = 100 * r + f(50 * j); }', '87'],
  ['qubit q; output int r; for int i in [0:9] { if (i == 3) { r = 3; end; } } r = 99;', '3'],
  ['def f(int k) { if (k == 2) end; } qubit q; output int r; for int i in [0:9] { f(i); r = i; }', '1'],
  ['def g() -> int { end; return 0; } def f() -> int { int k = g(); return k; } qubit q; output int r; r = 5; r = f();', '5'],
  ['def g(mutable array[int, 2] a) { a[0] = 7; end; } def f(mutable array[int, 2] a) { g(a); a[0] = 1; } qubit q; output array[int, 2, 2] r; f(r[1]); r[1][1] = 1;', '{{0, 0}, {7, 0}}'],
  ['qubit q; output int r; box { for int i in [0:5] { box { if (i == 2) break; } r = i; } }', '1'],
];

test('break, continue, return and end leave what they stand in', () => assertRows(LEAVING));

// biome-ignore format: one program per line
const OPERANDS: readonly Row[] = [
  ['qubit[4] q; output bit r; int k = 1; let a = q[{3, 0}]; x a[k]; r = measure q[0];', '1'],
  ['qubit[4] q; output bit r; int k = -1; let a = q[{3, 0, 2}]; let b = a[{0, 2}]; x b[k]; r = measure q[2];', '1'],
  ['qubit[4] q; output bit r; int k = 1; let a = q[0] ++ q[2:3]; x q[2]; cx a[k], q[3]; r = measure q[3];', '1'],
  ['def f(qubit[3] a, int k) { let b = a[{2, 0}]; x b[k]; } qubit[4] q; output bit r; f(q[0:2], 1); r = measure q[0];', '1'],
  ['def f(qubit[3] a) { x a[2]; } qubit[4] q; output bit r; f(q[{1, 3, 0}]); r = measure q[0];', '1'],
  ['def f(qubit[3] a) { x a[2]; } qubit[4] q; qubit w; output bit r; let b = q[0:1] ++ w; f(b); r = measure w;', '1'],
  ['def f(qubit a, int k) { x a; } qubit[4] q; output bit r; let b = q[{3, 1}]; int k = 1; f(b[k], 2); r = measure q[1];', '1'],
  ['qubit[3] q; output bit r; int i; x q[i]; cx q[i], q[i + 1]; cx q[i + 1], q[i + 2]; r = measure q[2];', '1'],
  ['qubit[4] q; output bit r; int k = 1; let a = q[{3, 0}]; x q[0]; reset a[k]; r = measure a[k];', '0'],
];

test('operands: index sets, slices, concatenations, aliases, indices that are computed', () =>
  assertRows(OPERANDS));

// biome-ignore format: one program per line
const HARDWARE: readonly Row[] = [
  ['qubit[2] q; output bit[2] r; cx $0, q; x $0; cx $0, q; r = measure q;', '11'],
  ['def f(qubit a) { x $1; cx $1, a; } f($0); output bit[2] r; r[0] = measure $0; r[1] = measure $1;', '11'],
  ['def g() { x $1; } def f(qubit a) { g(); cx $1, a; } qubit q; f(q); output bit[3] r; r[0] = measure $0; r[1] = measure $1; r[2] = measure q;', '110'],
  ['def f(int k) -> int { x $3; if (k > 0) return f(k - 1); return 1; } output bit r; int n = f(2); r = measure $3;', '1'],
  ['def f() { x $3; } qubit q; output bit r; r = measure q;', '0'],
];

test('hardware qubits stand beside registers, and inside of subroutines', () => assertRows(HARDWARE));

test('a qubit is used once by an operation, known or not', () => {
  const refused = (source: string): string => refusal(`qubit[3] q; ${source}`).replace(/:.*/, '');
  assert.equal(refused('cx q[1], q[1];'), 'QASM_DUPLICATE_QUBIT');
  assert.equal(refused('let a = q[{2, 0}]; cx a[1], q[0];'), 'QASM_DUPLICATE_QUBIT');
  assert.equal(refused('ctrl @ x q[0], q;'), 'QASM_DUPLICATE_QUBIT');
  assert.equal(refused('def f(qubit a, qubit b) { cx a, b; } f(q[0], q[0]);'), 'QASM_DUPLICATE_QUBIT');
  assert.equal(refused('def f(qubit a) { cx a, $0; } f($0);'), 'QASM_DUPLICATE_QUBIT');
  assert.equal(refused('gate g a { x $0; } g q[0];'), 'QASM_CONTEXT');
  const message = /PROGRAM_FAULT|twice on the same qubit; its operands are 1, 1/;
  for (const source of [
    'qubit[2] q; bit r; int k = 1; cx q[k], q[1];',
    'def f(qubit a, qubit b) { cx a, b; } qubit[2] q; bit r; int k = 1; f(q[k], q[1]);',
    'qubit[2] q; bit r; int k = -1; let a = q[{0, 1}]; swap a[k], q[k];',
  ])
    assert.throws(() => run(HEAD + source), { code: 'PROGRAM_FAULT', message });
  assert.throws(() => run(`${HEAD}qubit[4] q; int k = 2; let a = q[{3, 0}]; x a[k];`), {
    message: /Index 2 is outside of 0 to 1/,
  });
});

test('calls nest as deep as EXECUTION_DEPTH_MAX lets them', () => {
  const source = (depth: number): string =>
    `${HEAD}def f(int k) -> int { if (k == 0) { return 0; } return 1 + f(k - 1); } qubit q; output int r; r = f(${depth});`;
  assert.deepEqual([...run(source(300), 1).outputs.get('r')!], [['300', 1]]);
  assert.throws(() => run(source(1_000), 1), {
    code: 'PROGRAM_FAULT',
    message: /nest deeper than 2000 levels/,
  });
});

test('sampling one final state and running every shot give the same distribution', () => {
  const shots = 20_000;
  const circuit =
    'qubit[3] q; bit[3] c; ry(0.8) q[0]; cry(1.9) q[0], q[1]; h q[2]; cp(0.7) q[1], q[2]; h q[2];';
  const sampled = run(`${HEAD}${circuit} c = measure q;`, shots).counts;
  // A reset of a qubit that was measured makes the shots run one by one.
  const stepped = run(`${HEAD}${circuit} c = measure q; reset q[0];`, shots).counts;
  let chi = 0;
  for (const key of new Set([...sampled.keys(), ...stepped.keys()])) {
    const [a, b] = [sampled.get(key) ?? 0, stepped.get(key) ?? 0];
    chi += (a - b) ** 2 / (a + b);
  }
  // Seven degrees of freedom: 24.3 is exceeded by chance once in a thousand, and the seeds are fixed.
  assert.ok(chi < 24.3, `χ² is ${chi}`);
});

test('what cannot run is refused with its reason, and accepted where only the syntax is asked for', () => {
  for (const [source, reason] of [
    ['extern f(int[8]) -> bit; qubit q;', /^QASM_UNSUPPORTED: The extern function `f` cannot be executed/],
    ['defcalgrammar "openpulse"; qubit q;', /^QASM_UNSUPPORTED: Pulse-level calibration cannot be executed/],
    ['cal { frame f; } qubit q;', /^QASM_UNSUPPORTED: Pulse-level calibration/],
    ['defcal x $0 { play(f, 1); } qubit q;', /^QASM_UNSUPPORTED: Pulse-level calibration/],
  ] as const) {
    assert.match(refusal(source), reason);
    const verdict = validateSource({ language: 'openqasm3', source: HEAD + source, level: 'syntax' });
    assert.deepEqual([verdict.valid, verdict.diagnostics], [true, []], source);
  }
});

test('a compiled circuit of every construct above compiles back to itself', () => {
  // `run` has checked it for each; this one has them all at once.
  const source = `${HEAD}def f(qubit a, readonly array[int, 2] m) -> int { x $1; cx $1, a; return m[0]; }
    qubit[3] q; array[int, 2, 2] m; int k; let a = q[{2, 0}];
    while (f(a[k], m[1]) < 2) { m[1][0] += 1; switch (k) { case 0, 1 { k += 1; } default { end; } } }`;
  const { qasm, aqoDigest } = compiled(source);
  assert.equal(compiled(qasm).aqoDigest, aqoDigest);
});

test('a parameter that definitions multiply has at most PARAMETER_NODES_MAX parts', () => {
  // Level k of the definitions has 2^k parameters and 2^k − 1 signs between them.
  const sum = (levels: number): ReturnType<typeof compileSource> => {
    const level = (at: number): string => `gate g${at + 1}(v) a { g${at}(v + v) a; }`;
    const define = `gate g0(v) a { rx(v) a; } ${Array.from({ length: levels }, (_, at) => level(at)).join(' ')}`;
    const source = `include "stdgates.inc"; ${define} input float w; qubit q; g${levels}(w) q;`;
    return compileSource({ language: 'openqasm3', source });
  };
  const levels = Math.floor(Math.log2(PARAMETER_NODES_MAX)) - 1;
  assert.ok(sum(levels).ok);
  for (const tooMany of [levels + 1, 60]) {
    const refused = sum(tooMany);
    assert.ok(!refused.ok && refused.error.code === 'CIRCUIT_TOO_LARGE', String(tooMany));
  }
});
