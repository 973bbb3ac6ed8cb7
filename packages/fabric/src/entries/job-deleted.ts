import { record, required, type ValueOf } from '../codec.ts';
import type { EntryType } from '../entry-type.ts';
import { ACCOUNT_ID, findEnded, JOB, JOB_ID, jobKey, RELEASE, RELEASE_ARTIFACTS } from '../job-record.ts';
import { adminKey, count } from '../records.ts';
import { reject } from '../rejections.ts';

const BODY = record(
  required('job_id', JOB_ID),
  /** Who asked. */
  required('account', ACCOUNT_ID),
  /** Wall time for display; nothing decides on it. */
  required('deleted_at_ms', count),
);

/** An ended job is deleted with every byte of it; that it was there stays known. */
export const JOB_DELETED: EntryType<ValueOf<typeof BODY>> = {
  type: 'JOB_DELETED',
  level: 1,
  signature: 'optional',
  body: BODY,
  apply: ({ jobId, account }, transaction) => {
    const found = findEnded(transaction, jobId);
    if ('code' in found) return found;
    if (account !== found.account && !transaction.has(adminKey(account))) {
      return reject('NOT_OWNER', `${account} neither owns ${jobId} nor is an admin`);
    }
    transaction.put(jobKey(jobId), JOB, { ...found, deletedIndex: transaction.context.index });
    transaction.effect(RELEASE_ARTIFACTS, RELEASE, { jobId });
    return undefined;
  },
};
