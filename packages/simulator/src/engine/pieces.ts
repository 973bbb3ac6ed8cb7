import type { CircuitResult, Counts, Results } from '@qfs/circuit';
import type { EngineItem } from '../engine-contract.ts';
import { ResultsSize } from '../results-size.ts';
import { setCount } from '../simulate.ts';
import type { Piece } from './protocol.ts';

/** Items whose shots are cut as well, and for how many threads. */
interface Apart {
  readonly items: ReadonlySet<number>;
  readonly threads: number;
}

const NOTHING_APART: Apart = { items: new Set(), threads: 1 };

/**
 * Cuts a batch into lists of consecutive parameter sets, at most `parts` of them; items that are apart and
 * have fewer sets than there are threads are cut into lists of shots besides. Every set is computed on its
 * own, and so is every trajectory, so the cut cannot be seen in the results.
 */
export function cut(items: readonly EngineItem[], parts: number, apart = NOTHING_APART): Piece[][] {
  const total = items.reduce((sum, item) => sum + setCount(item), 0);
  const size = Math.max(1, Math.ceil(total / parts));
  const lists: Piece[][] = [];
  let room = 0;
  for (const [index, item] of items.entries()) {
    const sets = setCount(item);
    if (apart.items.has(index) && sets < apart.threads) {
      lists.push(...shotLists(item, index, Math.ceil(apart.threads / sets)));
      room = 0;
      continue;
    }
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

/** A list for each part of the shots of each parameter set. */
function shotLists(item: EngineItem, index: number, parts: number): Piece[][] {
  const step = Math.max(1, Math.ceil(item.shots / parts));
  return Array.from({ length: setCount(item) }, (_, set) =>
    Array.from({ length: Math.ceil(item.shots / step) }, (_unused, part): Piece[] => {
      const shots = { from: part * step, to: Math.min(item.shots, (part + 1) * step) };
      return [{ index, item, from: set, to: set + 1, shots }];
    }),
  ).flat();
}

/**
 * Puts the results of the pieces, given in the order of `cut`, back together. All of them count against the
 * bound of the batch, so that the cut cannot be seen in what is refused either.
 */
export function join(
  items: readonly EngineItem[],
  pieces: readonly Piece[],
  results: readonly (readonly CircuitResult[])[],
): Results {
  const byItem: CircuitResult[][] = items.map(() => []);
  for (const [i, { index, shots }] of pieces.entries()) {
    const list = byItem[index]!;
    if (shots === undefined || shots.from === 0) list.push(...results[i]!);
    else list.push(withMoreShots(list.pop()!, results[i]![0]!));
  }
  const size = new ResultsSize();
  for (const result of byItem.flat()) size.addResult(result);
  return { items: byItem.map((list) => ({ results: list })) };
}

/** The result of shots and of those that follow them. */
const withMoreShots = (first: CircuitResult, next: CircuitResult): CircuitResult => ({
  ...first,
  counts: sumOf(first.counts, next.counts),
  outputs: new Map([...first.outputs].map(([name, counts]) => [name, sumOf(counts, next.outputs.get(name))])),
  ...(first.memory && { memory: [...first.memory, ...(next.memory ?? [])] }),
});

function sumOf(first: Counts, next: Counts = new Map()): Counts {
  const sum = new Map(first);
  for (const [key, count] of next) sum.set(key, (sum.get(key) ?? 0) + count);
  return sum;
}
