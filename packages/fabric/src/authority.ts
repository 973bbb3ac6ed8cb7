import { text } from './codec.ts';
import { adminKey } from './records.ts';
import { type Rejection, reject } from './rejections.ts';
import type { Transaction } from './transaction.ts';

export const ADMIN_ID = text(/^(?:acct|node)_[a-z2-7]{26}$/, 'an account id or a node id');

/** Rules change on behalf of an admin; the node that signed the entry has checked who asks. */
export const checkAdmin = (transaction: Transaction, id: string): Rejection | undefined =>
  transaction.has(adminKey(id)) ? undefined : reject('NOT_ADMIN', `${id} is not an admin`);
