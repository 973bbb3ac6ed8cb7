/**
 * The Merkle tree over the log's leaf records: RFC 9162 §2.1 with SHA-256; `docs/spec/log.md`, clauses LOG-24
 * and LOG-25. Trees here are lists of hashes; who keeps them on disk gives subtrees instead of leaves.
 */
import { concat, equal, uint64, utf8 } from './bytes.ts';
import { sha256 } from './hash.ts';

/** SHA-256 of bytes. Hosts may bring the implementation of their runtime. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** What the tree says of one entry. */
export interface LeafRecord {
  readonly index: number;
  /** The entry's link hash, 32 bytes. */
  readonly entryHash: Uint8Array;
  readonly tick: number;
  /** What the members made of the entry: whether it was accepted. */
  readonly accepted: boolean;
  /** Empty for bytes that are no entry. */
  readonly type: string;
}

/** The bytes of a leaf record: u64 index ‖ entry hash ‖ u64 tick ‖ u8 accepted ‖ u8 length ‖ type. */
export function encodeLeaf({ index, entryHash, tick, accepted, type }: LeafRecord): Uint8Array {
  const name = utf8(type);
  return concat(uint64(index), entryHash, uint64(tick), Uint8Array.of(accepted ? 1 : 0, name.length), name);
}

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leafHash = (record: Uint8Array, hash: Sha256 = sha256): Uint8Array => hash(concat(LEAF, record));

export const treeNodeHash = (left: Uint8Array, right: Uint8Array, hash: Sha256 = sha256): Uint8Array =>
  hash(concat(NODE, left, right));

/** The root to which a path of sibling hashes leads, or undefined if the path is too long or too short. */
export function rootOfPath(
  leaf: { readonly hash: Uint8Array; readonly index: number },
  treeSize: number,
  path: readonly Uint8Array[],
  hash: Sha256 = sha256,
): Uint8Array | undefined {
  if (leaf.index < 1 || leaf.index > treeSize) return undefined;
  let position = BigInt(leaf.index - 1);
  let last = BigInt(treeSize - 1);
  let root = leaf.hash;
  for (const sibling of path) {
    if (last === 0n) return undefined;
    if ((position & 1n) === 1n || position === last) {
      root = treeNodeHash(sibling, root, hash);
      while ((position & 1n) === 0n && position !== 0n) {
        position >>= 1n;
        last >>= 1n;
      }
    } else {
      root = treeNodeHash(root, sibling, hash);
    }
    position >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? root : undefined;
}

/**
 * Does the path prove that the leaf of entry `index` (from 1) is in the tree of `treeSize` entries with this
 * root? RFC 9162 §2.1.3.2.
 */
export function verifyInclusion(
  leaf: { readonly hash: Uint8Array; readonly index: number },
  tree: { readonly size: number; readonly root: Uint8Array },
  path: readonly Uint8Array[],
  hash: Sha256 = sha256,
): boolean {
  const root = rootOfPath(leaf, tree.size, path, hash);
  return root !== undefined && equal(root, tree.root);
}
