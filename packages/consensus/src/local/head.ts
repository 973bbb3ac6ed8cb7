import { assert, type SqlDatabase } from '@qfs/core';

/** Where the log stands. One row, written with every entry in the entry's transaction. */
export interface LogHead {
  /** 32 bytes. */
  readonly clusterId: Uint8Array;
  /** Counts the starts of this file's writer. */
  readonly term: number;
  readonly appliedIndex: number;
  readonly tick: number;
  readonly linkHash: Uint8Array;
  readonly effectsHash: Uint8Array;
}

type HeadRow = {
  cluster_id: Uint8Array;
  term: number;
  applied_index: number;
  tick: number;
  link_hash: Uint8Array;
  effects_hash: Uint8Array;
};

/** Undefined before the first start has founded the cluster. */
export function readHead(database: SqlDatabase): LogHead | undefined {
  const row = database.get<HeadRow>('SELECT * FROM log_head');
  if (row === undefined) return undefined;
  return {
    clusterId: row.cluster_id,
    term: row.term,
    appliedIndex: row.applied_index,
    tick: row.tick,
    linkHash: row.link_hash,
    effectsHash: row.effects_hash,
  };
}

/** Of a log that is open, which always has one. */
export function readOpenHead(database: SqlDatabase): LogHead {
  const head = readHead(database);
  assert(head !== undefined, 'the log has a head once it is open');
  return head;
}

export function writeHead(database: SqlDatabase, head: LogHead): void {
  database.run(
    `INSERT INTO log_head (only, cluster_id, term, applied_index, tick, link_hash, effects_hash)
     VALUES (1, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (only) DO UPDATE SET term = excluded.term, applied_index = excluded.applied_index,
       tick = excluded.tick, link_hash = excluded.link_hash, effects_hash = excluded.effects_hash`,
    head.clusterId,
    head.term,
    head.appliedIndex,
    head.tick,
    head.linkHash,
    head.effectsHash,
  );
}
