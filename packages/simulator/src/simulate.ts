import { type CircuitResult, writeResults } from '@qfs/circuit';
import type { EngineEstimate, EngineItem, EngineOptions } from './engine-contract.ts';
import { checkBindings, estimateSet, isApart, isBrief, methodOf, prepareItem } from './prepare.ts';
import type { ProgramCache } from './program-cache.ts';
import { ResultsSize } from './results-size.ts';
import { runSet, type ShotRange } from './run.ts';

export const DEFAULT_OPTIONS: EngineOptions = { method: 'auto', precision: 'double', fast: false };

/**
 * Runs a batch and returns the canonical results document. A pure function: the same items and options give
 * the same bytes on every machine, whatever ran before. Throws the QfsError of the first item that cannot
 * run. `programs` saves reading what was read before.
 */
export function simulate(
  items: readonly EngineItem[],
  options: EngineOptions = DEFAULT_OPTIONS,
  programs?: ProgramCache,
): Uint8Array {
  const common = { options, size: new ResultsSize(), programs };
  const results = items.map((item) => ({
    results: simulateSets({ item, from: 0, to: setCount(item) }, common),
  }));
  return writeResults({ items: results });
}

/** Parameter sets `from`…`to - 1` of an item, or a part of the shots of each where these are trajectories. */
export interface SetRange {
  readonly item: EngineItem;
  readonly from: number;
  readonly to: number;
  readonly shots?: ShotRange;
}

/** What the sets of a batch have in common. */
export interface BatchContext {
  readonly options: EngineOptions;
  /** Grows by what results take. */
  readonly size: ResultsSize;
  readonly programs?: ProgramCache | undefined;
}

/** How many results an item has. */
export const setCount = (item: EngineItem): number => Math.max(1, item.parameters.length);

/** The results of a range of parameter sets. */
export function simulateSets(
  { item, from, to, shots = { from: 0, to: item.shots } }: SetRange,
  { options, size, programs }: BatchContext,
): CircuitResult[] {
  const prepared = prepareItem(item, options, programs);
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
  programs?: ProgramCache,
): EngineEstimate {
  let memoryBytes = 0;
  let operations = 0;
  let brief = items.length === 1;
  const apart: number[] = [];
  for (const [index, item] of items.entries()) {
    const prepared = prepareItem(item, options, programs);
    checkBindings(prepared);
    const needed = estimateSet(prepared, options);
    memoryBytes = Math.max(memoryBytes, needed.memoryBytes);
    operations += needed.operations * prepared.bindings.length;
    if (isApart(prepared, options, needed)) apart.push(index);
    brief &&= isBrief(prepared, options, needed);
  }
  return {
    method: methodOf(options),
    memoryBytes,
    operations,
    ...(apart.length > 0 && { apart }),
    ...(brief && { brief }),
  };
}
