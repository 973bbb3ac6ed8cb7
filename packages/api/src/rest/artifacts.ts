import { callOptions } from '@qfs/rpc';
import { artifactJson } from '@qfs/rpc/json';
import { readArtifact } from '../job-results.ts';
import type { App, RestRooms } from './app.ts';
import { ArtifactParams, documented, JobParams, problemResponses } from './schemas.ts';

/** The immutable files of a job. */
export function artifactRoutes(app: App, rooms: RestRooms): void {
  const { kernel, qfs } = rooms;
  const config = { permission: 'jobs:read' } as const;
  app.get(
    '/api/v1/jobs/:id/artifacts',
    {
      config,
      schema: {
        operationId: 'listArtifacts',
        tags: ['artifacts'],
        summary: 'Names, sizes and hashes of the artifacts of a job',
        params: JobParams,
        response: { 200: documented('`{artifacts}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const jobId = request.params.id;
      const options = callOptions(request.call);
      await kernel.getJobStatus({ jobId }, options);
      const { handles } = await qfs.listArtifacts({ jobId }, options);
      return reply.send({ artifacts: handles.map((handle) => artifactJson(jobId, handle)) });
    },
  );

  app.get(
    '/api/v1/jobs/:id/artifacts/*',
    {
      config,
      schema: {
        operationId: 'getArtifact',
        tags: ['artifacts'],
        summary: 'The bytes of one artifact; the ETag is their hash',
        params: ArtifactParams,
        response: {
          200: {
            description: 'The bytes.',
            content: { 'application/octet-stream': { schema: { type: 'string' } } },
          },
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { id: jobId, '*': name } = request.params;
      const { handle, data } = await readArtifact(rooms, jobId, name, request.call);
      const tag = `"${handle?.hash}"`;
      reply.header('etag', tag).header('cache-control', 'private, max-age=31536000, immutable');
      if (namesTag(request.headers['if-none-match'], tag)) return reply.code(304).send();
      // What users store is shown, never run.
      reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
      return reply.type(handle?.contentType || 'application/octet-stream').send(Buffer.from(data));
    },
  );
}

const namesTag = (given: string | undefined, tag: string): boolean =>
  given?.split(',').some((entry) => ['*', tag].includes(entry.trim().replace(/^W\//, ''))) ?? false;
