import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CircuitResult, type Counts, writeResults } from '@qfs/circuit';
import { Prng } from '@qfs/core/math';
import { compareResults, noiseOf, totalVariation } from './compare.ts';

const RESULT: CircuitResult = {
  counts: new Map([['0', 4]]),
  shots: 4,
  seed: 7,
  expectationValues: [],
  outputs: new Map(),
  warnings: [],
  metadata: {
    method: 'state_vector',
    precision: 'double',
    fast: false,
    engine: 'qfs',
    engineVersion: '0.1.0',
    aqoDigest: 'sha256:00',
    qubits: 1,
  },
};

const documentOf = (...results: Partial<CircuitResult>[]): Uint8Array =>
  writeResults({ items: results.map((change) => ({ results: [{ ...RESULT, ...change }] })) });

function sampleOf(shares: readonly number[], shots: number, random: Prng): Counts {
  const counts = new Map<string, number>();
  for (let shot = 0; shot < shots; shot++) {
    let left = random.uniform();
    const found = shares.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    const key = String(found);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

test('REC-13: the distance is half the sum of the differences of shares', () => {
  const a = new Map([
    ['00', 60],
    ['11', 40],
  ]);
  const b = new Map([
    ['00', 50],
    ['01', 10],
    ['11', 40],
  ]);
  assert.equal(totalVariation(a, b, 100), 0.1);
  assert.equal(totalVariation(a, a, 100), 0);
  assert.equal(totalVariation(new Map([['0', 5]]), new Map([['1', 5]]), 5), 1);
});

test('REC-13: samples of one distribution stay within the noise, and those of another do not', () => {
  const random = new Prng(20_261_120, 'sampling');
  const shares = [0.4, 0.3, 0.2, 0.1];
  let beyond = 0;
  for (let round = 0; round < 200; round++) {
    const [a, b] = [sampleOf(shares, 400, random), sampleOf(shares, 400, random)];
    if (totalVariation(a, b, 400) > noiseOf(a, b, 400)) beyond += 1;
  }
  assert.ok(beyond <= 2, `${beyond} of 200`);
  const [a, b] = [sampleOf(shares, 400, random), sampleOf([0.1, 0.2, 0.3, 0.4], 400, random)];
  assert.ok(totalVariation(a, b, 400) > noiseOf(a, b, 400));
});

test('REC-13: equal bytes are equal; other shots or another number of results are no matter of chance', () => {
  assert.deepEqual(compareResults(documentOf({}), documentOf({})), { equal: true, distance: 0, noise: 0 });
  const shots = compareResults(documentOf({}), documentOf({ shots: 5, counts: new Map([['0', 5]]) }));
  assert.equal(shots.difference, 'result 0 had 4 shots, now it has 5');
  const count = compareResults(documentOf({}), documentOf({}, {}));
  assert.equal(count.difference, 'there were 1 results, now there are 2');
});
