import { QfsError } from '@qfs/core';
import { callOptions, contextOf, type JobService, type ServiceImpl } from '@qfs/rpc';
import { JobState } from '@qfs/rpc/api';
import { type DoorDependencies, HEARTBEAT_MS } from '../door.ts';
import { firstCounts } from '../rest/tasks.ts';
import type { Submit } from '../submission.ts';
import { withHeartbeats } from './heartbeats.ts';
import { submissionOf } from './submit-job.ts';

export interface GrpcRooms extends DoorDependencies {
  readonly submit: Submit;
}

/** JobService of the public contract over the same kernel as the REST door. */
export function jobService(rooms: GrpcRooms, heartbeatMs = HEARTBEAT_MS): ServiceImpl<typeof JobService> {
  const { kernel, qfs } = rooms;
  return {
    async submitJob(request, handler) {
      const context = contextOf(handler);
      const submission = await submissionOf(rooms, request, handler.requestHeader, context);
      const { jobId, createdAt, logIndex, replayed } = await rooms.submit(submission, context);
      const times = createdAt === undefined ? {} : { createdAt, updatedAt: createdAt };
      return { jobId, status: { jobId, state: JobState.PENDING, ...times }, logIndex, replayed };
    },

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

    async *streamJobUpdates({ jobId, lastEventSeq }, handler) {
      const { signal, ...context } = contextOf(handler);
      const options = callOptions({ ...context, signal, deadlineMs: undefined });
      const { job } = await kernel.getJob({ jobId }, callOptions(context));
      if (lastEventSeq > job!.eventSeq) {
        const message = `last_event_seq is ${lastEventSeq}, but the newest event of ${jobId} is ${job!.eventSeq}.`;
        throw new QfsError('EVENT_CURSOR_OUT_OF_RANGE', message, { metadata: { job_id: jobId } });
      }
      yield* withHeartbeats(kernel.streamJobUpdates({ jobId, lastEventSeq }, options), heartbeatMs, jobId);
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
      const { data } = await qfs.retrieveArtifact({ jobId, name: 'results.json' }, callOptions(context));
      const first = await firstCounts(rooms, jobId, context);
      const counts = Object.fromEntries([...first].map(([key, count]) => [key, BigInt(count)]));
      return { ...head, ...completed, counts, resultsJson: data, resultsDigest };
    },

    async getDispatchRationale({ jobId }, handler) {
      return kernel.getDispatchRationale({ jobId }, callOptions(contextOf(handler)));
    },

    async getJob({ jobId }, handler) {
      const { job } = await kernel.getJob({ jobId }, callOptions(contextOf(handler)));
      return { job: job! };
    },

    async listJobs({ states, cursor, limit }, handler) {
      const page = await kernel.listJobs({ states, cursor, limit }, callOptions(contextOf(handler)));
      return { jobs: page.jobs, nextCursor: page.nextCursor };
    },

    async redriveJob({ jobId }, handler) {
      const answer = await kernel.redriveJob({ jobId }, callOptions(contextOf(handler)));
      return { jobId: answer.jobId };
    },

    async listJobArtifacts({ jobId }, handler) {
      const options = callOptions(contextOf(handler));
      await kernel.getJobStatus({ jobId }, options);
      const { handles } = await qfs.listArtifacts({ jobId }, options);
      return { artifacts: handles.map(({ $typeName: _, ...handle }) => handle) };
    },

    async getJobArtifact({ jobId, name }, handler) {
      const { handle, data } = await qfs.retrieveArtifact({ jobId, name }, callOptions(contextOf(handler)));
      const { $typeName: _, ...artifact } = handle!;
      return { artifact, data };
    },
  };
}
