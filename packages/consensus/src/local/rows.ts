import type { SqlDatabase } from '@qfs/core';
import type { EntryId } from '@qfs/core/exact';
import type { AppliedOutcome, StoredEntry } from '../log.ts';

type EntryRow = {
  idx: number;
  term: number;
  entry_id: string;
  type: string;
  tick: number;
  bytes: Uint8Array;
  link_hash: Uint8Array;
  outcome: 'ACCEPTED' | 'REJECTED';
  code: string | null;
  effects_hash: Uint8Array;
};

/** Entries `from` to `to`, both included. */
export const readEntries = (database: SqlDatabase, from: number, to: number): StoredEntry[] =>
  database.all<EntryRow>('SELECT * FROM log WHERE idx BETWEEN ? AND ? ORDER BY idx', from, to).map(toEntry);

const toEntry = (row: EntryRow): StoredEntry => ({
  index: row.idx,
  term: row.term,
  entryId: row.entry_id as EntryId,
  type: row.type,
  tick: row.tick,
  bytes: row.bytes,
  linkHash: row.link_hash,
  outcome: row.outcome,
  ...(row.code === null ? {} : { code: row.code }),
  effectsHash: row.effects_hash,
});

/** The recorded outcome of an entry. */
export function findOutcome(database: SqlDatabase, entryId: EntryId): AppliedOutcome | undefined {
  const row = database.get<Pick<EntryRow, 'idx' | 'term' | 'outcome' | 'code'>>(
    'SELECT idx, term, outcome, code FROM log WHERE entry_id = ?',
    entryId,
  );
  if (row === undefined) return undefined;
  const { idx: index, term, outcome, code } = row;
  return { entryId, index, term, outcome, ...(code === null ? {} : { code }) };
}

/** An effect that an entry left to be carried out; carrying it out twice must do no harm. */
export interface PendingEffect {
  readonly index: number;
  readonly n: number;
  readonly kind: string;
  readonly body: Uint8Array;
}

/** Effects not yet settled, in the order of their entries. */
export const readEffects = (database: SqlDatabase, countMax: number): PendingEffect[] =>
  database
    .all<{ idx: number; n: number; kind: string; body: Uint8Array }>(
      'SELECT idx, n, kind, body FROM effects ORDER BY idx, n LIMIT ?',
      countMax,
    )
    .map(({ idx, n, kind, body }) => ({ index: idx, n, kind, body }));
