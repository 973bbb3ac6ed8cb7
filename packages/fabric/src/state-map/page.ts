/**
 * Four levels of the state map in one piece of bytes, so that a store needs a row per four levels of a path
 * and a change hashes one node per level.
 */
import { assert, EMPTY_SUBTREE, type Sha256, type StateLeaf, stateLeafHash } from '@qfs/core/exact';

/** A subtree with two leaves or more. */
interface Inner {
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/** The root of a subtree; without leaves it is undefined. */
export type Node = StateLeaf | Inner | undefined;

export const isLeaf = (node: Node): node is StateLeaf => node !== undefined && 'path' in node;
export const isInner = (node: Node): node is Inner => node !== undefined && 'hash' in node;

export function hashOf(node: Node, hash: Sha256): Uint8Array {
  if (node === undefined) return EMPTY_SUBTREE;
  return isLeaf(node) ? stateLeafHash(node, hash) : node.hash;
}

/**
 * Nodes by their place: the children of place p are 2p and 2p + 1, and 1 is where the page begins. The nodes
 * below places 16 to 31 stand in pages of their own.
 */
export interface Page {
  /** Subsystem, slash, and a hexadecimal digit per page on the way to this one. */
  readonly id: string;
  readonly nodes: Node[];
}

/** The first place of the lowest level of a page. */
export const LOWEST = 16;
const PLACES = 32;
const HASH_BYTES = 32;
const LEAF_BYTES = 2 * HASH_BYTES;
const HEAD_BYTES = 8;
const DIGITS = '0123456789abcdef';

/** The page below a place of the lowest level. */
export const pageBelow = (page: Page, place: number): string => page.id + DIGITS[place - LOWEST]!;

/**
 * u32 set of the places that are leaves ‖ u32 set of those that are inner nodes ‖ per place, ascending: path
 * ‖ hash of the value, or hash. A page without nodes has no bytes.
 */
export function encodePage({ nodes }: Page): Uint8Array | undefined {
  let leaves = 0;
  let inners = 0;
  let length = HEAD_BYTES;
  for (let place = 1; place < PLACES; place++) {
    const node = nodes[place];
    if (isLeaf(node)) {
      leaves |= 1 << place;
      length += LEAF_BYTES;
    } else if (node !== undefined) {
      inners |= 1 << place;
      length += HASH_BYTES;
    }
  }
  if (length === HEAD_BYTES) return undefined;
  const bytes = new Uint8Array(length);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, leaves);
  head.setUint32(4, inners);
  let at = HEAD_BYTES;
  for (let place = 1; place < PLACES; place++) {
    const node = nodes[place];
    if (node === undefined) continue;
    if (isLeaf(node)) {
      bytes.set(node.path, at);
      bytes.set(node.valueHash, at + HASH_BYTES);
      at += LEAF_BYTES;
    } else {
      bytes.set(node.hash, at);
      at += HASH_BYTES;
    }
  }
  return bytes;
}

/** Reads a page; bytes that are none are a broken store, and the node stops. */
export function decodePage(id: string, bytes: Uint8Array | undefined): Page {
  const nodes: Node[] = new Array<Node>(PLACES).fill(undefined);
  if (bytes === undefined) return { id, nodes };
  assert(bytes.length > HEAD_BYTES, () => `page ${id} of the state map has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const leaves = view.getUint32(0);
  const inners = view.getUint32(4);
  let at = HEAD_BYTES;
  const take = (): Uint8Array => {
    at += HASH_BYTES;
    return bytes.subarray(at - HASH_BYTES, at);
  };
  for (let place = 1; place < PLACES; place++) {
    if ((leaves & (1 << place)) !== 0) nodes[place] = { path: take(), valueHash: take() };
    else if ((inners & (1 << place)) !== 0) nodes[place] = { hash: take() };
  }
  assert(at === bytes.length, () => `page ${id} of the state map has ${bytes.length} bytes, not ${at}`);
  return { id, nodes };
}
