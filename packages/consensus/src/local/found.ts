import {
  assert,
  LOG_BLOCK_BYTES_MAX,
  LOG_ENTRY_BYTES_MAX,
  type SqlDatabase,
  type StoreContext,
} from '@qfs/core';
import type { PqcProvider } from '@qfs/core/crypto';
import {
  type CborInput,
  type Entry,
  encodeEntry,
  ID_RANDOM_BYTES,
  NO_CLUSTER_ID,
  newEntryId,
  sha3_256,
  signedMessage,
} from '@qfs/core/exact';
import { ZERO_HASH } from '../chain.ts';
import { ensureAccount, LOCAL_PRINCIPAL } from './accounts.ts';
import { append, type StateMachine } from './append.ts';
import type { LogHead } from './head.ts';
import { createNodeKey, type NodeKey, signAsNode } from './identity.ts';

const FIRST_TERM = 1;
/** Ticks of one epoch, until governance says otherwise. */
const EPOCH_TICKS = 512;
/** Any weight makes a sole elector; 1 is the least. */
const SOLE_ELECTOR_WEIGHT = 1;

export interface Founding extends StateMachine {
  readonly pqc: PqcProvider;
  /** The protocol level at which the log begins. */
  readonly level: number;
}

/** The first start: draws the node's key and writes GENESIS, by which the cluster exists. */
export function found(database: SqlDatabase, founding: Founding, context: StoreContext): void {
  const { pqc, level } = founding;
  const key = createNodeKey(database, pqc);
  const account = ensureAccount(database, LOCAL_PRINCIPAL, context);
  const entry: Entry<CborInput> = {
    type: 'GENESIS',
    level,
    entryId: newEntryId(context.randomness.bytes(ID_RANDOM_BYTES)),
    actor: key.nodeId,
    keyId: key.keyId,
    nonce: 0,
    tick: 0,
    body: genesisBody(level, key, account, context.clock.nowMs()),
  };
  const message = signedMessage(NO_CLUSTER_ID, encodeEntry(entry), entry);
  const bytes = encodeEntry({ ...entry, signature: signAsNode(database, pqc, message) });
  const before: LogHead = {
    clusterId: sha3_256(bytes),
    term: FIRST_TERM,
    appliedIndex: 0,
    tick: 0,
    linkHash: ZERO_HASH,
    effectsHash: ZERO_HASH,
  };
  const { outcome } = append(database, before, { ...entry, bytes, block: 1 }, founding, context);
  assert(outcome.outcome === 'ACCEPTED', () => `our own GENESIS was rejected: ${outcome.detail}`);
}

const genesisBody = (level: number, key: NodeKey, account: string, nowMs: number): CborInput => ({
  level,
  members: [{ node_id: key.nodeId, key_id: key.keyId, algorithm: key.algorithm, spki: key.spki }],
  admins: [account],
  electors: [{ account, weight: SOLE_ELECTOR_WEIGHT }],
  economy_profile: 'sponsored',
  limits: {
    entry_bytes_max: LOG_ENTRY_BYTES_MAX,
    block_bytes_max: LOG_BLOCK_BYTES_MAX,
    epoch_ticks: EPOCH_TICKS,
  },
  created_at_ms: nowMs,
});
