import { QfsError, type SqlDatabase, type StoreContext } from '@qfs/core';
import { knownJob } from './job-operations.ts';
import { accountOf, proposeEntry } from './log-calls.ts';
import type { DeleteArgument } from './operations.ts';

/**
 * Deletes an ended job through JOB_DELETED and answers with the entry's index. Deleting it again changes nothing.
 * @throws QfsError JOB_NOT_TERMINAL; AUTH_DENIED for an account that neither owns the job nor is an admin
 */
export function deleteJob(database: SqlDatabase, argument: DeleteArgument, context: StoreContext): number {
  const job = knownJob(database, argument.jobId);
  if (job.deletedIndex !== null) return job.deletedIndex;
  if (job.finishedIndex === null) {
    throw new QfsError('JOB_NOT_TERMINAL', `${job.jobId} is ${job.state}; cancel it before it is deleted.`, {
      metadata: { job_id: job.jobId, state: job.state },
    });
  }
  const body = {
    job_id: job.jobId,
    account: accountOf(context, argument.owner),
    deleted_at_ms: context.clock.nowMs(),
  };
  try {
    return proposeEntry(context, 'JOB_DELETED', body).index;
  } catch (thrown) {
    if (!(thrown instanceof QfsError) || thrown.metadata.guard !== 'NOT_OWNER') throw thrown;
    throw new QfsError('AUTH_DENIED', `${job.jobId} is not yours to delete.`, { cause: thrown });
  }
}
