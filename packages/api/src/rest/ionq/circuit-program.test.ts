import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GateInstruction, gateByName, gateMatrix } from '@qfs/circuit';
import { compileSource } from '@qfs/compiler';
import { CIRCUIT_QUBITS_MAX, IONQ_PAULI_TERMS_MAX, QfsError } from '@qfs/core';
import { circuitProgram } from './circuit-program.ts';
import type { Gateset } from './gates.ts';

type Complex = readonly [re: number, im: number];
/** Row-major; the first qubit is the most significant bit of an index. */
type Matrix = readonly (readonly Complex[])[];

const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const plus = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
const phase = (angle: number): Complex => [Math.cos(angle), Math.sin(angle)];
const real = (rows: readonly (readonly number[])[]): Matrix => rows.map((row) => row.map((re) => [re, 0]));
const scaled = (factor: Complex, matrix: Matrix): Matrix =>
  matrix.map((row) => row.map((entry) => times(factor, entry)));
const product = (left: Matrix, right: Matrix): Matrix =>
  left.map((row) =>
    right[0]!.map((_, column) =>
      row.reduce((sum, entry, at) => plus(sum, times(entry, right[at]![column]!)), [0, 0] as Complex),
    ),
  );
const tensor = (left: Matrix, right: Matrix): Matrix =>
  left.flatMap((row) => right.map((other) => row.flatMap((a) => other.map((b) => times(a, b)))));
const sum = (left: Matrix, right: Matrix): Matrix =>
  left.map((row, r) => row.map((entry, c) => plus(entry, right[r]![c]!)));
const identity = (size: number): Matrix =>
  real(Array.from({ length: size }, (_, r) => Array.from({ length: size }, (_, c) => Number(r === c))));

const I = identity(2);
const X = real([
  [0, 1],
  [1, 0],
]);
const Y: Matrix = [
  [
    [0, 0],
    [0, -1],
  ],
  [
    [0, 1],
    [0, 0],
  ],
];
const Z = real([
  [1, 0],
  [0, -1],
]);
const S: Matrix = [
  [
    [1, 0],
    [0, 0],
  ],
  [
    [0, 0],
    [0, 1],
  ],
];
const diagonal = (...entries: readonly Complex[]): Matrix =>
  entries.map((entry, r) => entries.map((_, c) => (r === c ? entry : [0, 0])));
/** exp(-iθ/2·P) of a product of Pauli matrices. */
const exponential = (theta: number, pauli: Matrix): Matrix =>
  sum(scaled([Math.cos(theta / 2), 0], identity(pauli.length)), scaled([0, -Math.sin(theta / 2)], pauli));
/** The gate on the second half of the space, where the first qubit is 1. */
const controlled = (gate: Matrix): Matrix => {
  const size = gate.length;
  return identity(2 * size).map((row, r) =>
    row.map((entry, c) => (r >= size && c >= size ? gate[r - size]![c - size]! : entry)),
  );
};

/** What the program of a circuit does to its qubits, global phases included. */
function unitary(circuit: readonly object[], gateset: Gateset, qubits: number): Matrix {
  const { text } = circuitProgram(circuit, gateset, qubits, 'input.circuit');
  const compiled = compileSource({ language: 'openqasm3', source: text });
  assert.ok(compiled.ok, `${text} does not compile`);
  const gates = compiled.value.program.body.filter(
    (instruction): instruction is GateInstruction => instruction.kind === 'gate',
  );
  return gates.reduce((matrix, gate) => product(onAll(gate, qubits), matrix), identity(2 ** qubits));
}

function onAll({ gate, parameters, controls, qubits }: GateInstruction, width: number): Matrix {
  const flat = gateMatrix(gateByName(gate)!, parameters as readonly number[], controls ?? []);
  const size = 2 ** qubits.length;
  const bits = (index: number): number =>
    (qubits as readonly number[]).reduce(
      (value, qubit) => 2 * value + ((index >> (width - 1 - qubit)) & 1),
      0,
    );
  const mask = (qubits as readonly number[]).reduce((value, qubit) => value | (1 << (width - 1 - qubit)), 0);
  return identity(2 ** width).map((row, r) =>
    row.map((_, c): Complex => {
      if ((r & ~mask) !== (c & ~mask)) return [0, 0];
      const at = 2 * (bits(r) * size + bits(c));
      return [flat[at]!, flat[at + 1]!];
    }),
  );
}

function assertEqual(actual: Matrix, expected: Matrix): void {
  for (const [r, row] of expected.entries()) {
    for (const [c, [re, im]] of row.entries()) {
      const [gotRe, gotIm] = actual[r]![c]!;
      const near = Math.abs(gotRe - re) < 1e-12 && Math.abs(gotIm - im) < 1e-12;
      assert.ok(near, `entry ${r}, ${c} is ${gotRe} + ${gotIm}i instead of ${re} + ${im}i`);
    }
  }
}

const turn = 2 * Math.PI;
const half = Math.SQRT1_2;
const [PHI0, PHI1, THETA] = [0.1, -0.35, 0.2];

/** The matrices as IonQ prints them, phases in turns. */
const NATIVE: readonly (readonly [object, Matrix])[] = [
  [
    { gate: 'gpi', target: 0, phase: PHI0 },
    [
      [[0, 0], phase(-turn * PHI0)],
      [phase(turn * PHI0), [0, 0]],
    ],
  ],
  [
    { gate: 'gpi2', target: 0, phase: PHI1 },
    scaled(
      [half, 0],
      [
        [[1, 0], times([0, -1], phase(-turn * PHI1))],
        [times([0, -1], phase(turn * PHI1)), [1, 0]],
      ],
    ),
  ],
  [{ gate: 'ms', targets: [0, 1], phases: [PHI0, PHI1], angle: THETA }, molmerSorensen(PHI0, PHI1, THETA)],
  [{ gate: 'ms', targets: [0, 1], phases: [PHI0, PHI1] }, molmerSorensen(PHI0, PHI1, 0.25)],
  [{ gate: 'zz', targets: [0, 1], angle: THETA }, parity(THETA)],
  [{ gate: 'zz', targets: [0, 1], phase: THETA }, parity(THETA)],
];

function molmerSorensen(phi0: number, phi1: number, theta: number): Matrix {
  const c: Complex = [Math.cos(Math.PI * theta), 0];
  const s = (angle: number): Complex => times([0, -Math.sin(Math.PI * theta)], phase(turn * angle));
  const O: Complex = [0, 0];
  return [
    [c, O, O, s(-(phi0 + phi1))],
    [O, c, s(-(phi0 - phi1)), O],
    [O, s(phi0 - phi1), c, O],
    [s(phi0 + phi1), O, O, c],
  ];
}

function parity(theta: number): Matrix {
  const even = phase(-Math.PI * theta);
  const odd = phase(Math.PI * theta);
  return diagonal(even, odd, odd, even);
}

test('native gates have the matrices that IonQ prints, global phases included', () => {
  for (const [gate, expected] of NATIVE) {
    assertEqual(unitary([gate], 'native', expected.length === 2 ? 1 : 2), expected);
  }
});

const SX: Matrix = sum(scaled([0.5, 0.5], I), scaled([0.5, -0.5], X));
const H = scaled([half, 0], sum(X, Z));
const QIS: readonly (readonly [object, Matrix])[] = [
  [{ gate: 'x', target: 0 }, X],
  [{ gate: 'not', targets: [0] }, X],
  [{ gate: 'y', target: 0 }, Y],
  [{ gate: 'z', target: 0 }, Z],
  [{ gate: 'h', target: 0 }, H],
  [{ gate: 's', target: 0 }, S],
  [{ gate: 'si', target: 0 }, diagonal([1, 0], [0, -1])],
  [{ gate: 't', target: 0 }, diagonal([1, 0], phase(Math.PI / 4))],
  [{ gate: 'ti', target: 0 }, diagonal([1, 0], phase(-Math.PI / 4))],
  [{ gate: 'v', target: 0 }, SX],
  [{ gate: 'vi', target: 0 }, product(SX, product(SX, SX))],
  [{ gate: 'rx', target: 0, rotation: 0.3 }, exponential(0.3, X)],
  [{ gate: 'ry', target: 0, rotation: -0.3 }, exponential(-0.3, Y)],
  [{ gate: 'rz', target: 0, rotation: 0.3 }, exponential(0.3, Z)],
  [{ gate: 'z', target: 0, rotation: 0.3 }, diagonal([1, 0], phase(0.3))],
  [{ gate: 'cnot', control: 0, target: 1 }, controlled(X)],
  [{ gate: 'x', controls: [0], targets: [1] }, controlled(X)],
  [{ gate: 'x', controls: [0, 1], targets: [2] }, controlled(controlled(X))],
  [{ gate: 'v', controls: [0], targets: [1] }, controlled(SX)],
  [{ gate: 'ry', controls: [0], targets: [1], rotation: 0.7 }, controlled(exponential(0.7, Y))],
  [{ gate: 'z', controls: [0], targets: [1], rotation: 0.7 }, controlled(diagonal([1, 0], phase(0.7)))],
  [
    { gate: 'swap', targets: [0, 1] },
    scaled([0.5, 0], sum(sum(identity(4), tensor(X, X)), sum(tensor(Y, Y), tensor(Z, Z)))),
  ],
  [{ gate: 'xx', targets: [0, 1], rotation: 0.4 }, exponential(0.4, tensor(X, X))],
  [{ gate: 'yy', targets: [0, 1], rotation: 0.4 }, exponential(0.4, tensor(Y, Y))],
  [{ gate: 'zz', targets: [0, 1], rotation: 0.4 }, exponential(0.4, tensor(Z, Z))],
  // The rightmost letter acts on the first target.
  [
    { gate: 'pauliexp', targets: [0, 1], terms: ['XY'], coefficients: [0.5], time: 0.3 },
    exponential(2 * 0.5 * 0.3, tensor(Y, X)),
  ],
];

test('gates of the gateset qis have their textbook matrices, controls on the first qubits', () => {
  for (const [gate, expected] of QIS) {
    assertEqual(unitary([gate], 'qis', Math.log2(expected.length)), expected);
  }
});

test('a sum of Pauli strings that commute is the product of their exponentials', () => {
  const gate = {
    gate: 'pauliexp',
    targets: [0, 1],
    terms: ['XX', 'ZZ', 'II'],
    coefficients: [1, -2, 3],
    time: 0.3,
  };
  const expected = product(exponential(0.6, tensor(X, X)), exponential(-1.2, tensor(Z, Z)));
  assertEqual(unitary([gate], 'qis', 2), expected);
});

test('all qubits are measured at the end, bit n is qubit n', () => {
  const { text, qubits, oneQubitGates, multiQubitGates } = circuitProgram(
    [
      { gate: 'h', target: 0 },
      { gate: 'cnot', control: 0, target: 2 },
    ],
    'qis',
    undefined,
    'input.circuit',
  );
  assert.deepEqual([qubits, oneQubitGates, multiQubitGates], [3, 1, 1]);
  assert.equal(
    text,
    'OPENQASM 3.0;\ninclude "stdgates.inc";\ninclude "qfs.inc";\nbit[3] c;\nqubit[3] q;\n' +
      'h q[0];\ncx q[0], q[2];\nc = measure q;\n',
  );
});

const WRONG: readonly (readonly [circuit: unknown, gateset: Gateset, message: string])[] = [
  [{}, 'qis', "'circuit' must be a list of gates"],
  [[], 'qis', "'circuit' uses no qubit; say under `qubits` how many there are"],
  [['h'], 'qis', `'circuit[0]' must be a gate, for example {"gate": "h", "target": 0}`],
  [[{ target: 0 }], 'qis', "'circuit[0].gate' is missing; name a gate"],
  [
    [{ gate: 'cnit', target: 0 }],
    'qis',
    `'circuit[0].gate' is "cnit", which is no gate of \`qis\`; did you mean "cnot"?`,
  ],
  [
    [{ gate: 'h', target: 0 }],
    'native',
    `'circuit[0].gate' is "h", which is no gate of \`native\`; known are gpi, gpi2, ms, zz`,
  ],
  [
    [{ gate: 'h', target: -1 }],
    'qis',
    "'circuit[0].target' must be a qubit from 0 to 4095, or a list of them",
  ],
  [
    [{ gate: 'h', target: CIRCUIT_QUBITS_MAX }],
    'qis',
    "'circuit[0].target' must be a qubit from 0 to 4095, or a list of them",
  ],
  [[{ gate: 'h', target: 0, targets: [0] }], 'qis', "'circuit[0].target' stands beside `targets`"],
  [[{ gate: 'h', targets: [0, 1] }], 'qis', "'circuit[0].targets' has 2 qubits; h has 1"],
  [[{ gate: 'cnot', target: 0 }], 'qis', "'circuit[0].control' is missing; cnot has one"],
  [[{ gate: 'cnot', control: 0, target: 0 }], 'qis', "'circuit[0]' names a qubit twice"],
  [[{ gate: 'rx', target: 0 }], 'qis', "'circuit[0].rotation' is missing"],
  [[{ gate: 'rx', target: 0, rotation: '1' }], 'qis', "'circuit[0].rotation' must be a number"],
  [[{ gate: 'h', target: 0, rotation: 1 }], 'qis', "'circuit[0].rotation' does not belong to h"],
  [[{ gate: 'gpi', target: 0 }], 'native', "'circuit[0].phase' is missing"],
  [[{ gate: 'ms', targets: [0, 1], phases: [0] }], 'native', "'circuit[0].phases[1]' is missing"],
  [
    [{ gate: 'gpi', target: 0, control: 1, phase: 0 }],
    'native',
    "'circuit[0].controls' cannot stand with gpi: native gates have none",
  ],
  [
    [{ gate: 'pauliexp', targets: [0], terms: ['X', 'Z'], coefficients: [1, 1], time: 1 }],
    'qis',
    "'circuit[0].terms' hold X and Z, which do not commute; write the steps of the product formula you want",
  ],
  [
    [{ gate: 'pauliexp', targets: [0], terms: ['XX'], coefficients: [1], time: 1 }],
    'qis',
    "'circuit[0].terms[0]' must have 1 letters of I, X, Y, Z, one per target",
  ],
  [
    [{ gate: 'pauliexp', targets: [0], terms: ['X'], coefficients: [], time: 1 }],
    'qis',
    "'circuit[0].coefficients' must be a list with one number per term",
  ],
];

test('a gate that cannot be is refused by its place in the body', () => {
  for (const [circuit, gateset, message] of WRONG) {
    assert.throws(
      () => circuitProgram(circuit, gateset, undefined, 'circuit'),
      (thrown) =>
        thrown instanceof QfsError &&
        thrown.code === 'BODY_INVALID' &&
        thrown.message === `body: ${message}.`,
      message,
    );
  }
});

test('a gate on a qubit that the circuit does not have is refused', () => {
  const read = (qubits: number) => circuitProgram([{ gate: 'h', target: 2 }], 'qis', qubits, 'circuit');
  assert.equal(read(3).qubits, 3);
  assert.throws(() => read(2), { message: "body: 'circuit[0]' acts on qubit 2 of 2." });
});

test(`a pauliexp has up to ${IONQ_PAULI_TERMS_MAX} terms`, () => {
  const read = (count: number) => {
    const terms = Array.from({ length: count }, () => 'Z');
    const gate = { gate: 'pauliexp', targets: [0], terms, coefficients: terms.map(() => 1), time: 1 };
    return circuitProgram([gate], 'qis', 1, 'circuit');
  };
  assert.match(read(IONQ_PAULI_TERMS_MAX).text, /rz/);
  assert.throws(() => read(IONQ_PAULI_TERMS_MAX + 1), { code: 'BODY_INVALID' });
});
