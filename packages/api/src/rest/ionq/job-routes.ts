import { JOBS_PAGE_MAX, QfsError } from '@qfs/core';
import { callOptions } from '@qfs/rpc';
import type { App, RestRooms } from '../app.ts';
import { documented, IdempotencyHeaders } from '../schemas.ts';
import { IONQ } from './error-shape.ts';
import { ionqSubmission } from './ionq-submission.ts';
import { wholeJob } from './job-ids.ts';
import { jobView, requestOf } from './job-view.ts';
import { chargeOf, findJob } from './read-results.ts';
import { CreateJob, ionqRefusals, JobParams, ListQuery } from './schemas.ts';
import type { Sessions } from './sessions.ts';
import { ionqStatus, statesOf } from './states.ts';

/** Jobs on a page when the client does not say how many. */
const PAGE_DEFAULT = 25;
const tags = ['ionq'];

export function ionqJobRoutes(app: App, rooms: RestRooms, sessions: Sessions): void {
  createRoute(app, rooms, sessions);
  listRoute(app, rooms);
  readRoutes(app, rooms);
  changeRoutes(app, rooms);
}

function createRoute(app: App, rooms: RestRooms, sessions: Sessions): void {
  app.post(
    `${IONQ}/jobs`,
    {
      config: { permission: 'jobs:submit' },
      schema: {
        operationId: 'ionqCreateJob',
        tags,
        summary: 'Submit a circuit, a batch of circuits or an OpenQASM program as a client of IonQ does',
        headers: IdempotencyHeaders,
        body: CreateJob,
        response: { 201: documented('`{id, status, session_id}`'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      sessions.refuseEnded(request.call.identity, request.body.session_id ?? '');
      const submission = ionqSubmission(request.body, request.headers['idempotency-key'] ?? '');
      const { jobId, logIndex } = await rooms.submit(submission, request.call);
      reply.header('x-qfs-index', String(logIndex)).code(201);
      return reply.send({ id: jobId, status: 'submitted', session_id: request.body.session_id ?? null });
    },
  );
}

function listRoute(app: App, rooms: RestRooms): void {
  app.get(
    `${IONQ}/jobs`,
    {
      config: { permission: 'jobs:read' },
      schema: {
        operationId: 'ionqListJobs',
        tags,
        summary: 'Jobs, newest first; `next` is there while there are more',
        querystring: ListQuery,
        response: { 200: documented('`{jobs, next}`'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      const { status, limit = PAGE_DEFAULT, next: cursor = '', session_id: session } = request.query;
      const states = status === undefined ? [] : statesOf(status);
      const options = callOptions(request.call);
      const page = await rooms.kernel.listJobs(
        { states, cursor, limit: Math.min(limit, JOBS_PAGE_MAX) },
        options,
      );
      const wanted = page.jobs.filter(({ sessionId }) => session === undefined || sessionId === session);
      // A list leaves out what each job noted, and with it what its client asked for.
      const jobs = await Promise.all(
        wanted.map(async (job) => (await rooms.kernel.getJob({ jobId: job.jobId }, options)).job ?? job),
      );
      const next = page.nextCursor === '' ? {} : { next: page.nextCursor };
      return reply.send({ jobs: jobs.map((job) => jobView(job)), ...next });
    },
  );
}

function readRoutes(app: App, rooms: RestRooms): void {
  const config = { permission: 'jobs:read' } as const;
  app.get(
    `${IONQ}/jobs/:id`,
    {
      config,
      schema: {
        operationId: 'ionqGetJob',
        tags,
        summary: 'A job, or one circuit of a batch',
        params: JobParams,
        response: { 200: documented('The job as IonQ describes jobs.'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      const { job, child } = await findJob(rooms, request.params.id, request.call);
      return reply.send(jobView(job, child));
    },
  );

  app.get(
    `${IONQ}/jobs/:id/cost`,
    {
      config,
      schema: {
        operationId: 'ionqGetJobCost',
        tags,
        summary: 'What the device charged for a job that has ended',
        params: JobParams,
        response: { 200: documented('`{dry_run, cost}`'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      const { job } = await findJob(rooms, request.params.id, request.call);
      const cost = await chargeOf(rooms, job, request.call);
      return reply.send({ dry_run: requestOf(job).dryRun, ...(cost === undefined ? {} : { cost }) });
    },
  );
}

function changeRoutes(app: App, rooms: RestRooms): void {
  const { kernel } = rooms;
  app.put(
    `${IONQ}/jobs/:id/status/cancel`,
    {
      config: { permission: 'jobs:cancel' },
      schema: {
        operationId: 'ionqCancelJob',
        tags,
        summary: 'Cancel a job; one that has ended stays as it is',
        params: JobParams,
        response: { 200: documented('`{id, status}`'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      const jobId = wholeJob(request.params.id, 'cancel');
      const options = callOptions(request.call);
      try {
        await kernel.cancelJob({ jobId }, options);
      } catch (thrown) {
        // IonQ's clients cancel without asking first whether there is anything left to cancel.
        if (!(thrown instanceof QfsError) || thrown.code !== 'JOB_TERMINAL') throw thrown;
      }
      const { state } = await kernel.getJobStatus({ jobId }, options);
      return reply.send({ id: jobId, status: ionqStatus(state) });
    },
  );

  app.delete(
    `${IONQ}/jobs/:id`,
    {
      config: { permission: 'jobs:delete' },
      schema: {
        operationId: 'ionqDeleteJob',
        tags,
        summary: 'Give up every byte of a job that has ended, for ever',
        params: JobParams,
        response: { 200: documented('`{id, status}`'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      const jobId = wholeJob(request.params.id, 'delete');
      await kernel.deleteJob({ jobId }, callOptions(request.call));
      return reply.send({ id: jobId, status: 'deleted' });
    },
  );
}
