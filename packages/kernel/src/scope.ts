import { QfsError } from '@qfs/core';
import { isJobId } from '@qfs/core/exact';
import type { CallContext, Identity } from '@qfs/rpc';
import type { JobStore } from './store/job-store.ts';
import type { JobRow, Owner } from './store/rows.ts';

export const ownerOf = ({ tenantId, projectId, subject }: Identity): Owner => ({
  tenantId,
  projectId,
  subject,
});

/** The one way to a job for a caller: what belongs to another tenant or project is not there. */
export function visibleJob(store: JobStore, context: CallContext, jobId: string): JobRow {
  const job = knownJob(store, context, jobId);
  if (job.deletedIndex === null) return job;
  throw new QfsError('JOB_DELETED', `${jobId} was deleted.`, {
    metadata: { job_id: jobId, log_index: String(job.deletedIndex) },
  });
}

/** A job of the caller that was accepted at some time, be it deleted or not. */
export function knownJob(store: JobStore, context: CallContext, jobId: string): JobRow {
  const job = isJobId(jobId) ? store.find(context.identity, jobId) : undefined;
  if (job !== undefined) return job;
  throw new QfsError('JOB_NOT_FOUND', `There is no job "${jobId.slice(0, 64)}".`, {
    metadata: { job_id: jobId.slice(0, 64) },
  });
}
