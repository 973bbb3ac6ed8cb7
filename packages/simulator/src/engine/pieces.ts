import type { CircuitResult, Results } from '@qfs/circuit';
import type { EngineItem } from '../engine-contract.ts';
import { ResultsSize } from '../results-size.ts';
import { setCount } from '../simulate.ts';
import type { Piece } from './protocol.ts';

/**
 * Cuts a batch into at most `parts` lists of consecutive parameter sets. Every set is computed on its own, so the
 * cut cannot be seen in the results.
 */
export function cut(items: readonly EngineItem[], parts: number): Piece[][] {
  const total = items.reduce((sum, item) => sum + setCount(item), 0);
  const size = Math.max(1, Math.ceil(total / parts));
  const lists: Piece[][] = [];
  let room = 0;
  for (const [index, item] of items.entries()) {
    const sets = setCount(item);
    for (let from = 0; from < sets; ) {
      if (room === 0) {
        lists.push([]);
        room = size;
      }
      const to = Math.min(sets, from + room);
      lists.at(-1)!.push({ index, item, from, to });
      room -= to - from;
      from = to;
    }
  }
  return lists;
}

/**
 * Puts the results of the pieces, given in the order of `cut`, back together. All of them count against the bound of
 * the batch, so that the cut cannot be seen in what is refused either.
 */
export function join(
  items: readonly EngineItem[],
  pieces: readonly Piece[],
  results: readonly (readonly CircuitResult[])[],
): Results {
  const byItem: CircuitResult[][] = items.map(() => []);
  const size = new ResultsSize();
  for (const result of results.flat()) size.addResult(result);
  for (const [i, piece] of pieces.entries()) byItem[piece.index]!.push(...results[i]!);
  return { items: byItem.map((list) => ({ results: list })) };
}
