import { ERRORS } from '@qfs/core';
import { hex } from '@qfs/core/exact';
import type { JobState as JobStateMessage } from '@qfs/rpc/api';
import type { PipelineRooms } from './pipeline/rooms.ts';
import type { JobSpec } from './spec/job-spec.ts';
import { isTerminal, JOB_STATES, type JobState } from './states.ts';
import type { JobStore } from './store/job-store.ts';
import type { EventRow, IterationEvent, JobRow } from './store/rows.ts';

/** The table carries the numbers of the protocol's enumeration. */
export const stateMessage = (state: JobState): JobStateMessage => JOB_STATES[state].number as JobStateMessage;

/** Wall time as the protocol carries it. */
export const timestamp = (atMs: number): { seconds: bigint; nanos: number } => {
  const seconds = Math.floor(atMs / 1000);
  return { seconds: BigInt(seconds), nanos: (atMs - seconds * 1000) * 1_000_000 };
};

const when = (atMs: number | null) => (atMs === null ? undefined : timestamp(atMs));

/** The reason is ours, the code is the gRPC status that it belongs to. */
export const errorFields = (job: JobRow) =>
  job.errorCode === null
    ? {}
    : {
        errorCode: ERRORS[job.errorCode].grpc,
        errorReason: job.errorCode,
        errorSummary: job.errorSummary ?? '',
        errorDetailsRef: job.state === 'CANCELLED' ? '' : artifactRef(job.jobId, 'error.json'),
      };

export const artifactRef = (jobId: string, name: string): string => `circuit_fs/${jobId}/${name}`;

/** The queue as a job in it sees it: its place, from 1, and when it will begin as far as that can be told. */
export function queueFields({ loads, clock }: Pick<PipelineRooms, 'loads' | 'clock'>, job: JobRow) {
  const waiting = job.state === 'QUEUED' ? loads.find(job.target)?.waitOf(job) : undefined;
  if (waiting === undefined) return {};
  const { ahead, waitMs } = waiting;
  return {
    positionInQueue: ahead + 1,
    ...(waitMs === undefined ? {} : { estimatedStartTime: timestamp(clock.nowMs() + waitMs) }),
  };
}

export const statusMessage = (job: JobRow) => ({
  jobId: job.jobId,
  state: stateMessage(job.state),
  stage: job.stage,
  progress: job.progress,
  message: job.message,
  createdAt: timestamp(job.createdMs),
  updatedAt: timestamp(job.updatedMs),
  ...errorFields(job),
});

/** Everything about a job but its bytes. */
export function jobMessage(rooms: Pick<PipelineRooms, 'store' | 'loads' | 'clock'>, job: JobRow) {
  const { jobId } = job;
  const { store } = rooms;
  const { metadata = {}, options = {}, dependencies = [] } = specOf(store, job) ?? {};
  const manifests = [...store.manifest(job, jobId, 'inputs'), ...store.manifest(job, jobId, 'outputs')];
  const startedAt = when(job.startedMs);
  const finishedAt = when(job.finishedMs);
  return {
    ...summaryMessage(job),
    ...queueFields(rooms, job),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    diagnostics: store.diagnostics(job, jobId).map(({ end_line, end_column, ...rest }) => ({
      ...rest,
      endLine: end_line,
      endColumn: end_column,
      related: [...(rest.related ?? [])],
    })),
    digests: Object.fromEntries(manifests.map(({ name, sha256 }) => [name, `sha256:${hex(sha256)}`])),
    method: options.method ?? '',
    precision: options.precision ?? '',
    metadata: { ...metadata },
    dependencies: [...dependencies],
  };
}

/** What was asked for, for as long as the specification is kept. */
function specOf(store: JobStore, job: JobRow): JobSpec | undefined {
  const text = store.spec(job, job.jobId);
  return text === undefined ? undefined : (JSON.parse(text) as JobSpec);
}

/** What a list of jobs shows of each. */
export const summaryMessage = (job: JobRow) => ({
  ...statusMessage(job),
  name: job.name === '' ? job.jobId : job.name,
  target: job.target,
  priority: job.priority,
  seed: BigInt(job.seed),
  shots: BigInt(job.shots),
  itemCount: job.itemCount,
  attempts: job.attempts,
  maxAttempts: job.attemptsMax,
  tags: JSON.parse(job.tags) as string[],
  eventSeq: BigInt(job.eventSeq),
  cancelRequested: job.cancelRequestedMs !== null,
  cancelOutcome: job.cancelOutcome ?? '',
  deadLetter: job.deadLetter === 1,
  parentJobId: job.parentJobId ?? '',
  sessionId: job.sessionId ?? '',
  reservationId: job.reservationId ?? '',
  sourceDoor: job.door,
  tenantId: job.tenantId,
  projectId: job.projectId,
  subject: job.subject,
  acceptedIndex: BigInt(job.acceptedIndex),
  finishedIndex: BigInt(job.finishedIndex ?? 0),
  expiredIndex: BigInt(job.expiredIndex ?? 0),
  deletedIndex: BigInt(job.deletedIndex ?? 0),
  ...(job.deadlineMs === null ? {} : { deadline: timestamp(job.deadlineMs) }),
});

export const updateMessage = (event: EventRow) => ({
  jobId: event.jobId,
  state: stateMessage(event.state),
  stage: event.stage,
  progress: event.progress,
  message: event.message,
  eventSeq: BigInt(event.seq),
  timestamp: timestamp(event.atMs),
  attempt: event.attempt,
  ...(event.iteration === null ? {} : { iteration: JSON.parse(event.iteration) as IterationEvent }),
  ...(event.errorCode === null
    ? {}
    : { errorCode: ERRORS[event.errorCode].grpc, errorReason: event.errorCode }),
});

export const isTerminalEvent = (event: EventRow): boolean => isTerminal(event.state);
