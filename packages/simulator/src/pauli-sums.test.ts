import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '@qfs/core/math';
import { applyTerms, coherencesOf, pauliMeans } from './pauli-sums.ts';
import { type PauliTerm, sign, turnsOf } from './pauli-terms.ts';

function randomState(qubits: number, random: Prng): Float64Array {
  const a = Float64Array.from({ length: 2 * 2 ** qubits }, () => random.uniform() - 0.5);
  const norm = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
  return a.map((value) => value / norm);
}

const randomTerms = (qubits: number, count: number, random: Prng): PauliTerm[] =>
  Array.from({ length: count }, () => ({
    observable: 0,
    coefficient: random.uniform() * 2 - 1,
    // Few X parts, so that groups have several members.
    x: Math.floor(random.uniform() * 4) * Math.floor(2 ** (qubits - 2) * 0.7),
    z: Math.floor(random.uniform() * 2 ** qubits),
  }));

/** P|ψ⟩ by the definition. */
function applied(a: Float64Array, { x, z, ...term }: PauliTerm): Float64Array {
  const result = new Float64Array(a.length);
  const turns = turnsOf({ x, z }) % 4;
  for (let j = 0; j < a.length / 2; j += 1) {
    const factor = sign(j & z) * (turns < 2 ? 1 : -1) * term.coefficient;
    const [re, im] = [factor * a[2 * j]!, factor * a[2 * j + 1]!];
    result.set(turns % 2 === 0 ? [re, im] : [-im, re], 2 * (j ^ x));
  }
  return result;
}

const overlapOf = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0);

/** 13 qubits and more take several blocks. */
for (const qubits of [1, 2, 5, 9, 14]) {
  test(`${qubits} qubits: Pauli strings have the means, and do to a state, what their definition says`, () => {
    const random = new Prng(qubits, 'pauli-sums');
    const a = randomState(qubits, random);
    const terms = randomTerms(qubits, 24, random);
    const means = pauliMeans(terms, qubits, coherencesOf(a));
    const whole = new Float64Array(a.length);
    for (const [at, term] of terms.entries()) {
      const image = applied(a, term);
      for (const [i, value] of image.entries()) whole[i]! += value;
      const expected = overlapOf(a, image) / term.coefficient;
      assert.ok(Math.abs(means[at]! - expected) < 1e-13, `term ${at}: ${means[at]}, not ${expected}`);
    }
    const to = new Float64Array(a.length);
    applyTerms(terms, a, to);
    assert.ok(to.every((value, i) => Math.abs(value - whole[i]!) < 1e-13));
  });
}

test('a string has the same bits whatever else is asked for', () => {
  const random = new Prng(1, 'pauli-sums');
  const a = randomState(13, random);
  const terms = randomTerms(13, 40, random);
  const together = pauliMeans(terms, 13, coherencesOf(a));
  for (const [at, term] of terms.entries()) {
    assert.equal(pauliMeans([term], 13, coherencesOf(a))[0], together[at]);
  }
});
