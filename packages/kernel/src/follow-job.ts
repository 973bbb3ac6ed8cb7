import { QfsError } from '@qfs/core';
import type { CallContext } from '@qfs/rpc';
import { isTerminalEvent, updateMessage } from './job-view.ts';
import type { PipelineRooms } from './pipeline/rooms.ts';
import { visibleJob } from './scope.ts';
import type { JobRow } from './store/rows.ts';
import { orAbort } from './waiting.ts';

/** Events read at once. */
const EVENTS_PAGE = 100;

/**
 * Every event after `lastSeq` in order, those to come too; ends after the one terminal event.
 * @throws QfsError EVENT_CURSOR_OUT_OF_RANGE when the job has no event of that number yet; JOB_DELETED
 */
export async function* followJob(
  { store, updates, stopping }: PipelineRooms,
  context: CallContext,
  jobId: string,
  lastSeq: bigint,
) {
  const job = visibleJob(store, context, jobId);
  if (lastSeq > BigInt(job.eventSeq)) {
    throw new QfsError(
      'EVENT_CURSOR_OUT_OF_RANGE',
      `The cursor is ${lastSeq}; the newest event of ${jobId} is ${job.eventSeq}.`,
      { metadata: { job_id: jobId } },
    );
  }
  const signal = AbortSignal.any([stopping, ...(context.signal === undefined ? [] : [context.signal])]);
  let seq = Number(lastSeq);
  let woken = Promise.withResolvers<void>();
  const unfollow = updates.follow(jobId, () => woken.resolve());
  try {
    for (;;) {
      woken = Promise.withResolvers();
      const events = store.events(job, jobId, seq, EVENTS_PAGE);
      for (const event of events) {
        seq = event.seq;
        yield updateMessage(event);
        if (isTerminalEvent(event)) return;
      }
      if (events.length > 0) continue;
      // A job that was deleted meanwhile has no events any more, so nothing would end the wait.
      if (isFinished(visibleJob(store, context, jobId), seq)) return;
      await orAbort(woken.promise, signal);
    }
  } finally {
    unfollow();
  }
}

/** A caller who has the terminal event already gets nothing more. */
const isFinished = ({ finishedIndex, eventSeq }: JobRow, seq: number): boolean =>
  finishedIndex !== null && seq >= eventSeq;
