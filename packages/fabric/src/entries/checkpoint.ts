import { checkpointMessage, decodeCheckpoint, equal, quorumOf, sha3_256 } from '@qfs/core/exact';
import { bytes, listOf, record, required, type ValueOf } from '../codec.ts';
import type { EntryType } from '../entry-type.ts';
import { membersOf } from '../members.ts';
import { CHECKPOINT_KEY, CHECKPOINT_RECORD, KEY_ID, MEMBERS_MAX, SIGNATURE } from '../records.ts';
import { type Rejection, reject } from '../rejections.ts';
import type { Transaction } from '../transaction.ts';

const CERTIFICATE_SIGNATURE = record(required('key_id', KEY_ID), required('signature', SIGNATURE));
const BODY = record(
  /** The bytes that the members signed. */
  required('statement', bytes(1, 1024)),
  required(
    'signatures',
    listOf(CERTIFICATE_SIGNATURE, { min: 1, max: MEMBERS_MAX, keyOf: (one) => one.keyId }),
  ),
);
type Body = ValueOf<typeof BODY>;

/** More than half of the members vouch for the log and the state up to an entry. */
export const CHECKPOINT: EntryType<Body> = {
  type: 'CHECKPOINT',
  level: 1,
  signature: 'optional',
  body: BODY,
  apply: (body, transaction) => {
    const { index } = transaction.context;
    const statement = decodeCheckpoint(body.statement);
    if (!statement.ok) return reject('CHECKPOINT_INVALID', statement.error);
    const { clusterId, treeSize } = statement.value;
    if (!equal(clusterId, transaction.clusterId())) {
      return reject('CHECKPOINT_INVALID', 'the statement is of another cluster');
    }
    if (treeSize >= index) {
      return reject('CHECKPOINT_INVALID', `at index ${index} it covers ${treeSize} entries`);
    }
    const newest = transaction.get(CHECKPOINT_KEY, CHECKPOINT_RECORD);
    if (newest !== undefined && treeSize <= newest.treeSize) {
      return reject('CHECKPOINT_STALE', `${treeSize} entries, after one that covers ${newest.treeSize}`);
    }
    const missing = checkQuorum(body, transaction);
    if (missing !== undefined) return missing;
    const statementHash = sha3_256(body.statement);
    transaction.put(CHECKPOINT_KEY, CHECKPOINT_RECORD, { treeSize, statementHash, index });
    return undefined;
  },
};

function checkQuorum({ statement, signatures }: Body, transaction: Transaction): Rejection | undefined {
  const members = membersOf(transaction);
  const message = checkpointMessage(statement);
  const given = members.filter(({ keyId, key }) => {
    const signature = signatures.find((one) => one.keyId === keyId)?.signature;
    return signature !== undefined && transaction.verifies(key, message, signature);
  });
  const quorum = quorumOf(members.length);
  return given.length >= quorum
    ? undefined
    : reject('QUORUM_MISSING', `${given.length} of the ${quorum} signatures needed verify`);
}
