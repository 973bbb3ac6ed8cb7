import { statfsSync, statSync } from 'node:fs';
import { countEntries, lastIndex } from '@qfs/consensus/local';
import type { SqlDatabase } from '@qfs/core';
import type { Metrics } from './metrics.ts';

export interface MeasuredStore {
  readonly reader: SqlDatabase;
  readonly directory: { readonly path: string; readonly databasePath: string };
}

/** Log and disk are looked at when somebody scrapes; commits pay nothing for it. */
export function measureStore(metrics: Metrics, { reader, directory }: MeasuredStore): void {
  const { path, databasePath } = directory;
  let seen = lastIndex(reader);
  metrics.beforeScrape(() => {
    const last = lastIndex(reader);
    for (const { type, outcome, count } of countEntries(reader, seen, last)) {
      metrics.count('qfs_log_entries_total', { type, outcome }, count);
    }
    seen = last;
    metrics.gauge('qfs_log_index', seen);
    metrics.gauge('qfs_store_bytes', sizeOf(databasePath), { part: 'database' });
    metrics.gauge('qfs_store_bytes', sizeOf(`${databasePath}-wal`), { part: 'write_ahead_log' });
    const { bsize, bavail, blocks } = statfsSync(path);
    metrics.gauge('qfs_disk_bytes', bsize * bavail, { state: 'free' });
    metrics.gauge('qfs_disk_bytes', bsize * blocks, { state: 'total' });
  });
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
