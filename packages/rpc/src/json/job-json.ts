import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import { type JsonInput, stringifyJson } from '@qfs/core/json';
import {
  type DispatchRationale,
  type GetJobResultsResponse,
  type Job,
  type JobArtifact,
  JobState,
  type JobUpdate,
} from '../entries/api.ts';
import { stateName } from '../state-names.ts';
import { diagnosticFromMessage } from './diagnostic-json.ts';
import { byName, type JsonObject } from './json-object.ts';

/** RFC 3339 in UTC, or null for a moment that has not come. */
export const timeJson = (time: Timestamp | undefined): string | null =>
  time === undefined ? null : timestampDate(time).toISOString();

const textOrNull = (text: string): string | null => (text === '' ? null : text);

/** Why a job did not end DONE, or null. */
function errorJson(job: {
  readonly errorCode: string;
  readonly errorReason: string;
  readonly errorSummary: string;
  readonly errorDetailsRef: string;
}): JsonObject | null {
  if (job.errorCode === '' && job.errorReason === '') return null;
  return {
    code: job.errorCode,
    reason: job.errorReason,
    summary: job.errorSummary,
    details_ref: textOrNull(job.errorDetailsRef),
  };
}

/** Where the REST door has the parts of a job. */
const linksJson = (jobId: string) => {
  const self = `/api/v1/jobs/${jobId}`;
  return { self, results: `${self}/results`, artifacts: `${self}/artifacts`, events: `${self}/events` };
};

/**
 * What `/api/v1/jobs` answers to a submission, or to submitting `parentJobId` again: the state at acceptance, so that
 * a repetition of the request is answered with the same bytes.
 */
export const acceptedJson = (
  { jobId, createdAt }: { readonly jobId: string; readonly createdAt?: Timestamp | undefined },
  parentJobId?: string,
) => ({
  job_id: jobId,
  ...(parentJobId === undefined ? {} : { parent_job_id: parentJobId }),
  state: stateName(JobState.PENDING),
  created_at: timeJson(createdAt),
  links: linksJson(jobId),
});

/** A job as `/api/v1/jobs/{id}` shows it. */
export const jobJson = (job: Job): JsonObject => ({
  job_id: job.jobId,
  name: job.name,
  target: job.target,
  priority: job.priority,
  state: stateName(job.state),
  stage: job.stage,
  progress: Math.round(job.progress * 1e6) / 1e6,
  message: job.message,
  seed: job.seed,
  method: job.method,
  precision: job.precision,
  shots: job.shots,
  item_count: job.itemCount,
  attempts: job.attempts,
  max_attempts: job.maxAttempts,
  created_at: timeJson(job.createdAt),
  updated_at: timeJson(job.updatedAt),
  started_at: timeJson(job.startedAt),
  finished_at: timeJson(job.finishedAt),
  error: errorJson(job),
  diagnostics: job.diagnostics.map(
    (message) => ({ ...diagnosticFromMessage(message) }) as unknown as JsonInput,
  ),
  digests: byName(job.digests),
  tags: [...job.tags],
  metadata: byName(job.metadata),
  event_seq: job.eventSeq,
  cancel_requested: job.cancelRequested,
  cancel_outcome: textOrNull(job.cancelOutcome),
  dead_letter: job.deadLetter,
  parent_job_id: textOrNull(job.parentJobId),
  session_id: textOrNull(job.sessionId),
  reservation_id: textOrNull(job.reservationId),
  source_door: job.sourceDoor,
  tenant_id: job.tenantId,
  project_id: job.projectId,
  accepted_index: job.acceptedIndex,
  finished_index: job.finishedIndex === 0n ? null : job.finishedIndex,
  expired_index: job.expiredIndex === 0n ? null : job.expiredIndex,
  deleted_index: job.deletedIndex === 0n ? null : job.deletedIndex,
  position_in_queue: job.positionInQueue === 0 ? null : job.positionInQueue,
  estimated_start_time: timeJson(job.estimatedStartTime),
  deadline: timeJson(job.deadline),
  dependencies: [...job.dependencies],
  links: linksJson(job.jobId),
});

/** Why a job is where it is, as `/api/v1/jobs/{id}/rationale` shows it. */
export const rationaleJson = (jobId: string, rationale: DispatchRationale): JsonObject => ({
  job_id: jobId,
  version: rationale.version,
  policy_version: rationale.policyVersion,
  reason_codes: [...rationale.reasonCodes],
  selected_backend: rationale.selectedBackend,
  selected_queue: rationale.selectedQueue,
  attributes: byName(rationale.attributes),
  timeline_ref: rationale.timelineRef,
  trace_id: rationale.traceId,
});

/** An update as the events of `/api/v1/jobs/{id}/events` carry it. */
export const updateJson = (update: JobUpdate): JsonObject => ({
  job_id: update.jobId,
  event_seq: update.eventSeq,
  state: stateName(update.state),
  stage: update.stage,
  progress: Math.round(update.progress * 1e6) / 1e6,
  message: update.message,
  attempt: update.attempt,
  timestamp: timeJson(update.timestamp),
  error: update.errorCode === '' ? null : { code: update.errorCode, reason: update.errorReason },
  ...(update.iteration !== undefined && { iteration: iterationJson(update.iteration) }),
});

/** One step of the loop of a hybrid job; a standard error of 0 says that the value is exact. */
const iterationJson = (step: NonNullable<JobUpdate['iteration']>): JsonObject => ({
  iteration: step.iteration,
  evaluations: step.evaluations,
  evaluations_max: step.evaluationsMax,
  value: step.value,
  std_error: step.stdError,
  best: step.best,
  parameters: step.parameters,
});

/** An artifact as `/api/v1/jobs/{id}/artifacts` lists it. */
export const artifactJson = (
  jobId: string,
  handle: Omit<JobArtifact, '$typeName' | '$unknown'>,
): JsonObject => ({
  name: handle.name,
  type: handle.type,
  content_type: handle.contentType,
  size: handle.size,
  hash: handle.hash,
  path: handle.path,
  href: `/api/v1/jobs/${jobId}/artifacts/${handle.name.split('/').map(encodeURIComponent).join('/')}`,
});

type ResultsHead = Pick<
  GetJobResultsResponse,
  | 'state'
  | 'completedAt'
  | 'metadata'
  | 'resultsDigest'
  | 'errorCode'
  | 'errorReason'
  | 'errorSummary'
  | 'errorDetailsRef'
>;

/**
 * The results of a job that has ended as `/api/v1/jobs/{id}/results` shows them, as JSON text. `results` is
 * the text of results.json as it is stored, keys ascending, which is the order of counts on every door; null
 * without one.
 */
export function resultsText(jobId: string, answer: ResultsHead, results: string | null): string {
  const head = {
    job_id: jobId,
    state: stateName(answer.state),
    completed_at: timeJson(answer.completedAt),
    error: errorJson(answer),
    metadata: answer.metadata,
    results_digest: textOrNull(answer.resultsDigest),
  };
  return `${stringifyJson(head).slice(0, -1)},"results":${results}}`;
}
