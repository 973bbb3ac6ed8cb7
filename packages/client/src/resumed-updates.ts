import type { CallOptions, Client as ServiceClient } from '@connectrpc/connect';
import { QfsError } from '@qfs/core';
import { type JobService, TERMINAL_STATES } from '@qfs/rpc';
import type { JobUpdate } from '@qfs/rpc/api';

const RESUMES_MAX = 5;

/** Updates after event `after` to the terminal one; a broken stream is opened again where it broke. */
export async function* resumedUpdates(
  jobs: ServiceClient<typeof JobService>,
  jobId: string,
  after: bigint,
  delayMs: number,
  options: CallOptions,
): AsyncGenerator<JobUpdate> {
  let last = after;
  for (let failures = 0; ; ) {
    try {
      for await (const update of jobs.streamJobUpdates({ jobId, lastEventSeq: last }, options)) {
        if (update.heartbeat || update.eventSeq <= last) continue;
        failures = 0;
        last = update.eventSeq;
        yield update;
        if (TERMINAL_STATES.has(update.state)) return;
      }
    } catch (thrown) {
      const error = QfsError.from(thrown);
      if (!error.row.retryable || options.signal?.aborted === true || failures >= RESUMES_MAX) throw error;
    }
    failures += 1;
    if (failures > RESUMES_MAX) {
      throw new QfsError('BACKEND_UNAVAILABLE', `The update stream of ${jobId} ended before the job did.`);
    }
    await new Promise((resolve) => setTimeout(resolve, delayMs * failures));
  }
}
