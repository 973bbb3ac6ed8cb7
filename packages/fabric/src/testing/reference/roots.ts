/** The hashes of LOG-8 and LOG-26, computed from scratch by their definitions. */
import { concat, equal, sha3_256, sha256, uint32, uint64, utf8 } from '@qfs/core/exact';

type State = ReadonlyMap<string, Uint8Array>;

interface Leaf {
  readonly path: Uint8Array;
  readonly value: Uint8Array;
}

const bit = (path: Uint8Array, depth: number): number =>
  Number.parseInt(path[Math.floor(depth / 8)]!.toString(2).padStart(8, '0')[depth % 8]!, 2);

function subtree(leaves: readonly Leaf[], depth: number): Uint8Array {
  if (leaves.length === 0) return new Uint8Array(32);
  if (leaves.length === 1) {
    return sha256(concat(Uint8Array.of(0), leaves[0]!.path, sha256(leaves[0]!.value)));
  }
  const side = (wanted: number): Uint8Array =>
    subtree(
      leaves.filter(({ path }) => bit(path, depth) === wanted),
      depth + 1,
    );
  return sha256(concat(Uint8Array.of(1), side(0), side(1)));
}

export function naiveStateRoot(state: State): Uint8Array {
  const names = [...new Set([...state.keys()].map((key) => key.split('/')[0]!))].sort();
  const parts = [utf8('qfs/state-root/v1'), uint32(names.length)];
  for (const name of names) {
    const leaves = [...state]
      .filter(([key]) => key.startsWith(`${name}/`))
      .map(([key, value]) => ({ path: sha256(concat(utf8('qfs/state-key/v1'), utf8(key))), value }));
    parts.push(uint32(name.length), utf8(name), subtree(leaves, 0));
  }
  return sha256(concat(...parts));
}

const outcomeOf = (code: string): Uint8Array => concat(Uint8Array.of(0), uint32(code.length), utf8(code));

/** @param code of a rejected entry; without one, the difference of the two states counts */
export function naiveEffectsHash(
  previous: Uint8Array,
  index: number,
  code: string | undefined,
  before: State,
  after: State,
): Uint8Array {
  const head = concat(utf8('qfs/effects/v1'), previous, uint64(index));
  if (code !== undefined) return sha3_256(concat(head, outcomeOf(code)));
  const changed = differences(before, after);
  const parts = [head, Uint8Array.of(1), uint32(changed.length)];
  for (const key of changed) {
    const value = after.get(key);
    parts.push(uint32(key.length), utf8(key), value === undefined ? new Uint8Array(32) : sha3_256(value));
  }
  return sha3_256(concat(...parts));
}

const same = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && equal(a, b));

/** Keys that hold something else, ascending. */
function differences(before: State, after: State): string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.filter((key) => !same(before.get(key), after.get(key)));
}
