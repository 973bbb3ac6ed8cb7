import { integer, optional, record, required, text, type ValueOf } from '../codec.ts';
import type { EntryType } from '../entry-type.ts';
import { ACCOUNT_ID, ATTEMPTS_MAX, JOB, JOB_ID, jobKey } from '../job-record.ts';
import { MANIFEST } from '../manifest.ts';
import { count, word } from '../records.ts';
import { reject } from '../rejections.ts';

const BODY = record(
  required('job_id', JOB_ID),
  required('account', ACCOUNT_ID),
  required('target', text(/^[A-Za-z0-9][A-Za-z0-9:._/@-]{0,127}$/, 'the name of a device')),
  required('priority', integer(0, 100)),
  /** Drawn at acceptance; every attempt uses it. */
  required('seed', count),
  optional('method', word),
  optional('precision', word),
  /** All attempts, the first one included. */
  required('attempts_max', ATTEMPTS_MAX),
  optional('time_limit_ms', count),
  /** The inputs, which are durable by digest before the entry is proposed. */
  required('manifest', MANIFEST),
  /** The dead letter that this job runs again. */
  optional('parent_job_id', JOB_ID),
  /** Wall time for display; nothing decides on it. */
  required('accepted_at_ms', count),
);

/** A job exists from here on, and its inputs have their names. */
export const JOB_ACCEPTED: EntryType<ValueOf<typeof BODY>> = {
  type: 'JOB_ACCEPTED',
  level: 1,
  signature: 'optional',
  body: BODY,
  apply: (body, transaction) => {
    const key = jobKey(body.jobId);
    if (transaction.has(key)) return reject('JOB_ALREADY_ACCEPTED', `${body.jobId} was accepted before`);
    const parent = body.parentJobId;
    if (parent !== undefined && !transaction.has(jobKey(parent))) {
      return reject('PARENT_JOB_UNKNOWN', `${parent} was never accepted`);
    }
    transaction.put(key, JOB, {
      account: body.account,
      acceptedIndex: transaction.context.index,
      attemptsMax: body.attemptsMax,
      fencing: { term: transaction.context.term, n: 0 },
      inputs: body.manifest,
      ...(parent === undefined ? {} : { parentJobId: parent }),
    });
    return undefined;
  },
};
