import { type AppliedEntry, assert, type SqlDatabase, type StoreContext } from '@qfs/core';
import type { Applied, Applier, Effect, EntryId, OpenStateMap } from '@qfs/core/exact';
import { effectsHash, linkHash, STATE_ROOT_ENTRIES } from '../chain.ts';
import type { AppliedOutcome } from '../log.ts';
import { TILE_LEAVES } from '../log-tree.ts';
import { noteCertificate } from './certificates.ts';
import { type LogHead, writeHead } from './head.ts';
import { nodeSha3 } from './node-sha3.ts';
import { recordStateRoot, stateOf, writeState } from './state-rows.ts';
import { extendTree } from './tree-rows.ts';

/** An entry whose bytes are settled. */
export interface Sealed {
  readonly entryId: EntryId;
  readonly tick: number;
  readonly bytes: Uint8Array;
  /** Index of the first entry that was proposed together with it. */
  readonly block: number;
}

/** The state machine, as far as appending needs it. */
export interface StateMachine {
  readonly applier: Applier;
  /** The tree over the state. */
  readonly stateMap: OpenStateMap;
}

/** What became of an entry, and where the log stands now. */
interface Appended {
  readonly outcome: AppliedOutcome;
  readonly head: LogHead;
}

/**
 * Appends one entry and applies it: log row, state, effects, trees, head and every module's projection, all
 * in the running transaction. A rejected entry leaves its row and nothing else.
 */
export function append(
  database: SqlDatabase,
  head: LogHead,
  sealed: Sealed,
  { applier, stateMap }: StateMachine,
  context: StoreContext,
): Appended {
  const { entryId, bytes } = sealed;
  const { clusterId, term } = head;
  const index = head.appliedIndex + 1;
  const applied = applier({ index, term, bytes }, stateOf(database));
  const next: LogHead = {
    clusterId,
    term,
    appliedIndex: index,
    tick: sealed.tick,
    linkHash: linkHash({ clusterId, index, term, previous: head.linkHash, bytes }, nodeSha3),
    effectsHash: effectsHash(head.effectsHash, index, applied, nodeSha3),
  };
  insertEntry(database, next, sealed, applied);
  if (applied.outcome === 'ACCEPTED') {
    writeState(database, applied.writes);
    writeEffects(database, index, applied.effects);
    noteCertificate(database, index, applied.entry);
  }
  if (index % TILE_LEAVES === 0) extendTree(database, index);
  if (index % STATE_ROOT_ENTRIES === 0) recordStateRoot(database, index, stateMap);
  writeHead(database, next);
  publish(index, term, applied, context);
  const outcome = { entryId, index, term, outcome: applied.outcome };
  return applied.outcome === 'REJECTED'
    ? { head: next, outcome: { ...outcome, code: applied.code, detail: applied.detail } }
    : { head: next, outcome };
}

/** Type and tick are those that the bytes name; bytes that are no entry name none. */
function insertEntry(database: SqlDatabase, next: LogHead, sealed: Sealed, applied: Applied): void {
  database.run(
    `INSERT INTO log (idx, term, entry_id, type, tick, bytes, link_hash, outcome, code, effects_hash, block)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    next.appliedIndex,
    next.term,
    sealed.entryId,
    applied.entry?.type ?? '',
    applied.entry?.tick ?? 0,
    sealed.bytes,
    next.linkHash,
    applied.outcome,
    applied.outcome === 'REJECTED' ? applied.code : null,
    next.effectsHash,
    sealed.block,
  );
}

function writeEffects(database: SqlDatabase, index: number, effects: readonly Effect[]): void {
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
