import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Expression,
  GATES,
  type Instruction,
  type Observable,
  type Program,
  type Variable,
} from '@qfs/circuit';
import { Prng } from '@qfs/core/math';
import type { EngineItem } from './engine-contract.ts';
import { structureOf } from './gate-structure.ts';
import { matrixDerivative } from './gradients.ts';
import { readNoiseModel } from './noise/noise-model.ts';
import { DEFAULT_OPTIONS, estimate } from './simulate.ts';
import { bits, gate, isOne, item, measure, program, resultsOf } from './testing/programs.ts';

const STEP = 1e-6;

test('the derivative of every gate of the table by each parameter is that of finite differences', () => {
  let compared = 0;
  for (const row of GATES) {
    const structure = structureOf(row);
    const parameters = [0.7, -1.3, 2.1, 0.4].slice(0, row.parameters.length);
    for (const index of parameters.keys()) {
      const moved = (by: number) => structure.matrix(parameters.map((p, i) => (i === index ? p + by : p)));
      const [above, below] = [moved(STEP), moved(-STEP)];
      for (const [at, value] of matrixDerivative(structure, parameters, index).entries()) {
        const expected = (above[at]! - below[at]!) / (2 * STEP);
        assert.ok(
          Math.abs(value - expected) < 1e-9,
          `${row.name} by ${index}, entry ${at}: ${value}, not ${expected}`,
        );
        compared += 1;
      }
    }
  }
  assert.ok(compared > 200);
});

const input = (name: string): Variable => ({ name, type: { kind: 'float', width: 64 }, role: 'input' });
const variable = (id: number): Expression => ({ kind: 'variable', variable: id });
const float = (value: number): Expression => ({ kind: 'float', value });
const binary = (operator: '+' | '-' | '*' | '/' | '**', left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
});

const OBSERVABLES: readonly Observable[] = [
  {
    terms: [
      { coefficient: 0.7, paulis: 'IZX' },
      { coefficient: -1.1, paulis: 'YYZ' },
      { coefficient: 0.4, paulis: 'XIY' },
      { coefficient: 2, paulis: 'III' },
    ],
  },
  { terms: [{ coefficient: 1, paulis: 'ZZI' }] },
];

const exact = (
  source: Program,
  bindings: readonly (readonly number[])[],
  more: Partial<EngineItem> = {},
): EngineItem =>
  item(source, {
    shots: 0,
    observables: OBSERVABLES,
    parameters: bindings.map((values) => new Map(values.map((value, i) => [`t${i}`, value]))),
    ...more,
  });

/** Compares with differences of expectation values, inputs as they are given. */
function assertGradients(source: Program, at: readonly number[], what: string): void {
  const [result] = resultsOf(exact(source, [at], { gradients: true }));
  const around = at.flatMap((_, i) =>
    [STEP, -STEP].map((by) => at.map((value, k) => (k === i ? value + by : value))),
  );
  const values = resultsOf(exact(source, around)).map(({ expectationValues }) => expectationValues);
  assert.equal(result!.gradients?.length, OBSERVABLES.length);
  for (const [observable, gradient] of result!.gradients!.entries()) {
    assert.equal(gradient.length, at.length);
    for (const [i, slope] of gradient.entries()) {
      const difference = values[2 * i]![observable]!.value - values[2 * i + 1]![observable]!.value;
      const expected = difference / (2 * STEP);
      assert.ok(
        Math.abs(slope - expected) < 2e-8,
        `${what}, observable ${observable}, ${i}: ${slope}, not ${expected}`,
      );
    }
  }
}

/** A gate on random qubits whose parameters are mixed from three inputs, sometimes with a control. */
function randomGate(random: Prng): Instruction {
  const below = (n: number): number => Math.floor(random.uniform() * n);
  const row = GATES.filter(({ qubits }) => qubits > 0 && qubits <= 3)[
    below(GATES.filter(({ qubits }) => qubits > 0 && qubits <= 3).length)
  ]!;
  const isControlled = row.qubits < 3 && below(4) === 0;
  const start = below(3);
  const qubits = Array.from({ length: row.qubits + (isControlled ? 1 : 0) }, (_, i) => (start + i) % 3);
  const parameters = row.parameters.map(() => {
    const scaled = binary('*', float(random.uniform() * 3 - 1), variable(below(3)));
    return below(3) === 0 ? random.uniform() * 5 : binary('+', scaled, variable(below(3)));
  });
  return {
    kind: 'gate',
    gate: row.name,
    parameters,
    qubits,
    ...(isControlled && { controls: [below(2) === 1] }),
  };
}

test('gradients of random circuits over the whole gate table are those of finite differences', () => {
  const runs = Number(process.env.QFS_PROPERTY_RUNS ?? 12);
  for (let seed = 1; seed <= runs; seed += 1) {
    const random = new Prng(seed, 'gradients');
    const body = Array.from({ length: 25 }, () => randomGate(random));
    const source = program(
      3,
      [input('t0'), input('t1'), input('t2')],
      [gate('h', [0]), gate('ry', [1], 0.3), ...body],
    );
    assertGradients(source, [0.4, -1.2, 2.3], `seed ${seed}`);
  }
});

test('rotations have the gradient of the parameter-shift rule, to rounding', () => {
  const rotations = [
    gate('rx', [0], variable(0)),
    gate('ry', [1], variable(1)),
    gate('rzz', [1, 2], variable(2)),
  ];
  const source = program(
    3,
    [input('t0'), input('t1'), input('t2')],
    [gate('h', [2]), ...rotations, gate('cx', [0, 2]), gate('h', [1])],
  );
  const at = [0.3, 1.1, -0.8];
  const [result] = resultsOf(exact(source, [at], { gradients: true }));
  const shifted = at.flatMap((_, i) =>
    [Math.PI / 2, -Math.PI / 2].map((by) => at.map((value, k) => (k === i ? value + by : value))),
  );
  const values = resultsOf(exact(source, shifted)).map(
    ({ expectationValues }) => expectationValues[0]!.value,
  );
  for (const [i, slope] of result!.gradients![0]!.entries()) {
    assert.ok(Math.abs(slope - (values[2 * i]! - values[2 * i + 1]!) / 2) < 1e-14);
  }
});

test('angles may be any differentiable expression, variables, global phases and declared bits included', () => {
  const builtin = (name: string, ...parts: Expression[]): Expression => ({
    kind: 'builtin',
    name,
    arguments: parts,
  });
  const [a, b] = [variable(0), variable(1)];
  const angles: Expression[] = [
    { kind: 'unary', operator: '-', operand: a },
    binary('/', a, binary('+', b, float(3))),
    binary('**', binary('+', a, float(2)), b),
    builtin('sin', binary('*', a, b)),
    builtin('arctan', builtin('exp', a)),
    builtin('sqrt', binary('+', builtin('pow', b, float(2)), float(1))),
    { kind: 'cast', type: { kind: 'angle', width: 48 }, operand: binary('-', a, b) },
    builtin('arcsin', binary('/', a, float(2))),
    builtin('log', binary('+', a, float(4))),
    builtin('tan', binary('/', b, float(3))),
    builtin('arccos', binary('/', b, float(3))),
    builtin('cos', a),
    variable(2),
  ];
  const half: Variable = { name: 'half', type: { kind: 'float', width: 64 }, role: 'local' };
  const source = program(
    3,
    [input('t0'), input('t1'), half, bits('c', 1)],
    [
      { kind: 'assign', target: { kind: 'variable', variable: 2 }, value: binary('/', a, float(2)) },
      ...angles.flatMap((angle, i) => [gate('h', [i % 3]), gate('crx', [i % 3, (i + 1) % 3], angle)]),
      { kind: 'gphase', angle: a },
      { kind: 'gphase', angle: b, controls: [true], qubits: [0] },
      { kind: 'barrier', qubits: [0] },
      gate('h', [0]),
      measure(1, 3, 0),
    ],
  );
  assertGradients(source, [0.4, 1.2], 'expressions');
});

test('what has no gradients is refused by name before anything runs', () => {
  const inputs = [input('t0'), bits('c', 1)];
  const rotation = gate('ry', [0], variable(0));
  const refused = (source: Program, why: RegExp, more: Partial<EngineItem> = {}, noise = ''): void => {
    const options = noise === '' ? DEFAULT_OPTIONS : { ...DEFAULT_OPTIONS, noise: readNoiseModel(noise) };
    const asked = exact(source, [[0.1]], { gradients: true, ...more });
    assert.throws(() => estimate([asked], options), { code: 'GRADIENT_UNAVAILABLE', message: why });
  };
  const plain = program(3, inputs, [rotation]);
  refused(plain, /shots is 10; give 0/, { shots: 10 });
  refused(plain, /there are no observables/, { observables: [], shots: 1 });
  refused(plain, /noise model/, { shots: 0 }, 'depolarizing:0.1');
  const steps: Expression = { kind: 'builtin', name: 'floor', arguments: [variable(0)] };
  refused(program(3, inputs, [gate('ry', [0], steps)]), /'floor' is applied to an input/);
  const rounded: Expression = { kind: 'cast', type: { kind: 'int', width: 8 }, operand: variable(0) };
  refused(program(3, inputs, [gate('ry', [0], rounded)]), /a cast to int/);
  const branch: Instruction = { kind: 'if', condition: isOne(1, 0), body: [rotation] };
  refused(program(3, inputs, [branch]), /a statement 'if' besides gates/);
  const whole: Variable = { name: 'n', type: { kind: 'uint', width: 8 }, role: 'input' };
  refused(program(3, [whole], [gate('h', [0])]), /the input 'n' is uint/, {
    parameters: [new Map([['n', 1]])],
  });
});

test('gradients change nothing else of a result', () => {
  const source = program(3, [input('t0')], [gate('ry', [0], variable(0)), gate('cx', [0, 1])]);
  const [plain] = resultsOf(exact(source, [[0.4]]));
  const [result] = resultsOf(exact(source, [[0.4]], { gradients: true }));
  assert.deepEqual({ ...result, gradients: undefined }, { ...plain, gradients: undefined });
  assert.equal(plain!.gradients, undefined);
  const [[x, z]] = [result!.gradients!.map(([slope]) => slope!)];
  assert.ok(Math.abs(x!) < 1e-15 && Math.abs(z! + Math.sin(0.4)) < 1e-15);
});
