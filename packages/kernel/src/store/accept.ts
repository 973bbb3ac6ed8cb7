import { IDEMPOTENCY_HOURS, QfsError, type SqlDatabase, type StoreContext } from '@qfs/core';
import { equal } from '@qfs/core/exact';
import { accountOf, manifestBody, proposeEntry } from './log-calls.ts';
import type { AcceptArgument, AcceptResult } from './operations.ts';
import { OPEN_JOBS, type Owner, putDocument } from './rows.ts';

const IDEMPOTENCY_MS = IDEMPOTENCY_HOURS * 3_600_000;
/** When it is worth asking again whether a job has ended meanwhile. */
const QUOTA_RETRY_MS = 1_000;
/** Old keys dropped per acceptance: more than one, so that they never pile up. */
const EXPIRED_PER_ACCEPTANCE = 4;

/**
 * Accepts a job: idempotency key, specification and JOB_ACCEPTED, whose projection inserts the row and its
 * first event.
 * @throws QfsError IDEMPOTENCY_MISMATCH; IDEMPOTENCY_IN_FLIGHT when the key was taken by an equal request
 *   since the caller looked, so that the whole group rolls back and the caller answers from that job.
 */
export function accept(database: SqlDatabase, argument: AcceptArgument, context: StoreContext): AcceptResult {
  const { owner, jobId, idempotency } = argument;
  const createdMs = context.clock.nowMs();
  checkOpenJobs(database, argument);
  if (idempotency !== undefined) {
    const known = findIdempotent(database, owner, idempotency.key, createdMs);
    if (known !== undefined) throw alreadyUsed(known, idempotency.fingerprint);
    claimKey(database, argument, createdMs);
  }
  const entry = proposeEntry(context, 'JOB_ACCEPTED', {
    job_id: jobId,
    account: accountOf(context, owner),
    target: argument.target,
    priority: argument.priority,
    seed: argument.seed,
    ...(argument.method === undefined ? {} : { method: argument.method }),
    ...(argument.precision === undefined ? {} : { precision: argument.precision }),
    attempts_max: argument.attemptsMax,
    time_limit_ms: argument.timeLimitMs,
    manifest: manifestBody(argument.manifest),
    ...(argument.parentJobId === undefined ? {} : { parent_job_id: argument.parentJobId }),
    accepted_at_ms: createdMs,
  });
  putDocument(database, { ...owner, jobId }, 'spec', argument.spec);
  return { index: entry.index, term: entry.term, createdMs };
}

/**
 * Inside of the transaction, so that submissions at the same moment cannot pass together.
 * @throws QfsError QUOTA_EXCEEDED
 */
function checkOpenJobs(database: SqlDatabase, { owner, limits }: AcceptArgument): void {
  if (limits === undefined) return;
  const { tenantId, projectId } = owner;
  const { tenantOpenJobsMax, projectOpenJobsMax } = limits;
  const count = (where: string, ...values: string[]): number =>
    database.get<{ open: number }>(
      `SELECT count(*) AS open FROM jobs WHERE ${OPEN_JOBS} AND ${where}`,
      ...values,
    )?.open ?? 0;
  if (tenantOpenJobsMax !== undefined) {
    refuseBeyond('tenant', tenantId, count('tenant_id = ?', tenantId), tenantOpenJobsMax);
  }
  if (projectOpenJobsMax !== undefined) {
    const open = count('tenant_id = ? AND project_id = ?', tenantId, projectId);
    refuseBeyond('project', projectId, open, projectOpenJobsMax);
  }
}

function refuseBeyond(scope: 'tenant' | 'project', id: string, open: number, openMax: number): void {
  if (open < openMax) return;
  throw new QfsError(
    'QUOTA_EXCEEDED',
    `The ${scope} ${id} has ${open} jobs that have not ended; at most ${openMax} are allowed.`,
    {
      metadata: { scope, open_jobs: String(open), open_jobs_max: String(openMax) },
      retryAfterMs: QUOTA_RETRY_MS,
    },
  );
}

export interface IdempotentJob {
  readonly jobId: string;
  readonly fingerprint: Uint8Array;
}

/** The job that a key made within the time keys are kept. */
export function findIdempotent(
  database: SqlDatabase,
  owner: Owner,
  key: string,
  nowMs: number,
): IdempotentJob | undefined {
  return database.get(
    `SELECT job_id AS jobId, fingerprint FROM idempotency
     WHERE tenant_id = ? AND project_id = ? AND subject = ? AND key = ? AND created_ms > ?`,
    owner.tenantId,
    owner.projectId,
    owner.subject,
    key,
    nowMs - IDEMPOTENCY_MS,
  ) as IdempotentJob | undefined;
}

export const isSameRequest = (job: IdempotentJob, fingerprint: Uint8Array): boolean =>
  equal(job.fingerprint, fingerprint);

export const idempotencyMismatch = (key: string, jobId: string): QfsError =>
  new QfsError(
    'IDEMPOTENCY_MISMATCH',
    `The idempotency key "${key}" made ${jobId} from another request. Use a new key for a new request.`,
    { metadata: { job_id: jobId } },
  );

function alreadyUsed(known: IdempotentJob, fingerprint: Uint8Array): QfsError {
  if (!isSameRequest(known, fingerprint)) return idempotencyMismatch('of this request', known.jobId);
  return new QfsError('IDEMPOTENCY_IN_FLIGHT', `An equal request has just made ${known.jobId}.`, {
    metadata: { job_id: known.jobId },
  });
}

function claimKey(database: SqlDatabase, { owner, jobId, idempotency }: AcceptArgument, nowMs: number): void {
  database.run(
    `DELETE FROM idempotency WHERE (tenant_id, project_id, subject, key) IN
     (SELECT tenant_id, project_id, subject, key FROM idempotency WHERE created_ms <= ?
      ORDER BY created_ms LIMIT ${EXPIRED_PER_ACCEPTANCE})`,
    nowMs - IDEMPOTENCY_MS,
  );
  database.run(
    `INSERT OR REPLACE INTO idempotency (tenant_id, project_id, subject, key, fingerprint, job_id, created_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    owner.tenantId,
    owner.projectId,
    owner.subject,
    idempotency?.key ?? '',
    idempotency?.fingerprint ?? new Uint8Array(),
    jobId,
    nowMs,
  );
}
