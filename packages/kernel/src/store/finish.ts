import type { SqlDatabase, StoreContext } from '@qfs/core';
import { type Fencing, holdsLease } from '../lease.ts';
import type { AttemptState, TerminalState } from '../states.ts';
import { endAttempt } from './attempt-operations.ts';
import { knownJob } from './job-operations.ts';
import { drawFencing, manifestBody, proposeEntry } from './log-calls.ts';
import type { FinishArgument, FinishResult } from './operations.ts';
import { findAttempt, type JobRow } from './rows.ts';
import { staleLease } from './steps.ts';

const ATTEMPT_ENDS: Readonly<Record<TerminalState, AttemptState>> = {
  DONE: 'SUCCEEDED',
  ERROR: 'FAILED',
  CANCELLED: 'CANCELLED',
  TIMEOUT: 'TIMED_OUT',
};

/**
 * Ends a job through JOB_FINISHED, whose projection writes the terminal state and the one terminal event.
 * Ending a job that has ended changes nothing. An end that no attempt reports gets a token of its own, newer
 * than any lease.
 * @throws QfsError STALE_LEASE when the attempt that reports does not hold the lease any more.
 */
export function finish(database: SqlDatabase, argument: FinishArgument, context: StoreContext): FinishResult {
  const job = knownJob(database, argument.jobId);
  const { fencing: shown } = argument;
  if (job.finishedIndex !== null) {
    if (shown !== undefined && !endedUnder(database, job, argument.attempt, shown)) throw staleLease(job);
    return { index: job.finishedIndex, ended: false };
  }
  if (shown !== undefined && !holdsLease(job, shown)) throw staleLease(job);
  const fencing = shown ?? drawFencing(database, context);
  const nowMs = context.clock.nowMs();
  const entry = proposeEntry(context, 'JOB_FINISHED', {
    job_id: job.jobId,
    attempt: argument.attempt,
    fencing: { term: fencing.term, n: fencing.n },
    state: argument.state,
    ...(argument.code === undefined ? {} : { reason: argument.code }),
    manifest: manifestBody(argument.manifest),
    finished_at_ms: nowMs,
  });
  endAttempt(database, job, job.attempts, ATTEMPT_ENDS[argument.state], nowMs, argument);
  return { index: entry.index, ended: true };
}

/** Is this the repetition of the very report that ended the job? */
function endedUnder(database: SqlDatabase, job: JobRow, attempt: number, shown: Fencing): boolean {
  const row = findAttempt(database, job.jobId, attempt);
  return (
    row !== undefined && holdsLease(row, shown) && row.state === ATTEMPT_ENDS[job.state as TerminalState]
  );
}
