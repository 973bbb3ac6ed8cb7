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
  type CborInput,
  EncodingError,
  type Entry,
  type EntryId,
  encodeEntry,
  ID_RANDOM_BYTES,
  isEntryId,
  newEntryId,
  signedMessage,
} from '@qfs/core/exact';
import type { AppliedOutcome, Proposal } from '../log.ts';
import { append, type Sealed, type StateMachine } from './append.ts';
import { demandAccepted } from './checkpoint.ts';
import { isLevelChangePending, readContext } from './facts.ts';
import { type LogHead, readOpenHead } from './head.ts';
import { type NodeKey, signAsNode } from './identity.ts';
import { findOutcome } from './rows.ts';
import { stateOf } from './state-rows.ts';

/** The log as one start of the writer holds it. */
export interface OpenLog extends StateMachine {
  /** The tick at which it was last looked whether the epoch has ended. */
  epochCheckedTick: number;
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
  let head = advanceEpochWithOthers(database, log, context);
  const block = head.appliedIndex + 1;
  let blockBytes = 0;
  return proposals.map((proposal) => {
    const entryId = entryIdOf(proposal, context);
    const recorded = findOutcome(database, entryId);
    if (recorded !== undefined) return recorded;
    const sealed = seal(database, proposal, { entryId, tick: tickNow(head, log, context), log });
    blockBytes += sealed.bytes.length;
    checkSize('A block', blockBytes, LOG_BLOCK_BYTES_MAX);
    const appended = append(database, head, { ...sealed, block }, log, context);
    head = appended.head;
    return appended.outcome;
  });
}

/** Once per tick; if the transaction is taken back, the next tick looks again. */
function advanceEpochWithOthers(database: SqlDatabase, log: OpenLog, context: StoreContext): LogHead {
  const head = readOpenHead(database);
  const tick = tickNow(head, log, context);
  if (tick === log.epochCheckedTick) return head;
  log.epochCheckedTick = tick;
  return advanceEpoch(database, log, context);
}

/** Ends the epoch if its time has come: clause LOG-18. */
export function advanceEpoch(database: SqlDatabase, log: OpenLog, context: StoreContext): LogHead {
  const head = readOpenHead(database);
  const tick = tickNow(head, log, context);
  const { epoch, epochEndTick } = readContext(stateOf(database));
  if (tick < epochEndTick) return head;
  const advance: Proposal = { type: 'EPOCH_ADVANCE', body: { epoch: epoch + 1 } };
  const entryId = newEntryId(context.randomness.bytes(ID_RANDOM_BYTES));
  const sealed = seal(database, advance, { entryId, tick, log });
  const appended = append(database, head, { ...sealed, block: head.appliedIndex + 1 }, log, context);
  demandAccepted(advance.type, appended.outcome);
  return appended.head;
}

/**
 * Milliseconds until the end of the epoch, when something waits for it: a change of the protocol level.
 * Nothing else does, so a log to which nobody writes leaves its epochs as they are.
 */
export function untilDeadlineMs(
  database: SqlDatabase,
  log: OpenLog,
  context: StoreContext,
): number | undefined {
  const state = stateOf(database);
  if (!isLevelChangePending(state)) return undefined;
  const ticks = readContext(state).epochEndTick - tickNow(readOpenHead(database), log, context);
  return Math.max(0, ticks) * log.tickMs;
}

function entryIdOf({ entryId }: Proposal, context: StoreContext): EntryId {
  if (entryId === undefined) return newEntryId(context.randomness.bytes(ID_RANDOM_BYTES));
  if (isEntryId(entryId)) return entryId;
  throw new QfsError('LOG_ENTRY_REJECTED', `${JSON.stringify(entryId)} is not an entry id.`);
}

/** Monotonic time since the start, in ticks, on top of where the log stood: never wall time, never back. */
function tickNow(head: LogHead, log: OpenLog, context: StoreContext): number {
  const elapsedMs = context.clock.monotonicMs() - log.startMs;
  return Math.max(head.tick, log.startTick + Math.floor(elapsedMs / log.tickMs));
}

interface Envelope {
  readonly entryId: EntryId;
  readonly tick: number;
  readonly log: OpenLog;
}

function seal(
  database: SqlDatabase,
  { type, body, level, actor, signed }: Proposal,
  { entryId, tick, log }: Envelope,
): Omit<Sealed, 'block'> {
  const { key, pqc } = log;
  const entry: Entry<CborInput> = {
    type,
    level: level ?? log.level,
    entryId,
    actor: (actor ?? key.nodeId) as Actor,
    keyId: key.keyId,
    nonce: 0,
    tick,
    body,
  };
  try {
    let bytes = encodeEntry(entry);
    if (signed === true) {
      const message = signedMessage(readOpenHead(database).clusterId, bytes, entry);
      bytes = encodeEntry({ ...entry, signature: signAsNode(database, pqc, message) });
    }
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
