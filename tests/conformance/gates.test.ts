/**
 * Gates and their modifiers against matrices that are built here from `U`, `gphase`, `ctrl`, `inv` and `pow` as the
 * OpenQASM 3 specification defines them ("Built-in quantum instructions", "Quantum gate modifiers", "Standard gates").
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateByName, gateMatrix, readResults } from '@qfs/circuit';
import { compileSource } from '@qfs/compiler';
import { POWER_QUBITS_MAX } from '@qfs/core';
import { simulate } from '@qfs/simulator';

type Complex = readonly [re: number, im: number];
type Matrix = readonly (readonly Complex[])[];

const plus = (a: Complex, b: Complex): Complex => [a[0] + b[0], a[1] + b[1]];
const times = (a: Complex, b: Complex): Complex => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
const phase = (angle: number): Complex => [Math.cos(angle), Math.sin(angle)];
const range = (length: number): number[] => Array.from({ length }, (_, at) => at);
const filled = (size: number, entry: (row: number, column: number) => Complex): Matrix =>
  range(size).map((row) => range(size).map((column) => entry(row, column)));

const identity = (size: number): Matrix => filled(size, (row, column) => [row === column ? 1 : 0, 0]);
const product = (...factors: readonly Matrix[]): Matrix =>
  factors.reduce((a, b) =>
    filled(a.length, (row, column) =>
      range(a.length).reduce<Complex>((sum, at) => plus(sum, times(a[row]![at]!, b[at]![column]!)), [0, 0]),
    ),
  );
const scaled = (factor: Complex, matrix: Matrix): Matrix =>
  matrix.map((row) => row.map((entry) => times(factor, entry)));
const inv = (matrix: Matrix): Matrix =>
  filled(matrix.length, (row, column) => [matrix[column]![row]![0], -matrix[column]![row]![1]]);
const tensor = (a: Matrix, b: Matrix): Matrix => {
  const size = b.length;
  return filled(a.length * size, (row, column) =>
    times(a[Math.floor(row / size)]![Math.floor(column / size)]!, b[row % size]![column % size]!),
  );
};
const blocks = (first: Matrix, second: Matrix): Matrix =>
  filled(first.length + second.length, (row, column) => {
    const size = first.length;
    if (row < size !== column < size) return [0, 0];
    return row < size ? first[row]![column]! : second[row - size]![column - size]!;
  });
/** `ctrl @`: the first qubit is the control, and the highest bit of an index. */
const ctrl = (matrix: Matrix): Matrix => blocks(identity(matrix.length), matrix);
const negctrl = (matrix: Matrix): Matrix => blocks(matrix, identity(matrix.length));

/** U(θ, φ, λ) of the specification, with its global phase. */
function U(theta: number, phi: number, lambda: number): Matrix {
  const sum: Complex = plus([1, 0], phase(theta));
  const difference: Complex = plus([1, 0], times([-1, 0], phase(theta)));
  return scaled(
    [0.5, 0],
    [
      [sum, times(times([0, -1], phase(lambda)), difference)],
      [times(times([0, 1], phase(phi)), difference), times(phase(phi + lambda), sum)],
    ],
  );
}

/** A matrix on one qubit to a power, each eigenvalue e^{ia} with a in (−π, π] becoming e^{ipa}. */
function pow(power: number, matrix: Matrix): Matrix {
  const [[a, b], [c, d]] = matrix as unknown as readonly [[Complex, Complex], [Complex, Complex]];
  const half = (x: Complex): Complex => [x[0] / 2, x[1] / 2];
  const mean = half(plus(a, d));
  const spread = half(plus(a, times([-1, 0], d)));
  const root = squareRoot(plus(times(spread, spread), times(b, c)));
  const [first, second] = [plus(mean, root), plus(mean, times([-1, 0], root))].map((eigenvalue) => {
    const angle = Math.atan2(eigenvalue[1], eigenvalue[0]);
    return phase(power * (angle < 1e-9 - Math.PI ? Math.PI : angle));
  }) as [Complex, Complex];
  // Sylvester's formula: a polynomial in the matrix that takes the right values at both eigenvalues.
  const norm = root[0] * root[0] + root[1] * root[1];
  if (norm < 1e-20) return scaled(first, identity(2));
  const slope = times(half(plus(first, times([-1, 0], second))), [root[0] / norm, -root[1] / norm]);
  const middle = half(plus(first, second));
  return filled(2, (row, column) =>
    plus(
      times(slope, plus(matrix[row]![column]!, row === column ? times([-1, 0], mean) : [0, 0])),
      row === column ? middle : [0, 0],
    ),
  );
}

function squareRoot([re, im]: Complex): Complex {
  const size = Math.sqrt(Math.hypot(re, im));
  const angle = Math.atan2(im, re) / 2;
  return [size * Math.cos(angle), size * Math.sin(angle)];
}

const { PI } = Math;
const P = (angle: number): Matrix => [
  [
    [1, 0],
    [0, 0],
  ],
  [[0, 0], phase(angle)],
];
const withPhase = (angle: number, matrix: Matrix): Matrix => scaled(phase(angle), matrix);
const X = withPhase(-PI / 2, U(PI, 0, PI));
const Y = withPhase(-PI / 2, U(PI, PI / 2, PI / 2));
const Z = P(PI);
const H = withPhase(-PI / 4, U(PI / 2, 0, PI));
const rx = (angle: number): Matrix => withPhase(-angle / 2, U(angle, -PI / 2, PI / 2));
const ry = (angle: number): Matrix => withPhase(-angle / 2, U(angle, 0, 0));
const rz = (angle: number): Matrix => withPhase(-angle / 2, U(0, 0, angle));
/** cx with the second operand as its control. */
const XC = filled(4, (row, column) => [[0, 3, 2, 1][row] === column ? 1 : 0, 0]);
const SWAP = product(ctrl(X), XC, ctrl(X));

/** The standard gates, defined as the specification's `stdgates.inc` does. */
const STANDARD: Readonly<Record<string, Matrix>> = {
  'p(0.7)': P(0.7),
  x: X,
  y: Y,
  z: Z,
  h: H,
  s: pow(0.5, Z),
  sdg: inv(pow(0.5, Z)),
  t: pow(0.5, pow(0.5, Z)),
  tdg: inv(pow(0.5, pow(0.5, Z))),
  sx: pow(0.5, X),
  'rx(0.7)': rx(0.7),
  'ry(-4.5)': ry(-4.5),
  'rz(2.5)': rz(2.5),
  cx: ctrl(X),
  cy: ctrl(Y),
  cz: ctrl(Z),
  'cp(0.9)': ctrl(P(0.9)),
  'crx(0.7)': ctrl(rx(0.7)),
  'cry(0.8)': ctrl(ry(0.8)),
  'crz(-1.9)': ctrl(rz(-1.9)),
  ch: ctrl(H),
  swap: SWAP,
  ccx: ctrl(ctrl(X)),
  cswap: ctrl(SWAP),
  'cu(0.4, 1.1, -2.2, 0.6)': product(ctrl(U(0.4, 1.1, -2.2)), tensor(P(0.6 - 0.4 / 2), identity(2))),
  'phase(0.7)': U(0, 0, 0.7),
  'cphase(-0.7)': ctrl(U(0, 0, -0.7)),
  id: U(0, 0, 0),
  'u1(0.3)': U(0, 0, 0.3),
  'u2(0.3, 1.4)': withPhase(-(0.3 + 1.4 + PI / 2) / 2, U(PI / 2, 0.3, 1.4)),
  'u3(1.2, 0.3, 1.4)': withPhase(-(0.3 + 1.4 + 1.2) / 2, U(1.2, 0.3, 1.4)),
};

/** A gate with phases inside, and what its parts make of it. */
const OWN = 'gate own(v) a { gphase(v); U(1.1, v, -0.4) a; gphase(2 * v); }';
const own = (v: number): Matrix => withPhase(3 * v, U(1.1, v, -0.4));
const PRIMITIVE: Readonly<Record<string, Matrix>> = {
  'U(0.4, 1.3, -2.1)': U(0.4, 1.3, -2.1),
  'own(0.8)': own(0.8),
};

/** The unitary of a compiled program; qubit 0 is the highest bit of an index. */
function unitary(source: string, qubits: number): Matrix {
  const compiled = compileSource({
    language: 'openqasm3',
    source: `OPENQASM 3.0; include "stdgates.inc"; ${OWN} qubit[${qubits}] q; ${source}`,
  });
  assert.ok(compiled.ok, compiled.ok ? '' : `${source}: ${JSON.stringify(compiled.error)}`);
  let whole = identity(2 ** qubits);
  for (const part of compiled.value.program.body) {
    assert.ok(part.kind === 'gate' || part.kind === 'gphase', source);
    const parameters = (part.kind === 'gate' ? part.parameters : [part.angle]) as number[];
    const row = gateByName(part.kind === 'gate' ? part.gate : 'gphase')!;
    const flat = gateMatrix(row, parameters, part.controls);
    const operands = (part.qubits ?? []) as number[];
    const size = 2 ** operands.length;
    const local = (index: number): number =>
      operands.reduce((value, qubit) => 2 * value + ((index >> (qubits - 1 - qubit)) & 1), 0);
    const rest = operands.reduce((mask, qubit) => mask & ~(1 << (qubits - 1 - qubit)), 2 ** qubits - 1);
    const step = filled(2 ** qubits, (to, from) => {
      if ((to & rest) !== (from & rest)) return [0, 0];
      const at = 2 * (local(to) * size + local(from));
      return [flat[at]!, flat[at + 1]!];
    });
    whole = product(step, whole);
  }
  return whole;
}

function assertUnitary(source: string, expected: Matrix): void {
  const actual = unitary(source, Math.round(Math.log2(expected.length)));
  const difference = expected.flatMap((row, at) =>
    row.map(([re, im], column) => Math.hypot(re - actual[at]![column]![0], im - actual[at]![column]![1])),
  );
  const largest = Math.max(...difference);
  assert.ok(largest < 1e-12, `${source} differs by ${largest}`);
}

const operands = (qubits: number): string =>
  range(qubits)
    .map((qubit) => `q[${qubit}]`)
    .join(', ');
const qubitsOf = (matrix: Matrix): number => Math.round(Math.log2(matrix.length));
const applied = (gate: string, matrix: Matrix): string => `${gate} ${operands(qubitsOf(matrix))};`;
const ALL = Object.entries({ ...STANDARD, ...PRIMITIVE });

test('every gate is the matrix that the specification gives it', () => {
  for (const [gate, matrix] of ALL) assertUnitary(applied(gate, matrix), matrix);
});

test('`ctrl @` and `negctrl @` of every gate', () => {
  for (const [gate, matrix] of ALL) {
    assertUnitary(applied(`ctrl @ ${gate}`, ctrl(matrix)), ctrl(matrix));
    assertUnitary(applied(`negctrl @ ${gate}`, negctrl(matrix)), negctrl(matrix));
  }
});

test('counts of controls, and controls inside of controls', () => {
  const inner = own(0.8);
  for (const [modifiers, matrix] of [
    ['ctrl(2) @', ctrl(ctrl(inner))],
    ['negctrl(2) @', negctrl(negctrl(inner))],
    ['ctrl @ negctrl @', ctrl(negctrl(inner))],
    ['negctrl @ ctrl(2) @', negctrl(ctrl(ctrl(inner)))],
    ['ctrl @ inv @ negctrl @ pow(2) @', ctrl(negctrl(inv(product(inner, inner))))],
  ] as const)
    assertUnitary(applied(`${modifiers} own(0.8)`, matrix), matrix);
});

test('a controlled global phase is a phase of its controls', () => {
  assertUnitary('gphase(0.3); id q[0];', withPhase(0.3, identity(2)));
  assertUnitary('ctrl @ gphase(0.3) q[0];', P(0.3));
  assertUnitary('negctrl @ gphase(0.3) q[0];', negctrl([[phase(0.3)]]));
  assertUnitary('ctrl @ negctrl @ inv @ gphase(0.3) q[0], q[1];', ctrl(negctrl([[phase(-0.3)]])));
  assertUnitary('ctrl(2) @ pow(0.5) @ gphase(pi) q[0], q[1];', ctrl(P(PI / 2)));
});

test('inverses and integer powers of every gate', () => {
  for (const [gate, matrix] of ALL) {
    assertUnitary(applied(`inv @ ${gate}`, matrix), inv(matrix));
    assertUnitary(applied(`pow(3) @ ${gate}`, matrix), product(matrix, matrix, matrix));
    assertUnitary(applied(`pow(-2) @ ${gate}`, matrix), inv(product(matrix, matrix)));
    assertUnitary(applied(`inv @ pow(-1) @ ${gate}`, matrix), matrix);
    assertUnitary(applied(`pow(0) @ ${gate}`, matrix), identity(matrix.length));
  }
});

test('powers of gates on one qubit that are no integers, also inside of other modifiers', () => {
  assertUnitary(
    'pow(0.5) @ x q[0];',
    scaled(
      [0.5, 0],
      filled(2, (row, column) => [1, row === column ? 1 : -1]),
    ),
  );
  for (const [gate, matrix] of ALL.filter(([, { length }]) => length === 2)) {
    for (const power of [0.5, -0.25, 1.7, -2.3]) {
      const raised = pow(power, matrix);
      assertUnitary(applied(`pow(${power}) @ ${gate}`, matrix), raised);
      assertUnitary(applied(`inv @ pow(${power}) @ ${gate}`, matrix), inv(raised));
      assertUnitary(applied(`pow(${power}) @ inv @ ${gate}`, matrix), pow(power, inv(matrix)));
      assertUnitary(applied(`pow(${power}) @ ctrl @ ${gate}`, ctrl(matrix)), ctrl(raised));
      assertUnitary(applied(`negctrl @ pow(${power}) @ ${gate}`, ctrl(matrix)), negctrl(raised));
    }
  }
  assertUnitary('pow(0.5) @ pow(0.5) @ z q[0];', P(PI / 4));
  assertUnitary('pow(0.5) @ pow(2) @ p(2) q[0];', P(2 - PI));
});

/** Gates with known eigenvectors: V·diag(e^{ia})·V†, whose powers have the angles p·a. */
const EIGENVECTORS = [
  ['gate v a { ry(0.7) a; p(0.3) a; }', product(P(0.3), ry(0.7))],
  [
    'gate v a, b { h a; cx a, b; ry(0.7) b; t a; }',
    product(tensor(P(PI / 4), ry(0.7)), ctrl(X), tensor(H, identity(2))),
  ],
  [
    'gate v a, b, c { ry(0.4) a; ctrl(2) @ rx(1.1) a, b, c; ch a, b; }',
    product(tensor(ctrl(H), identity(2)), ctrl(ctrl(rx(1.1))), tensor(ry(0.4), identity(4))),
  ],
  [
    'gate v a, b, c, d { h a; ctrl(3) @ ry(2) a, b, c, d; cx a, b; ry(0.3) d; rx(1) c; }',
    product(tensor(ctrl(X), tensor(rx(1), ry(0.3))), ctrl(ctrl(ctrl(ry(2)))), tensor(H, identity(8))),
  ],
] as const;

/** Distinct, equal and opposite angles, and the ends of the branch. */
const ANGLES: readonly ((state: number) => number)[] = [
  (state) => 3.1 * Math.sin(17 * state + 1),
  (state) => [1, -2, 1, 0][state % 4]!,
  (state) => (state % 2 === 0 ? PI : -1.5),
  (state) => (PI / 8) * ((5 * state) % 16) - (7 * PI) / 8,
];

test('powers of gates on up to four qubits that are no integers', () => {
  for (const [define, vectors] of EIGENVECTORS) {
    const qubits = qubitsOf(vectors);
    const names = ['a', 'b', 'c', 'd'].slice(0, qubits).join(', ');
    for (const angleOf of ANGLES) {
      const angles = range(2 ** qubits).map(angleOf);
      const phases = angles.map((angle, state) => {
        const controls = range(qubits).map((qubit) =>
          (state >> (qubits - 1 - qubit)) & 1 ? 'ctrl @ ' : 'negctrl @ ',
        );
        return `${controls.join('')}gphase(${angle}) ${names};`;
      });
      const gate = `${define} gate g ${names} { inv @ v ${names}; ${phases.join(' ')} v ${names}; }`;
      for (const power of [0.5, -1.3]) {
        const diagonal = filled(angles.length, (row, column) =>
          row === column ? phase(power * angles[row]!) : [0, 0],
        );
        const raised = product(vectors, diagonal, inv(vectors));
        assertUnitary(`${gate} pow(${power}) @ g ${operands(qubits)};`, raised);
        if (qubits < 3)
          assertUnitary(`${gate} pow(${power}) @ ctrl(2) @ g ${operands(qubits + 2)};`, ctrl(ctrl(raised)));
      }
    }
  }
});

test('a fractional power needs at most POWER_QUBITS_MAX qubits besides its common controls', () => {
  const gate = (qubits: number): string => {
    const names = range(qubits).map((at) => `a${at}`);
    const steps = names.slice(1).map((name, at) => `cx ${names[at]}, ${name}; ry(0.1) ${name};`);
    return `gate g ${names.join(', ')} { ${steps.join(' ')} }`;
  };
  const source = (modifiers: string, size: number, controls: number): string =>
    `${gate(size)} ${modifiers} g ${operands(size + controls)};`;
  const most = POWER_QUBITS_MAX;
  assert.equal(unitary(source('pow(0.5) @', most, 0), most).length, 2 ** most);
  assert.equal(unitary(source('pow(0.5) @ ctrl @', most, 1), most + 1).length, 2 ** (most + 1));
  const refused = compileSource({
    language: 'openqasm3',
    source: `include "stdgates.inc"; qubit[9] q; ${source('pow(0.5) @', most + 1, 0)}`,
  });
  assert.ok(!refused.ok);
  assert.match(JSON.stringify(refused.error), /acts on 5 qubits, and at most 4 are possible/);
});

const PAIRS = 2;
const TWO =
  'gate two(v) a, b { cx a, b; ry(v) b; swap a, b; } gate raised(k) a { pow(k) @ h a; inv @ pow(k / 2) @ s a; }';

/**
 * Acts with one gate, and with the inverse of another, on halves of entangled pairs, controlled by a qubit
 * in |+⟩: every qubit comes back exactly if both are the same matrix.
 */
function assertEcho(
  gate: string,
  other: string,
  qubits: number,
  inputs: Readonly<Record<string, number>>,
  define = '',
): void {
  const pairs = range(PAIRS).map((at) => `h q[${at}]; cx q[${at}], r[${at}];`);
  const back = range(PAIRS).map((at) => `cx q[${at}], r[${at}]; h q[${at}];`);
  const declared = Object.keys(inputs).map((name) => `input float ${name};`);
  const on = `c, ${operands(qubits)};`;
  const compiled = compileSource({
    language: 'openqasm3',
    source: `OPENQASM 3.0; include "stdgates.inc"; ${OWN} ${TWO} ${define} ${declared.join(' ')}
      qubit[${PAIRS}] q; qubit[${PAIRS}] r; qubit c; h c; ${pairs.join(' ')}
      ctrl @ ${gate} ${on} inv @ ctrl @ ${other} ${on} ${back.join(' ')} h c;`,
  });
  assert.ok(compiled.ok, compiled.ok ? '' : `${gate}: ${JSON.stringify(compiled.error)}`);
  const { aqo, qasm, aqoDigest } = compiled.value;
  const again = compileSource({ language: 'openqasm3', source: qasm });
  assert.ok(again.ok && again.value.aqoDigest === aqoDigest, qasm);
  const size = 2 * PAIRS + 1;
  const observables = range(size).map((at) => ({
    terms: [
      {
        coefficient: 1,
        paulis: range(size)
          .map((qubit) => (qubit === at ? 'Z' : 'I'))
          .join(''),
      },
    ],
  }));
  const parameters = [new Map(Object.entries(inputs))];
  const results = readResults(simulate([{ aqo, parameters, shots: 0, seed: 1, observables, memory: false }]));
  assert.ok(results.ok);
  const values = results.value.items[0]!.results[0]!.expectationValues.map(({ value }) => value);
  assert.ok(Math.min(...values) > 1 - 1e-13, `${gate} is not ${other}: ${values.join(', ')}`);
}

test('modifiers of gates whose parameters or powers are only known when the program runs', () => {
  assert.throws(() => assertEcho('rx(theta)', 'rx(0.701)', 1, { theta: 0.7 }), /rx\(theta\) is not/);
  for (const theta of [0.7, 4.4, 2 * PI, -2 * PI, -9.3]) {
    for (const gate of ['rx(#)', 'p(#)', 'U(#, 0.3, 0.1)', 'own(#)', 'u2(0.1, #)'])
      for (const modifier of ['', 'inv @', 'negctrl @', 'pow(2) @', 'ctrl @ inv @ pow(-2) @']) {
        const call = `${modifier} ${gate}`;
        const qubits = modifier.includes('ctrl') ? 2 : 1;
        assertEcho(call.replace('#', 'theta'), call.replace('#', String(theta)), qubits, { theta });
      }
    assertEcho('inv @ pow(3) @ two(theta)', `inv @ pow(3) @ two(${theta})`, 2, { theta });
    for (const gate of [
      'rx(#)',
      'ry(#)',
      'rz(#)',
      'p(#)',
      'u1(2 * #)',
      'ctrl @ rx(#)',
      'crz(#)',
      'cp(#)',
      'ctrl @ gphase(#)',
    ])
      for (const modifier of ['pow(0.5) @', 'inv @ pow(-1.7) @']) {
        const call = `${modifier} ${gate}`;
        const qubits = /ctrl @ r|cp|crz/.test(gate) ? 2 : 1;
        assertEcho(call.replace('#', 'theta'), call.replace('#', String(theta)), qubits, { theta });
      }
  }
  for (const k of [0, 2, -3, 0.5, -1.7]) {
    for (const gate of ['x', 'sx', 'own(0.8)', 'rz(7)', 'p(4)', 'raised(1.3)'])
      assertEcho(`pow(k) @ ${gate}`, `pow(${k}) @ ${gate}`, 1, { k });
    for (const gate of ['two(1.2)', 'swap', 'ctrl @ h', 'cu(1, 2, 3, 4)'])
      assertEcho(`inv @ pow(k) @ ${gate}`, `inv @ pow(${k}) @ ${gate}`, 2, { k });
    assertEcho('pow(k) @ rx(theta)', `pow(${k}) @ rx(5.1)`, 1, { k, theta: 5.1 });
    assertEcho('raised(k)', `raised(${k})`, 1, { k });
  }
});

/** Gates of several parts that are e^{iθG}: turned parts, multiples and sums, phases. */
const GENERATED = [
  ['gate g(v) a { U(v, -pi / 2, pi / 2) a; gphase(-v / 2); }', 1],
  ['gate g(v) a { h a; rz(2 * v) a; h a; gphase(v - 0.5 * v); }', 1],
  ['gate g(v) a, b { cx a, b; rz(v) b; cx a, b; rz(-v / 3) a; }', 2],
  ['gate g(v) a, b { s a; swap a, b; crx(0.5 + v) a, b; crx(-0.5) a, b; swap a, b; sdg a; }', 2],
] as const;

test('powers of gates of several parts that turn by one value about fixed axes', () => {
  for (const [define, qubits] of GENERATED) {
    for (const theta of [0.7, -5.2, 9.9]) {
      for (const power of ['0.5', '-1.7', 'k']) {
        const known = power === 'k' ? '0.4' : power;
        assertEcho(
          `pow(${power}) @ g(theta)`,
          `pow(${known}) @ g(${theta})`,
          qubits,
          { theta, k: 0.4 },
          define,
        );
      }
    }
  }
});

test('powers of gates on one qubit with several parameters that only the run knows', () => {
  const pairs = [
    [0.7, -0.3],
    [4.4, 2.6],
    [0, 0],
    [0, 1],
    [PI, 0],
    [-PI, PI],
    [2 * PI, 0],
    [-9.3, 6.1],
  ] as const;
  for (const [theta, phi] of pairs) {
    for (const gate of [
      'U(theta, phi, 0.4)',
      'u3(0.8, theta, phi)',
      'u2(theta, phi)',
      'own(theta)',
      'U(theta, phi, -phi)',
    ])
      for (const power of ['0.5', '-1.7', 'k']) {
        const known = gate.replaceAll('theta', String(theta)).replaceAll('phi', String(phi));
        const exponent = power === 'k' ? '0.4' : power;
        const inputs = { theta, phi, k: 0.4 };
        assertEcho(`pow(${power}) @ ${gate}`, `pow(${exponent}) @ ${known}`, 1, inputs);
        assertEcho(`pow(${power}) @ negctrl @ ${gate}`, `pow(${exponent}) @ negctrl @ ${known}`, 2, inputs);
      }
  }
});

test('a fractional power of a gate of several parts needs their parameters when the program is compiled', () => {
  const source = `include "stdgates.inc"; ${TWO} input float v; qubit[2] q; pow(0.5) @ two(v) q[0], q[1];`;
  const refused = compileSource({ language: 'openqasm3', source });
  assert.ok(!refused.ok);
  assert.match(JSON.stringify(refused.error), /its parameters are only known when the program runs/);
  assertUnitary('gate none a { } pow(0.5) @ none q[0]; pow(0.5) @ pow(0) @ x q[0];', identity(2));
});

test('registers and single qubits are broadcast together, under modifiers as well', () => {
  for (const [call, calls] of [
    ['cx q[0], q[1:2];', 'cx q[0], q[1]; cx q[0], q[2];'],
    ['cx q[0:1], q[3:4];', 'cx q[0], q[3]; cx q[1], q[4];'],
    ['ccx q[{4, 1}], q[0], q[2:3];', 'ccx q[4], q[0], q[2]; ccx q[1], q[0], q[3];'],
    [
      'negctrl @ ctrl @ own(0.4) q[0:1], q[4], q[2:3];',
      'negctrl @ ctrl @ own(0.4) q[0], q[4], q[2]; negctrl @ ctrl @ own(0.4) q[1], q[4], q[3];',
    ],
    ['pow(0.5) @ swap q[0:2:2], q[1:2:3];', 'pow(0.5) @ swap q[0], q[1]; pow(0.5) @ swap q[2], q[3];'],
    [
      'ctrl @ gphase(0.3) q;',
      'ctrl @ gphase(0.3) q[0]; ctrl @ gphase(0.3) q[1]; ctrl @ gphase(0.3) q[2]; p(0.3) q[3]; p(0.3) q[4];',
    ],
    [
      'let a = q[1:2] ++ q[{4}]; let b = a[-1:-1:0]; h b[0]; cx a[0:1], b[0];',
      'h q[4]; cx q[1], q[4]; cx q[2], q[4];',
    ],
  ] as const)
    assertUnitary(call, unitary(calls, 5));
});
