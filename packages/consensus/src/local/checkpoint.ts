import { QfsError, type SqlDatabase } from '@qfs/core';
import type { PqcProvider } from '@qfs/core/crypto';
import {
  type CborInput,
  checkpointMessage,
  encodeCheckpoint,
  membershipHash,
  type OpenStateMap,
} from '@qfs/core/exact';
import type { AppliedOutcome, Proposal } from '../log.ts';
import { CHECKPOINT, coveredIndex } from './certificates.ts';
import { readContext, readMembers } from './facts.ts';
import type { LogHead } from './head.ts';
import { type NodeKey, signAsNode } from './identity.ts';
import { recordStateRoot, stateOf } from './state-rows.ts';
import { treeRoot } from './tree-rows.ts';

/**
 * Types that say something of the log itself. They alone make no checkpoint due, or each would ask for the
 * next.
 */
const HOUSEKEEPING = "('CHECKPOINT', 'SEGMENT_SEALED')";

/**
 * Entries that no certificate covers, those about the log itself not counted; counts to `countMax` at most.
 */
export function uncoveredEntries(database: SqlDatabase, countMax: number): number {
  return database.get<{ uncovered: number }>(
    `SELECT count(*) AS uncovered
     FROM (SELECT 1 FROM log WHERE idx > ? AND type NOT IN ${HOUSEKEEPING} LIMIT ?)`,
    coveredIndex(database),
    countMax,
  )!.uncovered;
}

export interface CheckpointPorts {
  readonly pqc: PqcProvider;
  readonly stateMap: OpenStateMap;
  readonly key: NodeKey;
}

/** A CHECKPOINT over everything up to the head, signed by this node. */
export function checkpointProposal(database: SqlDatabase, head: LogHead, ports: CheckpointPorts): Proposal {
  const { tick, level, configHash } = readContext(stateOf(database));
  const statement = encodeCheckpoint({
    clusterId: head.clusterId,
    treeSize: head.appliedIndex,
    logRoot: treeRoot(database, head.appliedIndex),
    stateRoot: recordStateRoot(database, head.appliedIndex, ports.stateMap),
    membershipHash: membershipHash(readMembers(database)),
    configHash,
    level,
    tick,
  });
  const signature = signAsNode(database, ports.pqc, checkpointMessage(statement));
  const signatures: CborInput = [{ key_id: ports.key.keyId, signature }];
  return { type: CHECKPOINT, body: { statement, signatures } };
}

/**
 * @throws QfsError when our own entry was refused: the transaction takes it back, or each round would add
 * another
 */
export function demandAccepted(type: string, outcome: AppliedOutcome): AppliedOutcome {
  if (outcome.outcome === 'ACCEPTED') return outcome;
  const { code = 'UNKNOWN', detail = '' } = outcome;
  throw new QfsError('LOG_ENTRY_REJECTED', `The log refused our own ${type}: ${code} (${detail}).`, {
    metadata: { entry_type: type, guard: code },
  });
}
