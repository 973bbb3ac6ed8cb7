import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from './rest-door.ts';

/** `/docs` and `/openapi.json`, written from the schemas that the routes check. */
export async function documentation(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'QFS, the Quantum Data Fabric',
        version: '1.0.0',
        description:
          'OpenQASM 3 circuits in, counts out, nothing lost. Count keys: classical bit 0 is the rightmost character.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'tasks', description: 'A program in, counts out' },
        { name: 'programs', description: 'Check and draw without a job' },
        { name: 'jobs', description: 'Batches, events, results' },
        { name: 'artifacts', description: 'Immutable files of a job' },
        { name: 'devices', description: 'Where jobs run' },
        { name: 'health', description: 'Liveness and readiness' },
      ],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{}, { token: [] }],
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => reply.send(app.swagger()));
}
