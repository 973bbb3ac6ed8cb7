import { JOBS_PAGE_MAX, QfsError } from '@qfs/core';
import { hex } from '@qfs/core/exact';
import { type CallContext, contextOf, type KernelGatewayService, type ServiceImpl } from '@qfs/rpc';
import type { EnqueueJobRequest, ListJobsRequest } from '@qfs/rpc/internal';
import { acceptJob, type IdempotencyKey } from './accept-job.ts';
import { createDeviceHandlers } from './device-handlers.ts';
import { estimateJob } from './estimate-job.ts';
import { followJob } from './follow-job.ts';
import {
  artifactRef,
  errorFields,
  jobMessage,
  queueFields,
  stateMessage,
  statusMessage,
  summaryMessage,
  timestamp,
} from './job-view.ts';
import type { Kernel } from './kernel.ts';
import type { PipelineRooms } from './pipeline/rooms.ts';
import { jobRationale } from './rationale.ts';
import { receiptOf } from './receipt.ts';
import { redriveJob } from './redrive-job.ts';
import { knownJob, ownerOf, visibleJob } from './scope.ts';
import { readRequest } from './spec/read-request.ts';
import { isTerminal, JOB_STATE_NAMES, JOB_STATES } from './states.ts';
import type { JobPage } from './store/list-jobs.ts';
import type { JobRow } from './store/rows.ts';

const JOBS_PAGE_DEFAULT = 50;

/** Handlers of KernelGatewayService. Every read names the caller's tenant and project. */
export function createKernelGateway(
  rooms: PipelineRooms,
  kernel: Kernel,
): ServiceImpl<typeof KernelGatewayService> {
  const { store } = rooms;
  const started = (job: JobRow, replayed: boolean) => {
    if (!replayed) {
      rooms.metrics.count('eigen_kernel_job_state_transitions_total', { from: 'NEW', to: 'PENDING' });
      kernel.run(job);
    }
    const { jobId, state, createdMs, acceptedIndex } = job;
    return {
      jobId,
      state: stateMessage(state),
      createdAt: timestamp(createdMs),
      logIndex: BigInt(acceptedIndex),
      replayed,
    };
  };
  return {
    enqueueJob: async (request, handler) => {
      const read = readRequest(request, limitsOf(rooms));
      const { job, replayed } = await acceptJob(rooms, contextOf(handler), read, idempotencyOf(request));
      return started(job, replayed);
    },
    estimateJob: async ({ job }, handler) => {
      if (job === undefined) throw new QfsError('JOB_SPEC_INVALID', 'There is no job to estimate.');
      return estimateJob(rooms, contextOf(handler), readRequest(job, limitsOf(rooms)));
    },
    redriveJob: async ({ jobId }, handler) => {
      const context = contextOf(handler);
      return started(await redriveJob(rooms, context, visibleJob(store, context, jobId)), false);
    },
    getJobStatus: ({ jobId }, handler) => {
      const job = visibleJob(store, contextOf(handler), jobId);
      return { ...statusMessage(job), ...queueFields(rooms, job) };
    },
    getJob: ({ jobId }, handler) => ({
      job: jobMessage(rooms, visibleJob(store, contextOf(handler), jobId)),
    }),
    listJobs: (request, handler) => {
      const { jobs, nextIndex } = store.list(contextOf(handler).identity, pageOf(request));
      return { jobs: jobs.map(summaryMessage), nextCursor: nextIndex === undefined ? '' : String(nextIndex) };
    },
    cancelJob: async ({ jobId }, handler) => {
      const job = visibleJob(store, contextOf(handler), jobId);
      if (isTerminal(job.state)) throw alreadyEnded(job);
      const run = kernel.find(jobId);
      if (run === undefined)
        throw new QfsError('SHUTTING_DOWN', 'The kernel is shutting down; cancel again later.');
      const outcome = await run.cancel('Cancelled on request.');
      return { accepted: true, reasonCode: outcome, outcome };
    },
    deleteJob: async ({ jobId }, handler) => {
      const context = contextOf(handler);
      knownJob(store, context, jobId);
      const isAdmin = context.identity.roles.includes('admin');
      const owner = isAdmin ? rooms.operator : ownerOf(context.identity);
      const index = await store.delete({ jobId, owner });
      return { jobId, logIndex: BigInt(index) };
    },
    getJobResults: ({ jobId }, handler) => results(rooms, contextOf(handler), jobId),
    streamJobUpdates: ({ jobId, lastEventSeq }, handler) =>
      followJob(rooms, contextOf(handler), jobId, lastEventSeq),
    ...explanations(rooms),
    ...createDeviceHandlers(rooms),
  };
}

/** What readers of requests need of the settings. */
const limitsOf = ({ settings }: PipelineRooms) => ({
  ...settings,
  target: settings.defaultTarget,
  shots: settings.defaultShots,
});

/** Why a job is where it is, and the proof of where it ended. */
const explanations = (
  rooms: PipelineRooms,
): Pick<ServiceImpl<typeof KernelGatewayService>, 'getDispatchRationale' | 'getReceipt'> => ({
  getDispatchRationale: ({ jobId }, handler) => ({
    rationale: jobRationale(rooms, visibleJob(rooms.store, contextOf(handler), jobId)),
  }),
  getReceipt: async ({ jobId }, handler) => {
    const context = contextOf(handler);
    const job = visibleJob(rooms.store, context, jobId);
    return { jobId, receiptJson: await receiptOf(rooms, context, job) };
  },
});

function idempotencyOf({
  idempotencyKey,
  requestFingerprint,
}: EnqueueJobRequest): IdempotencyKey | undefined {
  if (idempotencyKey === '') return undefined;
  return { key: idempotencyKey, fingerprint: requestFingerprint };
}

/** Which jobs a list asks for. */
function pageOf(request: ListJobsRequest): JobPage {
  const { states, cursor, limit, since, name, tags, target, parentJobId, deleted } = request;
  const wanted = states.map((number) => JOB_STATE_NAMES.find((state) => JOB_STATES[state].number === number));
  return {
    states: wanted.filter((state) => state !== undefined),
    beforeIndex: readCursor(cursor),
    limit: Math.min(limit === 0 ? JOBS_PAGE_DEFAULT : limit, JOBS_PAGE_MAX),
    deleted,
    tags,
    ...(since === undefined ? {} : { sinceMs: Number(since.seconds) * 1_000 + since.nanos / 1e6 }),
    ...(name === '' ? {} : { name }),
    ...(target === '' ? {} : { target }),
    ...(parentJobId === '' ? {} : { parentJobId }),
  };
}

/** A cursor is the log index of the last job that the page before looked at. */
function readCursor(cursor: string): number {
  if (cursor === '') return Number.MAX_SAFE_INTEGER;
  if (/^[1-9]\d{0,15}$/.test(cursor)) return Number(cursor);
  throw new QfsError(
    'REQUEST_INVALID',
    `"${cursor.slice(0, 32)}" is no cursor; use next_cursor of the page before, or none for the first page.`,
  );
}

const alreadyEnded = (job: JobRow): QfsError =>
  new QfsError('JOB_TERMINAL', `${job.jobId} has already ended in ${job.state}.`, {
    metadata: { job_id: job.jobId, state: job.state },
  });

/** Results that are there, or why there are none; their bytes are read from QfsService. */
function results({ store }: PipelineRooms, context: CallContext, jobId: string) {
  const job = visibleJob(store, context, jobId);
  if (!isTerminal(job.state)) {
    throw new QfsError('JOB_NOT_TERMINAL', `${jobId} is ${job.state}; it has no results yet.`, {
      metadata: { job_id: jobId, state: job.state },
      retryAfterMs: 1_000,
    });
  }
  const found = store.manifest(job, jobId, 'outputs').find(({ name }) => name === 'results.json');
  return {
    jobId,
    state: stateMessage(job.state),
    metadata: {
      'job.seed': String(job.seed),
      'job.shots': String(job.shots),
      'job.target': job.target,
      'job.attempts': String(job.attempts),
      ...(job.compiledDigest === null ? {} : { 'job.compiled_digest': job.compiledDigest }),
    },
    ...errorFields(job),
    ...(found === undefined
      ? {}
      : {
          qfsResultRef: artifactRef(jobId, 'results.json'),
          resultsDigest: `sha256:${hex(found.sha256)}`,
        }),
    ...(job.finishedMs === null ? {} : { completedAt: timestamp(job.finishedMs) }),
  };
}
