import { assert, type SqlDatabase } from '@qfs/core';
import {
  completedSubtrees,
  inclusionPath,
  type LogTreeHashes,
  leafHashOf,
  logRoot,
  TILE_HEIGHT,
  TILE_LEAVES,
} from '../log-tree.ts';
import { nodeSha256 } from './node-sha256.ts';

type LeafRow = {
  idx: number;
  link_hash: Uint8Array;
  tick: number;
  type: string;
  outcome: 'ACCEPTED' | 'REJECTED';
};

/** The log tree as the file keeps it: rows for tiles and what is above them, the log's own columns below. */
export const treeOf = (database: SqlDatabase): LogTreeHashes => ({
  leaves: (from, to) => {
    const rows = database.all<LeafRow>(
      'SELECT idx, link_hash, tick, type, outcome FROM log WHERE idx BETWEEN ? AND ? ORDER BY idx',
      from,
      to,
    );
    assert(rows.length === to - from + 1, () => `the entries ${from} to ${to} are not all there`);
    return rows.map(({ idx, link_hash, ...rest }) =>
      leafHashOf({ index: idx, linkHash: link_hash, ...rest }, nodeSha256),
    );
  },
  subtree: (height, position) => {
    const row = database.get<{ hash: Uint8Array }>(
      'SELECT hash FROM log_tree WHERE height = ? AND position = ?',
      height,
      position,
    );
    assert(row !== undefined, () => `the log tree has no subtree ${position} of height ${height}`);
    return row.hash;
  },
});

/** Root over the first `size` entries, 32 bytes. */
export const treeRoot = (database: SqlDatabase, size: number): Uint8Array =>
  logRoot(treeOf(database), size, nodeSha256);

/** Path from an entry to the root over the first `size`. */
export const treePath = (database: SqlDatabase, index: number, size: number): Uint8Array[] =>
  inclusionPath(treeOf(database), index, size, nodeSha256);

/** Writes the rows of the tiles that end at or before `index` and are not there yet. */
export function extendTree(database: SqlDatabase, index: number): void {
  const { tiles } = database.get<{ tiles: number }>(
    'SELECT coalesce(max(position) + 1, 0) AS tiles FROM log_tree WHERE height = ?',
    TILE_HEIGHT,
  )!;
  const tree = treeOf(database);
  for (let end = (tiles + 1) * TILE_LEAVES; end <= index; end += TILE_LEAVES) {
    for (const { height, position, hash } of completedSubtrees(tree, end, nodeSha256)) {
      database.run('INSERT INTO log_tree (height, position, hash) VALUES (?, ?, ?)', height, position, hash);
    }
  }
}
