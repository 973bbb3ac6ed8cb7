import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GateInstruction, GphaseInstruction } from '../ir.ts';
import { decompositionOf, gateMatrix, inverseOf } from './apply.ts';
import { INCLUDES } from './gate.ts';
import { GATES, gateByName } from './table.ts';

/*
 * The expected matrices are built here from the definitions of the OpenQASM 3 specification (U, gphase,
 * ctrl, pow, inv, and the texts of stdgates.inc) with complex arithmetic of its own; nothing of the table
 * goes into them.
 */
type Complex = readonly [number, number];
type Matrix = Complex[][];

const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const plus = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d];
const polar = (angle: number): Complex => [Math.cos(angle), Math.sin(angle)];
const build = (size: number, entry: (row: number, column: number) => Complex): Matrix =>
  Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => entry(row, column)));
const identity = (size: number): Matrix => build(size, (row, column) => [row === column ? 1 : 0, 0]);
const scale = (factor: Complex, m: Matrix): Matrix =>
  m.map((row) => row.map((entry) => times(factor, entry)));
const add = (a: Matrix, b: Matrix): Matrix =>
  build(a.length, (row, column) => plus(at(a, row, column), at(b, row, column)));
const at = (m: Matrix, row: number, column: number): Complex => m[row]![column]!;
const multiply = (a: Matrix, b: Matrix): Matrix =>
  build(a.length, (row, column) =>
    a.reduce<Complex>((sum, _, k) => plus(sum, times(at(a, row, k), at(b, k, column))), [0, 0]),
  );
const inv = (m: Matrix): Matrix =>
  build(m.length, (row, column) => [at(m, column, row)[0], -at(m, column, row)[1]]);
const kron = (a: Matrix, b: Matrix): Matrix =>
  build(a.length * b.length, (row, column) =>
    times(
      at(a, Math.floor(row / b.length), Math.floor(column / b.length)),
      at(b, row % b.length, column % b.length),
    ),
  );

const U = (theta: number, phi: number, lambda: number): Matrix => {
  const e = polar(theta);
  const one: Complex = [1, 0];
  const minus: Complex = plus(one, [-e[0], -e[1]]);
  return scale(
    [0.5, 0],
    [
      [plus(one, e), times([0, -1], times(polar(lambda), minus))],
      [times([0, 1], times(polar(phi), minus)), times(polar(phi + lambda), plus(one, e))],
    ],
  );
};
const gphase = (gamma: number, m: Matrix): Matrix => scale(polar(gamma), m);
const ctrl = (m: Matrix, polarity = true): Matrix =>
  build(2 * m.length, (row, column) => {
    const shift = polarity ? m.length : 0;
    const inside = [row - shift, column - shift].every((index) => index >= 0 && index < m.length);
    return inside ? at(m, row - shift, column - shift) : [row === column ? 1 : 0, 0];
  });

/** The k-th power of a one-qubit gate on the principal branch, from its two eigenvalues and projectors. */
const pow = (k: number, m: Matrix): Matrix => {
  const trace = plus(at(m, 0, 0), at(m, 1, 1));
  const det = plus(
    times(at(m, 0, 0), at(m, 1, 1)),
    scale([-1, 0], [[times(at(m, 0, 1), at(m, 1, 0))]])[0]![0]!,
  );
  const square = plus(times(trace, trace), [-4 * det[0], -4 * det[1]]);
  const root = times([Math.sqrt(Math.hypot(...square)), 0], polar(Math.atan2(square[1], square[0]) / 2));
  const first: Complex = [(trace[0] + root[0]) / 2, (trace[1] + root[1]) / 2];
  const second: Complex = [(trace[0] - root[0]) / 2, (trace[1] - root[1]) / 2];
  const power = (value: Complex): Complex => {
    const angle = Math.atan2(value[1], value[0]);
    return polar(k * (angle < -Math.PI + 1e-9 ? Math.PI : angle));
  };
  const gap = Math.hypot(...root) ** 2;
  const projector = (own: Complex, other: Complex): Matrix => {
    const difference: Complex = [own[0] - other[0], own[1] - other[1]];
    const shifted = add(m, scale([-other[0], -other[1]], identity(2)));
    return scale(times([1 / gap, 0], [difference[0], -difference[1]]), shifted);
  };
  return add(scale(power(first), projector(first, second)), scale(power(second), projector(second, first)));
};

/** A gate on chosen operands of n qubits, operand 0 the most significant bit. */
const on = (n: number, m: Matrix, ...operands: number[]): Matrix =>
  build(2 ** n, (row, column) => {
    const bit = (index: number, operand: number): number => (index >> (n - 1 - operand)) & 1;
    const others = Array.from({ length: n }, (_, operand) => operand).filter((o) => !operands.includes(o));
    if (others.some((operand) => bit(row, operand) !== bit(column, operand))) return [0, 0];
    const local = (index: number): number =>
      operands.reduce((value, operand) => 2 * value + bit(index, operand), 0);
    return at(m, local(row), local(column));
  });
const sequence = (...steps: Matrix[]): Matrix => steps.reduce((product, step) => multiply(step, product));

const PI = Math.PI;
const p = (lambda: number): Matrix => ctrl([[polar(lambda)]]);
const x = gphase(-PI / 2, U(PI, 0, PI));
const y = gphase(-PI / 2, U(PI, PI / 2, PI / 2));
const z = p(PI);
const h = gphase(-PI / 4, U(PI / 2, 0, PI));
const s = pow(1 / 2, z);
const t = pow(1 / 2, s);
const sx = pow(1 / 2, x);
const rx = (theta: number): Matrix => gphase(-theta / 2, U(theta, -PI / 2, PI / 2));
const ry = (theta: number): Matrix => gphase(-theta / 2, U(theta, 0, 0));
const rz = (lambda: number): Matrix => gphase(-lambda / 2, U(0, 0, lambda));
const u3 = (theta: number, phi: number, lambda: number): Matrix =>
  gphase(-(phi + lambda + theta) / 2, U(theta, phi, lambda));
const cx = ctrl(x);
const swap = sequence(on(2, cx, 0, 1), on(2, cx, 1, 0), on(2, cx, 0, 1));
/** exp(-iθ/2·P) for P·P = 1. */
const rotation = (theta: number, pauli: Matrix): Matrix =>
  add(scale([Math.cos(theta / 2), 0], identity(pauli.length)), scale([0, -Math.sin(theta / 2)], pauli));

const STDGATES: Readonly<Record<string, (...angles: number[]) => Matrix>> = {
  p,
  x: () => x,
  y: () => y,
  z: () => z,
  h: () => h,
  s: () => s,
  sdg: () => inv(s),
  t: () => t,
  tdg: () => inv(t),
  sx: () => sx,
  rx,
  ry,
  rz,
  cx: () => cx,
  cy: () => ctrl(y),
  cz: () => ctrl(z),
  cp: (a) => ctrl(p(a!)),
  crx: (a) => ctrl(rx(a!)),
  cry: (a) => ctrl(ry(a!)),
  crz: (a) => ctrl(rz(a!)),
  ch: () => ctrl(h),
  swap: () => swap,
  ccx: () => ctrl(ctrl(x)),
  cswap: () => ctrl(swap),
  cu: (theta, phi, lambda, gamma) =>
    sequence(on(2, p(gamma! - theta! / 2), 0), on(2, ctrl(U(theta!, phi!, lambda!)), 0, 1)),
  id: () => U(0, 0, 0),
  u2: (phi, lambda) => gphase(-(phi! + lambda! + PI / 2) / 2, U(PI / 2, phi!, lambda!)),
  u3,
};
const ALIASES = { CX: 'cx', phase: 'p', u1: 'p', cphase: 'cp' };

const FURTHER: typeof STDGATES = {
  U,
  gphase: (gamma) => [[polar(gamma!)]],
  sxdg: () => pow(-1 / 2, x),
  u: (theta, phi, lambda) => gphase(-theta! / 2, U(theta!, phi!, lambda!)),
  r: (theta, phi) => rotation(theta!, add(scale([Math.cos(phi!), 0], x), scale([Math.sin(phi!), 0], y))),
  cs: () => ctrl(s),
  csdg: () => ctrl(inv(s)),
  csx: () => ctrl(sx),
  ccz: () => ctrl(ctrl(z)),
  rxx: (a) => rotation(a!, kron(x, x)),
  ryy: (a) => rotation(a!, kron(y, y)),
  rzz: (a) => rotation(a!, kron(z, z)),
  rzx: (a) => rotation(a!, kron(z, x)),
  iswap: () => multiply(rotation(-PI / 2, kron(x, x)), rotation(-PI / 2, kron(y, y))),
  dcx: () => sequence(on(2, cx, 0, 1), on(2, cx, 1, 0)),
  ecr: () => scale([Math.SQRT1_2, 0], add(kron(x, identity(2)), scale([-1, 0], kron(y, x)))),
  xx_plus_yy: (theta, beta) =>
    sequence(
      on(2, rz(beta!), 0),
      multiply(rotation(theta! / 2, kron(x, x)), rotation(theta! / 2, kron(y, y))),
      on(2, rz(-beta!), 0),
    ),
};

const ANGLES = [
  [0.3, -1.1, 2.5, 0.7],
  [PI, PI / 2, -PI, PI / 4],
  [-5.2, 9.4, 0, -0.01],
  [0, 0, 0, 0],
];

const unpack = (numbers: Float64Array): Matrix => {
  const size = Math.sqrt(numbers.length / 2);
  return build(size, (row, column) => [
    numbers[2 * (row * size + column)]!,
    numbers[2 * (row * size + column) + 1]!,
  ]);
};

function assertEqual(actual: Matrix, expected: Matrix, what: string): void {
  assert.equal(actual.length, expected.length, `size of ${what}`);
  actual.forEach((row, i) => {
    row.forEach(([re, im], j) => {
      const [expectedRe, expectedIm] = at(expected, i, j);
      const off = Math.hypot(re - expectedRe, im - expectedIm);
      assert.ok(off < 1e-12, `${what}[${i}][${j}] is ${re}+${im}i, expected ${expectedRe}+${expectedIm}i`);
    });
  });
}

/** Each gate of the table for each set of angles that differs in what the gate takes. */
const cases = GATES.flatMap((gate) =>
  (gate.parameters.length === 0 ? [[]] : ANGLES.map((angles) => angles.slice(0, gate.parameters.length))).map(
    (angles) => ({ gate, angles, what: `${gate.name}(${angles.join(', ')})` }),
  ),
);

/** The matrix of an instruction on operands 0…n-1. */
const instructionMatrix = (n: number, step: GateInstruction | GphaseInstruction): Matrix => {
  const gate = gateByName(step.kind === 'gphase' ? 'gphase' : step.gate)!;
  const angles = (step.kind === 'gphase' ? [step.angle] : step.parameters) as number[];
  return on(n, unpack(gateMatrix(gate, angles, step.controls)), ...((step.qubits ?? []) as number[]));
};

const instructionOf = (
  gate: (typeof GATES)[number],
  angles: number[],
): GateInstruction | GphaseInstruction =>
  gate.name === 'gphase'
    ? { kind: 'gphase', angle: angles[0]! }
    : {
        kind: 'gate',
        gate: gate.name,
        parameters: angles,
        qubits: Array.from({ length: gate.qubits }, (_, q) => q),
      };

test('stdgates.inc has exactly the gates and aliases of the specification', () => {
  const rows = GATES.filter(({ include }) => include === 'stdgates.inc');
  assert.deepEqual(rows.map(({ name }) => name).sort(), Object.keys(STDGATES).sort());
  const aliases = rows.flatMap((row) => row.aliases.map((alias) => [alias, row.name]));
  assert.deepEqual(Object.fromEntries(aliases), ALIASES);
  assert.deepEqual([...new Set(GATES.map(({ include }) => include))], [...INCLUDES]);
});

test('every matrix is the one that U, gphase, ctrl, pow and inv of the specification give', () => {
  const expected = { ...STDGATES, ...FURTHER };
  for (const { gate, angles, what } of cases) {
    assertEqual(unpack(gate.matrix(angles)), expected[gate.name]!(...angles), what);
  }
});

test('ctrl and negctrl put their qubit before the others and leave the rest alone', () => {
  for (const { gate, angles, what } of cases) {
    const plain = unpack(gate.matrix(angles));
    assertEqual(unpack(gateMatrix(gate, angles, [true])), ctrl(plain), `ctrl @ ${what}`);
    assertEqual(unpack(gateMatrix(gate, angles, [false])), ctrl(plain, false), `negctrl @ ${what}`);
    const mixed = ctrl(ctrl(plain), false);
    assertEqual(unpack(gateMatrix(gate, angles, [false, true])), mixed, `negctrl @ ctrl @ ${what}`);
  }
});

test('every gate is unitary', () => {
  for (const { gate, angles, what } of cases) {
    const matrix = unpack(gate.matrix(angles));
    assertEqual(multiply(inv(matrix), matrix), identity(matrix.length), what);
  }
});

test('the inverse of every gate, also under controls, undoes it', () => {
  for (const { gate, angles, what } of cases) {
    const instruction = instructionOf(gate, angles);
    const product = sequence(
      instructionMatrix(gate.qubits, instruction),
      instructionMatrix(gate.qubits, inverseOf(instruction)),
    );
    assertEqual(product, identity(2 ** gate.qubits), what);
    const shifted = ((instruction.qubits ?? []) as number[]).map((qubit) => qubit + 1);
    const controlled = { ...instruction, controls: [false], qubits: [0, ...shifted] };
    assertEqual(
      sequence(
        instructionMatrix(gate.qubits + 1, controlled),
        instructionMatrix(gate.qubits + 1, inverseOf(controlled)),
      ),
      identity(2 ** (gate.qubits + 1)),
      `negctrl @ ${what}`,
    );
  }
});

test('the decomposition of every gate equals it, global phase included, also under a control', () => {
  const primitives = new Set<string>();
  for (const { gate, angles, what } of cases) {
    if (gate.name === 'gphase') continue;
    const instruction = instructionOf(gate, angles) as GateInstruction;
    const steps = decompositionOf(instruction);
    if (steps === undefined) {
      primitives.add(gate.name);
      continue;
    }
    const product = sequence(...steps.map((step) => instructionMatrix(gate.qubits, step)));
    assertEqual(product, unpack(gate.matrix(angles)), what);
    const shifted = (instruction.qubits as number[]).map((qubit) => qubit + 1);
    const controlled = { ...instruction, controls: [true], qubits: [0, ...shifted] };
    const controlledSteps = decompositionOf(controlled)!.map((step) =>
      instructionMatrix(gate.qubits + 1, step),
    );
    assertEqual(sequence(...controlledSteps), ctrl(unpack(gate.matrix(angles))), `ctrl @ ${what}`);
  }
  assert.deepEqual([...primitives], ['U', 'cx']);
});

test('decompositions end at U, gphase and cx', () => {
  const depthOf = (name: string, above: readonly string[] = []): number => {
    assert.ok(!above.includes(name), `${[...above, name].join(' -> ')} goes round`);
    const steps = gateByName(name)?.decomposition ?? [];
    return 1 + Math.max(0, ...steps.map((step) => depthOf(step.gate, [...above, name])));
  };
  for (const { name } of GATES) assert.ok(depthOf(name) <= 6, name);
});

test('symbolic angles stay symbolic in inverse and decomposition', () => {
  const theta = { kind: 'variable', variable: 3 } as const;
  const cu: GateInstruction = { kind: 'gate', gate: 'cu', parameters: [theta, 0.5, 0.25, 1], qubits: [4, 9] };
  assert.deepEqual(inverseOf(cu), {
    kind: 'gate',
    gate: 'cu',
    parameters: [{ kind: 'unary', operator: '-', operand: theta }, -0.25, -0.5, -1],
    qubits: [4, 9],
  });
  const u2: GateInstruction = { kind: 'gate', gate: 'u2', parameters: [theta, theta], qubits: [0] };
  const scaled = {
    kind: 'binary',
    operator: '*',
    left: { kind: 'float', value: -0.5 },
    right: theta,
  } as const;
  assert.deepEqual(decompositionOf(u2)?.[0], {
    kind: 'gphase',
    angle: {
      kind: 'binary',
      operator: '+',
      left: { kind: 'binary', operator: '+', left: scaled, right: scaled },
      right: { kind: 'float', value: -PI / 4 },
    },
  });
});

test('the inverse of angle 0 is angle 0, not negative zero', () => {
  const rx: GateInstruction = { kind: 'gate', gate: 'rx', parameters: [0], qubits: [0] };
  assert.ok(Object.is((inverseOf(rx) as GateInstruction).parameters[0], 0));
});

test('every row is complete: names unique, symbols per qubit, a sentence of help', () => {
  const names = GATES.flatMap((gate) => [gate.name, ...gate.aliases]);
  assert.equal(new Set(names).size, names.length);
  for (const { name, qubits, drawing, help } of GATES) {
    assert.ok(drawing.symbols === undefined || drawing.symbols.length === qubits, name);
    assert.match(help, /^[A-Z].*\.$/, name);
  }
  assert.equal(gateByName('CX'), gateByName('cx'));
  assert.equal(gateByName('Cx'), undefined);
});
