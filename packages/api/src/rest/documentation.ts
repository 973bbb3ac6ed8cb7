import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { ERRORS } from '@qfs/core';
import { ERRORS_PAGE } from '@qfs/rpc/json';
import type { FastifyContextConfig } from 'fastify';
import type { App } from './app.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Every error code with what it means and what to do, as one page without scripts. */
function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([code, { title, help, http, grpc, retryable }]) => {
    const facts = `HTTP ${http}, gRPC ${grpc}, ${retryable ? 'may succeed when repeated' : 'final'}`;
    return `<dt id="${code}"><code>${code}</code> ${escaped(title)}</dt><dd>${escaped(help)} <small>${facts}</small></dd>`;
  });
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>QFS error codes</title>',
    '<meta name="viewport" content="width=device-width"><style>:root{color-scheme:light dark}',
    'body{font:16px/1.5 system-ui;max-width:50em;margin:2em auto;padding:0 1em}dt{margin-top:1em}',
    ':target{outline:2px solid}</style><h1>Error codes</h1><dl>',
    ...rows,
    '</dl></html>',
  ].join('\n');
}

/** What an operation needs, beside it in the document. */
const permissionOf = (config: FastifyContextConfig | undefined): object =>
  config?.permission === undefined ? {} : { 'x-permission': config.permission };

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
        { name: 'tokens', description: 'API tokens, and who the caller is' },
        { name: 'health', description: 'Liveness and readiness' },
      ],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{}, { token: [] }],
    },
    transform: ({ schema, url, route }) => ({ schema: { ...schema, ...permissionOf(route.config) }, url }),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    theme: {
      title: 'QFS: API',
      // The bar holds the logo of the HTTP library and a field for other documents.
      css: [{ filename: 'qfs.css', content: '.swagger-ui .topbar { display: none }' }],
    },
  });
  app.get(ERRORS_PAGE, { schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .type('text/html; charset=utf-8')
      .send(errorsPage()),
  );
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => reply.send(app.swagger()));
}
