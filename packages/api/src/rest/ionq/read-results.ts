import { QfsError } from '@qfs/core';
import { type JsonInput, parseJson } from '@qfs/core/json';
import { type CallContext, callOptions, TERMINAL_STATES } from '@qfs/rpc';
import { type Job, JobState } from '@qfs/rpc/api';
import { readArtifact, resultBytes } from '../../job-results.ts';
import type { RestRooms } from '../app.ts';
import { isBatch } from './ionq-submission.ts';
import { childId, noSuchJob, readJobId } from './job-ids.ts';
import { circuitArtifact, requestOf } from './job-view.ts';
import { RESULT_FORMATS, type ResultFormat } from './result-formats.ts';
import { circuitResults, probabilities, registersOf } from './results.ts';
import { ionqStatus } from './states.ts';

/** A job, and which of its circuits is meant. */
export interface FoundJob {
  readonly job: Job;
  readonly child: number | undefined;
}

/** @throws QfsError JOB_NOT_FOUND also for a circuit that a batch does not have */
export async function findJob({ kernel }: RestRooms, id: string, context: CallContext): Promise<FoundJob> {
  const { jobId, child } = readJobId(id);
  const { job } = await kernel.getJob({ jobId }, callOptions(context));
  if (job === undefined) throw noSuchJob(id);
  if (child === undefined) return { job, child };
  const { type, circuits } = requestOf(job);
  if (!isBatch(type) || child >= circuits.length) throw noSuchJob(id);
  return { job, child };
}

/** One result of one circuit in one of IonQ's formats. */
export async function resultIn(
  rooms: RestRooms,
  { job, child }: FoundJob,
  format: ResultFormat,
  context: CallContext,
): Promise<JsonInput> {
  if (child === undefined && isBatch(requestOf(job).type)) {
    throw new QfsError(
      'ARTIFACT_NOT_FOUND',
      `${job.jobId} is a batch; ask for the results of its child jobs.`,
    );
  }
  const index = child ?? 0;
  const result = circuitResults(await completedBytes(rooms, job, context))(index);
  const row = RESULT_FORMATS[format];
  if (!('registered' in row)) return row.write(result);
  const name = circuitArtifact(job, index, 'compiled.aqo.json');
  return row.registered(result, registersOf((await readArtifact(rooms, job.jobId, name, context)).data));
}

/** Probabilities of every circuit of a batch, by the id of the child and in the order of the circuits. */
export async function aggregated(
  rooms: RestRooms,
  job: Job,
  context: CallContext,
): Promise<ReadonlyMap<string, JsonInput>> {
  const resultOf = circuitResults(await completedBytes(rooms, job, context));
  return new Map(
    requestOf(job).circuits.map((_, index) => [childId(job.jobId, index), probabilities(resultOf(index))]),
  );
}

async function completedBytes(rooms: RestRooms, job: Job, context: CallContext): Promise<Uint8Array> {
  const metadata = { job_id: job.jobId };
  const { dryRun } = requestOf(job);
  if (dryRun)
    throw new QfsError('ARTIFACT_NOT_FOUND', `${job.jobId} was a dry run; it has no results.`, { metadata });
  if (job.state === JobState.DONE) return resultBytes(rooms, job.jobId, context);
  const status = ionqStatus(job.state);
  if (status === 'failed' || status === 'canceled') {
    throw new QfsError('ARTIFACT_NOT_FOUND', `${job.jobId} is ${status}; it has no results.`, { metadata });
  }
  throw new QfsError('JOB_NOT_TERMINAL', `${job.jobId} is ${status}; it has no results yet.`, {
    metadata,
    retryAfterMs: 1000,
  });
}

/** What the device charged for a job, as it was noted when the job ended; undefined before. */
export async function chargeOf(
  rooms: RestRooms,
  job: Job,
  context: CallContext,
): Promise<{ readonly unit: string; readonly value: number } | undefined> {
  if (!TERMINAL_STATES.has(job.state)) return undefined;
  if (!Object.hasOwn(job.digests, 'meta.json')) return { unit: 'usd', value: 0 };
  const { data } = await readArtifact(rooms, job.jobId, 'meta.json', context);
  const meta = parseJson(data);
  const execution = meta.ok
    ? (meta.value as { execution?: { cost?: string; cost_unit?: string } }).execution
    : {};
  return { unit: execution?.cost_unit ?? 'usd', value: Number(execution?.cost ?? 0) };
}
