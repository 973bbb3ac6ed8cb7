import { QfsError } from '@qfs/core';
import { stringifyJson } from '@qfs/core/json';
import { problemJson, updateJson } from '@qfs/rpc/json';
import type { FastifyReply } from 'fastify';
import { openUpdates } from '../job-updates.ts';
import type { App, RestRooms } from './app.ts';
import { EventStream } from './event-stream.ts';
import { JobParams, problemResponses } from './schemas.ts';

/** The events of a job as server-sent events, resumable by `Last-Event-ID`. */
export function eventRoutes(app: App, rooms: RestRooms): void {
  app.get(
    '/api/v1/jobs/:id/events',
    {
      // A HEAD request would hold the connection without a word until the job ends.
      exposeHeadRoute: false,
      config: { permission: 'jobs:read' },
      schema: {
        operationId: 'streamJobEvents',
        tags: ['jobs'],
        summary: 'Server-sent events; `Last-Event-ID` resumes; ends after the terminal event',
        params: JobParams,
        response: {
          200: { description: 'Events.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
          204: { type: 'null', description: 'The job has ended and every event was received.' },
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const jobId = request.params.id;
      const after = lastEventId(request.headers['last-event-id']);
      const left = new AbortController();
      reply.raw.once('close', () => left.abort());
      const context = { ...request.call, signal: left.signal };
      const { isOver, updates } = await openUpdates(rooms, jobId, after, context);
      // 204 tells an event source not to come back.
      if (isOver) return reply.code(204).send(null);
      const stream = beginStream(reply);
      try {
        for await (const update of updates) {
          if (update.heartbeat) continue;
          await stream.write(
            `id: ${update.eventSeq}\nevent: update\ndata: ${stringifyJson(updateJson(update))}\n\n`,
          );
        }
      } catch (thrown) {
        const problem = stringifyJson(
          problemJson(QfsError.from(thrown), { requestId: request.call.requestId }),
        );
        if (!left.signal.aborted) await stream.write(`event: problem\ndata: ${problem}\n\n`);
      } finally {
        stream.end();
      }
      return reply;
    },
  );
}

function lastEventId(given: string | string[] | undefined): bigint {
  if (given === undefined || given === '') return 0n;
  if (typeof given === 'string' && /^\d{1,18}$/.test(given)) return BigInt(given);
  throw new QfsError('REQUEST_INVALID', `Last-Event-ID is '${given}', which is not a sequence number.`);
}

/** Takes the connection over. */
function beginStream(reply: FastifyReply): EventStream {
  const headers = Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)] as const);
  reply.hijack();
  return new EventStream(reply.raw, Object.fromEntries(headers));
}
