import { callOptions } from '@qfs/rpc';
import type { App, RestRooms } from './app.ts';
import { JobParams, problemResponses } from './schemas.ts';

/** Proof of an ended job for anybody. */
export function receiptRoutes(app: App, { kernel }: RestRooms): void {
  app.get(
    '/api/v1/jobs/:id/receipt',
    {
      config: { permission: 'jobs:read' },
      schema: {
        operationId: 'getReceipt',
        tags: ['receipts'],
        summary: 'The receipt of an ended job, to be verified without this server',
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
      const { receiptJson } = await kernel.getReceipt(
        { jobId: request.params.id },
        callOptions(request.call),
      );
      return reply.type('application/json').send(Buffer.from(receiptJson));
    },
  );
}
