import { traceFields } from '@qfs/rpc';
import { traceparentOf } from './pipeline/job-trace.ts';
import type { PipelineRooms } from './pipeline/rooms.ts';
import type { JobRow } from './store/rows.ts';

/** Why a job is where it is: the rules that put it there, and the facts they looked at. */
export function jobRationale({ store, deviceSlots }: PipelineRooms, job: JobRow) {
  const slots = deviceSlots.find(job.target);
  const position = slots?.position(job.jobId);
  const attempts = store.attempts(job, job.jobId);
  return {
    version: '1.0.0',
    policyVersion: 'priority-then-acceptance/1',
    reasonCodes: [
      'TARGET_NAMED_BY_JOB',
      'PRIORITY_THEN_ACCEPTANCE',
      ...(position === undefined ? [] : ['WAITS_FOR_SLOT']),
      ...(attempts.length > 1 ? ['RETRIED'] : []),
    ],
    selectedBackend: job.target,
    selectedQueue: job.target,
    attributes: {
      state: job.state,
      priority: String(job.priority),
      accepted_index: String(job.acceptedIndex),
      attempts: `${job.attempts} of ${job.attemptsMax}`,
      restarts: String(job.restarts),
      late_results: String(job.lateResults),
      ...(position === undefined ? {} : { jobs_ahead: String(position) }),
      ...(slots === undefined ? {} : { slots: String(slots.slots), slots_taken: String(slots.taken) }),
      ...Object.fromEntries(
        attempts.map(({ attempt, state, errorCode }) => [
          `attempt.${attempt}`,
          errorCode === null ? state : `${state} ${errorCode}`,
        ]),
      ),
    },
    traceId: traceFields(traceparentOf(job)).trace_id,
  };
}
