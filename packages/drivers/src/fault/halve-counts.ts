import { type CircuitResult, readResults, writeResults } from '@qfs/circuit';
import { assert } from '@qfs/core';

const halve = (result: CircuitResult): CircuitResult => ({
  ...result,
  counts: new Map([...result.counts].map(([outcome, count]) => [outcome, Math.floor(count / 2)])),
});

/** A results document that lacks half of the outcomes of every result, as from a backend that broke off. */
export function halveCounts(bytes: Uint8Array): Uint8Array {
  const read = readResults(bytes);
  assert(read.ok, 'the inner driver gave results that cannot be read');
  return writeResults({ items: read.value.items.map(({ results }) => ({ results: results.map(halve) })) });
}
