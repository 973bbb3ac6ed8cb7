/**
 * The map that commits to every key of the state: `docs/spec/log.md`, clause LOG-26. Here stand its hashes
 * and what a verifier needs; the map itself is kept by the fabric.
 */
import type { StateReader, StateWrite } from './applier.ts';
import { assert } from './assert.ts';
import { concat, equal, uint32, utf8 } from './bytes.ts';
import { sha256 } from './hash.ts';
import type { Sha256 } from './log-tree.ts';

/** The root of a subtree without leaves. */
export const EMPTY_SUBTREE: Uint8Array = new Uint8Array(32);
/** Bits of a path. */
export const STATE_PATH_BITS = 256;

/** The tree of one subsystem. */
export interface SubsystemRoot {
  readonly name: string;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** A leaf as the tree knows it: both are 32 bytes. */
export interface StateLeaf {
  readonly path: Uint8Array;
  readonly valueHash: Uint8Array;
}

/** Shows what the state holds at a key, or that it holds nothing there. */
export interface StateProof {
  readonly key: string;
  /** Absent when the proof is that the key is. */
  readonly value?: Uint8Array;
  /** Every subsystem that has a key, in ascending order of the names. */
  readonly subsystems: readonly SubsystemRoot[];
  /** Siblings on the way from the leaf upwards. */
  readonly siblings: readonly Uint8Array[];
  /** The leaf that stands where the key's would be; without it, and without a value, the place is empty. */
  readonly other?: StateLeaf;
}

/** Where a host keeps the map's pages. Ids are ASCII; no bytes remove the page. */
export interface NodeStore {
  get(id: string): Uint8Array | undefined;
  put(id: string, bytes: Uint8Array | undefined): void;
}

/** The map over one store. */
export interface StateMap {
  /**
   * Takes in changes of the state, in their order: of one key the last one counts. How they are grouped does
   * not matter.
   */
  update(writes: readonly StateWrite[]): void;
  /** The state root, 32 bytes. */
  root(): Uint8Array;
  subsystems(): readonly SubsystemRoot[];
  /** @param state the state of which the map has taken in every change */
  prove(state: StateReader, key: string): StateProof;
}

/** How a host gets a map that it injects where the log needs one. */
export type OpenStateMap = (store: NodeStore, hash?: Sha256) => StateMap;

const KEY_DOMAIN = utf8('qfs/state-key/v1');
const ROOT_DOMAIN = utf8('qfs/state-root/v1');
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The bits by which a key is found, highest first: 32 bytes. */
export const statePath = (key: string, hash: Sha256 = sha256): Uint8Array =>
  hash(concat(KEY_DOMAIN, utf8(key)));

export const stateLeafHash = ({ path, valueHash }: StateLeaf, hash: Sha256 = sha256): Uint8Array =>
  hash(concat(LEAF, path, valueHash));

export const stateNodeHash = (left: Uint8Array, right: Uint8Array, hash: Sha256 = sha256): Uint8Array =>
  hash(concat(NODE, left, right));

/** The bit of a path that decides at this depth: 0 goes left. */
export const bitAt = (path: Uint8Array, depth: number): number =>
  (path[depth >> 3]! >> (7 - (depth & 7))) & 1;

/** What stands before the first `/` of a key. */
export function subsystemOf(key: string): string {
  const end = key.indexOf('/');
  assert(end > 0, () => `a state key begins with its subsystem and a slash, not ${JSON.stringify(key)}`);
  return key.slice(0, end);
}

/** @param subsystems in ascending order of the names */
export const stateRootOf = (subsystems: readonly SubsystemRoot[], hash: Sha256 = sha256): Uint8Array =>
  hash(concat(ROOT_DOMAIN, encodeSubsystems(subsystems)));

/** u32 count ‖ per subsystem: u32 length ‖ name ‖ root. */
export function encodeSubsystems(subsystems: readonly SubsystemRoot[]): Uint8Array {
  const parts = [uint32(subsystems.length)];
  for (const { name, root } of subsystems) {
    const bytes = utf8(name);
    parts.push(uint32(bytes.length), bytes, root);
  }
  return concat(...parts);
}

/**
 * Does the proof show, under this state root, that the key has its value, or that it is absent if there is
 * none?
 */
export function verifyStateProof(proof: StateProof, stateRoot: Uint8Array, hash: Sha256 = sha256): boolean {
  const { key, value, subsystems, siblings } = proof;
  if (siblings.length > STATE_PATH_BITS || !equal(stateRootOf(subsystems, hash), stateRoot)) return false;
  const root = subsystems.find(({ name }) => key.startsWith(`${name}/`))?.root;
  if (root === undefined) return value === undefined && proof.other === undefined && siblings.length === 0;
  const path = statePath(key, hash);
  const start = subtreeOf(proof, path, hash);
  return start !== undefined && equal(rootAbove(path, start, siblings, hash), root);
}

/**
 * The root of the subtree in which the key would be the only one, or undefined if the proof contradicts
 * itself.
 */
function subtreeOf(
  { value, siblings, other }: StateProof,
  path: Uint8Array,
  hash: Sha256,
): Uint8Array | undefined {
  if (value !== undefined) {
    return other === undefined ? stateLeafHash({ path, valueHash: hash(value) }, hash) : undefined;
  }
  if (other === undefined) return EMPTY_SUBTREE;
  if (other.path.length !== path.length || equal(other.path, path)) return undefined;
  for (let depth = 0; depth < siblings.length; depth++) {
    if (bitAt(other.path, depth) !== bitAt(path, depth)) return undefined;
  }
  return stateLeafHash(other, hash);
}

function rootAbove(
  path: Uint8Array,
  start: Uint8Array,
  siblings: readonly Uint8Array[],
  hash: Sha256,
): Uint8Array {
  let root = start;
  for (let at = 0; at < siblings.length; at++) {
    const sibling = siblings[at]!;
    const right = bitAt(path, siblings.length - 1 - at) === 1;
    root = right ? stateNodeHash(sibling, root, hash) : stateNodeHash(root, sibling, hash);
  }
  return root;
}
