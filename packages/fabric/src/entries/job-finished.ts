import { optional, record, required, type ValueOf } from '../codec.ts';
import type { EntryType } from '../entry-type.ts';
import { ATTEMPT, FENCING, isOlder, JOB, JOB_ID, jobKey, REASON, TERMINAL_STATE } from '../job-record.ts';
import { checkNames, MANIFEST } from '../manifest.ts';
import { count } from '../records.ts';
import { reject } from '../rejections.ts';

const BODY = record(
  required('job_id', JOB_ID),
  required('attempt', ATTEMPT),
  required('fencing', FENCING),
  required('state', TERMINAL_STATE),
  optional('reason', REASON),
  /** The outputs, which get their names by this entry. */
  required('manifest', MANIFEST),
  /** Wall time for display; nothing decides on it. */
  required('finished_at_ms', count),
);

/** A job has ended. The first valid one stands for ever. */
export const JOB_FINISHED: EntryType<ValueOf<typeof BODY>> = {
  type: 'JOB_FINISHED',
  level: 1,
  signature: 'optional',
  body: BODY,
  apply: (body, transaction) => {
    const { jobId, attempt, fencing } = body;
    const { index, term } = transaction.context;
    const job = transaction.get(jobKey(jobId), JOB);
    if (job === undefined) return reject('JOB_UNKNOWN', `${jobId} was never accepted`);
    if (job.end !== undefined) {
      return reject(
        'JOB_ALREADY_FINISHED',
        `${jobId} is ${job.end.state} since entry ${job.end.finishedIndex}`,
      );
    }
    if (isOlder(fencing, job.fencing) || fencing.term > term) {
      return reject(
        'FENCING_STALE',
        `token (${fencing.term}, ${fencing.n}) is not between (${job.fencing.term}, ${job.fencing.n}) and term ${term}`,
      );
    }
    if (attempt > job.attemptsMax) {
      return reject('ATTEMPT_OUT_OF_RANGE', `attempt ${attempt} of ${job.attemptsMax}`);
    }
    const taken = checkNames(job.inputs, body.manifest);
    if (taken !== undefined) return taken;
    const { state, reason, manifest } = body;
    transaction.put(jobKey(jobId), JOB, {
      ...job,
      fencing,
      end: {
        state,
        attempt,
        finishedIndex: index,
        outputs: manifest,
        ...(reason === undefined ? {} : { reason }),
      },
    });
    return undefined;
  },
};
