import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { QfsError } from '@qfs/core';
import { callOptions, contextOf, type JobService, type ServiceImpl } from '@qfs/rpc';
import { JobState } from '@qfs/rpc/api';
import { HEARTBEAT_MS } from '../door.ts';
import { firstCounts, readArtifact, resultBytes } from '../job-results.ts';
import { openUpdates } from '../job-updates.ts';
import { estimate } from '../submission.ts';
import type { GrpcRooms } from './grpc-rooms.ts';
import { withHeartbeats } from './heartbeats.ts';
import { submissionOf } from './submit-job.ts';

type Handlers = ServiceImpl<typeof JobService>;

/** JobService of the public contract over the same kernel as the REST door. */
export const jobService = (rooms: GrpcRooms, heartbeatMs = HEARTBEAT_MS): Handlers => ({
  ...submissions(rooms),
  ...lifecycle(rooms, heartbeatMs),
  ...views(rooms),
});

/** The status of a job at its acceptance, whatever has become of it since. */
const accepted = (jobId: string, createdAt: Timestamp | undefined) => ({
  jobId,
  state: JobState.PENDING,
  ...(createdAt === undefined ? {} : { createdAt, updatedAt: createdAt }),
});

const submissions = (rooms: GrpcRooms): Pick<Handlers, 'submitJob' | 'estimateJob'> => ({
  async submitJob(request, handler) {
    const context = contextOf(handler);
    const submission = await submissionOf(rooms, request, handler.requestHeader, context);
    const { jobId, createdAt, logIndex, replayed } = await rooms.submit(submission, context);
    return { jobId, status: accepted(jobId, createdAt), logIndex, replayed };
  },

  async estimateJob({ job }, handler) {
    const context = contextOf(handler);
    if (job === undefined) throw new QfsError('JOB_SPEC_INVALID', 'There is no `job` to estimate.');
    const submission = await submissionOf(rooms, job, handler.requestHeader, context);
    return estimate(rooms, submission, context);
  },
});

function lifecycle(
  rooms: GrpcRooms,
  heartbeatMs: number,
): Pick<
  Handlers,
  'getJobStatus' | 'cancelJob' | 'deleteJob' | 'redriveJob' | 'streamJobUpdates' | 'getJobResults'
> {
  const { kernel } = rooms;
  return {
    async getJobStatus({ jobId }, handler) {
      const { $typeName: _, ...status } = await kernel.getJobStatus(
        { jobId },
        callOptions(contextOf(handler)),
      );
      return { status };
    },

    async cancelJob({ jobId }, handler) {
      const { accepted, outcome } = await kernel.cancelJob({ jobId }, callOptions(contextOf(handler)));
      return { accepted, outcome };
    },

    async deleteJob({ jobId }, handler) {
      return kernel.deleteJob({ jobId }, callOptions(contextOf(handler)));
    },

    async redriveJob({ jobId }, handler) {
      const answer = await kernel.redriveJob({ jobId }, callOptions(contextOf(handler)));
      return { jobId: answer.jobId, status: accepted(answer.jobId, answer.createdAt) };
    },

    async *streamJobUpdates({ jobId, lastEventSeq }, handler) {
      const { updates } = await openUpdates(rooms, jobId, lastEventSeq, contextOf(handler));
      yield* withHeartbeats(updates, heartbeatMs, jobId);
    },

    async getJobResults({ jobId }, handler) {
      const context = contextOf(handler);
      const {
        $typeName: _,
        qfsResultRef,
        ...answer
      } = await kernel.getJobResults({ jobId }, callOptions(context));
      const { state, errorCode, errorReason, errorSummary, errorDetailsRef, resultsDigest } = answer;
      const metadata =
        qfsResultRef === '' ? answer.metadata : { ...answer.metadata, qfs_result_ref: qfsResultRef };
      const head = { jobId, state, errorCode, errorReason, errorSummary, errorDetailsRef, metadata };
      const completed = answer.completedAt === undefined ? {} : { completedAt: answer.completedAt };
      if (state !== JobState.DONE) return { ...head, ...completed };
      const resultsJson = await resultBytes(rooms, jobId, context);
      const counts = Object.fromEntries(
        [...firstCounts(resultsJson)].map(([key, count]) => [key, BigInt(count)]),
      );
      return { ...head, ...completed, counts, resultsJson, resultsDigest };
    },
  };
}

function views({
  kernel,
  qfs,
}: GrpcRooms): Pick<
  Handlers,
  'getDispatchRationale' | 'getJob' | 'listJobs' | 'listJobArtifacts' | 'getJobArtifact' | 'getReceipt'
> {
  return {
    async getDispatchRationale({ jobId }, handler) {
      return kernel.getDispatchRationale({ jobId }, callOptions(contextOf(handler)));
    },

    async getJob({ jobId }, handler) {
      const { job } = await kernel.getJob({ jobId }, callOptions(contextOf(handler)));
      return { job: job! };
    },

    async listJobs({ $typeName: _, ...request }, handler) {
      const page = await kernel.listJobs(request, callOptions(contextOf(handler)));
      return { jobs: page.jobs, nextCursor: page.nextCursor };
    },

    async listJobArtifacts({ jobId }, handler) {
      const options = callOptions(contextOf(handler));
      await kernel.getJobStatus({ jobId }, options);
      const { handles } = await qfs.listArtifacts({ jobId }, options);
      return { artifacts: handles.map(({ $typeName: _, ...handle }) => handle) };
    },

    async getJobArtifact({ jobId, name }, handler) {
      const { handle, data } = await readArtifact({ kernel, qfs }, jobId, name, contextOf(handler));
      const { $typeName: _, ...artifact } = handle!;
      return { artifact, data };
    },

    async getReceipt({ jobId }, handler) {
      return kernel.getReceipt({ jobId }, callOptions(contextOf(handler)));
    },
  };
}
