import { assert, QfsError, type SqlDatabase } from '@qfs/core';
import { type JobEvent, move } from '../states.ts';
import { insertEvent, type JobRow, updateJob } from './rows.ts';

/**
 * The job after an event, as the transition table says.
 * @throws QfsError JOB_TERMINAL, STALE_LEASE or ATTEMPTS_EXHAUSTED, which roll the transaction back.
 */
export function stepped(job: JobRow, event: JobEvent, holdsLease: boolean): JobRow {
  const { attempts, attemptsMax } = job;
  const result = move(job.state, event, { attempts, attemptsMax, holdsLease });
  if (result.kind === 'moved') return { ...job, state: result.to, stage: result.to };
  if (result.kind === 'ignored') throw terminalError(job);
  assert(result.kind === 'refused', () => `no ${event} from ${job.state} of ${job.jobId}`);
  if (result.guard === 'holds_lease') throw staleLease(job);
  throw new QfsError('ATTEMPTS_EXHAUSTED', `${job.jobId} has used its ${job.attemptsMax} attempts.`, {
    metadata: { job_id: job.jobId },
  });
}

/** Writes the job and the event that tells of its new state. */
export function record(database: SqlDatabase, job: JobRow, nowMs: number): void {
  const row = { ...job, eventSeq: job.eventSeq + 1, updatedMs: nowMs };
  updateJob(database, row);
  appendEvent(database, row);
}

/** Writes the event of the job's present state under its `eventSeq`. */
export function appendEvent(database: SqlDatabase, job: JobRow, iteration: string | null = null): void {
  insertEvent(database, {
    tenantId: job.tenantId,
    projectId: job.projectId,
    subject: job.subject,
    jobId: job.jobId,
    seq: job.eventSeq,
    state: job.state,
    stage: job.stage,
    message: job.message,
    progress: job.progress,
    attempt: job.attempts,
    errorCode: job.errorCode,
    atMs: job.updatedMs,
    iteration,
  });
}

export const terminalError = (job: JobRow): QfsError =>
  new QfsError('JOB_TERMINAL', `${job.jobId} has already ended in ${job.state}; nothing can change it.`, {
    metadata: { job_id: job.jobId, state: job.state },
  });

export const staleLease = (job: JobRow): QfsError =>
  new QfsError('STALE_LEASE', `The lease on ${job.jobId} was given to a later attempt or withdrawn.`, {
    metadata: { job_id: job.jobId },
  });
