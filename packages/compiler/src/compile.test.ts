import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateMatrix, gateOf, type Instruction } from '@qfs/circuit';
import {
  CIRCUIT_OPERATIONS_MAX,
  CIRCUIT_QUBITS_MAX,
  CLASSICAL_BITS_MAX,
  QASM_SOURCE_BYTES_MAX,
} from '@qfs/core';
import fc from 'fast-check';
import { type Compiled, compileSource, validateSource } from './index.ts';

const STANDARD = 'include "stdgates.inc";\n';

function compiled(source: string, language = 'openqasm3'): Compiled {
  const result = compileSource({ language, source });
  assert.ok(
    result.ok,
    result.ok ? '' : `${source}\n${JSON.stringify(result.error.diagnostics, undefined, 1)}`,
  );
  return result.value;
}

/** The compiled text without header and declarations, statements joined by blanks. */
const body = (source: string): string =>
  compiled(source)
    .qasm.split('\n')
    .filter(
      (line) =>
        !/^(?:OPENQASM|include|qubit|bit|input|output|int|uint|float|angle|bool|@| {2}@)/.test(line) &&
        line !== '',
    )
    .map((line) => line.trim())
    .join(' ');

const MEANINGS: readonly (readonly [string, string, string])[] = [
  [
    'Bell',
    'qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;',
    'h q[0]; cx q[0], q[1]; c[0] = measure q[0]; c[1] = measure q[1];',
  ],
  [
    'broadcasting over registers and single qubits',
    'qubit[2] a; qubit[2] b; qubit k; h a; cx a, b; cx k, a;',
    'h a[0]; h a[1]; cx a[0], b[0]; cx a[1], b[1]; cx k, a[0]; cx k, a[1];',
  ],
  [
    'definitions are expanded, parameters computed',
    'gate g(t, u) x, y { rz(t / 2 + u) x; cx y, x; } qubit[2] q; g(pi, 1) q[1], q[0];',
    'rz(2.5707963267948966) q[1]; cx q[0], q[1];',
  ],
  ['inverse of a definition', 'gate g(t) x { s x; rz(t) x; } qubit q; inv @ g(0.5) q;', 'rz(-0.5) q; sdg q;'],
  [
    'controls of a definition with a phase',
    'gate g x { gphase(0.5); h x; } qubit[3] q; ctrl @ negctrl @ g q[0], q[1], q[2];',
    'ctrl @ negctrl @ gphase(0.5) q[0], q[1]; ctrl @ negctrl @ h q[0], q[1], q[2];',
  ],
  [
    'integer powers',
    'qubit q; pow(2) @ t q; pow(-2) @ s q; pow(0) @ x q; inv @ pow(-1) @ t q;',
    't q; t q; sdg q; sdg q; t q;',
  ],
  [
    'inputs stay symbols',
    'input float[64] a; gate g(t) x { rx(2 * t) x; } qubit q; rx(a / 2) q; g(a) q; inv @ g(a) q;',
    'rx(a / 2.0) q; rx(2.0 * a) q; rx(-(2.0 * a)) q;',
  ],
  [
    'constants are computed',
    'const int n = 2 ** 3 - 6; const float a = sin(pi / 2) + n; qubit[n] q; rx(a) q[n - 1];',
    'rx(3.0) q[1];',
  ],
  [
    'integer division drops the remainder',
    'qubit q; rx(7 / 2) q; rx(7.0 / 2) q; rx(-7 % 3) q;',
    'rx(3.0) q; rx(3.5) q; rx(-1.0) q;',
  ],
  [
    'angle constants are multiples of 2π / 2^width',
    'const angle[2] a = pi / 2 + 0.1; qubit q; rx(a) q; rx(a + a + a + a) q; rx(a * 3) q;',
    'rx(1.5707963267948966) q; rx(0.0) q; rx(4.71238898038469) q;',
  ],
  [
    'a comparison of bits is one of bit strings',
    'qubit q; bit[3] c; bit f; if (c == 5) x q; if (f == 1) y q; if (c == 8) z q; if (c[1]) h q;',
    'if (c == "101") { x q; } if (f == "1") { y q; } if (bool(c[1])) { h q; }',
  ],
  ['constant conditions choose', 'qubit q; const int n = 3; if (n > 2) x q; else y q;', 'x q;'],
  [
    'constant loops are unrolled',
    'qubit[4] q; for int i in [0:2:3] h q[i]; for int i in {3, 1} x q[i]; for int i in [1:-1:0] y q[i]; for int i in [1:0] z q;',
    'h q[0]; h q[2]; x q[3]; x q[1]; y q[1]; y q[0];',
  ],
  [
    'loops that are left early run in the engine',
    'qubit q; bit c; for int i in [0:3] { c = measure q; if (c) break; }',
    'for int[64] i in [0:1:3] { c = measure q; if (bool(c)) { break; } }',
  ],
  [
    'while and run-time indices',
    'qubit[3] q; int i = 2; while (i >= 0) { x q[i]; i -= 1; }',
    'i = 2; while (i >= 0) { x q[i]; i = i - 1; }',
  ],
  [
    'switch',
    'qubit q; int i; switch (i) { case 1, 2 { x q; } default { y q; } }',
    'switch (i) { case 1, 2 { x q; } default { y q; } }',
  ],
  [
    'aliases of qubits and bits',
    'qubit[3] q; qubit r; bit[3] c; let a = q[{2, 0}] ++ r; let d = c[1:2]; x a[0]; cx a[1], a[2]; d[0] = measure a[2];',
    'x q[2]; cx q[0], r; c[1] = measure r;',
  ],
  [
    'old declarations and arrows',
    'qreg q[2]; creg c[2]; measure q -> c; measure q[0] -> c[1]; measure q[1];',
    'c[0] = measure q[0]; c[1] = measure q[1]; c[1] = measure q[0]; measure q[1];',
  ],
  [
    'negative indices and slices',
    'qubit[4] q; x q[-1]; y q[1:2]; z q[-2:]; h q[::2];',
    'x q[3]; y q[1]; y q[2]; z q[2]; z q[3]; h q[0]; h q[1]; h q[2];',
  ],
  [
    'classical arithmetic is typed',
    'qubit q; uint[4] u = 7; int[8] i = -1; u = u + 1; i = i * u; u <<= 2;',
    'u = uint[4](7); i = int[8](-1); u = uint[4](int[64](u) + 1); i = i * int[8](u); u = u << 2;',
  ],
  [
    'what is measured into a new name is chosen by the old one',
    'qubit[3] q; int k = 1; { bit k = measure q[k]; }',
    'k = 1; k_1 = measure q[k];',
  ],
  ['hardware qubits come first', 'qubit q; x q; x $7; cx $2, $7;', 'x q; x $7; cx $2, $7;'],
  [
    'subroutines number their qubits and variables anew; what happens twice is computed once',
    'const int n = 1; def f(qubit[2] a, bit x) -> bit { if (x) { h a[n]; } return measure a[0]; } qubit[3] q; bit c; c = f(q[1:2], "1"); rx(2 * float(int(f(q[{2, 0}], c)))) q;',
    'let qubits = q[1] ++ q[2]; let qubits_1 = q[2] ++ q[0]; def f(qubit[2] q0, bit x_1) -> bit[1] { bit value; if (bool(x_1)) { h q0[1]; } value = measure q0[0]; return value; } c = f(qubits, "1"); value = 2.0 * float[64](int[64](f(qubits_1, c))); rx(value) q[0]; rx(value) q[1]; rx(value) q[2];',
  ],
  [
    'barriers and resets',
    'qubit[2] q; barrier; barrier q[1], q; reset q;',
    'barrier q[0], q[1]; barrier q[1], q[0]; reset q[0]; reset q[1];',
  ],
];

for (const [title, source, expected] of MEANINGS) {
  test(`meaning: ${title}`, () => {
    assert.equal(body(STANDARD + source), expected);
  });
}

/** Applies unitary instructions to the basis states of `qubits` qubits; qubit 0 is the most significant bit here. */
function unitaryOf(source: string, qubits: number): number[] {
  const size = 2 ** qubits;
  const columns: number[] = [];
  for (let column = 0; column < size; column++) {
    let state = new Float64Array(2 * size);
    state[2 * column] = 1;
    for (const instruction of compiled(STANDARD + source).program.body)
      state = applied(instruction, state, qubits);
    columns.push(...state);
  }
  return columns;
}

function applied(
  instruction: Instruction,
  state: Float64Array<ArrayBuffer>,
  qubits: number,
): Float64Array<ArrayBuffer> {
  assert.ok(instruction.kind === 'gate' || instruction.kind === 'gphase');
  const gate = gateOf(
    instruction.kind === 'gate' ? instruction : { kind: 'gate', gate: 'gphase', parameters: [], qubits: [] },
  );
  const parameters = (instruction.kind === 'gate' ? instruction.parameters : [instruction.angle]) as number[];
  const matrix = gateMatrix(gate, parameters, instruction.controls);
  const operands = (instruction.qubits ?? []) as number[];
  const width = 2 ** operands.length;
  const bitOf = (index: number, qubit: number): number => (index >> (qubits - 1 - qubit)) & 1;
  const result = new Float64Array(state.length);
  for (let to = 0; to < state.length / 2; to++) {
    const row = operands.reduce((value, qubit) => value * 2 + bitOf(to, qubit), 0);
    for (let column = 0; column < width; column++) {
      const from = operands.reduce((index, qubit, at) => {
        const mask = 1 << (qubits - 1 - qubit);
        return ((column >> (operands.length - 1 - at)) & 1) === 1 ? index | mask : index & ~mask;
      }, to);
      const re = matrix[2 * (row * width + column)]!;
      const im = matrix[2 * (row * width + column) + 1]!;
      result[2 * to]! += re * state[2 * from]! - im * state[2 * from + 1]!;
      result[2 * to + 1]! += re * state[2 * from + 1]! + im * state[2 * from]!;
    }
  }
  return result;
}

function assertSameUnitary(left: string, right: string, qubits: number): void {
  const a = unitaryOf(left, qubits);
  const b = unitaryOf(right, qubits);
  const difference = Math.max(...a.map((value, at) => Math.abs(value - b[at]!)));
  assert.ok(difference < 1e-12, `${left}\n${right}\ndiffer by ${difference}`);
}

test('modifiers of definitions are the unitaries that the specification defines', () => {
  const define =
    'gate g(v) a, b { h a; gphase(v); cu(v, 0.3, -0.7, 0.2) a, b; ctrl @ sx b, a; u2(0.4, v) b; inv @ t a; }\n';
  const two = `${define}qubit[2] q;\n`;
  const three = `${define}qubit[3] q;\n`;
  const call = 'g(0.9) q[0], q[1];';
  assertSameUnitary(`${two}${call} inv @ ${call}`, two, 2);
  assertSameUnitary(`${two}pow(3) @ ${call}`, `${two}${call.repeat(3)}`, 2);
  assertSameUnitary(`${two}pow(-2) @ ${call}`, `${two}${`inv @ ${call}`.repeat(2)}`, 2);
  assertSameUnitary(`${two}inv @ pow(2) @ ${call}`, `${two}pow(2) @ inv @ ${call}`, 2);
  const controlled = unitaryOf(`${three}ctrl @ g(0.9) q[0], q[1], q[2];`, 3);
  const plain = unitaryOf(`${two}${call}`, 2);
  for (let column = 0; column < 8; column++) {
    for (let row = 0; row < 8; row++) {
      for (const part of [0, 1]) {
        const inBlock = column >= 4 && row >= 4;
        const expected = inBlock
          ? plain[2 * ((column - 4) * 4 + row - 4) + part]!
          : column < 4 && column === row && part === 0
            ? 1
            : 0;
        assert.ok(
          Math.abs(controlled[2 * (column * 8 + row) + part]! - expected) < 1e-12,
          `${column} ${row}`,
        );
      }
    }
  }
  assertSameUnitary(
    `${three}negctrl @ g(0.9) q[0], q[1], q[2];`,
    `${three}x q[0]; ctrl @ g(0.9) q[0], q[1], q[2]; x q[0];`,
    3,
  );
  assertSameUnitary(`${three}ctrl(2) @ x q[0], q[1], q[2];`, `${three}ccx q[0], q[1], q[2];`, 3);
});

test('powers that are no integers take the principal branch of every eigenvalue', () => {
  const one = 'qubit q;\n';
  const two = 'qubit[2] q;\n';
  const three = 'qubit[3] q;\n';
  assertSameUnitary(`${one}pow(0.5) @ x q;`, `${one}sx q;`, 1);
  assertSameUnitary(`${one}pow(0.5) @ s q;`, `${one}t q;`, 1);
  assertSameUnitary(`${one}pow(-0.25) @ z q;`, `${one}tdg q;`, 1);
  assertSameUnitary(`${one}pow(0.5) @ p(3 * pi / 2) q;`, `${one}p(-pi / 4) q;`, 1);
  assertSameUnitary(`${one}pow(0.3) @ rx(1.7) q;`, `${one}rx(0.51) q;`, 1);
  assertSameUnitary(`${one}pow(0.5) @ gphase(pi);`, `${one}gphase(pi / 2);`, 1);
  assertSameUnitary(`${one}pow(0.5) @ id q;`, one, 1);
  for (const gate of ['x', 'y', 'z', 'h', 's', 'sx', 'U(1, 2, 3)', 'ry(-2)', 'p(3)']) {
    assertSameUnitary(`${one}${`pow(1.0 / 3) @ ${gate} q;`.repeat(3)}`, `${one}${gate} q;`, 1);
    assertSameUnitary(`${one}pow(1.5) @ ${gate} q; inv @ pow(1.5) @ ${gate} q;`, one, 1);
  }
  assertSameUnitary(
    `${two}pow(0.5) @ cx q[0], q[1]; ctrl @ pow(0.5) @ x q[0], q[1];`,
    `${two}cx q[0], q[1];`,
    2,
  );
  assertSameUnitary(
    `${three}${'pow(0.5) @ negctrl @ ch q[0], q[1], q[2];'.repeat(2)}`,
    `${three}negctrl @ ch q[0], q[1], q[2];`,
    3,
  );
  const define = 'gate g(t) a, b { U(1, 2, t) a; U(1, 2, 3) b; } input float t; qubit[2] q;';
  assert.equal(failureOf(`${define} pow(0.5) @ g(t) q[0], q[1];`), 'QASM_UNSUPPORTED');
});

test('loops and blocks of gate definitions are unrolled', () => {
  const source =
    'gate g(t) a, b { for int k in [1:2] { rx(k * t) a; { cx a, b; } } for int k in {3} h b; } qubit[2] q; g(2) q[0], q[1];';
  assert.equal(body(STANDARD + source), 'rx(2.0) q[0]; cx q[0], q[1]; rx(4.0) q[0]; cx q[0], q[1]; h q[1];');
  assert.equal(failureOf('gate g(t) a { for int k in [0:t] { U(0, 0, 0) a; } } qubit q;'), 'QASM_SEMANTIC');
  assert.equal(failureOf('gate g a { for int k in [0:1] { reset a; } } qubit q;'), 'QASM_SEMANTIC');
});

const angle = fc.oneof(
  fc.double({ noNaN: true, min: -10, max: 10 }).map((value) => `(${String(value).replace(/e\+?/, 'e')})`),
  fc.constantFrom('pi / 3', 'v', 'v * 2 - 0.5', '-v', 'sin(v)', 'w', 'w / 2'),
);
const qubit = fc.constantFrom('q[0]', 'q[1]', 'q[2]', 'r');
const pair = fc.uniqueArray(qubit, { minLength: 2, maxLength: 2 });
const condition = fc.constantFrom('c == 2', 'c[0]', '!c[1] && f == 1', 'i > 2', 'i + 1 != k4', 'true');
const { statement } = fc.letrec<{ statement: string }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(fc.constantFrom('h', 'x', 'inv @ sx', 'pow(2) @ t', 'sdg'), qubit).map(([g, q]) => `${g} ${q};`),
    fc
      .tuple(fc.constantFrom('rx', 'inv @ rz', 'g', 'inv @ g', 'p'), angle, qubit)
      .map(([g, a, q]) => `${g}(${a}) ${q};`),
    fc
      .tuple(fc.constantFrom('cx', 'ctrl @ y', 'negctrl @ h', 'swap'), pair)
      .map(([g, q]) => `${g} ${q.join(', ')};`),
    angle.map((a) => `gphase(${a});`),
    fc.constantFrom(
      'c = measure q;',
      'f = measure r;',
      'measure q[0];',
      'reset q;',
      'barrier;',
      'barrier q[1], r;',
      'i += 2;',
      'k4 ^= 5;',
      'c[0] = "1";',
      'f = c[1];',
      'x q[i % 3];',
      'c = "010";',
      'end;',
      'mixed[i % 3] = f;',
      'mixed = ~mixed;',
      'c[0:1] = mixed[{2, 0}];',
      'row[i] = 1 + row[{0, 1}][1];',
      'i[0:2] = c[1:2] ++ c[{0}];',
      'table[0:1, 1] = table[1, 0:1];',
      'table[1] = table[0][i:-1];',
      'k4 = add(table[0:1, 1], row);',
      'x pair[i % 2];',
      'c = "1" ++ mixed[1:2];',
      'z32 = z32 * (0.5 + 1im) - 0.1;',
    ),
    fc
      .tuple(condition, tie('statement'), tie('statement'))
      .map(([c, a, b]) => `if (${c}) { ${a} bit h = 1; f = h; } else { ${b} }`),
    fc.tuple(condition, tie('statement')).map(([c, a]) => `while (${c}) { ${a} if (c[2]) { break; } }`),
    tie('statement').map((a) => `for int k in [0:2] { rz(k * 0.1) q[k]; ${a} }`),
    tie('statement').map((a) => `for uint k in [0:i] { ${a} continue; }`),
    fc
      .tuple(tie('statement'), tie('statement'))
      .map(([a, b]) => `switch (i) { case 0, 3 { ${a} } default { ${b} } }`),
  ),
}));
const HEAD = `${STANDARD}gate g(t) a { gphase(t / 2); rx(t * 0.5 + 1) a; u2(t, 0) a; }
input float[64] v; input angle[16] w; qubit[3] q; qubit r; bit[3] c; bit f;
int[8] i; uint[4] k4; output bit[2] u3_;
array[int[8], 2, 2] table; complex[float[32]] z32;
let row = table[1]; let mixed = c[{2, 0}] ++ f; let pair = r ++ q[{2}];
def add(mutable array[int[8], #dim = 1] a, readonly array[int[8], 2] b) -> uint[4] {
a[0] += b[1]; return uint[4](a[sizeof(a) - 1]); }
`;

test('the compiled OpenQASM compiles back to the same AQO, and the AQO to itself', () => {
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 6 }), (statements) => {
      const first = compiled(HEAD + statements.join('\n'));
      assert.equal(compiled(first.qasm).aqoDigest, first.aqoDigest, first.qasm);
      const result = compileSource({ language: 'aqo', source: first.aqo });
      assert.ok(result.ok, result.ok ? '' : result.error.message);
      assert.equal(result.value.aqoDigest, first.aqoDigest);
      assert.equal(result.value.qasm, first.qasm);
    }),
    { numRuns: 300 },
  );
});

test('a loop whose `break` is gone stays a loop, and a choice among one qubit a choice, in the text', () => {
  for (const source of [
    'qubit q; bit c; for int i in [0:3] { c = measure q; if (false) { break; } }',
    'qubit[3] q; uint[4] u; bit c; let a = q[{2}]; c = measure a[u];',
  ]) {
    const first = compiled(source);
    assert.equal(compiled(first.qasm).aqoDigest, first.aqoDigest, first.qasm);
  }
});

test('names that the text cannot carry keep their place in the circuit', () => {
  const source = 'gate h a { U(1, 2, 3) a; } gate sx a { } qubit cx; bit x; h cx; x = measure cx;';
  const first = compiled(source);
  assert.equal(compiled(first.qasm).aqoDigest, first.aqoDigest);
  const hostile =
    '{"metadata":{"bits":[{"name":"measure","size":1}],"qubits":[{"name":"h","size":1},{"name":"$3","size":1}]},"operations":[{"op":"H","q":[0]}],"qubits":2,"version":"1.0.0"}';
  const document = compiled(hostile, 'aqo');
  assert.match(document.qasm, /@qfs\.name h\nqubit\[1\] h_1;/);
  assert.equal(compiled(document.qasm).aqoDigest, document.aqoDigest, document.qasm);
});

const failureOf = (source: string, language = 'openqasm3'): string => {
  const result = compileSource({ language, source });
  return result.ok ? 'compiles' : result.error.code;
};

test('a program that does not compile has one reason: its most basic problem', () => {
  assert.equal(failureOf('qubit q'), 'QASM_SYNTAX');
  assert.equal(failureOf('qubit q; h q; extern f();'), 'QASM_SEMANTIC');
  assert.equal(failureOf('qubit q; extern f();'), 'QASM_UNSUPPORTED');
  assert.equal(failureOf('qubit[5000] q;'), 'CIRCUIT_TOO_LARGE');
  assert.equal(failureOf('', 'quil'), 'LANGUAGE_UNSUPPORTED');
  assert.equal(failureOf('', '__proto__'), 'LANGUAGE_UNSUPPORTED');
  assert.equal(failureOf('{}', 'aqo'), 'AQO_VERSION_UNSUPPORTED');
  const bytes = compileSource({ language: 'openqasm3', source: Uint8Array.of(0xff, 0xfe) });
  assert.equal(bytes.ok ? '' : bytes.error.code, 'QASM_SYNTAX');
});

test('programs fill their bounds and do not exceed them', () => {
  assert.equal(failureOf(`qubit[${CIRCUIT_QUBITS_MAX}] q;`), 'compiles');
  assert.equal(failureOf(`qubit[${CIRCUIT_QUBITS_MAX}] q; qubit r;`), 'CIRCUIT_TOO_LARGE');
  assert.equal(failureOf(`qubit q; bit[${CLASSICAL_BITS_MAX}] c;`), 'compiles');
  assert.equal(failureOf(`qubit q; bit[${CLASSICAL_BITS_MAX}] c; bit d;`), 'CIRCUIT_TOO_LARGE');
  assert.equal(failureOf(`qubit q; pow(${CIRCUIT_OPERATIONS_MAX + 1}) @ U(0, 0, 0) q;`), 'CIRCUIT_TOO_LARGE');
  const comment = (bytes: number): string => `qubit q;//${' '.repeat(bytes - 10)}`;
  assert.equal(failureOf(comment(QASM_SOURCE_BYTES_MAX)), 'compiles');
  assert.equal(failureOf(comment(QASM_SOURCE_BYTES_MAX + 1)), 'PAYLOAD_TOO_LARGE');
  assert.equal(failureOf(`qubit q;//${'θ'.repeat(QASM_SOURCE_BYTES_MAX / 2)}`), 'PAYLOAD_TOO_LARGE');
});

test('verdicts tell wrong programs from programs that only cannot run', () => {
  const verdict = (source: string, level: 'syntax' | 'semantic', language = 'openqasm3') => {
    const { valid, executable, reason } = validateSource({ language, source, level });
    return { valid, executable, reason };
  };
  assert.deepEqual(verdict('qubit q; U(0, 0, 0) q;', 'semantic'), {
    valid: true,
    executable: true,
    reason: undefined,
  });
  assert.deepEqual(verdict('qubit q; h q;', 'syntax'), { valid: true, executable: false, reason: undefined });
  assert.deepEqual(verdict('qubit q; h q;', 'semantic'), {
    valid: false,
    executable: false,
    reason: 'QASM_SEMANTIC',
  });
  assert.deepEqual(verdict('qubit q; extern f();', 'semantic'), {
    valid: true,
    executable: false,
    reason: 'QASM_UNSUPPORTED',
  });
  assert.deepEqual(verdict('x', 'semantic', 'quil'), {
    valid: false,
    executable: false,
    reason: 'LANGUAGE_UNSUPPORTED',
  });
  const { metrics, diagnostics } = validateSource({
    language: 'openqasm3',
    source: 'qubit q; pragma x',
    level: 'semantic',
  });
  assert.equal(metrics?.qubits, 1);
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['QASM_IGNORED'],
  );
});

test('names that OpenQASM cannot write get others in the text, and come back', () => {
  for (const name of ['a$b', 'x٣', '$x', '$007', 'if', 'pi']) {
    const qubits = JSON.stringify([{ name, size: 2 }]);
    const document = `{"metadata":{"bits":[],"qubits":${qubits}},"operations":[],"qubits":2,"version":"1.0.0"}`;
    const { aqo, qasm } = compiled(document, 'aqo');
    assert.deepEqual(compiled(qasm).aqo, aqo, qasm);
  }
});

test('hundreds of subroutines and of names that are taken are given names of their own', () => {
  const definitions = Array.from(
    { length: 300 },
    (_, at) => `def f${at}(qubit h) { int x = ${at}; int y = x; }`,
  );
  const blocks = Array.from({ length: 300 }, () => 'if (c == 0) { int n = 1; n += 1; }');
  const { aqo, qasm } = compiled(`qubit q; bit[2] c;\n${[...definitions, ...blocks].join('\n')}`);
  assert.deepEqual(compiled(qasm).aqo, aqo);
  assert.match(qasm, /int\[64\] n_299;/);
});
