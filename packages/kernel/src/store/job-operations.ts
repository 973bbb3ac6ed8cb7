import { assert, QfsError, type SqlDatabase, type StoreContext } from '@qfs/core';
import { writeManifest } from './manifest.ts';
import type {
  CompiledArgument,
  DependenciesMetArgument,
  ReportArgument,
  RequestCancelArgument,
  StartCompileArgument,
} from './operations.ts';
import { findJob, type JobRow } from './rows.ts';
import { record, stepped, terminalError } from './steps.ts';

/** The row of a job that the kernel knows to exist. */
export function knownJob(database: SqlDatabase, jobId: string): JobRow {
  const job = findJob(database, jobId);
  assert(job !== undefined, () => `${jobId} has a row`);
  return job;
}

/** PENDING → COMPILING. Repeating it after a restart, in any later open state, changes nothing. */
export function startCompile(
  database: SqlDatabase,
  argument: StartCompileArgument,
  context: StoreContext,
): void {
  const job = knownJob(database, argument.jobId);
  if (job.finishedIndex !== null) throw terminalError(job);
  if (job.state !== 'PENDING') return;
  const { message, deadlineMs } = argument;
  record(database, { ...stepped(job, 'start_compile', false), message, deadlineMs }, context.clock.nowMs());
}

/** The job may begin; repeating it changes nothing. */
export function dependenciesMet(
  database: SqlDatabase,
  { jobId, message }: DependenciesMetArgument,
  context: StoreContext,
): void {
  const job = knownJob(database, jobId);
  if (job.finishedIndex !== null) throw terminalError(job);
  if (job.stage !== 'WAITING_FOR_DEPENDENCIES') return;
  record(database, { ...job, stage: job.state, message }, context.clock.nowMs());
}

/**
 * COMPILING → QUEUED the first time. A later compilation, by a retry or after a restart, must give the same
 * bytes.
 * @throws QfsError NONDETERMINISTIC_COMPILE; STORE_UNAVAILABLE while the start of the compilation is not
 *   written.
 */
export function compiled(database: SqlDatabase, argument: CompiledArgument, context: StoreContext): void {
  const job = knownJob(database, argument.jobId);
  if (job.compiledDigest !== null && job.compiledDigest !== argument.digest) {
    throw new QfsError(
      'NONDETERMINISTIC_COMPILE',
      `${job.jobId} compiled to ${argument.digest}, and before to ${job.compiledDigest}.`,
      { metadata: { job_id: job.jobId, first: job.compiledDigest, now: argument.digest } },
    );
  }
  if (job.finishedIndex !== null) throw terminalError(job);
  if (job.compiledDigest !== null) return;
  if (job.state === 'PENDING') {
    throw new QfsError('STORE_UNAVAILABLE', `The compilation of ${job.jobId} has not begun in the store.`);
  }
  const { digest, message, deadlineMs } = argument;
  writeManifest(database, job, 'compiled', argument.manifest);
  record(
    database,
    { ...stepped(job, 'compiled', false), compiledDigest: digest, message, deadlineMs },
    context.clock.nowMs(),
  );
}

/** Tells the followers of a job something that changes no state; ignored once the job has ended. */
export function report(database: SqlDatabase, argument: ReportArgument, context: StoreContext): void {
  const job = knownJob(database, argument.jobId);
  if (job.finishedIndex !== null) return;
  const { message, progress } = argument;
  record(database, { ...job, message, progress }, context.clock.nowMs());
}

/**
 * Records that somebody asked for the end of a running job; the first request counts. False when no device
 * works on the job, which can then be ended at once.
 * @throws QfsError JOB_TERMINAL
 */
export function requestCancel(
  database: SqlDatabase,
  argument: RequestCancelArgument,
  context: StoreContext,
): boolean {
  const job = knownJob(database, argument.jobId);
  if (job.finishedIndex !== null) throw terminalError(job);
  if (job.state !== 'RUNNING') return false;
  if (job.cancelRequestedMs !== null) return true;
  const nowMs = context.clock.nowMs();
  const requested = stepped(job, 'request_cancel', false);
  const { message } = argument;
  record(database, { ...requested, cancelRequestedMs: nowMs, cancelOutcome: 'requested', message }, nowMs);
  return true;
}
