import { healthy, readiness } from '../health.ts';
import type { App, RestRooms } from './app.ts';
import { documented } from './schemas.ts';

export function healthRoutes(app: App, rooms: RestRooms): void {
  const schema = (operationId: string, summary: string) => ({
    operationId,
    tags: ['health'],
    summary,
    response: { 200: documented('It is.'), 503: documented('It is not.') },
  });
  app.get('/healthz', { schema: schema('healthz', 'Is the process alive?') }, async (_request, reply) => {
    const { status, body } = healthy();
    return reply.code(status as 200).send(body);
  });
  app.get(
    '/readyz',
    { schema: schema('readyz', 'Is everything it needs there?') },
    async (_request, reply) => {
      const { status, body } = await readiness(rooms);
      return reply.code(status as 200).send(body);
    },
  );
}
