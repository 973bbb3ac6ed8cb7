import { QfsError } from '@qfs/core';
import { type CallContext, callOptions, TERMINAL_STATES } from '@qfs/rpc';
import type { JobUpdate } from '@qfs/rpc/api';
import type { DoorDependencies } from './door.ts';

export interface OpenUpdates {
  /** The job has ended and its reader has seen every event. */
  readonly isOver: boolean;
  /** Events after the cursor, then live ones, to the terminal one; without limit of time. */
  readonly updates: AsyncIterable<JobUpdate>;
}

/**
 * The events of a job behind a cursor.
 * @throws QfsError JOB_NOT_FOUND; EVENT_CURSOR_OUT_OF_RANGE when the cursor is ahead of the job
 */
export async function openUpdates(
  { kernel }: Pick<DoorDependencies, 'kernel'>,
  jobId: string,
  after: bigint,
  context: CallContext,
): Promise<OpenUpdates> {
  const { job } = await kernel.getJob({ jobId }, callOptions(context));
  const { eventSeq: newest, state } = job!;
  if (after > newest) {
    const message = `The cursor is ${after}, but the newest event of ${jobId} is ${newest}.`;
    throw new QfsError('EVENT_CURSOR_OUT_OF_RANGE', message, { metadata: { job_id: jobId } });
  }
  const options = callOptions({ ...context, deadlineMs: undefined });
  return {
    isOver: TERMINAL_STATES.has(state) && after === newest,
    updates: kernel.streamJobUpdates({ jobId, lastEventSeq: after }, options),
  };
}
