import { QfsError } from '@qfs/core';
import { readArtifact } from '../../job-results.ts';
import type { App, RestRooms } from '../app.ts';
import { documented } from '../schemas.ts';
import { IONQ } from './error-shape.ts';
import { isBatch } from './ionq-submission.ts';
import { requestOf } from './job-view.ts';
import { aggregated, findJob, resultIn } from './read-results.ts';
import { isResultFormat, RESULT_ADDRESSES } from './result-formats.ts';
import { IonqArtifactParams, ionqRefusals, JobParams, ResultParams } from './schemas.ts';

const tags = ['ionq'];
const config = { permission: 'jobs:read' } as const;

/** Results of jobs under IonQ's addresses and in IonQ's formats. */
export function ionqResultRoutes(app: App, rooms: RestRooms): void {
  resultRoutes(app, rooms);
  artifactRoute(app, rooms);
}

function resultRoutes(app: App, rooms: RestRooms): void {
  app.get(
    `${IONQ}/jobs/:id/results/:kind`,
    {
      config,
      schema: {
        operationId: 'ionqGetResults',
        tags,
        summary: 'Probabilities, histogram or shots; outcomes are numbers, qubit 0 counts 1',
        params: ResultParams,
        response: { 200: documented('The results.'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      const { id, kind } = request.params;
      const format = Object.entries(RESULT_ADDRESSES).find(([name]) => name === kind)?.[1];
      if (format === undefined) {
        const known = Object.keys(RESULT_ADDRESSES).join(', ');
        throw new QfsError(
          'ROUTE_NOT_FOUND',
          `There are no results "${kind.slice(0, 40)}"; there are ${known}.`,
        );
      }
      const found = await findJob(rooms, id, request.call);
      const whole = found.child === undefined && isBatch(requestOf(found.job).type);
      if (whole && kind === 'probabilities')
        return reply.send(await aggregated(rooms, found.job, request.call));
      return reply.send(await resultIn(rooms, found, format, request.call));
    },
  );

  app.get(
    `${IONQ}/jobs/:id/results/probabilities/aggregated`,
    {
      config,
      schema: {
        operationId: 'ionqGetAggregatedProbabilities',
        tags,
        summary: 'Probabilities of every circuit of a batch, by the id of the child job',
        params: JobParams,
        response: { 200: documented('The probabilities.'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      const { job } = await findJob(rooms, request.params.id, request.call);
      return reply.send(await aggregated(rooms, job, request.call));
    },
  );
}

function artifactRoute(app: App, rooms: RestRooms): void {
  app.get(
    `${IONQ}/jobs/:id/artifacts/*`,
    {
      config,
      schema: {
        operationId: 'ionqGetArtifact',
        tags,
        summary: 'A result in the format that is named, or a stored artifact of the job by its name',
        params: IonqArtifactParams,
        response: { 200: documented('The artifact.'), ...ionqRefusals },
      },
    },
    async (request, reply) => {
      const { id, '*': name } = request.params;
      const found = await findJob(rooms, id, request.call);
      if (isResultFormat(name)) return reply.send(await resultIn(rooms, found, name, request.call));
      const { handle, data } = await readArtifact(rooms, found.job.jobId, name, request.call);
      // Clients read JSON as JSON and anything else as bytes.
      const json = handle?.contentType.startsWith('application/json') ?? false;
      reply.header('content-security-policy', "default-src 'none'; sandbox");
      return reply.type(json ? 'application/json' : 'application/octet-stream').send(Buffer.from(data));
    },
  );
}
