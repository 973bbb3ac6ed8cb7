import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import type { JsonInput } from '@qfs/core/json';
import { deviceStatusName, stateName } from '@qfs/rpc';
import type { DeviceInfo, Job, JobUpdate } from '@qfs/rpc/api';
import type { CircuitMetrics } from '@qfs/rpc/internal';
import type { ArtifactHandle } from '@qfs/rpc/qfs';
import { diagnosticFromMessage } from './diagnostics.ts';

/** RFC 3339 in UTC, or null for a moment that has not come. */
export const timeJson = (time: Timestamp | undefined): string | null =>
  time === undefined ? null : timestampDate(time).toISOString();

type JsonObject = Record<string, JsonInput>;

const textOrNull = (text: string): string | null => (text === '' ? null : text);

/** Why a job did not end DONE, or null. */
export function errorJson(job: {
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

export const linksJson = (jobId: string): JsonObject => {
  const self = `/api/v1/jobs/${jobId}`;
  return { self, results: `${self}/results`, artifacts: `${self}/artifacts`, events: `${self}/events` };
};

const byName = (map: Readonly<Record<string, string>>): Map<string, string> =>
  new Map(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

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
  links: linksJson(job.jobId),
});

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
});

export const artifactJson = (jobId: string, handle: ArtifactHandle): JsonObject => ({
  name: handle.name,
  type: handle.type,
  content_type: handle.contentType,
  size: handle.size,
  hash: handle.hash,
  path: handle.path,
  href: `/api/v1/jobs/${jobId}/artifacts/${handle.name.split('/').map(encodeURIComponent).join('/')}`,
});

export const deviceJson = (device: DeviceInfo): JsonObject => ({
  device_id: device.deviceId,
  name: device.name,
  backend_type: device.backendType,
  status: deviceStatusName(device.status),
  queue_depth: device.queueDepth,
  estimated_wait_seconds: device.estimatedWaitSec,
  capabilities: byName(device.capabilities),
});

export const circuitMetricsJson = (metrics: CircuitMetrics): JsonObject => ({
  qubits: metrics.qubits,
  bits: metrics.bits,
  depth: metrics.depth,
  gate_count: metrics.gateCount,
  two_qubit_gates: metrics.twoQubitGates,
  measurements: metrics.measurements,
  dynamic: metrics.dynamic,
  parameters: [...metrics.parameters],
  gates: new Map(Object.entries(metrics.gates).sort(([a], [b]) => (a < b ? -1 : 1))),
});
