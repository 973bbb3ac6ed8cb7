import type { SqlDatabase } from '@qfs/core';
import { readHead } from './head.ts';

export interface EntryCount {
  readonly type: string;
  readonly outcome: 'ACCEPTED' | 'REJECTED';
  readonly count: number;
}

/** Index of the last entry; 0 of a log that has none. */
export const lastIndex = (database: SqlDatabase): number => readHead(database)?.appliedIndex ?? 0;

/**
 * How many entries of each type there are after one index up to another. Those in archived segments do
 * not count.
 */
export const countEntries = (database: SqlDatabase, afterIndex: number, upToIndex: number): EntryCount[] =>
  database.all(
    'SELECT type, outcome, count(*) AS count FROM log WHERE idx > ? AND idx <= ? GROUP BY type, outcome',
    afterIndex,
    upToIndex,
  ) as unknown as EntryCount[];
