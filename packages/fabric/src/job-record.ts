import { isAccountId, isJobId, type JobId } from '@qfs/core/exact';
import { id, integer, oneOf, optional, record, required, text, type ValueOf } from './codec.ts';
import { MANIFEST } from './manifest.ts';
import { count, position } from './records.ts';
import { type Rejection, reject } from './rejections.ts';
import type { Transaction } from './transaction.ts';

/** A lease's fencing token: of two, the one with the higher term, then the higher number, is the newer. */
export const FENCING = record(required('term', position), required('n', count));
export type Fencing = ValueOf<typeof FENCING>;

export const isOlder = (a: Fencing, b: Fencing): boolean =>
  a.term < b.term || (a.term === b.term && a.n < b.n);

export const TERMINAL_STATE = oneOf(['DONE', 'ERROR', 'CANCELLED', 'TIMEOUT']);
export const JOB_ID = id(isJobId, 'a job id');
export const ACCOUNT_ID = id(isAccountId, 'an account id');
/** Counted from 1; 0 when the job ended before its first attempt began. */
export const ATTEMPT = integer(0, 1_000_000);
export const ATTEMPTS_MAX = integer(1, 1_000_000);
export const REASON = text(/^[A-Z][A-Z0-9_]{0,63}$/, 'an upper-case reason code');

const JOB_END = record(
  required('state', TERMINAL_STATE),
  required('attempt', ATTEMPT),
  optional('reason', REASON),
  required('finished_index', position),
  required('outputs', MANIFEST),
);

export const jobKey = (jobId: JobId): string => `jobs/${jobId}`;

/** What the state keeps of a job for ever. */
export const JOB = record(
  required('account', ACCOUNT_ID),
  required('accepted_index', position),
  required('attempts_max', ATTEMPTS_MAX),
  /** The newest token that the log has seen for the job; until the job ends, the term of its acceptance. */
  required('fencing', FENCING),
  required('inputs', MANIFEST),
  optional('parent_job_id', JOB_ID),
  optional('end', JOB_END),
  /** The entry by which retention gave up its bytes. */
  optional('expired_index', position),
  /** The entry by which it was deleted. */
  optional('deleted_index', position),
);

/**
 * The effect by which a host lets go of a job's bytes: of what an expired job need not keep, of all of a
 * deleted one.
 */
export const RELEASE_ARTIFACTS = 'release_artifacts';
export const RELEASE = record(required('job_id', JOB_ID));

/** A job whose bytes may go: one that ended and was not deleted. */
export function findEnded(transaction: Transaction, jobId: JobId): ValueOf<typeof JOB> | Rejection {
  const job = transaction.get(jobKey(jobId), JOB);
  if (job === undefined) return reject('JOB_UNKNOWN', `${jobId} was never accepted`);
  if (job.end === undefined) return reject('JOB_NOT_FINISHED', `${jobId} has no terminal state`);
  if (job.deletedIndex !== undefined) {
    return reject('JOB_ALREADY_DELETED', `${jobId} was deleted with entry ${job.deletedIndex}`);
  }
  return job;
}
