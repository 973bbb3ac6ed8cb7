import { record, required, type ValueOf } from '../codec.ts';
import type { EntryType } from '../entry-type.ts';
import { findEnded, JOB, JOB_ID, jobKey, RELEASE, RELEASE_ARTIFACTS } from '../job-record.ts';
import { count } from '../records.ts';
import { reject } from '../rejections.ts';

const BODY = record(
  required('job_id', JOB_ID),
  /** Wall time for display; nothing decides on it. */
  required('expired_at_ms', count),
);

/** Retention gives up the bytes of an ended job; what a receipt needs stays. */
export const JOB_EXPIRED: EntryType<ValueOf<typeof BODY>> = {
  type: 'JOB_EXPIRED',
  level: 1,
  signature: 'optional',
  body: BODY,
  apply: ({ jobId }, transaction) => {
    const found = findEnded(transaction, jobId);
    if ('code' in found) return found;
    if (found.expiredIndex !== undefined) {
      return reject('JOB_ALREADY_EXPIRED', `${jobId} expired with entry ${found.expiredIndex}`);
    }
    transaction.put(jobKey(jobId), JOB, { ...found, expiredIndex: transaction.context.index });
    transaction.effect(RELEASE_ARTIFACTS, RELEASE, { jobId });
    return undefined;
  },
};
