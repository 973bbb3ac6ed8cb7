/**
 * Roots and paths of the log tree over whoever keeps its hashes: `docs/spec/log.md`, clauses LOG-24 and
 * LOG-25.
 */
import { assert, encodeLeaf, leafHash, type Sha256, sha256, treeNodeHash } from '@qfs/core/exact';

/**
 * Leaves of one tile. Hashes of subtrees below that size are not kept: to compute 255 of them again costs
 * less than a millisecond, and to keep them would cost a row per entry.
 */
export const TILE_LEAVES = 256;
/** Height of a tile's root: 2^8 leaves. */
export const TILE_HEIGHT = 8;

/** Where the tree's hashes are kept. */
export interface LogTreeHashes {
  /** Hashes of the leaves of entries `from` to `to`, both included. */
  leaves(from: number, to: number): readonly Uint8Array[];
  /** Hash of the full subtree over the entries `position · 2^height + 1` to `(position + 1) · 2^height`. */
  subtree(height: number, position: number): Uint8Array;
}

/** A full subtree that an entry completes. */
export interface Subtree {
  readonly height: number;
  readonly position: number;
  readonly hash: Uint8Array;
}

/** The part of an entry that its leaf speaks of. */
export interface LeafEntry {
  readonly index: number;
  readonly linkHash: Uint8Array;
  /** As in the entry's bytes; 0 when they are no entry. */
  readonly tick: number;
  /** As in the entry's bytes; empty when they are no entry. */
  readonly type: string;
  readonly outcome: 'ACCEPTED' | 'REJECTED';
}

export const leafHashOf = ({ index, linkHash, tick, type, outcome }: LeafEntry, hash?: Sha256): Uint8Array =>
  leafHash(encodeLeaf({ index, entryHash: linkHash, tick, accepted: outcome === 'ACCEPTED', type }), hash);

/** The root over the first `size` entries. @param size from 1 */
export function logRoot(hashes: LogTreeHashes, size: number, hash: Sha256 = sha256): Uint8Array {
  assert(size >= 1, 'a tree of no entries has no root here');
  return rangeHash(hashes, 0, size, hash);
}

/** The path of RFC 9162 §2.1.3.1 from entry `index` (from 1) to the root over the first `size`. */
export function inclusionPath(
  hashes: LogTreeHashes,
  index: number,
  size: number,
  hash: Sha256 = sha256,
): Uint8Array[] {
  assert(index >= 1 && index <= size, () => `entry ${index} is not among the first ${size}`);
  const path: Uint8Array[] = [];
  let [begin, end] = [0, size];
  while (end - begin > TILE_LEAVES) {
    const split = begin + splitOf(end - begin);
    const isLeft = index - 1 < split;
    path.push(isLeft ? rangeHash(hashes, split, end, hash) : rangeHash(hashes, begin, split, hash));
    if (isLeft) end = split;
    else begin = split;
  }
  return [...pathOf(hashes.leaves(begin + 1, end), index - 1 - begin, hash), ...path.reverse()];
}

/**
 * The full subtrees, from the tile upwards, that end with entry `index`; none unless `TILE_LEAVES` divides
 * it. Those that end before must be kept already.
 */
export function completedSubtrees(hashes: LogTreeHashes, index: number, hash: Sha256 = sha256): Subtree[] {
  if (index % TILE_LEAVES !== 0) return [];
  let position = index / TILE_LEAVES - 1;
  let subtree = treeHash(hashes.leaves(index - TILE_LEAVES + 1, index), hash);
  const completed: Subtree[] = [{ height: TILE_HEIGHT, position, hash: subtree }];
  for (let height = TILE_HEIGHT; position % 2 === 1; height += 1) {
    subtree = treeNodeHash(hashes.subtree(height, position - 1), subtree, hash);
    position = (position - 1) / 2;
    completed.push({ height: height + 1, position, hash: subtree });
  }
  return completed;
}

/** Hash over the leaves `begin` to `end - 1`, counted from 0: ranges as the splits of RFC 9162 make them. */
function rangeHash(hashes: LogTreeHashes, begin: number, end: number, hash: Sha256): Uint8Array {
  const count = end - begin;
  if (count < TILE_LEAVES) return treeHash(hashes.leaves(begin + 1, end), hash);
  const split = splitOf(count);
  if (split * 2 === count) {
    const height = heightOf(count);
    return hashes.subtree(height, begin / count);
  }
  const left = rangeHash(hashes, begin, begin + split, hash);
  return treeNodeHash(left, rangeHash(hashes, begin + split, end, hash), hash);
}

function treeHash(leaves: readonly Uint8Array[], hash: Sha256): Uint8Array {
  if (leaves.length === 1) return leaves[0]!;
  const split = splitOf(leaves.length);
  return treeNodeHash(treeHash(leaves.slice(0, split), hash), treeHash(leaves.slice(split), hash), hash);
}

function pathOf(leaves: readonly Uint8Array[], at: number, hash: Sha256): Uint8Array[] {
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return at < split
    ? [...pathOf(left, at, hash), treeHash(right, hash)]
    : [...pathOf(right, at - split, hash), treeHash(left, hash)];
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function heightOf(count: number): number {
  let height = 0;
  for (let leaves = 1; leaves < count; leaves *= 2) height += 1;
  return height;
}
