import { assert, type SqlDatabase } from '@qfs/core';
import {
  type CborMap,
  decodeCbor,
  encodeCbor,
  type NodeStore,
  type OpenStateMap,
  type StateMap,
  type StateReader,
  type StateWrite,
  type SubsystemRoot,
} from '@qfs/core/exact';
import { nodeSha256 } from './node-sha256.ts';

/** The state as the applied entries left it. */
export const stateOf = (database: SqlDatabase): StateReader => ({
  get: (key) => database.get<{ value: Uint8Array }>('SELECT value FROM state WHERE key = ?', key)?.value,
  // Keys are printable ASCII, so this ends the range of those that begin with the prefix.
  keys: (prefix) =>
    database
      .all<{ key: string }>('SELECT key FROM state WHERE key BETWEEN ? AND ?', prefix, `${prefix}\u007f`)
      .map(({ key }) => key),
});

/**
 * Writes what an entry changed. The keys are noted too: the tree takes them in together, many entries at a
 * time, and a crash between two roots forgets none.
 */
export function writeState(database: SqlDatabase, writes: readonly StateWrite[]): void {
  for (const { key, value } of writes) {
    if (value === undefined) database.run('DELETE FROM state WHERE key = ?', key);
    else {
      database.run(
        'INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        key,
        value,
      );
    }
    database.run('INSERT INTO state_dirty (key) VALUES (?) ON CONFLICT (key) DO NOTHING', key);
  }
}

/** Pages of the state map, in their table. */
const nodesOf = (database: SqlDatabase): NodeStore => ({
  get: (id) => database.get<{ bytes: Uint8Array }>('SELECT bytes FROM state_nodes WHERE id = ?', id)?.bytes,
  put: (id, bytes) => {
    if (bytes === undefined) database.run('DELETE FROM state_nodes WHERE id = ?', id);
    else {
      database.run(
        'INSERT INTO state_nodes (id, bytes) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes',
        id,
        bytes,
      );
    }
  },
});

/** Changes over pages that are only read. */
function overlay(below: NodeStore): NodeStore {
  const changed = new Map<string, Uint8Array | undefined>();
  return {
    get: (id) => (changed.has(id) ? changed.get(id) : below.get(id)),
    put: (id, bytes) => {
      changed.set(id, bytes);
    },
  };
}

/** Changes that the tree takes in at a time: bounds the memory of the first root over an old state. */
const BATCH_KEYS = 4_096;

/** Brings the tree to the present state. */
export function takeInState(database: SqlDatabase, openMap: OpenStateMap): StateMap {
  const map = openMap(nodesOf(database), nodeSha256);
  for (let batch = dirty(database, BATCH_KEYS); batch.length > 0; batch = dirty(database, BATCH_KEYS)) {
    map.update(batch);
    database.run('DELETE FROM state_dirty WHERE key <= ?', batch.at(-1)!.key);
  }
  return map;
}

/** Records the root of the present state for `index`, the applied one. */
export function recordStateRoot(database: SqlDatabase, index: number, openMap: OpenStateMap): Uint8Array {
  const map = takeInState(database, openMap);
  const root = map.root();
  database.run(
    'INSERT INTO state_roots (idx, root, subsystems) VALUES (?, ?, ?) ON CONFLICT (idx) DO NOTHING',
    index,
    root,
    encodeCbor(map.subsystems().map(({ name, root }) => ({ name, root }))),
  );
  return root;
}

/** What was recorded after an entry: the root, and those of the subsystems that make it up. */
export interface RecordedRoot {
  readonly index: number;
  readonly root: Uint8Array;
  readonly subsystems: readonly SubsystemRoot[];
}

/** The roots recorded after the entries `from` to `to`. */
export const readStateRoots = (database: SqlDatabase, from: number, to: number): RecordedRoot[] =>
  database
    .all<{ idx: number; root: Uint8Array; subsystems: Uint8Array }>(
      'SELECT idx, root, subsystems FROM state_roots WHERE idx BETWEEN ? AND ? ORDER BY idx',
      from,
      to,
    )
    .map(({ idx, root, subsystems }) => ({ index: idx, root, subsystems: subsystemsIn(subsystems) }));

function subsystemsIn(bytes: Uint8Array): SubsystemRoot[] {
  const decoded = decodeCbor(bytes);
  assert(decoded.ok && Array.isArray(decoded.value), 'the subsystems of a state root cannot be read');
  return (decoded.value as readonly CborMap[]).map((of) => ({
    name: of.get('name') as string,
    root: of.get('root') as Uint8Array,
  }));
}

/** The root of the present state, computed without a write. */
export function presentStateRoot(database: SqlDatabase, openMap: OpenStateMap): Uint8Array {
  const map = openMap(overlay(nodesOf(database)), nodeSha256);
  map.update(dirty(database, Number.MAX_SAFE_INTEGER));
  return map.root();
}

/** Keys that changed since the last root, with what they hold now. */
const dirty = (database: SqlDatabase, countMax: number): StateWrite[] =>
  database
    .all<{ key: string; value: Uint8Array | null }>(
      `SELECT d.key, s.value FROM state_dirty d LEFT JOIN state s ON s.key = d.key ORDER BY d.key LIMIT ?`,
      countMax,
    )
    .map(({ key, value }) => ({ key, value: value ?? undefined }));

const PAGE_ROWS = 1_000;

/** Keys behind `after`, ascending, with their values. */
export const statePage = (database: SqlDatabase, after: string): { key: string; value: Uint8Array }[] =>
  database.all<{ key: string; value: Uint8Array }>(
    'SELECT key, value FROM state WHERE key > ? ORDER BY key LIMIT ?',
    after,
    PAGE_ROWS,
  );
