import { type AppliedEntry, assert, type SqlDatabase, type StoreContext } from '@qfs/core';
import type { Applied, Applier, EntryId } from '@qfs/core/exact';
import { effectsHash, linkHash } from '../chain.ts';
import type { AppliedOutcome } from '../log.ts';
import { type LogHead, writeHead } from './head.ts';
import { nodeSha3 } from './node-sha3.ts';

/** An entry whose bytes are settled. */
export interface Sealed {
  readonly entryId: EntryId;
  readonly type: string;
  readonly tick: number;
  readonly bytes: Uint8Array;
}

/**
 * Appends one entry and applies it: log row, state, effects, head and every module's projection, all in the running
 * transaction. A rejected entry leaves its row and nothing else.
 */
export function append(
  database: SqlDatabase,
  head: LogHead,
  sealed: Sealed,
  applier: Applier,
  context: StoreContext,
): AppliedOutcome {
  const { entryId, bytes } = sealed;
  const { clusterId, term } = head;
  const index = head.appliedIndex + 1;
  const applied = applier({ index, term, bytes }, { get: (key) => readValue(database, key) });
  const next: LogHead = {
    clusterId,
    term,
    appliedIndex: index,
    tick: sealed.tick,
    linkHash: linkHash({ clusterId, index, term, previous: head.linkHash, bytes }, nodeSha3),
    effectsHash: effectsHash(head.effectsHash, index, applied, nodeSha3),
  };
  insertEntry(database, next, sealed, applied);
  if (applied.outcome === 'ACCEPTED') writeState(database, index, applied);
  writeHead(database, next);
  publish(index, term, applied, context);
  const outcome = { entryId, index, term, outcome: applied.outcome };
  return applied.outcome === 'REJECTED'
    ? { ...outcome, code: applied.code, detail: applied.detail }
    : outcome;
}

const readValue = (database: SqlDatabase, key: string): Uint8Array | undefined =>
  database.get<{ value: Uint8Array }>('SELECT value FROM state WHERE key = ?', key)?.value;

function insertEntry(database: SqlDatabase, next: LogHead, sealed: Sealed, applied: Applied): void {
  database.run(
    `INSERT INTO log (idx, term, entry_id, type, tick, bytes, link_hash, outcome, code, effects_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    next.appliedIndex,
    next.term,
    sealed.entryId,
    sealed.type,
    sealed.tick,
    sealed.bytes,
    next.linkHash,
    applied.outcome,
    applied.outcome === 'REJECTED' ? applied.code : null,
    next.effectsHash,
  );
}

function writeState(
  database: SqlDatabase,
  index: number,
  { writes, effects }: Extract<Applied, { outcome: 'ACCEPTED' }>,
): void {
  for (const { key, value } of writes) {
    if (value === undefined) database.run('DELETE FROM state WHERE key = ?', key);
    else {
      database.run(
        'INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        key,
        value,
      );
    }
  }
  effects.forEach(({ kind, body }, n) => {
    database.run('INSERT INTO effects (idx, n, kind, body) VALUES (?, ?, ?, ?)', index, n, kind, body);
  });
}

function publish(index: number, term: number, applied: Applied, context: StoreContext): void {
  const { entry, outcome } = applied;
  if (entry === undefined) {
    assert(outcome === 'REJECTED', 'only a rejected entry may be unreadable');
    return;
  }
  const { type, entryId, tick, body } = entry;
  const published: AppliedEntry = { index, term, type, entryId, tick, outcome, body };
  context.publishApplied(outcome === 'REJECTED' ? { ...published, code: applied.code } : published);
}
