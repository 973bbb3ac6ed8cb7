import { PRIORITY_DEFAULT, QfsError } from '@qfs/core';
import { utf8Decode } from '@qfs/core/exact';
import { callOptions } from '@qfs/rpc';
import { JobState } from '@qfs/rpc/api';
import { acceptedJson, jobJson, rationaleJson, resultsText } from '@qfs/rpc/json';
import { resultBytes } from '../job-results.ts';
import { estimate, type Submission, type SubmissionItem } from '../submission.ts';
import type { App, RestRooms } from './app.ts';
import { programLanguage, sourceBytes } from './program-language.ts';
import {
  documented,
  IdempotencyHeaders,
  type ItemBody,
  JOBS_PAGE_DEFAULT,
  type JobBody,
  JobParams,
  JobRequest,
  JobsQuery,
  problemResponses,
} from './schemas.ts';

/** The whole life of a job over `/api/v1/jobs`. */
export function jobRoutes(app: App, rooms: RestRooms): void {
  submitRoute(app, rooms);
  estimateRoute(app, rooms);
  readRoutes(app, rooms);
  rationaleRoute(app, rooms);
  resultsRoute(app, rooms);
  changeRoutes(app, rooms);
  deleteRoute(app, rooms);
}

function submitRoute(app: App, rooms: RestRooms): void {
  app.post(
    '/api/v1/jobs',
    {
      config: { permission: 'jobs:submit' },
      schema: {
        operationId: 'submitJob',
        tags: ['jobs'],
        summary: 'Submit a job: a batch in `items`, or one program at the top',
        headers: IdempotencyHeaders,
        body: JobRequest,
        response: { 202: documented('`{job_id, state, created_at, links}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const submission = submissionOf(request.body, request.headers['idempotency-key'] ?? '');
      const { jobId, createdAt, logIndex } = await rooms.submit(submission, request.call);
      const accepted = acceptedJson({ jobId, createdAt });
      reply.header('location', accepted.links.self).header('x-qfs-index', String(logIndex)).code(202);
      return reply.send(accepted);
    },
  );
}

function estimateRoute(app: App, rooms: RestRooms): void {
  app.post(
    '/api/v1/estimate',
    {
      config: { permission: 'jobs:submit' },
      schema: {
        operationId: 'estimateJob',
        tags: ['jobs'],
        summary: 'What a job would need and cost; the body is that of a submission, and nothing is kept',
        body: JobRequest,
        response: {
          200: documented('`{target, shots, method, memory_bytes, cost, cost_unit}`'),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const estimated = await estimate(rooms, submissionOf(request.body, ''), request.call);
      const { target, shots, method, memoryBytes, cost, costUnit } = estimated;
      return reply.send({
        target,
        shots: Number(shots),
        method,
        memory_bytes: Number(memoryBytes),
        cost,
        cost_unit: costUnit,
      });
    },
  );
}

function submissionOf(body: JobBody, idempotencyKey: string): Submission {
  const request = {
    items: itemsOf(body).map(itemOf),
    name: body.name ?? '',
    target: body.target ?? '',
    priority: body.priority ?? PRIORITY_DEFAULT,
    method: body.method ?? '',
    precision: body.precision ?? '',
    options: optionTexts(body.options ?? {}),
    tags: body.tags ?? [],
    metadataKvs: body.metadata ?? {},
    parentJobId: body.parent_job_id ?? '',
    sessionId: body.session_id ?? '',
    reservationId: body.reservation_id ?? '',
    dependencies: body.dependencies ?? [],
    sourceDoor: 'rest',
    idempotencyKey,
    fingerprint: JSON.stringify(['POST /api/v1/jobs', body]),
  };
  return body.seed === undefined ? request : { ...request, seed: BigInt(body.seed) };
}

/** Options reach devices as text; whoever has JSON gives it as it is. */
const optionTexts = (options: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );

const ITEM_FIELDS = [
  'language',
  'dialect',
  'program',
  'encoding',
  'entrypoint',
  'shots',
  'parameters',
  'observables',
  'inputs',
  'memory',
  'compiler_options',
] as const satisfies readonly (keyof ItemBody)[];

function itemsOf(body: JobBody): readonly ItemBody[] {
  const given = ITEM_FIELDS.filter((field) => body[field] !== undefined);
  if (body.items !== undefined) {
    if (given.length === 0) return body.items;
    const description = 'stands beside `items`; write it inside of each item';
    throw bodyInvalid(given.map((field) => ({ field, description })));
  }
  const { language, program } = body;
  if (language !== undefined && program !== undefined) return [{ ...body, language, program }];
  const missing = (['language', 'program'] as const).filter((field) => body[field] === undefined);
  throw bodyInvalid(missing.map((field) => ({ field, description: 'is missing; give it, or `items`' })));
}

function bodyInvalid(
  violations: readonly { readonly field: string; readonly description: string }[],
): QfsError {
  const message = `body: '${violations[0]?.field}' ${violations[0]?.description}.`;
  return new QfsError('BODY_INVALID', message, { violations });
}

const itemOf = (item: ItemBody): SubmissionItem => ({
  language: programLanguage(item),
  program: sourceBytes('program', item.program, item.encoding),
  entrypoint: item.entrypoint ?? '',
  shots: item.shots ?? 0,
  parameters: (item.parameters ?? []).map((values) => ({ values })),
  observables: (item.observables ?? []).map(({ name = '', terms }) => ({ name, terms })),
  inputs: Object.fromEntries(
    Object.entries(item.inputs ?? {}).map(([name, value]) => [name, { value: inputValue(value) }]),
  ),
  memory: item.memory ?? false,
  compilerOptions: item.compiler_options ?? {},
});

function inputValue(value: number | boolean | string | readonly unknown[]) {
  // The engine reads arrays as text, where it knows the types of their elements.
  if (typeof value === 'object') return { case: 'bits', value: JSON.stringify(value) } as const;
  if (typeof value === 'boolean') return { case: 'boolean', value } as const;
  if (typeof value === 'string') return { case: 'bits', value } as const;
  if (Number.isSafeInteger(value)) return { case: 'integer', value: BigInt(value) } as const;
  return { case: 'number', value } as const;
}

function readRoutes(app: App, { kernel }: RestRooms): void {
  const config = { permission: 'jobs:read' } as const;
  app.get(
    '/api/v1/jobs',
    {
      config,
      schema: {
        operationId: 'listJobs',
        tags: ['jobs'],
        summary: 'Jobs, newest first',
        querystring: JobsQuery,
        response: { 200: documented('`{jobs, next_cursor}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const page = await kernel.listJobs(pageOf(request.query), callOptions(request.call));
      const next_cursor = page.nextCursor === '' ? null : page.nextCursor;
      return reply.send({ jobs: page.jobs.map(jobJson), next_cursor });
    },
  );

  app.get(
    '/api/v1/jobs/:id',
    {
      config,
      schema: {
        operationId: 'getJob',
        tags: ['jobs'],
        summary: 'Everything known about a job',
        params: JobParams,
        response: { 200: documented('The job.'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { job } = await kernel.getJob({ jobId: request.params.id }, callOptions(request.call));
      return reply.send(jobJson(job!));
    },
  );
}

function pageOf(query: JobsQuery) {
  const { state = [], cursor = '', limit = JOBS_PAGE_DEFAULT, since, tag = [] } = query;
  return {
    states: state.map((name) => JobState[name]),
    cursor,
    limit,
    name: query.name ?? '',
    tags: tag,
    target: query.target ?? '',
    parentJobId: query.parent_job_id ?? '',
    deleted: query.deleted === 'true',
    ...(since === undefined ? {} : { since: timestampOf(since) }),
  };
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;

function timestampOf(text: string): { seconds: bigint; nanos: number } {
  const atMs = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isFinite(atMs)) {
    const message = `since is '${text.slice(0, 64)}'; expected a time like 2026-01-31T12:00:00Z.`;
    throw new QfsError('REQUEST_INVALID', message);
  }
  const seconds = Math.floor(atMs / 1000);
  return { seconds: BigInt(seconds), nanos: (atMs - seconds * 1000) * 1e6 };
}

function rationaleRoute(app: App, { kernel }: RestRooms): void {
  app.get(
    '/api/v1/jobs/:id/rationale',
    {
      config: { permission: 'jobs:read' },
      schema: {
        operationId: 'getDispatchRationale',
        tags: ['jobs'],
        summary: 'Why the job is where it is: the rules that applied and the facts they looked at',
        params: JobParams,
        response: {
          200: documented('`{version, policy_version, reason_codes, attributes}`'),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const jobId = request.params.id;
      const { rationale } = await kernel.getDispatchRationale({ jobId }, callOptions(request.call));
      return reply.send(rationaleJson(jobId, rationale!));
    },
  );
}

function resultsRoute(app: App, { kernel, qfs }: RestRooms): void {
  app.get(
    '/api/v1/jobs/:id/results',
    {
      config: { permission: 'jobs:read' },
      schema: {
        operationId: 'getJobResults',
        tags: ['jobs'],
        summary: 'Counts, expectation values and outputs per item and parameter set; 409 before the end',
        params: JobParams,
        response: { 200: documented('`{job_id, state, error, results}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const jobId = request.params.id;
      const answer = await kernel.getJobResults({ jobId }, callOptions(request.call));
      reply.type('application/json; charset=utf-8');
      if (answer.state !== JobState.DONE) return reply.send(resultsText(jobId, answer, null));
      const text = utf8Decode(await resultBytes({ qfs }, jobId, request.call));
      if (!text.ok) throw new QfsError('ARTIFACT_CORRUPT', `results.json of ${jobId} is not UTF-8.`);
      return reply.send(resultsText(jobId, answer, text.value));
    },
  );
}

function deleteRoute(app: App, { kernel }: RestRooms): void {
  app.delete(
    '/api/v1/jobs/:id',
    {
      config: { permission: 'jobs:delete' },
      schema: {
        operationId: 'deleteJob',
        tags: ['jobs'],
        summary: 'Give up every byte of a job that has ended, for ever; its id answers 410 from then on',
        params: JobParams,
        response: { 200: documented('`{job_id, log_index}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const jobId = request.params.id;
      const { logIndex } = await kernel.deleteJob({ jobId }, callOptions(request.call));
      reply.header('x-qfs-index', String(logIndex));
      return reply.send({ job_id: jobId, log_index: Number(logIndex) });
    },
  );
}

function changeRoutes(app: App, { kernel }: RestRooms): void {
  app.post(
    '/api/v1/jobs/:id/cancel',
    {
      config: { permission: 'jobs:cancel' },
      schema: {
        operationId: 'cancelJob',
        tags: ['jobs'],
        summary: 'Ask for cancellation; 409 when the job has ended',
        params: JobParams,
        response: { 202: documented('`{job_id, accepted, outcome}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const jobId = request.params.id;
      const { accepted, outcome } = await kernel.cancelJob({ jobId }, callOptions(request.call));
      return reply.code(202).send({ job_id: jobId, accepted, outcome });
    },
  );

  app.post(
    '/api/v1/jobs/:id/redrive',
    {
      config: { permission: 'jobs:submit' },
      schema: {
        operationId: 'redriveJob',
        tags: ['jobs'],
        summary: 'Submit a job that has ended again, as a new one',
        params: JobParams,
        response: {
          202: documented('`{job_id, parent_job_id, state, created_at, links}`'),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const parent = request.params.id;
      const answer = await kernel.redriveJob({ jobId: parent }, callOptions(request.call));
      const accepted = acceptedJson(answer, parent);
      reply.header('location', accepted.links.self).header('x-qfs-index', String(answer.logIndex)).code(202);
      return reply.send(accepted);
    },
  );
}
