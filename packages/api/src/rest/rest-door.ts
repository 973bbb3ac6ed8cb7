import type { Server as TlsServer } from 'node:tls';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { QfsError, REQUEST_BODY_BYTES_MAX } from '@qfs/core';
import { parseJson, stringifyJson } from '@qfs/core/json';
import { traceFields } from '@qfs/rpc';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { guardedRooms } from '../auth/guarded-rooms.ts';
import {
  type DoorDependencies,
  REQUEST_MS_MAX,
  REQUEST_RECEIVED_MS_MAX,
  TLS_VERSION_MIN,
  type TlsKeys,
} from '../door.ts';
import { requestIdFrom, traceparentFrom } from '../request-context.ts';
import { admission, headerOf } from './admission.ts';
import type { App, RestRooms } from './app.ts';
import { artifactRoutes } from './artifacts.ts';
import { deviceRoutes } from './devices.ts';
import { documentation } from './documentation.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { ionqRoutes } from './ionq/ionq-routes.ts';
import { jobRoutes } from './jobs.ts';
import { type PageAsset, pageRoutes } from './page.ts';
import { errorFrom } from './problem.ts';
import { programRoutes } from './programs.ts';
import { coerceQuery, type Query, type QuerySchema } from './query.ts';
import { receiptRoutes } from './receipts.ts';
import { beginSpan, endpointOf } from './request-span.ts';
import { reservationRoutes } from './reservations.ts';
import { RouteTable } from './route-table.ts';
import { refuseConnection, sendProblem } from './send-problem.ts';
import { taskRoutes } from './tasks.ts';
import { tokenRoutes } from './tokens.ts';
import { discardRest } from './unread-body.ts';

export interface RestDoorOptions extends DoorDependencies {
  /** Files of the page, by path; `/` is the page itself. */
  readonly page: readonly PageAsset[];
  readonly bodyBytesMax?: number;
  /** Without it the door speaks in the clear. */
  readonly tls?: TlsKeys;
}

/** Bodies are taken as they come: nothing is converted, dropped or filled in. */
const AJV_OPTIONS = {
  coerceTypes: false,
  removeAdditional: false,
  useDefaults: false,
  allErrors: true,
  allowUnionTypes: true,
} as const;

const NOBODY = { tenantId: '', projectId: '', subject: '', roles: [] } as const;

/** The REST door: `/tasks`, `/api/v1`, the event stream, the documentation and the page. */
export async function createRestDoor(options: RestDoorOptions): Promise<App> {
  const bodyBytesMax = options.bodyBytesMax ?? REQUEST_BODY_BYTES_MAX;
  const app = Fastify({
    ...(options.tls === undefined ? {} : { https: { ...options.tls, minVersion: TLS_VERSION_MIN } }),
    bodyLimit: bodyBytesMax,
    requestTimeout: REQUEST_RECEIVED_MS_MAX,
    logger: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 512 },
    ajv: { customOptions: AJV_OPTIONS },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) => {
      beginRequest(request, reply, options);
      sendProblem(reply, request, errorFrom(error, bodyBytesMax), options);
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  const routes = new RouteTable();
  app.addHook('onRoute', (route) => routes.add(route.method, route.url));
  app.setSerializerCompiler(() => stringifyJson);
  readJsonBodies(app);
  app.decorateRequest('call');
  app.decorateRequest('caller');
  app.decorateRequest('startedMs', 0);
  app.addHook('onRequest', async (request, reply) => beginRequest(request, reply, options));
  observe(app, options);
  app.addHook('onRequest', admission(options));
  app.addHook('preValidation', async (request) => {
    const schema = request.routeOptions.schema?.querystring;
    if (schema !== undefined) request.query = coerceQuery(schema as QuerySchema, request.query as Query);
  });
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = errorFrom(thrown, bodyBytesMax);
    if (error.code === 'PAYLOAD_TOO_LARGE') await discardRest(request.raw);
    sendProblem(reply, request, error, options);
    return reply;
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = routes.methodsOf(request.url);
    if (allowed.length > 0) reply.header('allow', allowed.join(', '));
    const error =
      allowed.length > 0
        ? new QfsError(
            'METHOD_NOT_ALLOWED',
            `${request.url} takes ${allowed.join(', ')}, not ${request.method}.`,
          )
        : new QfsError('ROUTE_NOT_FOUND', `There is nothing at ${request.url.split('?')[0]}.`);
    sendProblem(reply, request, error, options);
  });
  await documentation(app);
  const rooms: RestRooms = guardedRooms(options);
  await app.register(async (scope) => {
    const room = scope.withTypeProvider<TypeBoxTypeProvider>();
    taskRoutes(room, rooms);
    programRoutes(room, rooms);
    jobRoutes(room, rooms);
    artifactRoutes(room, rooms);
    receiptRoutes(room, rooms);
    eventRoutes(room, rooms);
    deviceRoutes(room, rooms);
    reservationRoutes(room, rooms);
    healthRoutes(room, rooms);
    ionqRoutes(room, rooms);
    tokenRoutes(room, rooms);
    pageRoutes(room, options.page);
  });
  await app.ready();
  return app;
}

/** New connections get another certificate; those that are open keep theirs. */
export const renewTls = ({ server }: App, keys: TlsKeys): void =>
  (server as unknown as TlsServer).setSecureContext({ ...keys, minVersion: TLS_VERSION_MIN });

/** Malformed JSON is answered with its place; text that is not UTF-8 is not JSON. */
function readJsonBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/(?:[\w.+-]+\+)?json/,
    { parseAs: 'buffer' },
    (_request, body, done) => {
      try {
        done(null, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body as Buffer)));
      } catch {
        const fault = parseJson(body as Buffer);
        const place = fault.ok
          ? 'it is not JSON'
          : `line ${fault.error.line}, column ${fault.error.column}: ${fault.error.message}`;
        done(new QfsError('BODY_INVALID', `The body is not valid JSON: ${place}.`));
      }
    },
  );
}

function beginRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  { randomness, tracer }: DoorDependencies,
): void {
  const given = headerOf(request, 'traceparent');
  request.startedMs = performance.now();
  request.call = {
    identity: NOBODY,
    requestId: requestIdFrom(headerOf(request, 'x-request-id'), randomness),
    traceparent:
      tracer === undefined ? traceparentFrom(given, randomness) : beginSpan(tracer, request, reply, given),
    deadlineMs: request.startedMs + REQUEST_MS_MAX,
  };
  reply.header('x-request-id', request.call.requestId);
  reply.header('traceparent', request.call.traceparent);
  reply.header('x-content-type-options', 'nosniff');
}

function observe(app: App, { logger, metrics }: DoorDependencies): void {
  let active = 0;
  metrics.gauge('eigen_api_active_requests', () => active);
  app.addHook('onRequest', async (_request, reply) => {
    active += 1;
    // Comes once, also when the caller leaves before the answer.
    reply.raw.once('close', () => {
      active -= 1;
    });
  });
  app.addHook('onResponse', async (request, reply) => {
    const endpoint = endpointOf(request);
    const { method } = request;
    const seconds = (performance.now() - request.startedMs) / 1000;
    metrics.count('eigen_api_requests_total', { method, endpoint, status: String(reply.statusCode) });
    metrics.observe('eigen_api_request_duration_seconds', { method, endpoint }, seconds);
    const fields = {
      request_id: request.call.requestId,
      ...traceFields(request.call.traceparent),
      method,
      endpoint,
      status: reply.statusCode,
      duration_seconds: seconds,
    };
    logger.info(fields, 'request answered');
  });
}
