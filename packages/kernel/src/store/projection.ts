import { type AppliedEntry, assert, isErrorCode, type SqlDatabase, type StoreContext } from '@qfs/core';
import { ENDING_EVENTS, isJobState, isTerminal } from '../states.ts';
import { EntryBody } from './entry-body.ts';
import { ownerOfAccount } from './log-calls.ts';
import { writeManifest } from './manifest.ts';
import type { AcceptArgument, FinishArgument } from './operations.ts';
import { findJob, insertJob, type JobRow, type Owner, putDocument, updateJob } from './rows.ts';
import { appendEvent, record, stepped } from './steps.ts';

/** What the entry does not carry: it is known only where the job was accepted or ended. */
export interface Staged {
  readonly acceptance?: AcceptArgument;
  readonly ending?: FinishArgument;
}

/** Writes the job table from an applied entry, in the transaction of the entry. */
export function projectJobEntry(
  database: SqlDatabase,
  entry: AppliedEntry,
  context: StoreContext,
  staged: Staged,
): void {
  if (entry.outcome !== 'ACCEPTED') return;
  if (entry.type === 'JOB_ACCEPTED') projectAcceptance(database, entry, context, staged.acceptance);
  if (entry.type === 'JOB_FINISHED') projectEnding(database, entry, context, staged.ending);
  if (entry.type === 'JOB_EXPIRED') projectRelease(database, entry, forgetNothing);
  if (entry.type === 'JOB_DELETED') projectRelease(database, entry, forgetContents);
}

function projectAcceptance(
  database: SqlDatabase,
  entry: AppliedEntry,
  context: StoreContext,
  detail: AcceptArgument | undefined,
): void {
  const body = new EntryBody(entry.body);
  const account = body.text('account');
  const owner: Owner = detail?.owner ?? ownerOfAccount(context, account);
  const createdMs = body.integer('accepted_at_ms');
  const row: JobRow = {
    ...owner,
    jobId: body.text('job_id'),
    account,
    acceptedIndex: entry.index,
    finishedIndex: null,
    name: detail?.name ?? '',
    target: body.text('target'),
    priority: body.integer('priority'),
    seed: body.integer('seed'),
    attemptsMax: body.integer('attempts_max'),
    shots: detail?.shots ?? 0,
    itemCount: detail?.itemCount ?? 0,
    door: detail?.door ?? '',
    tags: JSON.stringify(detail?.tags ?? []),
    parentJobId: body.optionalText('parent_job_id'),
    sessionId: detail?.sessionId ?? null,
    reservationId: detail?.reservationId ?? null,
    traceparent: detail?.traceparent ?? null,
    timeLimitMs: body.optionalInteger('time_limit_ms'),
    queueLimitMs: detail?.queueLimitMs ?? 0,
    state: 'PENDING',
    stage: detail?.dependent === true ? 'WAITING_FOR_DEPENDENCIES' : 'PENDING',
    message: 'Accepted.',
    progress: 0,
    eventSeq: 1,
    attempts: 0,
    restarts: 0,
    leaseTerm: null,
    leaseN: null,
    compiledDigest: null,
    cancelRequestedMs: null,
    cancelOutcome: null,
    errorCode: null,
    errorSummary: null,
    deadLetter: 0,
    lateResults: 0,
    createdMs,
    updatedMs: createdMs,
    startedMs: null,
    finishedMs: null,
    deadlineMs: detail?.deadlineMs ?? null,
    expiredIndex: null,
    deletedIndex: null,
  };
  insertJob(database, row);
  writeManifest(database, row, 'inputs', body.manifest());
  appendEvent(database, row);
}

function projectEnding(
  database: SqlDatabase,
  entry: AppliedEntry,
  context: StoreContext,
  detail: FinishArgument | undefined,
): void {
  const body = new EntryBody(entry.body);
  const job = findJob(database, body.text('job_id'));
  assert(job !== undefined, () => `${body.text('job_id')} was accepted`);
  const state = body.text('state');
  assert(isJobState(state) && isTerminal(state), () => `${state} is terminal`);
  const reason = body.optionalText('reason');
  const finishedMs = body.integer('finished_at_ms');
  // Where the job ran, its working state is checked; elsewhere the log is all that is known of it.
  const ended = detail === undefined ? { ...job, state } : stepped(job, ENDING_EVENTS[state], true);
  const row: JobRow = {
    ...ended,
    finishedIndex: entry.index,
    stage: state === 'DONE' ? 'DONE' : job.stage,
    message: detail?.message ?? state,
    progress: state === 'DONE' ? 1 : job.progress,
    leaseTerm: null,
    leaseN: null,
    cancelOutcome: detail?.cancelOutcome ?? job.cancelOutcome,
    errorCode: reason !== null && isErrorCode(reason) ? reason : null,
    errorSummary: detail?.summary ?? null,
    deadLetter: detail?.deadLetter === true ? 1 : 0,
    finishedMs,
    deadlineMs: null,
  };
  writeManifest(database, row, 'outputs', body.manifest());
  database.run('DELETE FROM iterations WHERE job_id = ?', row.jobId);
  if (detail?.diagnostics !== undefined && detail.diagnostics.length > 0) {
    putDocument(database, row, 'diagnostics', JSON.stringify(detail.diagnostics));
  }
  record(database, row, context.clock.nowMs());
}

/** What a job keeps in its row once its bytes are given up. */
type Forgetting = (database: SqlDatabase, job: JobRow, index: number) => JobRow;

const forgetNothing: Forgetting = (_database, job, index) => ({ ...job, expiredIndex: index });

/** Of a deleted job nothing stays that its owner wrote or that quotes it. */
const forgetContents: Forgetting = (database, job, index) => {
  for (const table of ['job_documents', 'job_events', 'attempts']) {
    database.run(`DELETE FROM ${table} WHERE job_id = ?`, job.jobId);
  }
  database.run('UPDATE jobs SET traceparent = NULL WHERE job_id = ?', job.jobId);
  return { ...job, deletedIndex: index, name: '', tags: '[]', message: 'Deleted.', errorSummary: null };
};

function projectRelease(database: SqlDatabase, entry: AppliedEntry, forget: Forgetting): void {
  const jobId = new EntryBody(entry.body).text('job_id');
  const job = findJob(database, jobId);
  assert(job !== undefined, () => `${jobId} was accepted`);
  updateJob(database, forget(database, job, entry.index));
}
