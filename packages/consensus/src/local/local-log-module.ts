import {
  assert,
  LOG_BLOCK_BYTES_MAX,
  LOG_ENTRY_BYTES_MAX,
  QfsError,
  type SqlDatabase,
  type StoreContext,
  type StoreModule,
} from '@qfs/core';
import type { PqcProvider } from '@qfs/core/crypto';
import {
  type Actor,
  type Applier,
  EncodingError,
  type EntryId,
  encodeEntry,
  ID_RANDOM_BYTES,
  isEntryId,
  newEntryId,
} from '@qfs/core/exact';
import type { AppliedOutcome, Proposal } from '../log.ts';
import { ensureAccount, findAccount, type Principal } from './accounts.ts';
import { append, type Sealed } from './append.ts';
import { findDamage } from './damage.ts';
import { found } from './found.ts';
import { type LogHead, readHead, writeHead } from './head.ts';
import { type NodeKey, readNodeKey } from './identity.ts';
import { findOutcome } from './rows.ts';
import { MIGRATIONS } from './schema.ts';

export interface LocalLogOptions {
  /** The state machine. */
  readonly applier: Applier;
  readonly pqc: PqcProvider;
  /** The protocol level at which a new log begins, and for which proposals ask unless they name one. */
  readonly level: number;
  /** Milliseconds of monotonic time that make one tick (`QFS_TICK`). */
  readonly tickMs?: number;
}

const TICK_MS_DEFAULT = 10_000;

/** What one start of the writer keeps: all of it settled in the transaction that opens the store. */
interface Tenure {
  readonly key: NodeKey;
  readonly startTick: number;
  readonly startMs: number;
}

/**
 * The local transport: log, state and accounts in the one database file. Operations of its writer:
 *
 * - `log.propose {entries: Proposal[]}` → `AppliedOutcome[]`, all applied in the running transaction
 * - `log.term {}` → `{term}`: the term of this start, the first half of every fencing token
 * - `log.settle_effect {index, n}`: an effect was carried out
 * - `accounts.ensure {tenant_id, project_id, subject}` → account id
 * - `accounts.find {account_id}` → the principal, as far as it is known
 */
export function localLogModule(options: LocalLogOptions): StoreModule {
  let tenure: Tenure | undefined;
  return {
    name: 'log',
    migrations: MIGRATIONS,
    open: (database, context) => {
      tenure = open(database, options, context);
    },
    operations: {
      'log.propose': (
        database: SqlDatabase,
        argument: { readonly entries: readonly Proposal[] },
        context: StoreContext,
      ) => {
        assert(tenure !== undefined, 'the store is open before it takes proposals');
        return propose(database, argument.entries, { ...options, ...tenure }, context);
      },
      'log.term': (database: SqlDatabase) => ({ term: headOf(database).term }),
      'log.settle_effect': (
        database: SqlDatabase,
        { index, n }: { readonly index: number; readonly n: number },
      ) => {
        database.run('DELETE FROM effects WHERE idx = ? AND n = ?', index, n);
      },
      'accounts.ensure': (database: SqlDatabase, principal: Principal, context: StoreContext) =>
        ensureAccount(database, principal, context),
      'accounts.find': (database: SqlDatabase, argument: { readonly account_id: string }) =>
        findAccount(database, argument),
    },
  };
}

/** Founds the cluster at the first start; at every later one begins a new term. */
function open(database: SqlDatabase, options: LocalLogOptions, context: StoreContext): Tenure {
  const damage = findDamage(database);
  if (damage !== undefined) {
    throw new QfsError('STORE_UNAVAILABLE', `The log of this node is damaged: ${damage}. Restore a backup.`);
  }
  const head = readHead(database);
  if (head === undefined) found(database, options, context);
  else writeHead(database, { ...head, term: head.term + 1 });
  const key = readNodeKey(database);
  assert(key !== undefined, 'a founded log has a node key');
  return { key, startTick: head?.tick ?? 0, startMs: context.clock.monotonicMs() };
}

function headOf(database: SqlDatabase): LogHead {
  const head = readHead(database);
  assert(head !== undefined, 'the log has a head once it is open');
  return head;
}

/** All proposals in order, each seeing what the one before it did. */
function propose(
  database: SqlDatabase,
  proposals: readonly Proposal[],
  log: LocalLogOptions & Tenure,
  context: StoreContext,
): AppliedOutcome[] {
  let blockBytes = 0;
  return proposals.map((proposal) => {
    const entryId = entryIdOf(proposal, context);
    const recorded = findOutcome(database, entryId);
    if (recorded !== undefined) return recorded;
    const head = headOf(database);
    const sealed = seal(proposal, entryId, tickNow(head, log, context), log);
    blockBytes += sealed.bytes.length;
    checkSize('A block', blockBytes, LOG_BLOCK_BYTES_MAX);
    return append(database, head, sealed, log.applier, context);
  });
}

function entryIdOf({ entryId }: Proposal, context: StoreContext): EntryId {
  if (entryId === undefined) return newEntryId(context.randomness.bytes(ID_RANDOM_BYTES));
  if (isEntryId(entryId)) return entryId;
  throw new QfsError('LOG_ENTRY_REJECTED', `${JSON.stringify(entryId)} is not an entry id.`);
}

/** Monotonic time since the start, in ticks, on top of where the log stood: never wall time, never back. */
function tickNow(head: LogHead, log: LocalLogOptions & Tenure, context: StoreContext): number {
  const elapsedMs = context.clock.monotonicMs() - log.startMs;
  return Math.max(head.tick, log.startTick + Math.floor(elapsedMs / (log.tickMs ?? TICK_MS_DEFAULT)));
}

function seal(proposal: Proposal, entryId: EntryId, tick: number, log: LocalLogOptions & Tenure): Sealed {
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
    return { entryId, type, tick, bytes };
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
