import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CircuitResult, ItemResults } from '@qfs/circuit';
import { benchmarkText } from './benchmark-text.ts';

const item = (...counts: readonly (readonly [string, number])[]): ItemResults => ({
  results: [{ counts: new Map(counts), expectationValues: [], shots: 10 } as unknown as CircuitResult],
});

test('a benchmark says whether its repetitions gave the same', () => {
  const [one, again, other] = [item(['0', 4], ['1', 6]), item(['1', 6], ['0', 4]), item(['0', 5], ['1', 5])];
  assert.equal(benchmarkText([one, again]), '2 repetitions: equal counts in all\n');
  assert.equal(
    benchmarkText([one, other, again, other]),
    '4 repetitions: item 1, item 3 gave other counts than item 0\n',
  );
});
