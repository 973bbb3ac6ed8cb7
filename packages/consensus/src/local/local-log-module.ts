import { assert, QfsError, type SqlDatabase, type StoreContext, type StoreModule } from '@qfs/core';
import type { PqcProvider } from '@qfs/core/crypto';
import type { Applier, OpenStateMap } from '@qfs/core/exact';
import type { AppliedOutcome, Proposal } from '../log.ts';
import { ensureAccount, findAccount, type Principal } from './accounts.ts';
import { CHECKPOINT } from './certificates.ts';
import { checkpointProposal, demandAccepted, uncoveredEntries } from './checkpoint.ts';
import { findDamage } from './damage.ts';
import { readContext, type SegmentFacts } from './facts.ts';
import { found } from './found.ts';
import { readHead, readOpenHead, writeHead } from './head.ts';
import { readNodeKey } from './identity.ts';
import { advanceEpoch, type OpenLog, propose, untilDeadlineMs } from './propose.ts';
import { MIGRATIONS } from './schema.ts';
import { type StatementPayload, sealStatement } from './seal-statement.ts';
import { stateOf, takeInState } from './state-rows.ts';
import { extendTree } from './tree-rows.ts';

export interface LocalLogOptions {
  /** The state machine. */
  readonly applier: Applier;
  /** The tree over its state. */
  readonly stateMap: OpenStateMap;
  readonly pqc: PqcProvider;
  /** The protocol level at which a new log begins, and for which proposals ask unless they name one. */
  readonly level: number;
  /** Milliseconds of monotonic time that make one tick (`QFS_TICK`). */
  readonly tickMs?: number;
}

const TICK_MS_DEFAULT = 10_000;

/**
 * The local transport: log, state and accounts in the one database file. Operations of its writer:
 *
 * - `log.propose {entries: Proposal[]}` → `AppliedOutcome[]`, all applied in the running transaction
 * - `log.checkpoint {}` → `AppliedOutcome` of a CHECKPOINT over everything so far, or nothing when all is
 * covered
 * - `log.seal_segment {from, to, sha256, size}` → `AppliedOutcome`: the segment is on the medium, so the
 * bytes leave
 * - `log.deadline {}` → `{ms?}`: until the next call is due. Does what is due now
 * - `log.seal_statement {payloadType, payload}` → `StatementSeal`
 * - `log.term {}` → `{term}`: the term of this start, the first half of every fencing token
 * - `log.settle_effect {index, n}`: an effect was carried out
 * - `accounts.ensure {tenant_id, project_id, subject}` → account id
 * - `accounts.find {account_id}` → the principal, as far as it is known
 */
export function localLogModule(options: LocalLogOptions): StoreModule {
  let opened: OpenLog | undefined;
  const log = (): OpenLog => {
    assert(opened !== undefined, 'the store is open before it takes calls');
    return opened;
  };
  return {
    name: 'log',
    migrations: MIGRATIONS,
    open: (database, context) => {
      opened = open(database, options, context);
    },
    operations: {
      'log.propose': (
        database: SqlDatabase,
        argument: { readonly entries: readonly Proposal[] },
        context: StoreContext,
      ) => propose(database, argument.entries, log(), context),
      'log.checkpoint': (database: SqlDatabase, _argument: object, context: StoreContext) =>
        checkpoint(database, log(), context),
      'log.seal_segment': (database: SqlDatabase, argument: SegmentFacts, context: StoreContext) =>
        sealSegment(database, argument, log(), context),
      'log.deadline': (database: SqlDatabase, _argument: object, context: StoreContext) =>
        deadline(database, log(), context),
      'log.seal_statement': (database: SqlDatabase, argument: StatementPayload) =>
        sealStatement(database, argument, { ...log(), clusterId: readOpenHead(database).clusterId }),
      'log.term': (database: SqlDatabase) => ({ term: readOpenHead(database).term }),
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

/**
 * Founds the cluster at the first start; at every later one begins a new term. A file from before the trees
 * gets them here, so that a log that runs never waits for them.
 */
function open(database: SqlDatabase, options: LocalLogOptions, context: StoreContext): OpenLog {
  const damage = findDamage(database);
  if (damage !== undefined) {
    throw new QfsError('STORE_UNAVAILABLE', `The log of this node is damaged: ${damage}. Restore a backup.`);
  }
  const head = readHead(database);
  if (head === undefined) found(database, options, context);
  else {
    refuseNewerLevel(database, options.level);
    writeHead(database, { ...head, term: head.term + 1 });
    extendTree(database, head.appliedIndex);
    takeInState(database, options.stateMap);
  }
  const key = readNodeKey(database);
  assert(key !== undefined, 'a founded log has a node key');
  const { tickMs = TICK_MS_DEFAULT } = options;
  return {
    ...options,
    tickMs,
    key,
    startTick: head?.tick ?? 0,
    startMs: context.clock.monotonicMs(),
    epochCheckedTick: -1,
  };
}

/** Rules that this release does not know may judge otherwise, so it must not judge at all. */
function refuseNewerLevel(database: SqlDatabase, known: number): void {
  const { level } = readContext(stateOf(database));
  if (level <= known) return;
  throw new QfsError(
    'STORE_UNAVAILABLE',
    `The log of this node is at protocol level ${level} and this release knows ${known}; start the newer release.`,
  );
}

/**
 * A protocol level waits for the end of an epoch, also when nothing else is written: clauses LOG-18 and
 * LOG-23.
 */
function deadline(database: SqlDatabase, log: OpenLog, context: StoreContext): { readonly ms?: number } {
  if (untilDeadlineMs(database, log, context) === 0) advanceEpoch(database, log, context);
  const ms = untilDeadlineMs(database, log, context);
  return ms === undefined ? {} : { ms };
}

function checkpoint(database: SqlDatabase, log: OpenLog, context: StoreContext): AppliedOutcome | undefined {
  if (uncoveredEntries(database, 1) === 0) return undefined;
  // What goes with the next entry comes before it, so that the statement covers that too.
  advanceEpoch(database, log, context);
  return proposeOwn(database, checkpointProposal(database, readOpenHead(database), log), log, context);
}

/** Certificates stay, since they are what everything older is proved with. */
function sealSegment(
  database: SqlDatabase,
  { from, to, sha256, size }: SegmentFacts,
  log: OpenLog,
  context: StoreContext,
): AppliedOutcome {
  const proposal: Proposal = { type: 'SEGMENT_SEALED', body: { from, to, sha256, size } };
  const outcome = proposeOwn(database, proposal, log, context);
  database.run("UPDATE log SET bytes = x'' WHERE idx BETWEEN ? AND ? AND type <> ?", from, to, CHECKPOINT);
  return outcome;
}

function proposeOwn(
  database: SqlDatabase,
  proposal: Proposal,
  log: OpenLog,
  context: StoreContext,
): AppliedOutcome {
  const [outcome] = propose(database, [proposal], log, context);
  assert(outcome !== undefined, 'a proposal has an outcome');
  return demandAccepted(proposal.type, outcome);
}
