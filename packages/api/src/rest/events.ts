import { QfsError } from '@qfs/core';
import { stringifyJson } from '@qfs/core/json';
import { problemJson, updateJson } from '@qfs/rpc/json';
import type { FastifyReply } from 'fastify';
import { HEARTBEAT_MS } from '../door.ts';
import { openUpdates } from '../job-updates.ts';
import type { App, RestRooms } from './rest-door.ts';
import { JobParams, problemResponses } from './schemas.ts';

/** How long an event source waits before it comes back. */
const RECONNECT_MS = 1000;

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
      const context = { ...request.call, signal: left.signal };
      const { isOver, updates } = await openUpdates(rooms, jobId, after, context);
      // 204 tells an event source not to come back.
      if (isOver) return reply.code(204).send(null);
      request.raw.socket.once('close', () => left.abort());
      const write = beginStream(reply);
      const beat = setInterval(() => write(': heartbeat\n\n'), HEARTBEAT_MS);
      try {
        for await (const update of updates) {
          if (update.heartbeat) continue;
          await write(
            `id: ${update.eventSeq}\nevent: update\ndata: ${stringifyJson(updateJson(update))}\n\n`,
          );
        }
      } catch (thrown) {
        const problem = stringifyJson(
          problemJson(QfsError.from(thrown), { requestId: request.call.requestId }),
        );
        if (!left.signal.aborted) await write(`event: problem\ndata: ${problem}\n\n`);
      } finally {
        clearInterval(beat);
        reply.raw.end();
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

/** Takes the connection over; the writer resolves when the reader has room again. */
function beginStream(reply: FastifyReply): (text: string) => Promise<void> {
  const { raw } = reply;
  const headers = Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)] as const);
  reply.hijack();
  raw.writeHead(200, {
    ...Object.fromEntries(headers),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  raw.write(`retry: ${RECONNECT_MS}\n\n`);
  return async (text) => {
    if (raw.destroyed || raw.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        raw.off('drain', done).off('close', done);
        resolve();
      };
      raw.on('drain', done).on('close', done);
    });
  };
}
