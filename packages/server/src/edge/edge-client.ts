import type { SecureClientSessionOptions } from 'node:http2';
import type { DescService } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient, type Interceptor, type Transport } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { QfsError } from '@qfs/core';
import { type Client, ERROR_DOMAIN, type Tracer, toConnectError, wireClient } from '@qfs/rpc';
import { ErrorInfoSchema, Health, HealthCheckResponse_ServingStatus as ServingStatus } from '@qfs/rpc/grpc';
import { type EdgeCredentials, edgeAuthorization, rolesOfCertificate } from './credentials.ts';
import { EDGE_MESSAGE_BYTES_MAX } from './edge-server.ts';
import type { Role } from './role-table.ts';

/** A role in another process. */
export interface RemoteRole {
  readonly role: Role;
  readonly url: string;
  client<Service extends DescService>(service: Service): Client<Service>;
  /** Whether it answers and says that it is ready. Never rejects. */
  isReady(): Promise<boolean>;
  close(): void;
}

const PING_MS = 10_000;
const PING_ANSWER_MS = 5_000;
const HEALTH_MS_MAX = 2_000;
const RETRY_AFTER_MS = 500;

/** The way to one process that has a role. It connects when it is called, and again after each loss. */
export function connectRole(
  role: Role,
  url: string,
  credentials: EdgeCredentials,
  tracer?: Tracer,
): RemoteRole {
  const nodeOptions = credentials.kind === 'tls' ? tlsOptions(role, credentials) : {};
  const pings = { pingIntervalMs: PING_MS, pingTimeoutMs: PING_ANSWER_MS };
  const sessionManager = new Http2SessionManager(url, pings, nodeOptions);
  const transport: Transport = createGrpcTransport({
    baseUrl: url,
    sessionManager,
    nodeOptions,
    readMaxBytes: EDGE_MESSAGE_BYTES_MAX,
    interceptors: [namingLosses(role, url), authorizing(credentials)],
    acceptCompression: [],
  });
  const health = createClient(Health, transport);
  return {
    role,
    url,
    client: (service) => wireClient(service, transport, tracer),
    isReady: async () => {
      try {
        const { status } = await health.check({}, { timeoutMs: HEALTH_MS_MAX });
        return status === ServingStatus.SERVING;
      } catch {
        return false;
      }
    },
    close: () => sessionManager.abort(),
  };
}

/** The certificate must name the role; under which host name it is reached is the network's business. */
const tlsOptions = (
  role: Role,
  { ca, cert, key }: Extract<EdgeCredentials, { kind: 'tls' }>,
): SecureClientSessionOptions => ({
  ...{ ca, cert, key, minVersion: 'TLSv1.3' },
  checkServerIdentity: (_host, certificate) =>
    rolesOfCertificate(certificate).includes(role)
      ? undefined
      : new Error(`the certificate does not name the role ${role}`),
});

const authorizing =
  (credentials: EdgeCredentials): Interceptor =>
  (next) =>
  (request) => {
    if (credentials.kind === 'secret')
      request.header.set('authorization', edgeAuthorization(credentials.secret));
    return next(request);
  };

/** Failures of a connection or of a process that dies: everything that the role itself did not say. */
const LOSSES: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.Aborted,
  Code.Internal,
  Code.Unknown,
  Code.DataLoss,
]);

function namingLosses(role: Role, url: string): Interceptor {
  const named = (thrown: unknown): unknown => {
    if (!(thrown instanceof ConnectError) || !LOSSES.has(thrown.code)) return thrown;
    if (thrown.findDetails(ErrorInfoSchema).some(({ domain }) => domain === ERROR_DOMAIN)) return thrown;
    return toConnectError(
      // Where it is and how it failed is for our logs: the sentence goes to whoever called a public door.
      new QfsError('ROLE_UNAVAILABLE', `The ${role} of this platform does not answer.`, {
        cause: new Error(`${url}: ${thrown.rawMessage}`, { cause: thrown }),
        metadata: { role },
        retryAfterMs: RETRY_AFTER_MS,
      }),
    );
  };
  return (next) => async (request) => {
    try {
      const response = await next(request);
      if (!response.stream) return response;
      return { ...response, message: rethrowing(response.message, named) };
    } catch (thrown) {
      throw named(thrown);
    }
  };
}

async function* rethrowing<T>(
  messages: AsyncIterable<T>,
  named: (thrown: unknown) => unknown,
): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (thrown) {
    throw named(thrown);
  }
}
