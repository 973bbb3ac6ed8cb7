import {
  LOG_BLOCK_BYTES_MAX,
  LOG_ENTRY_BYTES_MAX,
  QfsError,
  type SqlDatabase,
  type StoreContext,
} from '@qfs/core';
import type { PqcProvider } from '@qfs/core/crypto';
import {
  type Actor,
  EncodingError,
  type EntryId,
  encodeEntry,
  ID_RANDOM_BYTES,
  isEntryId,
  newEntryId,
} from '@qfs/core/exact';
import type { AppliedOutcome, Proposal } from '../log.ts';
import { append, type Sealed, type StateMachine } from './append.ts';
import { type LogHead, readOpenHead } from './head.ts';
import type { NodeKey } from './identity.ts';
import { findOutcome } from './rows.ts';

/** The log as one start of the writer holds it. */
export interface OpenLog extends StateMachine {
  readonly pqc: PqcProvider;
  /** The protocol level for which proposals ask unless they name one. */
  readonly level: number;
  readonly tickMs: number;
  readonly key: NodeKey;
  readonly startTick: number;
  readonly startMs: number;
}

/** All proposals in order, each seeing what the one before it did. */
export function propose(
  database: SqlDatabase,
  proposals: readonly Proposal[],
  log: OpenLog,
  context: StoreContext,
): AppliedOutcome[] {
  let blockBytes = 0;
  return proposals.map((proposal) => {
    const entryId = entryIdOf(proposal, context);
    const recorded = findOutcome(database, entryId);
    if (recorded !== undefined) return recorded;
    const head = readOpenHead(database);
    const sealed = seal(proposal, entryId, tickNow(head, log, context), log);
    blockBytes += sealed.bytes.length;
    checkSize('A block', blockBytes, LOG_BLOCK_BYTES_MAX);
    return append(database, head, sealed, log, context);
  });
}

function entryIdOf({ entryId }: Proposal, context: StoreContext): EntryId {
  if (entryId === undefined) return newEntryId(context.randomness.bytes(ID_RANDOM_BYTES));
  if (isEntryId(entryId)) return entryId;
  throw new QfsError('LOG_ENTRY_REJECTED', `${JSON.stringify(entryId)} is not an entry id.`);
}

/** Monotonic time since the start, in ticks, on top of where the log stood: never wall time, never back. */
export function tickNow(head: LogHead, log: OpenLog, context: StoreContext): number {
  const elapsedMs = context.clock.monotonicMs() - log.startMs;
  return Math.max(head.tick, log.startTick + Math.floor(elapsedMs / log.tickMs));
}

function seal(proposal: Proposal, entryId: EntryId, tick: number, log: OpenLog): Sealed {
  const { type, body } = proposal;
  try {
    const bytes = encodeEntry({
      type,
      level: proposal.level ?? log.level,
      entryId,
      actor: (proposal.actor ?? log.key.nodeId) as Actor,
      keyId: log.key.keyId,
      nonce: 0,
      tick,
      body,
    });
    checkSize(`An entry of type ${type}`, bytes.length, LOG_ENTRY_BYTES_MAX);
    return { entryId, tick, bytes };
  } catch (thrown) {
    if (!(thrown instanceof EncodingError)) throw thrown;
    throw new QfsError(
      'LOG_ENTRY_REJECTED',
      `An entry of type ${type} cannot be written: ${thrown.message}.`,
    );
  }
}

function checkSize(what: string, bytes: number, bytesMax: number): void {
  if (bytes <= bytesMax) return;
  throw new QfsError(
    'PAYLOAD_TOO_LARGE',
    `${what} would have ${bytes} bytes; at most ${bytesMax} are allowed.`,
  );
}
