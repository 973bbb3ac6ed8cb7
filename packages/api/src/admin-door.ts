import { createServer, type Server, type ServerResponse } from 'node:http';
import { stringifyJson } from '@qfs/core/json';
import type { DoorDependencies } from './door.ts';
import { type HealthAnswer, healthy, readiness } from './health.ts';

export interface AdminDoorOptions extends Pick<DoorDependencies, 'readiness' | 'logger'> {
  /** The metrics in the text format of Prometheus. */
  readonly metricsText: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

/** `/metrics`, `/healthz` and `/readyz` for operators, on a port of their own. */
export function createAdminDoor(options: AdminDoorOptions): Server {
  const routes: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    '/metrics': async (response) => {
      const { contentType, body } = await options.metricsText();
      response.writeHead(200, { 'content-type': contentType }).end(body);
    },
    '/healthz': async (response) => sendHealth(response, healthy()),
    '/readyz': async (response) => sendHealth(response, await readiness(options)),
  };
  return createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    response.setHeader('x-content-type-options', 'nosniff');
    if (route === undefined) {
      const body = stringifyJson({
        status: 404,
        detail: `There is nothing at ${path}.`,
        known: Object.keys(routes),
      });
      response.writeHead(404, { 'content-type': 'application/problem+json' }).end(body);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    route(response).catch((error: unknown) => {
      options.logger.error({ err: error, path }, 'the admin door failed');
      response.writeHead(500).end();
    });
  });
}

function sendHealth(response: ServerResponse, { status, body }: HealthAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(stringifyJson(body));
}
