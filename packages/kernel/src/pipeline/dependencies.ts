import { QfsError } from '@qfs/core';
import { isTerminal, type TerminalState } from '../states.ts';
import type { JobRow } from '../store/rows.ts';
import { orAbort } from '../waiting.ts';
import type { PipelineRooms } from './rooms.ts';

/**
 * Waits until every job of the list is DONE. They were there before this one, so that no two jobs wait for
 * each other.
 * @throws QfsError DEPENDENCY_FAILED as soon as one of them ended otherwise; the signal's reason
 */
export async function awaitDependencies(
  { store, ends }: Pick<PipelineRooms, 'store' | 'ends'>,
  job: JobRow,
  dependencies: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const waiting = new Set(dependencies);
  // Looked at: all of them once, and then those alone that have ended, since many jobs may wait for one.
  const news = new Set(dependencies);
  let woken = Promise.withResolvers<void>();
  const unfollow = dependencies.map((jobId) =>
    ends.follow(jobId, () => {
      news.add(jobId);
      woken.resolve();
    }),
  );
  try {
    for (;;) {
      woken = Promise.withResolvers();
      for (const jobId of news) {
        const end = endOf(store.find(job, jobId));
        if (end === 'DONE') waiting.delete(jobId);
        else if (end !== undefined) throw failed(job.jobId, jobId, end);
      }
      news.clear();
      if (waiting.size === 0) return;
      await orAbort(woken.promise, signal);
    }
  } finally {
    for (const leave of unfollow) leave();
  }
}

const endOf = (job: JobRow | undefined): TerminalState | undefined =>
  job !== undefined && isTerminal(job.state) ? job.state : undefined;

const failed = (jobId: string, dependency: string, state: TerminalState): QfsError =>
  new QfsError('DEPENDENCY_FAILED', `${jobId} depends on ${dependency}, which ended in ${state}.`, {
    metadata: { job_id: jobId, dependency, dependency_state: state },
  });
