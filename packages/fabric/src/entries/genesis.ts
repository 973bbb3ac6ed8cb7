import { type ClusterId, hex, keyIdOf, nodeIdOf, sha3_256 } from '@qfs/core/exact';
import { ADMIN_ID } from '../authority.ts';
import { listOf, record, required, type ValueOf } from '../codec.ts';
import type { EntryType } from '../entry-type.ts';
import { ACCOUNT_ID } from '../job-record.ts';
import {
  ADMIN,
  ALGORITHM,
  adminKey,
  CLUSTER,
  CLUSTER_KEY,
  CONFIG,
  CONFIG_KEY,
  CONTEXT,
  CONTEXT_KEY,
  count,
  ECONOMY_PROFILE,
  ELECTOR,
  electorKey,
  epochEnd,
  KEY,
  KEY_ID,
  keyKey,
  LIMITS,
  MEMBERS_MAX,
  NODE,
  NODE_ID,
  nodeKey,
  position,
  SPKI,
} from '../records.ts';
import { type Rejection, reject } from '../rejections.ts';
import type { Transaction } from '../transaction.ts';
import { configHash } from './config-set.ts';

const MEMBER = record(
  required('node_id', NODE_ID),
  required('key_id', KEY_ID),
  required('algorithm', ALGORITHM),
  required('spki', SPKI),
);
const ELECTOR_ITEM = record(required('account', ACCOUNT_ID), required('weight', position));

const BODY = record(
  required('level', position),
  required('members', listOf(MEMBER, { min: 1, max: MEMBERS_MAX, keyOf: (member) => member.nodeId })),
  required('admins', listOf(ADMIN_ID, { min: 0, max: 64, keyOf: (admin) => admin })),
  required('electors', listOf(ELECTOR_ITEM, { min: 0, max: 1024, keyOf: (one) => one.account })),
  required('economy_profile', ECONOMY_PROFILE),
  required('limits', LIMITS),
  /** Wall time for display; nothing decides on it. */
  required('created_at_ms', count),
);
type Body = ValueOf<typeof BODY>;

/** The first entry: who founds the cluster and by which rules. Its hash is the cluster's id. */
export const GENESIS: EntryType<Body> = {
  type: 'GENESIS',
  level: 1,
  signature: 'required',
  body: BODY,
  keyOf: (body, keyId) => body.members.find((member) => member.keyId === keyId),
  apply: (body, transaction) => {
    const refused = check(body, transaction);
    if (refused !== undefined) return refused;
    const { index, tick } = transaction.context;
    for (const { nodeId, keyId, algorithm, spki } of body.members) {
      transaction.put(nodeKey(nodeId), NODE, { keyIds: [keyId], joinedIndex: index });
      transaction.put(keyKey(keyId), KEY, { nodeId, algorithm, spki });
    }
    for (const admin of body.admins) transaction.put(adminKey(admin), ADMIN, { sinceIndex: index });
    for (const { account, weight } of body.electors)
      transaction.put(electorKey(account), ELECTOR, { weight });
    const { economyProfile, limits, createdAtMs } = body;
    const config = { economyProfile, limits };
    transaction.put(CONFIG_KEY, CONFIG, config);
    const clusterId = hex(sha3_256(transaction.record.bytes));
    transaction.put(CLUSTER_KEY, CLUSTER, { clusterId: clusterId as ClusterId, createdAtMs });
    transaction.put(CONTEXT_KEY, CONTEXT, {
      tick,
      epoch: 0,
      epochEndTick: epochEnd(tick, limits),
      level: body.level,
      configHash: configHash(config),
    });
    return undefined;
  },
};

function check(body: Body, transaction: Transaction): Rejection | undefined {
  const { entry } = transaction;
  if (body.level !== entry.level) {
    return reject('GENESIS_INVALID', `the body says level ${body.level}, the entry ${entry.level}`);
  }
  for (const { nodeId, keyId, spki } of body.members) {
    if (nodeId !== nodeIdOf(spki)) return reject('GENESIS_INVALID', `${nodeId} is not the id of its key`);
    if (keyId !== keyIdOf(spki)) return reject('GENESIS_INVALID', `${keyId} is not the id of its key`);
  }
  return undefined;
}
