/** The compact sparse Merkle map of the state: `docs/spec/log.md`, clause LOG-26. */
import {
  assert,
  bitAt,
  compare,
  encodeSubsystems,
  equal,
  type NodeStore,
  type OpenStateMap,
  type Sha256,
  type StateMap,
  type StateProof,
  type StateReader,
  type StateWrite,
  type SubsystemRoot,
  sha256,
  stateNodeHash,
  statePath,
  stateRootOf,
  subsystemOf,
  utf8Decode,
} from '@qfs/core/exact';
import {
  decodePage,
  encodePage,
  hashOf,
  isInner,
  isLeaf,
  LOWEST,
  type Node,
  type Page,
  pageBelow,
} from './page.ts';

/** The page ids have a slash, so this row is none of theirs. */
const SUBSYSTEMS_ID = 'subsystems';

/** A leaf to be, or one to go. */
interface Change {
  readonly path: Uint8Array;
  readonly valueHash: Uint8Array | undefined;
}

export const openStateMap: OpenStateMap = (store, hash = sha256) => new PagedStateMap(store, hash);

class PagedStateMap implements StateMap {
  readonly #store: NodeStore;
  readonly #hash: Sha256;

  constructor(store: NodeStore, hash: Sha256) {
    this.#store = store;
    this.#hash = hash;
  }

  root(): Uint8Array {
    return stateRootOf(this.subsystems(), this.#hash);
  }

  subsystems(): readonly SubsystemRoot[] {
    return decodeSubsystems(this.#store.get(SUBSYSTEMS_ID));
  }

  update(writes: readonly StateWrite[]): void {
    const last = new Map(writes.map(({ key, value }) => [key, value]));
    const bySubsystem = new Map<string, Change[]>();
    for (const [key, value] of last) {
      const name = subsystemOf(key);
      const change = {
        path: statePath(key, this.#hash),
        valueHash: value === undefined ? undefined : this.#hash(value),
      };
      const changes = bySubsystem.get(name);
      if (changes === undefined) bySubsystem.set(name, [change]);
      else changes.push(change);
    }
    const roots = new Map(this.subsystems().map(({ name, root }) => [name, root]));
    for (const [name, changes] of bySubsystem) {
      const root = this.#updateSubsystem(name, changes);
      if (root === undefined) roots.delete(name);
      else roots.set(name, root);
    }
    const ascending = [...roots]
      .map(([name, root]) => ({ name, root }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    this.#store.put(SUBSYSTEMS_ID, ascending.length === 0 ? undefined : encodeSubsystems(ascending));
  }

  prove(state: StateReader, key: string): StateProof {
    const subsystems = this.subsystems();
    const value = state.get(key);
    const path = statePath(key, this.#hash);
    const { node, siblings } = this.#find(subsystemOf(key), path);
    const proof = { key, subsystems, siblings };
    const found = isLeaf(node) && equal(node.path, path) ? node.valueHash : undefined;
    assert(
      value === undefined ? found === undefined : found !== undefined && equal(found, this.#hash(value)),
      () => `the state map has not taken in the last change of ${key}`,
    );
    if (value !== undefined) return { ...proof, value };
    return isLeaf(node) ? { ...proof, other: node } : proof;
  }

  /** The subtree in which no other key stands beside this path, and what is beside the way to it. */
  #find(subsystem: string, path: Uint8Array): { node: Node; siblings: readonly Uint8Array[] } {
    let page = this.#page(`${subsystem}/`);
    let place = 1;
    const siblings: Uint8Array[] = [];
    while (isInner(page.nodes[place])) {
      if (place >= LOWEST) {
        page = this.#page(pageBelow(page, place));
        place = 1;
      }
      place = 2 * place + bitAt(path, siblings.length);
      siblings.push(hashOf(page.nodes[place ^ 1], this.#hash));
    }
    return { node: page.nodes[place], siblings: siblings.reverse() };
  }

  #updateSubsystem(name: string, changes: Change[]): Uint8Array | undefined {
    changes.sort((a, b) => compare(a.path, b.path));
    const page = this.#page(`${name}/`);
    const root = this.#subtree(page, 1, 0, changes);
    page.nodes[1] = root;
    this.#save(page);
    return root === undefined ? undefined : hashOf(root, this.#hash);
  }

  /**
   * The root of the subtree at a place once the changes are made. Everything below the place is written; the
   * place itself is the caller's.
   */
  #subtree(page: Page, place: number, depth: number, changes: readonly Change[]): Node {
    const before = page.nodes[place];
    if (changes.length === 0) return before;
    let pending = changes;
    if (!isInner(before)) {
      const leaves = leavesAfter(before, changes);
      if (leaves.length < 2) return leaves[0];
      pending = leaves;
    }
    if (place < LOWEST) return this.#children(page, place, depth, pending);
    const below = this.#page(pageBelow(page, place));
    const node = this.#children(below, 1, depth, pending);
    this.#save(below);
    return node;
  }

  #children(page: Page, place: number, depth: number, changes: readonly Change[]): Node {
    let split = 0;
    while (split < changes.length && bitAt(changes[split]!.path, depth) === 0) split += 1;
    const left = this.#subtree(page, 2 * place, depth + 1, changes.slice(0, split));
    const right = this.#subtree(page, 2 * place + 1, depth + 1, changes.slice(split));
    const node = join(left, right, this.#hash);
    const apart = isInner(node);
    page.nodes[2 * place] = apart ? left : undefined;
    page.nodes[2 * place + 1] = apart ? right : undefined;
    return node;
  }

  #page(id: string): Page {
    return decodePage(id, this.#store.get(id));
  }

  #save(page: Page): void {
    this.#store.put(page.id, encodePage(page));
  }
}

/** The leaves of a subtree that had one or none, in ascending order of their paths. */
function leavesAfter(
  before: Node,
  changes: readonly Change[],
): { path: Uint8Array; valueHash: Uint8Array }[] {
  const leaves = changes.flatMap(({ path, valueHash }) =>
    valueHash === undefined ? [] : [{ path, valueHash }],
  );
  if (!isLeaf(before) || changes.some(({ path }) => equal(path, before.path))) return leaves;
  const after = leaves.findIndex(({ path }) => compare(path, before.path) > 0);
  leaves.splice(after < 0 ? leaves.length : after, 0, before);
  return leaves;
}

/** A leaf without a neighbour stands for the whole subtree, at every height. */
function join(left: Node, right: Node, hash: Sha256): Node {
  if (left === undefined && !isInner(right)) return right;
  if (right === undefined && !isInner(left)) return left;
  return { hash: stateNodeHash(hashOf(left, hash), hashOf(right, hash), hash) };
}

/** Reads what `encodeSubsystems` wrote. */
function decodeSubsystems(bytes: Uint8Array | undefined): SubsystemRoot[] {
  if (bytes === undefined) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const subsystems: SubsystemRoot[] = [];
  let at = 4;
  for (let left = view.getUint32(0); left > 0; left--) {
    const end = at + 4 + view.getUint32(at);
    const name = utf8Decode(bytes.subarray(at + 4, end));
    assert(name.ok && end + 32 <= bytes.length, 'the list of subsystems of the state map cannot be read');
    subsystems.push({ name: name.value, root: bytes.subarray(end, end + 32) });
    at = end + 32;
  }
  return subsystems;
}
