import { type Client, stateName } from '@qfs/client';

export type Job = Awaited<ReturnType<Client['job']>>;
type Timestamp = NonNullable<Job['createdAt']>;

export const timeText = (timestamp: Timestamp | undefined): string | undefined =>
  timestamp && new Date(Number(timestamp.seconds) * 1000 + timestamp.nanos / 1e6).toISOString();

const orNull = (text: string): string | null => (text === '' ? null : text);

/** A job as `--json` shows it, with the names of the REST door. */
export function jobDocument(job: Job): Record<string, unknown> {
  const { errorCode, errorDetailsRef, errorReason, errorSummary } = job;
  const error = {
    code: errorCode,
    reason: errorReason,
    summary: errorSummary,
    details_ref: orNull(errorDetailsRef),
  };
  return {
    job_id: job.jobId,
    name: job.name,
    target: job.target,
    priority: job.priority,
    state: stateName(job.state),
    stage: job.stage,
    message: job.message,
    seed: Number(job.seed),
    method: job.method,
    precision: job.precision,
    shots: Number(job.shots),
    item_count: job.itemCount,
    attempts: job.attempts,
    max_attempts: job.maxAttempts,
    created_at: timeText(job.createdAt) ?? null,
    started_at: timeText(job.startedAt) ?? null,
    finished_at: timeText(job.finishedAt) ?? null,
    error: errorCode === '' && errorReason === '' ? null : error,
    digests: job.digests,
    tags: job.tags,
    event_seq: Number(job.eventSeq),
    cancel_requested: job.cancelRequested,
    cancel_outcome: orNull(job.cancelOutcome),
    dead_letter: job.deadLetter,
    parent_job_id: orNull(job.parentJobId),
  };
}

/** A job for people: one fact per line. */
export function jobFacts(job: Job): readonly (readonly [string, string])[] {
  const facts: (readonly [string, string | undefined])[] = [
    ['job', job.jobId],
    ['name', job.name],
    ['state', stateName(job.state)],
    ['reason', job.errorReason],
    ['error', job.errorSummary],
    ['target', job.target],
    ['shots', `${job.shots}`],
    ['seed', `${job.seed}`],
    ['attempts', `${job.attempts}`],
    ['created', timeText(job.createdAt)],
    ['finished', timeText(job.finishedAt)],
    ['cancelled', job.cancelOutcome],
    ['parent', job.parentJobId],
    ['tags', job.tags.join(', ')],
  ];
  return facts.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}
