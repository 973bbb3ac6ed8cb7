import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { QfsError, REQUEST_BODY_BYTES_MAX } from '@qfs/core';
import { parseJson, stringifyJson } from '@qfs/core/json';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { type DoorDependencies, REQUEST_MS_MAX, REQUEST_RECEIVED_MS_MAX } from '../door.ts';
import { isAllowed, requestIdFrom, traceIdOf, traceparentFrom } from '../request-context.ts';
import { createSubmit } from '../submission.ts';
import type { App, RestRooms } from './app.ts';
import { artifactRoutes } from './artifacts.ts';
import { deviceRoutes } from './devices.ts';
import { documentation } from './documentation.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes } from './health.ts';
import { jobRoutes } from './jobs.ts';
import { type PageAsset, pageRoutes } from './page.ts';
import { errorFrom } from './problem.ts';
import { programRoutes } from './programs.ts';
import { coerceQuery, type Query, type QuerySchema } from './query.ts';
import { receiptRoutes } from './receipts.ts';
import { RouteTable } from './route-table.ts';
import { refuseConnection, sendProblem } from './send-problem.ts';
import { taskRoutes } from './tasks.ts';
import { discardRest } from './unread-body.ts';

export interface RestDoorOptions extends DoorDependencies {
  /** Requests per second of one key or address; 0: no limit. */
  readonly rateLimitPerSecond: number;
  /** Files of the page, by path; `/` is the page itself. */
  readonly page: readonly PageAsset[];
  readonly bodyBytesMax?: number;
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
  app.decorateRequest('startedMs', 0);
  app.addHook('onRequest', async (request, reply) => beginRequest(request, reply, options));
  observe(app, options);
  if (options.rateLimitPerSecond > 0) await limitRate(app, options);
  app.addHook('onRequest', async (request) => authorize(request, options));
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
  const rooms: RestRooms = { ...options, submit: createSubmit(options) };
  await app.register(async (scope) => {
    const room = scope.withTypeProvider<TypeBoxTypeProvider>();
    taskRoutes(room, rooms);
    programRoutes(room, rooms);
    jobRoutes(room, rooms);
    artifactRoutes(room, rooms);
    receiptRoutes(room, rooms);
    eventRoutes(room, rooms);
    deviceRoutes(room, rooms);
    healthRoutes(room, rooms);
    pageRoutes(room, options.page);
  });
  await app.ready();
  return app;
}

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

function beginRequest(request: FastifyRequest, reply: FastifyReply, { randomness }: DoorDependencies): void {
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  request.startedMs = performance.now();
  request.call = {
    identity: NOBODY,
    requestId: requestIdFrom(header('x-request-id'), randomness),
    traceparent: traceparentFrom(header('traceparent'), randomness),
    deadlineMs: request.startedMs + REQUEST_MS_MAX,
  };
  reply.header('x-request-id', request.call.requestId);
  reply.header('traceparent', request.call.traceparent);
  reply.header('x-content-type-options', 'nosniff');
}

async function authorize(request: FastifyRequest, { authenticator }: DoorDependencies): Promise<void> {
  const { permission } = request.routeOptions.config;
  if (permission === undefined) return;
  const { authorization } = request.headers;
  const identity = await authenticator.authenticate({ authorization, remoteAddress: request.ip });
  if (!isAllowed(identity, permission)) {
    throw new QfsError('AUTH_DENIED', `This needs the permission '${permission}'.`, {
      metadata: { permission },
    });
  }
  request.call = { ...request.call, identity };
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
    const endpoint = request.routeOptions.url ?? 'unknown';
    const { method } = request;
    const seconds = (performance.now() - request.startedMs) / 1000;
    metrics.count('eigen_api_requests_total', { method, endpoint, status: String(reply.statusCode) });
    metrics.observe('eigen_api_request_duration_seconds', { method, endpoint }, seconds);
    const fields = {
      request_id: request.call.requestId,
      trace_id: traceIdOf(request.call),
      method,
      endpoint,
      status: reply.statusCode,
      duration_seconds: seconds,
    };
    logger.info(fields, 'request answered');
  });
}

async function limitRate(app: App, { rateLimitPerSecond, metrics }: RestDoorOptions): Promise<void> {
  await app.register(rateLimit, {
    max: rateLimitPerSecond,
    timeWindow: 1000,
    keyGenerator: ({ headers, ip }) => headers.authorization ?? ip,
    errorResponseBuilder: (_request, { ttl }) => {
      metrics.count('eigen_api_rate_limit_exceeded_total');
      return new QfsError('RATE_LIMITED', `More than ${rateLimitPerSecond} requests within one second.`, {
        retryAfterMs: ttl,
      });
    },
  });
}
