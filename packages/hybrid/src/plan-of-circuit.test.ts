import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HYBRID_PARAMETERS_MAX } from '@qfs/core';
import { planOfCircuit } from './plan-of-circuit.ts';

const observables = [{ terms: [] }];

test('a circuit has a plan where exact values of its observables are asked for', () => {
  const parameters: Readonly<Record<string, number>>[] = [{ b: 1, a: 2 }, { a: 3 }];
  assert.deepEqual(planOfCircuit('exact', { observables, parameters })?.parameters, [
    { name: 'b' },
    { name: 'a' },
  ]);
  assert.equal(planOfCircuit('exact', { observables: [], parameters }), undefined);
  assert.equal(planOfCircuit('sampled', { observables, parameters }), undefined);
  assert.equal(planOfCircuit(undefined, { observables, parameters }), undefined);
});

test('a circuit may have as many parameters as a plan', () => {
  const named = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, k) => [`p${k}`, 0]));
  const of = (count: number) => planOfCircuit('exact', { observables, parameters: [named(count)] });
  assert.equal(of(HYBRID_PARAMETERS_MAX)?.parameters.length, HYBRID_PARAMETERS_MAX);
  assert.throws(() => of(HYBRID_PARAMETERS_MAX + 1), /name 1001 inputs; for exact values at most 1000/);
});
