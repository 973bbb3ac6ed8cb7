import { type Job, stateName, timeJson } from '@qfs/client';
import { queuePlace } from './follow-job.ts';

/** What a job that runs is at, for example an iteration of its loop, and how far it is. */
function nowText({ message, progress, state }: Job): string {
  if (stateName(state) !== 'RUNNING') return '';
  return progress > 0 ? `${message} (${Math.round(progress * 100)} %)` : message;
}

/** A job for people: one fact per line. */
export function jobFacts(job: Job): readonly (readonly [string, string])[] {
  const facts: (readonly [string, string | null])[] = [
    ['job', job.jobId],
    ['name', job.name],
    ['state', stateName(job.state)],
    ['waits', queuePlace(job)],
    ['now', nowText(job)],
    ['after', job.dependencies.join(', ')],
    ['reason', job.errorReason],
    ['error', job.errorSummary],
    ['target', job.target],
    ['shots', `${job.shots}`],
    ['seed', `${job.seed}`],
    ['attempts', `${job.attempts}`],
    ['created', timeJson(job.createdAt)],
    ['finished', timeJson(job.finishedAt)],
    ['expired', job.expiredIndex === 0n ? '' : `by entry ${job.expiredIndex}; the receipt is kept`],
    ['cancelled', job.cancelOutcome],
    ['parent', job.parentJobId],
    ['tags', job.tags.join(', ')],
  ];
  return facts.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}
