import { traceFields } from '@qfs/rpc';
import type { DeviceLoad } from './pipeline/device-load.ts';
import { traceparentOf } from './pipeline/job-trace.ts';
import type { PipelineRooms } from './pipeline/rooms.ts';
import type { JobRow } from './store/rows.ts';

/** Version of the message, and of the rules by which jobs are put in order. */
const RATIONALE_VERSION = '1.1.0';
const POLICY_VERSION = 'priority-then-acceptance/2';

/** Why a job is where it is: the rules that put it there, and the facts they looked at. */
export function jobRationale(rooms: PipelineRooms, job: JobRow) {
  const load = rooms.loads.find(job.target);
  const waiting = load?.waitOf(job);
  const attempts = rooms.store.attempts(job, job.jobId);
  const trace = traceFields(traceparentOf(job)).trace_id;
  return {
    version: RATIONALE_VERSION,
    policyVersion: POLICY_VERSION,
    reasonCodes: [
      'TARGET_NAMED_BY_JOB',
      'PRIORITY_THEN_ACCEPTANCE',
      ...(job.stage === 'WAITING_FOR_DEPENDENCIES' ? ['WAITS_FOR_DEPENDENCIES'] : []),
      ...reservationReasons(rooms, job),
      ...(waiting === undefined ? [] : ['WAITS_FOR_SLOT']),
      ...(attempts.length > 1 ? ['RETRIED'] : []),
      ...(job.parentJobId === null ? [] : ['HAS_PARENT']),
    ],
    selectedBackend: job.target,
    selectedQueue: job.target,
    attributes: {
      state: job.state,
      stage: job.stage,
      priority: String(job.priority),
      accepted_index: String(job.acceptedIndex),
      attempts: `${job.attempts} of ${job.attemptsMax}`,
      restarts: String(job.restarts),
      late_results: String(job.lateResults),
      ...(job.reservationId === null ? {} : { reservation_id: job.reservationId }),
      ...(waiting === undefined
        ? {}
        : { jobs_ahead: String(waiting.ahead), position_in_queue: String(waiting.ahead + 1) }),
      ...(waiting?.waitMs === undefined ? {} : { estimated_wait_ms: String(waiting.waitMs) }),
      ...(load === undefined ? {} : slotFacts(load)),
      ...Object.fromEntries(
        attempts.map(({ attempt, state, errorCode }) => [
          `attempt.${attempt}`,
          errorCode === null ? state : `${state} ${errorCode}`,
        ]),
      ),
    },
    timelineRef: `/api/v1/jobs/${job.jobId}/events`,
    traceId: trace,
  };
}

function reservationReasons({ reservations, loads }: PipelineRooms, job: JobRow): string[] {
  const { reservationId, target, jobId } = job;
  if (reservationId === null) return [];
  if (loads.find(target)?.slots.queue.userOf(reservationId) === jobId) return ['RUNS_IN_RESERVED_SLOT'];
  return [reservations.isInForce(reservationId) ? 'HAS_RESERVATION' : 'RESERVATION_OVER'];
}

/** The slots of a device as they are now, for people. */
export function slotFacts({ slots: { queue }, meanMs }: DeviceLoad): Record<string, string> {
  return {
    slots: String(queue.slots),
    slots_taken: String(queue.taken),
    slots_available: String(queue.available),
    reservations: String(queue.reservations),
    queue_depth: String(queue.depth),
    ...(meanMs === undefined ? {} : { mean_execution_ms: String(Math.round(meanMs)) }),
  };
}
