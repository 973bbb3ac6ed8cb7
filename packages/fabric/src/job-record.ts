import { isAccountId, isJobId, type JobId } from '@qfs/core/exact';
import { id, integer, oneOf, optional, record, required, text, type ValueOf } from './codec.ts';
import { MANIFEST } from './manifest.ts';
import { count, position } from './records.ts';

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
);
