import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type CircuitResult, type Observable, readResults, writeAqo } from '@qfs/circuit';
import { type HybridProgram, lowerProgram } from '@qfs/eigen-lang';
import { type MethodSettings, Optimiser, type Point } from '@qfs/optimise';
import { readEngineOptions, simulate } from '@qfs/simulator';

/*
 * What the hybrid examples promise, without the platform: the numbers come from the program, the simulator
 * and the optimiser alone, and are compared with exact diagonalisation.
 */
type Hybrid = HybridProgram & Required<Pick<HybridProgram, 'plan'>>;
const program = (name: string): Hybrid => {
  const source = readFileSync(new URL(`../../examples/${name}/program.eigen.py`, import.meta.url), 'utf8');
  const { diagnostics, program } = lowerProgram(source);
  assert.deepEqual(diagnostics, []);
  assert.ok(program?.plan?.minimisation);
  return program as Hybrid;
};

/** Runs the circuit of a program at a point; without shots its expectation is exact. */
function runAt(
  { circuit, plan }: Hybrid,
  point: Point,
  { shots = 0, seed = 7, options = {} }: { shots?: number; seed?: number; options?: object } = {},
): CircuitResult {
  const binding = new Map(plan.parameters.map(({ name }, k) => [name, point[k]!]));
  const observables = [plan.observable!];
  const item = { aqo: writeAqo(circuit), parameters: [binding], shots, seed, observables, memory: false };
  const read = readResults(simulate([item], readEngineOptions({ ...options })));
  assert.ok(read.ok);
  return read.value.items[0]!.results[0]!;
}

const energyAt = (found: Hybrid, point: Point): number => runAt(found, point).expectationValues[0]!.value;

/** Central differences; the error is below 1e-9 for the smooth functions here. */
function gradientAt(found: Hybrid, point: Point): number[] {
  const step = 1e-5;
  const moved = (k: number, by: number) =>
    energyAt(
      found,
      point.map((value, at) => (at === k ? value + by : value)),
    );
  return point.map((_, k) => (moved(k, step) - moved(k, -step)) / (2 * step));
}

/** The search that the program asks for, over exact expectations. */
function minimised(found: Hybrid, settings: MethodSettings = {}): Optimiser {
  const { iterationsMax = 1000, method, start } = found.plan.minimisation!;
  const evaluationsMax = iterationsMax;
  const search = new Optimiser({ method, start, settings, evaluationsMax });
  for (let asked = search.ask(); asked !== undefined; asked = search.ask()) {
    const { gradients, points } = asked;
    search.tell(
      points.map((point) => ({
        value: energyAt(found, point),
        ...(gradients && { gradient: gradientAt(found, point) }),
      })),
    );
  }
  return search;
}

/** The least eigenvalue of an observable with real matrix elements, by power iteration. */
function leastEigenvalue({ terms }: Observable): number {
  const size = 2 ** terms[0]!.paulis.length;
  const apply = (vector: readonly number[]): number[] => {
    const image = vector.map(() => 0);
    for (const { coefficient, paulis } of terms) {
      for (let state = 0; state < size; state += 1) {
        const [target, phase] = pauliOn(state, paulis);
        image[target]! += coefficient * phase * vector[state]!;
      }
    }
    return image;
  };
  // The weights bound the spectrum, so that the least eigenvalue becomes the one of largest size.
  const bound = terms.reduce((sum, { coefficient }) => sum + Math.abs(coefficient), 0);
  let vector: readonly number[] = Array.from({ length: size }, (_, k) => 1 + ((k * 7) % 5) / 10);
  let energy = 0;
  for (let turn = 0; turn < 3000; turn += 1) {
    const image = apply(vector);
    energy = dot(vector, image) / dot(vector, vector);
    const next = vector.map((value, k) => bound * value - image[k]!);
    const norm = Math.sqrt(dot(next, next));
    vector = next.map((value) => value / norm);
  }
  return energy;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, k) => sum + value * b[k]!, 0);

/** A product of Pauli letters, qubit 0 rightmost, on a basis state: the state it becomes, and its sign. */
function pauliOn(state: number, paulis: string): [number, number] {
  let target = state;
  let sign = 1;
  let quarters = 0;
  for (const [place, letter] of [...paulis].entries()) {
    const qubit = paulis.length - 1 - place;
    const bit = (state >> qubit) & 1;
    if (letter === 'X' || letter === 'Y') target ^= 1 << qubit;
    if (letter === 'Z' && bit === 1) sign = -sign;
    if (letter === 'Y') quarters += bit === 1 ? 3 : 1;
  }
  assert.equal(quarters % 2, 0, 'an even number of Y');
  return [target, quarters % 4 === 2 ? -sign : sign];
}

test('vqe_h2 reaches the ground state of H2 in about 25 evaluations', () => {
  const found = program('vqe_h2');
  const search = minimised(found);
  assert.equal(search.best!.value.toFixed(7), '-1.1373060');
  assert.ok(search.evaluations <= 30, `${search.evaluations}`);
  assert.ok(Math.abs(leastEigenvalue(found.plan.observable!) - -1.1373060357534) < 1e-12);
  assert.equal(energyAt(found, [0]).toFixed(4), '-1.1170', 'it begins at the Hartree-Fock state');
});

test('vqe_upstream reaches -2 within its 60 iterations', () => {
  const found = program('vqe_upstream');
  const search = minimised(found);
  assert.ok(search.evaluations <= 60, `${search.evaluations}`);
  assert.ok(Math.abs(search.best!.value - -2) < 0.002, `${search.best!.value}`);
  assert.deepEqual(
    found.circuit.body.map((step) => (step.kind === 'gate' ? step.gate : step.kind)),
    ['ry', 'ry', 'cx', 'rz', 'rz', 'cx', 'ry', 'ry', 'measure', 'measure'],
  );
});

test('the ansatz of vqe_upstream would not take H2 below the Hartree-Fock energy', () => {
  const found = program('vqe_upstream');
  const observable = program('vqe_h2').plan.observable!;
  const search = { ...found.plan.minimisation!, iterationsMax: 400 };
  const starts = [
    [0.1, -0.2, 0.05, 0.02],
    [3, 0.1, 0.4, -0.3],
    [-3, 0.5, -0.4, 0.3],
    [3.1, 3, 1.5, 0.1],
  ];
  const reached = starts.map(
    (start) =>
      minimised({ ...found, plan: { ...found.plan, observable, minimisation: { ...search, start } } }).best!
        .value,
  );
  assert.equal(Math.min(...reached).toFixed(3), '-1.117', `${reached}`);
});

test('vqe_lih reaches the exact energy of its active space', () => {
  const found = program('vqe_lih');
  const exact = leastEigenvalue(found.plan.observable!);
  assert.equal(exact.toFixed(6), '-7.876541', 'as full diagonalisation of the active space has it');
  const search = minimised(found);
  assert.ok(Math.abs(search.best!.value - exact) < 1e-6, `${search.best!.value}`);
  assert.equal(energyAt(found, [0, 0]).toFixed(6), '-7.862027', 'it begins at the Hartree-Fock energy');
});

test('qaoa_maxcut cuts more than any guess, and its most frequent outcomes are the largest cuts', () => {
  const found = program('qaoa_maxcut');
  const edges = found.plan.observable!.terms.flatMap(({ paulis }) => {
    const ends = [...paulis].flatMap((letter, place) => (letter === 'Z' ? [place] : []));
    return ends.length === 2 ? [ends as [number, number]] : [];
  });
  const cut = (bits: string): number => edges.filter(([a, b]) => bits[a] !== bits[b]).length;
  const all = Array.from({ length: 64 }, (_, k) => k.toString(2).padStart(6, '0'));
  const largest = Math.max(...all.map(cut));
  assert.deepEqual([edges.length, largest], [9, 7]);
  const search = minimised(found);
  assert.ok(search.best!.value < -6.6, `${search.best!.value}`);
  const { counts } = runAt(found, search.best!.point, { shots: 4096 });
  const often = [...counts].sort(([, a], [, b]) => b - a).slice(0, 6);
  assert.deepEqual(
    often.map(([bits]) => cut(bits)),
    Array.from({ length: 6 }, () => largest),
    JSON.stringify(often),
  );
});

test('vqe_noisy: noise lifts the energy by about what its error rates say', () => {
  const found = program('vqe_noisy');
  const options = { noise_model: found.defaults.noiseModel! };
  const { value, stdError } = runAt(found, [-0.2235], { shots: 20_000, options }).expectationValues[0]!;
  const lift = value - -1.137306;
  // Two gates on one qubit and one on two: each errs once in a hundred, and an error costs about 1 Ha.
  assert.ok(stdError > 0 && stdError < 0.003, `${stdError}`);
  assert.ok(Math.abs(lift - 0.025) < 5 * stdError, `${lift} ± ${stdError}`);
});
