import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '@qfs/core/math';
import { binomial, multinomial } from './multinomial.ts';

/** Probabilities of 0…n, by the recurrence from the mode. */
function probabilities(n: number, p: number): number[] {
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const relative = new Array<number>(n + 1).fill(0);
  relative[mode] = 1;
  for (let k = mode + 1; k <= n; k += 1) relative[k] = (relative[k - 1]! * ((n - k + 1) / k) * p) / (1 - p);
  for (let k = mode; k > 0; k -= 1) relative[k - 1] = (relative[k]! * k * (1 - p)) / ((n - k + 1) * p);
  const sum = relative.reduce((total, value) => total + value, 0);
  return relative.map((value) => value / sum);
}

const DRAWS = 40_000;

for (const [n, p] of [
  [1, 0.3],
  [5, 0.5],
  [40, 0.24],
  [20, 0.5],
  [25, 0.6],
  [60, 0.2],
  [8192, 0.0009],
  [8192, 0.002],
  [8192, 0.31],
  [300, 0.97],
] as const) {
  test(`binomial numbers of ${n} tries at ${p} have their distribution`, () => {
    const random = new Prng(n, 'binomial');
    const found = new Map<number, number>();
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const k = binomial(n, p, random);
      found.set(k, (found.get(k) ?? 0) + 1);
    }
    // Neighbours are taken together until 20 are expected of them.
    let [value, bins, expected, seen] = [0, -1, 0, 0];
    for (const [k, probability] of probabilities(n, p).entries()) {
      expected += DRAWS * probability;
      seen += found.get(k) ?? 0;
      if (expected < 20) continue;
      value += (seen - expected) ** 2 / expected;
      [bins, expected, seen] = [bins + 1, 0, 0];
    }
    const freedom = Math.max(1, bins);
    // About four standard deviations of chi-square, and what so few bins need.
    assert.ok(value < freedom + 4 * Math.sqrt(2 * freedom) + 6, `chi-square ${value} with ${freedom}`);
  });
}

test('multinomial counts hold every draw, fall on possible outcomes only, and repeat', () => {
  const weights = Float64Array.of(0, 2, 0, 1, 5, 0);
  const counts = multinomial(weights, 100_000, new Prng(3, 'multinomial'));
  assert.deepEqual([...counts.keys()], [1, 3, 4]);
  assert.equal(
    [...counts.values()].reduce((a, b) => a + b, 0),
    100_000,
  );
  for (const [at, count] of counts)
    assert.ok(Math.abs(count - 12_500 * weights[at]!) < 700, `${at}: ${count}`);
  assert.deepEqual(multinomial(weights, 100_000, new Prng(3, 'multinomial')), counts);
  assert.deepEqual([...multinomial(Float64Array.of(0, 1e-300), 7, new Prng(1, 'm'))], [[1, 7]]);
});

test('ten million draws take no longer than few', () => {
  const counts = multinomial(Float64Array.of(1, 1, 2), 10_000_000, new Prng(5, 'multinomial'));
  assert.ok(Math.abs(counts.get(2)! - 5_000_000) < 8_000);
});
