import { type CircuitResult, writeResults } from '@qfs/circuit';
import type { EngineEstimate, EngineItem, EngineOptions } from './engine-contract.ts';
import { estimateSet, isApart, prepareItem } from './prepare.ts';
import { ResultsSize } from './results-size.ts';
import { runSet, type ShotRange } from './run.ts';

export const DEFAULT_OPTIONS: EngineOptions = { method: 'auto', precision: 'double', fast: false };

/**
 * Runs a batch and returns the canonical results document. A pure function: the same items and options give
 * the same bytes on every machine, whatever ran before. Throws the QfsError of the first item that cannot
 * run.
 */
export function simulate(items: readonly EngineItem[], options: EngineOptions = DEFAULT_OPTIONS): Uint8Array {
  const size = new ResultsSize();
  const results = items.map((item) => ({ results: simulateSets(item, 0, setCount(item), options, size) }));
  return writeResults({ items: results });
}

/** How many results an item has. */
export const setCount = (item: EngineItem): number => Math.max(1, item.parameters.length);

/**
 * The results of an item's parameter sets from `from` up to, not including, `to`; adds to `size` what they take.
 * `shots` may ask for a part of the shots where these are trajectories.
 */
export function simulateSets(
  item: EngineItem,
  from: number,
  to: number,
  options: EngineOptions,
  size: ResultsSize,
  shots: ShotRange = { from: 0, to: item.shots },
): CircuitResult[] {
  const prepared = prepareItem(item, options);
  estimateSet(prepared, options);
  return Array.from({ length: to - from }, (_, i) => runSet(prepared, from + i, options, size, shots));
}

/**
 * What a batch needs: the memory of its largest parameter set, because sets run one at a time unless there
 * is room for more, and the work of all. Throws CIRCUIT_TOO_LARGE beyond the qubits a state vector may have,
 * and whatever else makes an item invalid.
 */
export function estimate(
  items: readonly EngineItem[],
  options: EngineOptions = DEFAULT_OPTIONS,
): EngineEstimate {
  let memoryBytes = 0;
  let operations = 0;
  const apart: number[] = [];
  for (const [index, item] of items.entries()) {
    const prepared = prepareItem(item, options);
    const needed = estimateSet(prepared, options);
    memoryBytes = Math.max(memoryBytes, needed.memoryBytes);
    operations += needed.operations * prepared.bindings.length;
    if (isApart(prepared, options, needed)) apart.push(index);
  }
  return { method: 'state_vector', memoryBytes, operations, ...(apart.length > 0 && { apart }) };
}
