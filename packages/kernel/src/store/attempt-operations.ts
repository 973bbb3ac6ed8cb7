import { assert, QfsError, type SqlDatabase, type StoreContext } from '@qfs/core';
import { holdsLease } from '../lease.ts';
import { ATTEMPT_STATES, type AttemptState } from '../states.ts';
import { knownJob } from './job-operations.ts';
import { drawFencing } from './log-calls.ts';
import type {
  AttemptEndedArgument,
  IteratedArgument,
  LateArgument,
  LeaseArgument,
  LeaseResult,
  ReattachArgument,
  SubmittedArgument,
} from './operations.ts';
import { type AttemptRow, findAttempt, insertIteration, type JobRow, putAttempt, updateJob } from './rows.ts';
import { appendEvent, record, staleLease, stepped, terminalError } from './steps.ts';

/** Moves an attempt to its next state; anything the table does not list is a bug of ours. */
function steppedAttempt(row: AttemptRow, to: AttemptState): AttemptRow {
  const next: readonly string[] = ATTEMPT_STATES[row.state].next;
  assert(next.includes(to), () => `attempt ${row.attempt} of ${row.jobId} goes from ${row.state} to ${to}`);
  return { ...row, state: to };
}

/** Opens the next attempt: QUEUED → RUNNING, or RUNNING again after an attempt that failed. */
export function lease(database: SqlDatabase, argument: LeaseArgument, context: StoreContext): LeaseResult {
  const job = knownJob(database, argument.jobId);
  const leased = stepped(job, 'lease', false);
  const fencing = drawFencing(database, context);
  const nowMs = context.clock.nowMs();
  const attempt = job.attempts + 1;
  putAttempt(database, {
    tenantId: job.tenantId,
    projectId: job.projectId,
    subject: job.subject,
    jobId: job.jobId,
    attempt,
    leaseTerm: fencing.term,
    leaseN: fencing.n,
    deviceId: argument.deviceId,
    remoteId: null,
    state: 'LEASED',
    errorCode: null,
    errorSummary: null,
    startedMs: nowMs,
    endedMs: null,
  });
  record(
    database,
    {
      ...leased,
      attempts: attempt,
      leaseTerm: fencing.term,
      leaseN: fencing.n,
      startedMs: job.startedMs ?? nowMs,
      message: argument.message,
      deadlineMs: argument.deadlineMs,
    },
    nowMs,
  );
  return { attempt, fencing };
}

/**
 * Gives an attempt that outlived its process a new token; the old one is void from here on. The attempt keeps
 * its number, so that restarts of the process do not use up the attempts of a job.
 */
export function reattach(
  database: SqlDatabase,
  argument: ReattachArgument,
  context: StoreContext,
): LeaseResult {
  const job = knownJob(database, argument.jobId);
  if (job.finishedIndex !== null) throw terminalError(job);
  const row = openAttempt(database, job, argument.attempt);
  const fencing = drawFencing(database, context);
  putAttempt(database, { ...row, leaseTerm: fencing.term, leaseN: fencing.n });
  const restarts = job.restarts + 1;
  const updatedMs = context.clock.nowMs();
  updateJob(database, { ...job, leaseTerm: fencing.term, leaseN: fencing.n, restarts, updatedMs });
  return { attempt: row.attempt, fencing };
}

/** Keeps the name under which the device knows the execution. */
export function submitted(database: SqlDatabase, argument: SubmittedArgument): void {
  const job = knownJob(database, argument.jobId);
  if (job.finishedIndex !== null) throw terminalError(job);
  if (!holdsLease(job, argument.fencing)) throw staleLease(job);
  const row = openAttempt(database, job, argument.attempt);
  const next = row.state === 'SUBMITTED' ? row : steppedAttempt(row, 'SUBMITTED');
  putAttempt(database, { ...next, remoteId: argument.remoteId });
}

/**
 * Keeps what a search was told, and tells the followers. The execution that gave the last of it is over, so
 * the attempt has no execution until the next one is named.
 */
export function iterated(
  database: SqlDatabase,
  { jobId, attempt, fencing, iterations }: IteratedArgument,
  context: StoreContext,
): void {
  let job = knownJob(database, jobId);
  if (job.finishedIndex !== null) throw terminalError(job);
  if (!holdsLease(job, fencing)) throw staleLease(job);
  const row = openAttempt(database, job, attempt);
  if (row.remoteId !== null) putAttempt(database, { ...row, remoteId: null });
  const updatedMs = context.clock.nowMs();
  for (const { event, message, progress, ...iteration } of iterations) {
    insertIteration(database, job, iteration);
    job = { ...job, message, progress, eventSeq: job.eventSeq + 1, updatedMs };
    appendEvent(database, job, JSON.stringify(event));
  }
  updateJob(database, job);
}

/** Ends an attempt without ending its job, which waits for its next one. */
export function attemptEnded(
  database: SqlDatabase,
  argument: AttemptEndedArgument,
  context: StoreContext,
): void {
  const job = knownJob(database, argument.jobId);
  const retried = stepped(job, 'retry', false);
  if (!holdsLease(job, argument.fencing)) throw staleLease(job);
  const nowMs = context.clock.nowMs();
  endAttempt(database, job, argument.attempt, 'FAILED', nowMs, argument);
  record(database, { ...retried, leaseTerm: null, leaseN: null, message: argument.message }, nowMs);
}

/** Ends the attempt if it is open; one that had ended keeps its state. */
export function endAttempt(
  database: SqlDatabase,
  job: JobRow,
  attempt: number,
  state: AttemptState,
  nowMs: number,
  error: { readonly code?: AttemptRow['errorCode']; readonly summary?: string | null },
): void {
  const row = findAttempt(database, job.jobId, attempt);
  if (row === undefined || ATTEMPT_STATES[row.state].ended) return;
  putAttempt(database, {
    ...steppedAttempt(row, state),
    errorCode: error.code ?? null,
    errorSummary: error.summary ?? null,
    endedMs: nowMs,
  });
}

/**
 * Records that a result came after its lease was void. Followers are not told: it changes nothing for them.
 */
export function recordLate(database: SqlDatabase, argument: LateArgument): void {
  const job = knownJob(database, argument.jobId);
  updateJob(database, { ...job, lateResults: job.lateResults + 1 });
  const row = findAttempt(database, argument.jobId, argument.attempt);
  const next: readonly string[] = row === undefined ? [] : ATTEMPT_STATES[row.state].next;
  if (row !== undefined && next.includes('LATE')) putAttempt(database, steppedAttempt(row, 'LATE'));
}

function openAttempt(database: SqlDatabase, job: JobRow, attempt: number): AttemptRow {
  const row = findAttempt(database, job.jobId, attempt);
  if (row === undefined || ATTEMPT_STATES[row.state].ended) {
    throw new QfsError('STALE_LEASE', `Attempt ${attempt} of ${job.jobId} has ended.`, {
      metadata: { job_id: job.jobId },
    });
  }
  return row;
}
