import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESULTS_BYTES_MAX } from '@qfs/core';
import type { EngineItem } from './engine-contract.ts';
import { ResultsSize } from './results-size.ts';
import { DEFAULT_OPTIONS, simulateSets } from './simulate.ts';
import { BELL, item, teleport } from './testing/programs.ts';

/** Runs an item where only so many bytes of the bound are left. */
function runIn(bytesLeft: number, one: EngineItem) {
  const size = new ResultsSize();
  size.addEntry('x'.repeat(RESULTS_BYTES_MAX - bytesLeft - 8));
  return simulateSets({ item: one, from: 0, to: 1 }, { options: DEFAULT_OPTIONS, size });
}

/** Bytes that the results of an item take: an entry is its text and eight bytes more. */
const CASES: readonly (readonly [what: string, bytes: number, one: EngineItem])[] = [
  ['one final state', 2 * (2 + 8), item(BELL)],
  ['the bits of every shot', 2 * (2 + 8) + 50 * (2 + 8), item(BELL, { shots: 50, memory: true })],
  ['shots of their own', 4 * (5 + 8), item(teleport(1))],
];

for (const [what, bytes, one] of CASES) {
  test(`results fill their bound and no more: ${what}`, () => {
    const results = runIn(bytes, one);
    assert.throws(() => runIn(bytes - 1, one), { code: 'CIRCUIT_TOO_LARGE' });
    const size = new ResultsSize();
    size.addEntry('x'.repeat(RESULTS_BYTES_MAX - bytes - 8));
    for (const result of results) size.addResult(result);
    assert.throws(() => size.addEntry(''), /The results take more than 268435456 bytes/);
  });
}
