import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import {
  Code,
  ConnectError,
  type ContextValues,
  createContextKey,
  createContextValues,
  type Interceptor,
} from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { type QfsError, REQUEST_BODY_BYTES_MAX } from '@qfs/core';
import {
  type CallContext,
  callContext,
  contextInterceptor,
  DeviceService,
  IDENTITY_HEADERS,
  JobService,
  LogService,
  REQUEST_ID_HEADER,
  type Span,
  TokenService,
  TRACEPARENT_HEADER,
  traceFields,
} from '@qfs/rpc';
import { Health, ServerReflection } from '@qfs/rpc/grpc';
import { createGate } from '../auth/gate.ts';
import { guardedRooms } from '../auth/guarded-rooms.ts';
import { type RateState, rateHeaders } from '../auth/rate-limiter.ts';
import {
  countInvalid,
  type DoorDependencies,
  isOurFault,
  REQUEST_MS_MAX,
  TLS_VERSION_MIN,
  type TlsKeys,
} from '../door.ts';
import { requestIdFrom, traceparentFrom } from '../request-context.ts';
import { PUBLIC_SERVICES, permissionOf } from './authorization.ts';
import { beginCallSpan, failCallSpan, untilAnswered } from './call-span.ts';
import { deviceService } from './device-service.ts';
import { envelopeInterceptor } from './envelope.ts';
import { callerKey, rateKey } from './grpc-rooms.ts';
import { healthService } from './health-service.ts';
import { jobService } from './job-service.ts';
import { logService } from './log-service.ts';
import { answerUnknown, boundReceiving } from './receiving.ts';
import { reflectionService } from './reflection.ts';
import { tokenService } from './token-service.ts';

export interface GrpcDoorOptions extends DoorDependencies {
  readonly heartbeatMs?: number;
  /** Without it the door speaks in the clear. */
  readonly tls?: TlsKeys;
}

export interface GrpcDoor {
  /** Starts to listen; port 0 picks a free one. Resolves with the address it got. */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** New connections get another certificate; those that are open keep theirs. */
  renewTls(keys: TlsKeys): void;
  /** Ends every stream, then the port. */
  close(): Promise<void>;
}

/** Compressing artifacts costs more time than it saves on the networks a platform runs in. */
const COMPRESS_MIN_BYTES = 64 * 1024 * 1024;

/** The public gRPC door: jobs, devices, tokens, health and reflection, over HTTP/2. */
export function createGrpcDoor(options: GrpcDoorOptions): GrpcDoor {
  const shutdown = new AbortController();
  const rooms = guardedRooms(options);
  const handler = connectNodeAdapter({
    routes: (router) => {
      router.service(JobService, jobService(rooms, options.heartbeatMs));
      router.service(DeviceService, deviceService(rooms));
      router.service(LogService, logService(rooms));
      router.service(TokenService, tokenService(rooms));
      router.service(Health, healthService(rooms));
      router.service(ServerReflection, reflectionService());
    },
    interceptors: [requestInterceptor(options), envelopeInterceptor(options.randomness)],
    readMaxBytes: REQUEST_BODY_BYTES_MAX,
    compressMinBytes: COMPRESS_MIN_BYTES,
    shutdownSignal: shutdown.signal,
    fallback: (request, response) =>
      answerUnknown(request as Http2ServerRequest, response as Http2ServerResponse),
    contextValues: (request) => createContextValues().set(peerAddress, request.socket.remoteAddress ?? ''),
  });
  const serve = (request: Http2ServerRequest, response: Http2ServerResponse): void => {
    namingHangUps(response);
    boundReceiving(request, response);
    handler(request, response);
  };
  const { tls } = options;
  const server =
    tls === undefined
      ? createServer(serve)
      : createSecureServer({ ...tls, minVersion: TLS_VERSION_MIN }, serve);
  const sessions = new Set<{ close(): void; destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  return {
    listen: (port, host) => listen(server, port, host),
    renewTls: (keys) =>
      (server as Http2SecureServer).setSecureContext({ ...keys, minVersion: TLS_VERSION_MIN }),
    close: async () => {
      shutdown.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.close();
      const grace = setTimeout(() => {
        for (const session of sessions) session.destroy();
      }, CLOSE_GRACE_MS);
      await closed;
      clearTimeout(grace);
    },
  };
}

/** How a write ends whose caller has hung up. */
const HUNG_UP: readonly unknown[] = [
  'ECANCELED',
  'ERR_STREAM_DESTROYED',
  'ERR_HTTP2_INVALID_STREAM',
  'ECONNRESET',
];

const isHangUp = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && HUNG_UP.includes(thrown.code);

/** The adapter takes a destroyed stream for a hang-up, but not a write that was cancelled with its stream. */
function namingHangUps(response: Http2ServerResponse): void {
  const write = response.write.bind(response) as (...parameters: unknown[]) => boolean;
  const named = (chunk: unknown, encoding: unknown, callback?: (error?: Error | null) => void): boolean =>
    write(chunk, encoding, (error?: Error | null) => {
      if (isHangUp(error)) Object.assign(error!, { code: 'ERR_STREAM_DESTROYED' });
      callback?.(error);
    });
  response.write = named as typeof response.write;
}

/** How long open calls may still take once the door closes. */
const CLOSE_GRACE_MS = 2000;

const peerAddress = createContextKey('', { description: 'the other end of the connection' });

const statusName = (error: unknown): string => (error instanceof ConnectError ? Code[error.code] : 'Unknown');

const listen = (server: Http2Server | Http2SecureServer, port: number, host: string): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });

/** Identity from credentials alone, request id and trace from metadata, permission from the method. */
function requestInterceptor(options: GrpcDoorOptions): Interceptor {
  const { randomness, logger, metrics, tracer } = options;
  let active = 0;
  metrics.gauge('eigen_api_active_requests', () => active);
  const admit = admission(options);
  const context = contextInterceptor({
    resolve: async (headers, method, values): Promise<CallContext> => {
      const requestId = requestIdFrom(headers.get('x-request-id') ?? undefined, randomness);
      const given = headers.get(TRACEPARENT_HEADER) ?? undefined;
      const traceparent = values.get(doorSpan)?.traceparent ?? traceparentFrom(given, randomness);
      const deadlineMs = performance.now() + REQUEST_MS_MAX;
      return { ...(await admit(headers, method, values, { requestId, traceparent })), deadlineMs };
    },
    onError: (error: QfsError, method, call) => {
      countInvalid(metrics, error);
      if (!isOurFault(error) || isHangUp(error.cause)) return;
      const ids = call === undefined ? {} : idsOf(call);
      logger.error({ ...ids, method, code: error.code, err: error.cause ?? error }, error.message);
    },
  });
  return (next) => {
    const inner = context(next);
    return async (request) => {
      const startedMs = performance.now();
      const endpoint = `/${request.service.typeName}/${request.method.name}`;
      const span = beginCallSpan(tracer, request);
      request.contextValues.set(doorSpan, span);
      active += 1;
      const done = (status: string) => {
        const seconds = (performance.now() - startedMs) / 1000;
        active -= 1;
        metrics.count('eigen_api_requests_total', { method: 'GRPC', endpoint, status });
        metrics.observe('eigen_api_request_duration_seconds', { method: 'GRPC', endpoint }, seconds);
        const call = request.contextValues.get(callContext);
        const ids = call === undefined ? {} : idsOf(call);
        logger.info({ ...ids, endpoint, status, duration_seconds: seconds }, 'call answered');
      };
      try {
        const response = await inner(request);
        const call = request.contextValues.get(callContext);
        if (call !== undefined) name(response.header, call);
        const rate = request.contextValues.get(rateKey);
        if (rate !== undefined) {
          for (const [name, value] of Object.entries(rateHeaders(rate))) response.header.set(name, value);
        }
        done('Ok');
        return untilAnswered(span, response);
      } catch (error) {
        done(statusName(error));
        failCallSpan(span, error);
        const call = request.contextValues.get(callContext);
        if (call !== undefined && error instanceof ConnectError) name(error.metadata, call);
        throw error;
      }
    };
  };
}

const doorSpan = createContextKey<Span | undefined>(undefined, { description: 'span of the call' });

/** By what a line about the call is found. */
const idsOf = ({ requestId, traceparent }: CallContext) => ({
  request_id: requestId,
  ...traceFields(traceparent),
});

/** By what the caller finds this call again, in logs and traces. */
function name(header: Headers, { requestId, traceparent }: CallContext): void {
  header.set(REQUEST_ID_HEADER, requestId);
  header.set(TRACEPARENT_HEADER, traceparent);
}

const NOBODY = { tenantId: '', projectId: '', subject: '', roles: [] } as const;

/** Who calls, how often and whether that is allowed; what a header says of an identity is dropped. */
function admission(options: GrpcDoorOptions) {
  const gate = createGate(options);
  return async (
    headers: Headers,
    method: string,
    values: ContextValues,
    call: Pick<CallContext, 'requestId' | 'traceparent'>,
  ): Promise<CallContext> => {
    const header = (name: string): string | undefined => headers.get(name) ?? undefined;
    const knock = {
      ...{ call, resource: method, authorization: header('authorization') },
      remoteAddress: options.clientAddress(values.get(peerAddress), header('x-forwarded-for')),
      tenant: header(IDENTITY_HEADERS.tenantId),
      project: header(IDENTITY_HEADERS.projectId),
      onRate: (state: RateState): void => void values.set(rateKey, state),
    };
    for (const name of Object.values(IDENTITY_HEADERS)) headers.delete(name);
    const { remoteAddress } = knock;
    if (PUBLIC_SERVICES.has(method.split('/')[0]!)) {
      gate.admitAnybody(knock);
      return { identity: NOBODY, ...call, remoteAddress };
    }
    const caller = await gate.admit(knock, permissionOf(method));
    values.set(callerKey, caller);
    return { identity: caller.identity, ...call, remoteAddress };
  };
}
