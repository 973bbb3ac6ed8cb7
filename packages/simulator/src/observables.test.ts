import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Observable, type Program, readResults } from '@qfs/circuit';
import { OBSERVABLE_NORM_MAX, QfsError } from '@qfs/core';
import { readNoiseModel } from './noise/noise-model.ts';
import { DEFAULT_OPTIONS, simulate } from './simulate.ts';
import { bits, gate, item, measure, program, resultsOf, teleport } from './testing/programs.ts';

const observable = (...terms: [number, string][]): Observable => ({
  terms: terms.map(([coefficient, paulis]) => ({ coefficient, paulis })),
});

function expectations(source: Program, observables: readonly Observable[], shots = 0, seed = 5) {
  return resultsOf(item(source, { observables, shots, seed }))[0]!.expectationValues;
}

const near = (value: number, expected: number, tolerance = 1e-14): void =>
  assert.ok(Math.abs(value - expected) <= tolerance, `${value} is not near ${expected}`);

const BELL_STATE = program(2, [], [gate('h', [0]), gate('cx', [0, 1])]);

test('a Bell state has its three correlations, exactly', () => {
  const [xx, yy, zz, zi, sum] = expectations(BELL_STATE, [
    observable([1, 'XX']),
    observable([1, 'YY']),
    observable([1, 'ZZ']),
    observable([1, 'ZI']),
    observable([0.5, 'XX'], [2, 'YY'], [-1, 'ZZ'], [7, 'II']),
  ]);
  near(xx!.value, 1);
  near(yy!.value, -1);
  near(zz!.value, 1);
  near(zi!.value, 0);
  near(sum!.value, 4.5);
  assert.deepEqual([xx!.stdError, sum!.stdError], [0, 0]);
});

test('the letters of a Pauli string stand for qubits from right to left', () => {
  const source = program(3, [], [gate('ry', [0], 0.4), gate('rx', [1], 0.9)]);
  const [z0, y1, x0, z2, x2] = expectations(
    source,
    ['IIZ', 'IYI', 'IIX', 'ZII', 'XII'].map((paulis) => observable([1, paulis])),
  );
  near(z0!.value, Math.cos(0.4));
  near(y1!.value, -Math.sin(0.9));
  near(x0!.value, Math.sin(0.4));
  near(z2!.value, 1);
  near(x2!.value, 0);
});

test('estimates lie within their standard errors, which count covariances inside a basis', () => {
  const source = program(2, [], [gate('ry', [0], 1), gate('cx', [0, 1]), gate('rx', [1], 0.3)]);
  const observables = [
    observable([1, 'ZZ'], [1, 'ZI'], [1, 'IZ']),
    observable([1, 'XX'], [0.5, 'ZY'], [-2, 'IZ']),
  ];
  const exact = expectations(source, observables);
  let squares = 0;
  const seeds = 40;
  for (let seed = 0; seed < seeds; seed += 1) {
    const estimates = expectations(source, observables, 400, seed);
    for (const [i, { value, stdError }] of estimates.entries()) {
      squares += ((value - exact[i]!.value) / stdError) ** 2;
    }
  }
  // Chi-square with 80 degrees of freedom: mean 80, standard deviation 12.6.
  assert.ok(squares > 40 && squares < 125, `sum of squared deviations ${squares}`);
});

test('perfectly correlated terms cancel without error, and one shot reports the largest possible one', () => {
  const [difference] = expectations(BELL_STATE, [observable([1, 'ZI'], [-1, 'IZ'])], 100);
  assert.deepEqual(difference, { value: 0, stdError: 0 });
  const [single] = expectations(BELL_STATE, [observable([2, 'ZI'], [-1, 'XX'])], 1);
  assert.equal(single!.stdError, Math.sqrt(5));
});

test('coefficients up to the largest allowed give numbers', () => {
  const [largest] = expectations(BELL_STATE, [observable([OBSERVABLE_NORM_MAX, 'ZI'])], 10);
  assert.ok(Number.isFinite(largest!.value) && Number.isFinite(largest!.stdError));
});

test('observables that do not fit are refused with the reason', () => {
  const refusals: [Program, Observable, RegExp][] = [
    [BELL_STATE, observable([1, 'ZZZ']), /has 3 letters, but the program has 2 qubits/],
    [BELL_STATE, observable([1, 'ZQ']), /other letters than I, X, Y and Z/],
    [BELL_STATE, observable([Number.NaN, 'ZZ']), /coefficient NaN/],
    [BELL_STATE, observable([0.8e150, 'ZZ'], [-0.8e150, 'XX']), /add up to 1\.6e\+150/],
    [teleport(1), observable([1, 'ZII']), /no single final state/],
  ];
  for (const [source, refused, message] of refusals) {
    assert.throws(
      () => expectations(source, [refused]),
      (error) =>
        error instanceof QfsError && error.code === 'OBSERVABLE_INVALID' && message.test(error.message),
    );
  }
});

test('counts that are drawn by basis state give the estimates that shots give', () => {
  const source = program(
    3,
    [],
    [gate('ry', [0], 1), gate('cx', [0, 1]), gate('rx', [2], 0.8), gate('cx', [1, 2])],
  );
  // Alone, a term needs one binomial number; the four of a basis need one for each of their readings.
  for (const observables of [
    [observable([1, 'XYZ'])],
    [observable([1, 'ZII'], [0.5, 'IZI'], [-2, 'ZZZ'], [1, 'IIZ'])],
  ]) {
    const [exact] = expectations(source, observables);
    // Fewer shots than twice the basis states are drawn one by one.
    for (const shots of [15, 16, 4_000]) {
      const seeds = 60;
      let squares = 0;
      for (let seed = 0; seed < seeds; seed += 1) {
        const [{ value } = { value: 0 }] = expectations(source, observables, shots, seed);
        squares += (value - exact!.value) ** 2 * shots;
      }
      const [largest] = expectations(source, observables, 100_000);
      const variance = largest!.stdError ** 2 * 100_000;
      // Chi-square with 60 degrees of freedom has a standard deviation of 11.
      assert.ok(Math.abs(squares / variance - seeds) < 45, `${shots}: ${squares / variance}`);
    }
  }
});

test('RESULT-2: where only expectation values are wanted there are no counts, and the values are the same', () => {
  const measuring = program(2, [bits('c', 2)], [gate('h', [0]), gate('cx', [0, 1]), measure(0, 0, 0)]);
  const observables = [observable([1, 'ZI'], [0.5, 'XX'])];
  for (const options of [{}, { noise: readNoiseModel('depolarizing:0.1') }, { method: 'density' as const }]) {
    const [whole, only] = [false, true].map((expectationsOnly) => {
      const one = item(measuring, { observables, shots: 200, memory: true, expectationsOnly });
      const read = readResults(simulate([one], { ...DEFAULT_OPTIONS, ...options }));
      assert.ok(read.ok);
      return read.value.items[0]!.results[0]!;
    });
    assert.deepEqual(only!.expectationValues, whole!.expectationValues);
    assert.deepEqual(
      [whole!.memory!.length, only!.counts.size, only!.memory, only!.warnings],
      [200, 0, undefined, []],
    );
  }
  const [counted] = resultsOf(item(measuring, { expectationsOnly: true }));
  assert.equal(counted!.counts.size, 2);
});
