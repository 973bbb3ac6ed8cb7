import { setTimeout as pause } from 'node:timers/promises';
import { QfsError } from '@qfs/core';
import { type CallContext, callOptions } from '@qfs/rpc';
import type { App, RestRooms } from './app.ts';
import { JobParams, problemResponses } from './schemas.ts';

/** Seconds that a caller may have the door wait for a checkpoint. */
const WAIT_SECONDS_MAX = 10;
const POLL_MS = 100;

/** Proof of an ended job for anybody. */
export function receiptRoutes(app: App, rooms: RestRooms): void {
  app.get(
    '/api/v1/jobs/:id/receipt',
    {
      config: { permission: 'jobs:read' },
      schema: {
        operationId: 'getReceipt',
        tags: ['receipts'],
        summary: 'The receipt of an ended job, to be verified without this server',
        description:
          'A checkpoint covers the end of a job within two seconds; before that the answer is 503, unless the request ' +
          'says `Prefer: wait=5` (RFC 7240): seconds, at most 10.',
        params: JobParams,
        response: {
          200: {
            description: 'The receipt; its bytes count, so keep them as they are.',
            content: { 'application/json': { schema: { type: 'object' } } },
          },
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const seconds = secondsToWait(request.headers.prefer);
      const receipt = await receiptWithin(rooms, request.params.id, request.call, seconds);
      if (seconds > 0) reply.header('preference-applied', `wait=${seconds}`);
      return reply.type('application/json').send(Buffer.from(receipt));
    },
  );
}

/** RFC 7240 §4.3. */
function secondsToWait(prefer: string | string[] | undefined): number {
  const wanted = /(?:^|,)\s*wait=(\d{1,4})\s*(?:[;,]|$)/i.exec([prefer ?? ''].flat().join(','))?.[1];
  return Math.min(Number(wanted ?? 0), WAIT_SECONDS_MAX);
}

async function receiptWithin(
  { kernel }: RestRooms,
  jobId: string,
  context: CallContext,
  seconds: number,
): Promise<Uint8Array> {
  const until = performance.now() + seconds * 1000;
  for (;;) {
    try {
      return (await kernel.getReceipt({ jobId }, callOptions(context))).receiptJson;
    } catch (thrown) {
      if (QfsError.from(thrown).code !== 'RECEIPT_PENDING' || performance.now() + POLL_MS > until)
        throw thrown;
    }
    await pause(POLL_MS);
  }
}
