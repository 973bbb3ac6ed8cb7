import { QfsError, type SqlDatabase, type StoreContext } from '@qfs/core';
import { knownJob } from './job-operations.ts';
import { accountOf, proposeEntry } from './log-calls.ts';
import type { DeleteArgument, ExpireArgument } from './operations.ts';

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

/** Expires the jobs that ended first, through JOB_EXPIRED. Answers how many. */
export function expireJobs(
  database: SqlDatabase,
  { endedBeforeMs, jobsMax }: ExpireArgument,
  context: StoreContext,
): number {
  const due = database.all<{ jobId: string }>(
    `SELECT job_id AS jobId FROM jobs
     WHERE finished_index IS NOT NULL AND expired_index IS NULL AND deleted_index IS NULL AND finished_ms < ?
     ORDER BY finished_ms LIMIT ?`,
    endedBeforeMs,
    jobsMax,
  );
  for (const { jobId } of due) {
    proposeEntry(context, 'JOB_EXPIRED', { job_id: jobId, expired_at_ms: context.clock.nowMs() });
  }
  return due.length;
}
