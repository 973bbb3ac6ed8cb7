import { writeResults } from '@qfs/circuit';
import type { EngineEstimate, EngineItem, EngineOptions } from './engine-contract.ts';
import { estimateSet, prepareItem } from './prepare.ts';
import { runSet } from './run.ts';

export const DEFAULT_OPTIONS: EngineOptions = { method: 'auto', precision: 'double', fast: false };

/**
 * Runs a batch and returns the canonical results document. A pure function: the same items and options give the same
 * bytes on every machine, whatever ran before. Throws the QfsError of the first item that cannot run.
 */
export function simulate(items: readonly EngineItem[], options: EngineOptions = DEFAULT_OPTIONS): Uint8Array {
  const prepared = items.map(prepareItem);
  for (const item of prepared) estimateSet(item, options);
  return writeResults({
    items: prepared.map((item) => ({ results: item.bindings.map((_, set) => runSet(item, set, options)) })),
  });
}

/**
 * What a batch needs: the memory of its largest parameter set, which is what runs at a time, and the work of all.
 * Throws CIRCUIT_TOO_LARGE beyond the qubits a state vector may have, and whatever else makes an item invalid.
 */
export function estimate(
  items: readonly EngineItem[],
  options: EngineOptions = DEFAULT_OPTIONS,
): EngineEstimate {
  let memoryBytes = 0;
  let operations = 0;
  for (const item of items) {
    const prepared = prepareItem(item);
    const needed = estimateSet(prepared, options);
    memoryBytes = Math.max(memoryBytes, needed.memoryBytes);
    operations += needed.operations * prepared.bindings.length;
  }
  return { method: 'state_vector', memoryBytes, operations };
}
