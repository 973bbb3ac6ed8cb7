import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Interceptor } from '@connectrpc/connect';
import { assert, QfsError } from '@qfs/core';
import { type CallContext, contextFromHeaders, contextInterceptor, type Tracer, traceFields } from '@qfs/rpc';
import { Health, HealthCheckResponse_ServingStatus as ServingStatus } from '@qfs/rpc/grpc';
import type { Logger } from 'pino';
import { attempt, urlOf } from '../host/listening.ts';
import { type EdgeCredentials, holdsSecret, rolesOfCertificate } from './credentials.ts';
import { EXCHANGE_PATH, SESSION_OPTIONS, WINDOW_BYTES } from './edge-link.ts';
import { Exchange } from './exchange.ts';
import { CALLERS } from './role-table.ts';
import { type ServedService, Services, served } from './services.ts';
import { gatheredWrites } from './store-calls.ts';

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

const ANSWERS_MS_MAX = 5_000;
const STREAMS_MS_MAX = 2_000;
const GOODBYE_MS_MAX = 500;

/** Serves roles of this process to other processes of the platform, never to the outside. */
export async function listenForRoles(options: EdgeServerOptions): Promise<EdgeServer> {
  const { host, port, credentials, isReady } = options;
  const health = served(Health, {
    check: async () => ({ status: (await isReady()) ? ServingStatus.SERVING : ServingStatus.NOT_SERVING }),
    watch: () => {
      throw new QfsError('NOT_IMPLEMENTED', 'Health between roles is asked, not watched.');
    },
  });
  const services = new Services([...options.services, health], context(options));
  const server = openServer(credentials);
  const sessions = new Set<Http2Session>();
  const sockets = new Set<Socket>();
  const exchanges = new Set<Exchange>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.setLocalWindowSize(WINDOW_BYTES);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    if (headers[':path'] !== EXCHANGE_PATH) {
      stream.respond({ ':status': 404 }, { endStream: true });
      return;
    }
    const exchange = new Exchange(stream, services, admission(credentials, stream, headers.authorization));
    exchanges.add(exchange);
    stream.once('close', () => exchanges.delete(exchange));
  });
  const address = await attempt('QFS_EDGE_PORT', port, () => listen(server, port, host));
  return {
    url: urlOf(host, address, credentials.kind === 'tls' ? 'https' : 'http'),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await within(ANSWERS_MS_MAX, Promise.all([...exchanges].map((exchange) => exchange.stop())));
      const stopping = new QfsError('SHUTTING_DOWN', 'This process of the platform stops.');
      await within(STREAMS_MS_MAX, Promise.all([...exchanges].map((exchange) => exchange.end(stopping))));
      for (const session of sessions) session.close();
      await within(GOODBYE_MS_MAX, closed);
      // A session that has said goodbye waits for a process at the other end that may not answer any more.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

type Server = Http2Server | Http2SecureServer;

function openServer(credentials: EdgeCredentials): Server {
  if (credentials.kind === 'secret') return createServer(SESSION_OPTIONS);
  const { ca, cert, key } = credentials;
  const options = { ca, cert, key, requestCert: true, rejectUnauthorized: true } as const;
  return createSecureServer({ ...options, ...SESSION_OPTIONS, minVersion: 'TLSv1.3' });
}

const listen = (server: Server, port: number, host: string): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });

/** Whether the caller may call a service at all; on whose behalf it calls is in its metadata. */
function admission(
  credentials: EdgeCredentials,
  { session }: ServerHttp2Stream,
  authorization = '',
): (service: string) => void {
  if (credentials.kind === 'secret') {
    const isKnown = holdsSecret(authorization, credentials.secret);
    return (service) => {
      if (!isKnown && service !== Health.typeName) {
        throw refused(`The call of ${service} does not hold the secret of this data directory.`);
      }
    };
  }
  assert(session !== undefined, 'a new stream has its session');
  const roles = rolesOfCertificate((session.socket as TLSSocket).getPeerCertificate());
  return (service) => {
    const callers = CALLERS.get(service) ?? [];
    if (service === Health.typeName || callers.some((caller) => roles.includes(caller))) return;
    throw refused(`A certificate for ${roles.join(', ') || 'no role'} may not call ${service}.`);
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
    resolve: (headers, method, values) => {
      if (method.startsWith(Health.typeName)) return NOBODY;
      const unitOfWork = values.get(gatheredWrites);
      return { ...contextFromHeaders(headers), ...(unitOfWork === undefined ? {} : { unitOfWork }) };
    },
    onError: (error, method, call) => {
      if (error.code !== 'INTERNAL') return;
      const trace = call === undefined ? {} : traceFields(call.traceparent);
      const ids = { request_id: call?.requestId, ...trace };
      logger.error({ ...ids, method, err: error.cause ?? error }, 'a call of another role failed');
    },
  });
