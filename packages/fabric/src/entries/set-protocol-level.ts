import { levelSupportMessage } from '@qfs/core/exact';
import { ADMIN_ID, checkAdmin } from '../authority.ts';
import { listOf, record, required, type ValueOf } from '../codec.ts';
import type { EntryType } from '../entry-type.ts';
import { membersOf } from '../members.ts';
import {
  CONTEXT,
  CONTEXT_KEY,
  KEY_ID,
  LEVEL_CHANGE,
  LEVEL_CHANGE_KEY,
  MEMBERS_MAX,
  NODE_ID,
  position,
  SIGNATURE,
} from '../records.ts';
import { type Rejection, reject } from '../rejections.ts';
import type { Transaction } from '../transaction.ts';

const ANNOUNCEMENT = record(
  required('node_id', NODE_ID),
  required('key_id', KEY_ID),
  required('signature', SIGNATURE),
);
const BODY = record(
  required('on_behalf_of', ADMIN_ID),
  required('level', position),
  required('announcements', listOf(ANNOUNCEMENT, { min: 1, max: MEMBERS_MAX, keyOf: (one) => one.nodeId })),
);
type Body = ValueOf<typeof BODY>;

/** Epochs between the decision and the new rules, in which whoever cannot follow may still be updated. */
const NOTICE_EPOCHS = 2;

/** Every member can judge by the next level, so it will come into force. */
export const SET_PROTOCOL_LEVEL: EntryType<Body> = {
  type: 'SET_PROTOCOL_LEVEL',
  level: 1,
  signature: 'required',
  body: BODY,
  apply: (body, transaction) => {
    const { level, epoch } = transaction.existing(CONTEXT_KEY, CONTEXT);
    const refused = checkAdmin(transaction, body.onBehalfOf);
    if (refused !== undefined) return refused;
    if (body.level !== level + 1) {
      return reject('LEVEL_INVALID', `${body.level} does not follow ${level}, which is in force`);
    }
    const unsupported = checkSupport(body, transaction);
    if (unsupported !== undefined) return unsupported;
    const pending = transaction.get(LEVEL_CHANGE_KEY, LEVEL_CHANGE);
    if (pending !== undefined) {
      return reject('LEVEL_PENDING', `level ${pending.level} begins with epoch ${pending.epoch}`);
    }
    transaction.put(LEVEL_CHANGE_KEY, LEVEL_CHANGE, { level: body.level, epoch: epoch + NOTICE_EPOCHS });
    return undefined;
  },
};

/** Each member must have announced it, and nobody else. */
function checkSupport({ level, announcements }: Body, transaction: Transaction): Rejection | undefined {
  const members = membersOf(transaction);
  for (const { nodeId, keyId, key } of members) {
    const said = announcements.find((one) => one.nodeId === nodeId && one.keyId === keyId);
    if (said === undefined) return reject('LEVEL_NOT_SUPPORTED', `${nodeId} has not announced ${level}`);
    const message = levelSupportMessage(transaction.clusterId(), level, nodeId);
    if (!transaction.verifies(key, message, said.signature)) {
      return reject('LEVEL_NOT_SUPPORTED', `the announcement of ${nodeId} does not verify`);
    }
  }
  return announcements.length === members.length
    ? undefined
    : reject('LEVEL_NOT_SUPPORTED', 'somebody who is not a member announces it');
}
