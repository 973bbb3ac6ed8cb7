import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { DescService } from '@bufbuild/protobuf';
import {
  type ConnectRouter,
  createContextKey,
  createContextValues,
  type Interceptor,
} from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { namingHangUps } from '@qfs/api';
import { QfsError } from '@qfs/core';
import {
  type CallContext,
  contextFromHeaders,
  contextInterceptor,
  type ServiceImpl,
  type Tracer,
  traceFields,
} from '@qfs/rpc';
import { Health, HealthCheckResponse_ServingStatus as ServingStatus } from '@qfs/rpc/grpc';
import type { Logger } from 'pino';
import { attempt, urlOf } from '../host/listening.ts';
import { type EdgeCredentials, holdsSecret, rolesOfCertificate } from './credentials.ts';
import { SESSION_OPTIONS } from './edge-connection.ts';
import { CALLERS, type Role } from './role-table.ts';

/** A service of a role of this process. */
export interface ServedService {
  readonly service: DescService;
  readonly handlers: ServiceImpl<DescService>;
}

/** A service with its handlers; the types are checked here once. */
export const served = <Service extends DescService>(
  service: Service,
  handlers: ServiceImpl<Service>,
): ServedService => ({ service, handlers: handlers as unknown as ServiceImpl<DescService> });

export interface EdgeServerOptions {
  readonly host: string;
  readonly port: number;
  readonly credentials: EdgeCredentials;
  readonly services: readonly ServedService[];
  readonly isReady: () => Promise<boolean>;
  readonly logger: Logger;
  readonly tracer?: Tracer | undefined;
}

export interface EdgeServer {
  readonly url: string;
  /** Takes no more calls, waits a bounded time for the answers under way, then ends streams too. */
  close(): Promise<void>;
}

/** Results and artifacts cross as one message. */
export const EDGE_MESSAGE_BYTES_MAX = 1024 * 1024 * 1024;
/** Roles are near each other; what compression saves there it costs twice in time. */
const COMPRESS_MIN_BYTES = EDGE_MESSAGE_BYTES_MAX;
const ANSWERS_MS_MAX = 5_000;
const STREAMS_MS_MAX = 2_000;

/** Serves roles of this process to other processes of the platform, never to the outside. */
export async function listenForRoles(options: EdgeServerOptions): Promise<EdgeServer> {
  const shutdown = new AbortController();
  const answers = new Answers();
  const serve = connectNodeAdapter({
    routes: (router) => route(router, options),
    interceptors: [context(options), admitting(options.credentials), answers.counting],
    readMaxBytes: EDGE_MESSAGE_BYTES_MAX,
    compressMinBytes: COMPRESS_MIN_BYTES,
    shutdownSignal: shutdown.signal,
    contextValues: (request) => createContextValues().set(peer, request.socket as TLSSocket),
  });
  const server = openServer(options.credentials, (request, response) => {
    namingHangUps(response);
    serve(request, response);
  });
  const sessions = new Set<{ close(): void; destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  const address = await attempt('QFS_EDGE_PORT', options.port, () =>
    listen(server, options.port, options.host),
  );
  return {
    url: urlOf(options.host, address, options.credentials.kind === 'tls' ? 'https' : 'http'),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.close();
      await within(ANSWERS_MS_MAX, answers.given());
      shutdown.abort(new QfsError('SHUTTING_DOWN', 'This process of the platform stops.'));
      await within(STREAMS_MS_MAX, closed);
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

/** Calls under way that get one answer. */
class Answers {
  #pending = 0;
  #given = Promise.withResolvers<void>();

  readonly counting: Interceptor = (next) => async (request) => {
    if (request.stream) return next(request);
    this.#pending += 1;
    try {
      return await next(request);
    } finally {
      this.#pending -= 1;
      if (this.#pending === 0) this.#given.resolve();
    }
  };

  /** Settles when none is under way; new ones must not come any more. */
  async given(): Promise<void> {
    this.#given = Promise.withResolvers();
    if (this.#pending > 0) await this.#given.promise;
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

type Server = Http2Server | Http2SecureServer;

type Handler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

function openServer(credentials: EdgeCredentials, handler: Handler): Server {
  if (credentials.kind === 'secret') return createServer(SESSION_OPTIONS, handler);
  const { ca, cert, key } = credentials;
  const options = { ca, cert, key, requestCert: true, rejectUnauthorized: true } as const;
  return createSecureServer({ ...options, ...SESSION_OPTIONS, minVersion: 'TLSv1.3' }, handler);
}

const listen = (server: Server, port: number, host: string): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });

function route(router: ConnectRouter, { services, isReady }: EdgeServerOptions): void {
  for (const { service, handlers } of services) router.service(service, handlers);
  router.service(Health, {
    check: async () => ({ status: (await isReady()) ? ServingStatus.SERVING : ServingStatus.NOT_SERVING }),
  });
}

const peer = createContextKey<TLSSocket | undefined>(undefined, { description: 'socket of the caller' });

/** Whether the caller may call this service at all; on whose behalf it calls is in its metadata. */
function admitting(credentials: EdgeCredentials): Interceptor {
  const known = new WeakMap<TLSSocket, readonly Role[]>();
  const rolesOf = (socket: TLSSocket): readonly Role[] => {
    let roles = known.get(socket);
    if (roles === undefined) {
      roles = rolesOfCertificate(socket.getPeerCertificate());
      known.set(socket, roles);
    }
    return roles;
  };
  return (next) => async (request) => {
    const service = request.service.typeName;
    if (service === Health.typeName) return next(request);
    if (credentials.kind === 'secret') {
      if (!holdsSecret(request.header.get('authorization'), credentials.secret)) {
        throw refused(`The call of ${service} does not hold the secret of this data directory.`);
      }
      return next(request);
    }
    const roles = rolesOf(request.contextValues.get(peer)!);
    const callers = CALLERS.get(service) ?? [];
    if (!callers.some((caller) => roles.includes(caller))) {
      throw refused(`A certificate for ${roles.join(', ') || 'no role'} may not call ${service}.`);
    }
    return next(request);
  };
}

const refused = (message: string): QfsError => new QfsError('AUTH_DENIED', message);

/** Health is asked by anybody, on nobody's behalf. */
const NOBODY: CallContext = {
  identity: { tenantId: '', projectId: '', subject: '', roles: [] },
  traceparent: '00-00000000000000000000000000000001-0000000000000001-00',
  requestId: 'health',
};

const context = ({ logger, tracer }: EdgeServerOptions): Interceptor =>
  contextInterceptor({
    tracer,
    resolve: (headers, method) => (method.startsWith(Health.typeName) ? NOBODY : contextFromHeaders(headers)),
    onError: (error, method, call) => {
      if (error.code !== 'INTERNAL') return;
      const trace = call === undefined ? {} : traceFields(call.traceparent);
      const ids = { request_id: call?.requestId, ...trace };
      logger.error({ ...ids, method, err: error.cause ?? error }, 'a call of another role failed');
    },
  });
