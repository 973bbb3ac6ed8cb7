import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { IONQ_SHOTS_KEPT_MAX } from '@qfs/core';
import type { JsonInput } from '@qfs/core/json';
import { type Job, JobState } from '@qfs/rpc/api';
import { timeJson } from '@qfs/rpc/json';
import { backendOf } from './backend-names.ts';
import { isBatch } from './ionq-submission.ts';
import { childId } from './job-ids.ts';
import { type KeptCircuit, type KeptRequest, readKept } from './kept-request.ts';
import { RESULT_FORMATS, resultUrls } from './result-formats.ts';
import { failureCode, ionqStatus } from './states.ts';

/** A job of this door, or one of another door in the same terms. */
export function requestOf(job: Job): KeptRequest {
  const kept = readKept(job.metadata);
  if (kept !== undefined) return kept;
  const circuit = { name: null, qubits: 0, oneQubitGates: 0, multiQubitGates: 0 };
  return {
    ...{
      type: 'ionq.qasm3.v1',
      backend: backendOf(job.target),
      name: job.name,
      metadata: { ...job.metadata },
    },
    ...{ noise: null, settings: null, dryRun: false, circuits: [circuit] },
  };
}

/** The children of a batch are views of its circuits: they have its state, and results of their own. */
export function jobView(job: Job, child?: number): Record<string, JsonInput> {
  const request = requestOf(job);
  const batch = isBatch(request.type);
  const circuits = child === undefined ? request.circuits : request.circuits.slice(child, child + 1);
  const id = child === undefined ? job.jobId : childId(job.jobId, child);
  const parent = child === undefined ? job.parentJobId || null : job.jobId;
  return {
    id,
    status: ionqStatus(job.state),
    type: child === undefined ? request.type : 'ionq.circuit.v1',
    backend: request.backend,
    dry_run: request.dryRun,
    shots: Number(job.shots) / Math.max(1, job.itemCount),
    name: child === undefined ? request.name : (circuits[0]?.name ?? null),
    metadata: request.metadata as JsonInput,
    noise: (request.noise ?? { model: 'ideal' }) as JsonInput,
    settings: (request.settings ?? {}) as JsonInput,
    submitter_id: job.subject,
    project_id: job.projectId,
    session_id: job.sessionId || null,
    parent_job_id: parent,
    ...(batch && child === undefined
      ? { child_job_ids: request.circuits.map((_, index) => childId(job.jobId, index)) }
      : {}),
    submitted_at: timeJson(job.createdAt),
    started_at: timeJson(job.startedAt),
    completed_at: timeJson(job.finishedAt),
    predicted_wait_time_ms: null,
    predicted_execution_duration_ms: null,
    execution_duration_ms: duration(job.startedAt, job.finishedAt),
    stats: stats(circuits),
    failure: failure(job),
    output: job.state === JobState.DONE ? { compilation: compilation(job, child) } : {},
    results:
      job.state === JobState.DONE && !request.dryRun ? results(job, id, batch && child === undefined) : null,
  };
}

const duration = (from: Timestamp | undefined, to: Timestamp | undefined): number | null =>
  from === undefined || to === undefined ? null : timestampMs(to) - timestampMs(from);

const most = (circuits: readonly KeptCircuit[], of: (circuit: KeptCircuit) => number): number =>
  circuits.reduce((highest, circuit) => Math.max(highest, of(circuit)), 0);

const stats = (circuits: readonly KeptCircuit[]) => ({
  qubits: most(circuits, ({ qubits }) => qubits),
  circuits: circuits.length,
  gate_counts: {
    '1q': circuits.reduce((sum, { oneQubitGates }) => sum + oneQubitGates, 0),
    '2q': circuits.reduce((sum, { multiQubitGates }) => sum + multiQubitGates, 0),
  },
});

/** Clients look for the reason of every job that is not completed, so that a cancelled one has one too. */
function failure(job: Job): { code: string; error: string } | null {
  if (job.state === JobState.CANCELLED)
    return { code: failureCode('CANCELLED'), error: 'The job was cancelled.' };
  if (job.state !== JobState.ERROR && job.state !== JobState.TIMEOUT) return null;
  const { errorReason, errorSummary } = job;
  return { code: failureCode(errorReason), error: `${errorSummary} (${errorReason})` };
}

/** Where the artifact of a circuit lies: a single one has no folder. */
export const circuitArtifact = (job: Job, child: number, name: string): string =>
  job.itemCount === 1 ? name : `items/${child}/${name}`;

function compilation(job: Job, child = 0) {
  const formats = { 'qfs.aqo.v1': 'compiled.aqo.json', 'qfs.qasm3.v1': 'compiled.qasm' };
  const there = Object.entries(formats)
    .map(([format, name]) => [format, circuitArtifact(job, child, name)] as const)
    .filter(([, name]) => Object.hasOwn(job.digests, name));
  return { compiled_circuits: Object.fromEntries(there.map(([format, id]) => [format, { id, format }])) };
}

/** Shots of a large job are not kept one by one, so that nothing points to them. */
function results(job: Job, id: string, aggregated: boolean): Record<string, JsonInput> {
  const links = resultUrls(id, aggregated);
  if (aggregated) return links;
  const formats = Object.keys(RESULT_FORMATS).map((format) => [format, { id: format, format }] as const);
  const kept = job.shots <= IONQ_SHOTS_KEPT_MAX;
  return Object.fromEntries(
    [...Object.entries(links), ...formats].filter(([name]) => kept || !name.includes('shots')),
  );
}
