import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cos, sin } from '@qfs/core/math';
import fc from 'fast-check';
import {
  type Evaluation,
  METHODS,
  type MethodName,
  type MethodSettings,
  Optimiser,
  type Point,
} from './index.ts';

interface Problem {
  readonly name: string;
  readonly start: Point;
  readonly value: (x: Point) => number;
  readonly gradient: (x: Point) => number[];
  /** Published minimum. */
  readonly minimum: number;
}

const at = (x: Point, k: number): number => x[k]!;

/** Rosenbrock 1960, in its extension to any number of parameters. */
const rosenbrock = (start: Point): Problem => ({
  name: `Rosenbrock in ${start.length}`,
  start,
  minimum: 0,
  value: (x) =>
    x.slice(1).reduce((sum, next, k) => sum + 100 * (next - at(x, k) ** 2) ** 2 + (1 - at(x, k)) ** 2, 0),
  gradient: (x) =>
    x.map((value, k) => {
      const ahead = k + 1 < x.length ? -400 * value * (at(x, k + 1) - value ** 2) - 2 * (1 - value) : 0;
      return ahead + (k > 0 ? 200 * (value - at(x, k - 1) ** 2) : 0);
    }),
});

const PROBLEMS: readonly Problem[] = [
  {
    name: 'sphere',
    start: [1, -2, 3],
    minimum: 0,
    value: (x) => x.reduce((sum, v) => sum + v * v, 0),
    gradient: (x) => x.map((v) => 2 * v),
  },
  {
    name: 'Booth',
    start: [-4, 5],
    minimum: 0,
    value: ([x = 0, y = 0]) => (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
    gradient: ([x = 0, y = 0]) => [10 * x + 8 * y - 34, 8 * x + 10 * y - 38],
  },
  {
    name: 'Himmelblau',
    start: [0, 0],
    minimum: 0,
    value: ([x = 0, y = 0]) => (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    gradient: ([x = 0, y = 0]) => [
      4 * x * (x * x + y - 11) + 2 * (x + y * y - 7),
      2 * (x * x + y - 11) + 4 * y * (x + y * y - 7),
    ],
  },
  {
    name: 'Beale',
    start: [1, 1],
    minimum: 0,
    value: ([x = 0, y = 0]) =>
      (1.5 - x + x * y) ** 2 + (2.25 - x + x * y ** 2) ** 2 + (2.625 - x + x * y ** 3) ** 2,
    gradient: ([x = 0, y = 0]) => {
      const [a, b, c] = [1.5 - x + x * y, 2.25 - x + x * y ** 2, 2.625 - x + x * y ** 3];
      return [
        2 * a * (y - 1) + 2 * b * (y ** 2 - 1) + 2 * c * (y ** 3 - 1),
        2 * a * x + 4 * b * x * y + 6 * c * x * y ** 2,
      ];
    },
  },
  {
    // The VQE of two qubits at the end of the design: one angle, as a plain function of it.
    name: 'one angle of H2',
    start: [0],
    minimum: -0.5 - Math.sqrt(0.0401),
    value: ([t = 0]) => -0.5 - 0.2 * cos(t) - 0.01 * sin(t),
    gradient: ([t = 0]) => [0.2 * sin(t) - 0.01 * cos(t)],
  },
];

function minimise(
  method: MethodName,
  { start, value, gradient }: Omit<Problem, 'name' | 'minimum'>,
  settings: MethodSettings = {},
  evaluationsMax = 100_000,
): Optimiser {
  const optimiser = new Optimiser({ method, start, settings, evaluationsMax });
  for (let asked = optimiser.ask(); asked !== undefined; asked = optimiser.ask()) {
    const { gradients } = asked;
    optimiser.tell(
      asked.points.map((x) => ({ value: value(x), ...(gradients && { gradient: gradient(x) }) })),
    );
  }
  return optimiser;
}

const close = (optimiser: Optimiser, minimum: number, tolerance: number, name: string): void => {
  const { best, evaluations, ending } = optimiser;
  const text = `${name}: ${best?.value} at ${best?.point} after ${evaluations}, ${ending}`;
  assert.ok(Math.abs(best!.value - minimum) <= tolerance, text);
};

for (const method of ['COBYLA', 'NELDER-MEAD', 'L-BFGS-B'] as const) {
  test(`${method} finds the published minima of standard functions`, () => {
    for (const problem of PROBLEMS) {
      close(minimise(method, problem, { tolerance: 1e-6 }), problem.minimum, 1e-6, problem.name);
    }
  });
}

test('curved valleys: L-BFGS-B follows them in few evaluations, Nelder-Mead in more, COBYLA creeps', () => {
  for (const start of [[-1.2, 1], [-1.2, 1, -1.2, 1], Array.from({ length: 10 }, () => 0)]) {
    const found = minimise('L-BFGS-B', rosenbrock(start), { tolerance: 1e-8 });
    close(found, 0, 1e-12, rosenbrock(start).name);
    assert.ok(found.evaluations < 150, `${found.evaluations} evaluations`);
  }
  close(minimise('NELDER-MEAD', rosenbrock([-1.2, 1]), { tolerance: 1e-8 }), 0, 1e-12, 'Nelder-Mead');
  close(minimise('COBYLA', rosenbrock([-1.2, 1]), { tolerance: 1e-4 }, 5_000), 0, 1e-1, 'COBYLA');
});

test('COBYLA takes some two dozen evaluations for one angle', () => {
  const found = minimise('COBYLA', PROBLEMS.at(-1)!, { tolerance: 1e-4 });
  assert.ok(found.evaluations <= 30, `${found.evaluations} evaluations`);
  close(found, PROBLEMS.at(-1)!.minimum, 1e-6, 'one angle');
});

test('L-BFGS-B keeps to its bounds, and finds the minimum on them', () => {
  const { value, gradient } = rosenbrock([0, 0]);
  // Hock and Schittkowski 1981, problem 1 with x2 >= 1.5: the minimum 0.0504261879 lies on the bound.
  const bounded = minimise(
    'L-BFGS-B',
    { start: [-2, 1.5], value, gradient },
    { lower: [-10, 1.5], tolerance: 1e-9, upper: [10, 10] },
  );
  const near = [0.0504261879, 4.9412293].find((known) => Math.abs(bounded.best!.value - known) < 1e-6);
  assert.ok(near !== undefined, `${bounded.best!.value}`);
  assert.ok(bounded.state.told.length > 0);
  assert.equal(bounded.best!.point[1], 1.5);
  const corner = minimise('L-BFGS-B', { ...PROBLEMS[0]!, start: [5, 5, 5] }, { lower: [1, -1, 2] });
  assert.deepEqual(
    corner.best!.point,
    [1, 0, 2].map((v, k) => (k === 1 ? corner.best!.point[1] : v)),
  );
  assert.ok(Math.abs(corner.best!.value - 5) < 1e-10);
});

test('SPSA comes down through noise', () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 }), (seed) => {
      const noise = fc.sample(fc.double({ min: -0.01, max: 0.01, noNaN: true }), { numRuns: 1_100, seed });
      let drawn = 0;
      const value = (x: Point) => PROBLEMS[0]!.value(x) + noise[drawn++ % noise.length]!;
      const found = minimise('SPSA', { ...PROBLEMS[0]!, value }, { iterations: 500, seed });
      const { told, spec } = found.state;
      assert.equal(told.at(-1)!.length, 1, 'the last point is evaluated by itself');
      assert.equal(spec.method, 'SPSA');
      assert.ok(found.best!.value < 0.2, `seed ${seed}: ${found.best!.value}`);
    }),
    { numRuns: 20 },
  );
});

test('a search that is resumed from what it was told asks as the one that was not interrupted', () => {
  const methods = fc.constantFrom(...(Object.keys(METHODS) as MethodName[]));
  fc.assert(
    fc.property(methods, fc.nat({ max: 60 }), fc.constantFrom(...PROBLEMS), (method, steps, problem) => {
      const spec = { method, start: problem.start, settings: { seed: 7 }, evaluationsMax: 200 };
      const whole = new Optimiser(spec);
      const answer = (x: Point): Evaluation => ({ value: problem.value(x), gradient: problem.gradient(x) });
      for (let k = 0; k < steps && whole.ask() !== undefined; k += 1)
        whole.tell(whole.ask()!.points.map(answer));
      const resumed = Optimiser.resume(JSON.parse(JSON.stringify(whole.state)) as typeof whole.state);
      assert.deepEqual(resumed.ask(), whole.ask());
      assert.deepEqual([resumed.best, resumed.ending], [whole.best, whole.ending]);
    }),
  );
});

test('a search ends within its evaluations, and at a value that is no number', () => {
  for (const method of Object.keys(METHODS) as MethodName[]) {
    const bounded = minimise(method, rosenbrock([-1.2, 1, 1, 1]), {}, 30);
    assert.equal(bounded.ending, 'evaluations', method);
    assert.ok(bounded.evaluations <= 30, method);
    const broken = minimise(method, { start: [1, 1], value: () => Number.NaN, gradient: () => [0, 0] });
    assert.deepEqual([broken.ending, broken.best], ['diverged', undefined], method);
    const flat = minimise(
      method,
      { start: [1, 1], value: () => 1, gradient: () => [0, 0] },
      { iterations: 3 },
    );
    assert.equal(flat.ending, 'converged', method);
    const falling = minimise(method, { start: [1], value: ([x = 0]) => -x, gradient: () => [-1] }, {}, 500);
    assert.ok(falling.evaluations <= 500 && falling.ending !== undefined, method);
  }
});

test('settings that no method can work with are refused by name', () => {
  const spec = { method: 'COBYLA', start: [1], settings: {}, evaluationsMax: 10 } as const;
  for (const [settings, named] of [
    [{ initialStep: 0 }, 'initialStep'],
    [{ tolerance: Number.NaN }, 'tolerance'],
    [{ lower: [1, 2] }, 'bounds'],
    [{ lower: [2], upper: [1] }, 'lower bound'],
  ] as const) {
    assert.throws(() => new Optimiser({ ...spec, settings }), new RegExp(named));
  }
  assert.throws(() => new Optimiser({ ...spec, start: [] }), /no parameters/);
});
