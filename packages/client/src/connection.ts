import type { CallOptions, Interceptor, Transport } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { fromConnectError, IDENTITY_HEADERS, REQUEST_ID_HEADER, TRACEPARENT_HEADER } from '@qfs/rpc';
import { explained } from './connection-fault.ts';

export const ENDPOINT_DEFAULT = 'http://127.0.0.1:50051';

/** One call as it went, for who wants to watch. */
export interface CallRecord {
  /** `eigen.api.v1.JobService/GetJob`. */
  readonly method: string;
  /** To the answer; of a stream, to its opening. */
  readonly durationMs: number;
  /** A code of the error table; absent when the call succeeded. */
  readonly errorCode?: string;
}

export interface ClientOptions {
  /** Address of the gRPC door, `http://host:port` or `https://host:port`. */
  readonly endpoint?: string;
  /** Sent as bearer token. */
  readonly token?: string;
  /** Certificates in PEM form that are trusted instead of those of the system, for `https://`. */
  readonly ca?: string;
  /** Acts in this tenant and project, where the token allows it. */
  readonly tenant?: string;
  readonly project?: string;
  /** Names every call in the server's logs and answers. */
  readonly requestId?: string;
  /** The trace that calls belong to (W3C Trace Context). */
  readonly traceparent?: string;
  /** Bound of one unary call. */
  readonly timeoutMs?: number;
  /** Pause before a broken stream is opened again; it grows with every failure. */
  readonly resumeDelayMs?: number;
  readonly onCall?: (call: CallRecord) => void;
}

export interface Connection {
  readonly transport: Transport;
  readonly unary: CallOptions;
  readonly headers: Readonly<Record<string, string>>;
  close(): void;
}

const TIMEOUT_MS = 30_000;
/** Results and artifacts come as one message. */
const MESSAGE_BYTES_MAX = 1024 * 1024 * 1024;
const PING_MS = 30_000;

/** Nothing is opened before the first call. */
export function connect(options: ClientOptions): Connection {
  const baseUrl = options.endpoint ?? ENDPOINT_DEFAULT;
  const trusted = options.ca === undefined ? {} : { ca: options.ca };
  const sessionManager = new Http2SessionManager(baseUrl, { pingIntervalMs: PING_MS }, trusted);
  let broken = false;
  const explaining: Interceptor = (next) => async (request) => {
    try {
      const answer = await next(request);
      broken = false;
      return answer;
    } catch (thrown) {
      const error = explained(thrown, baseUrl, request.signal.aborted);
      broken = error !== thrown;
      throw error;
    }
  };
  const { onCall } = options;
  const interceptors = onCall === undefined ? [explaining] : [observed(onCall), explaining];
  const headers = headersOf(options);
  return {
    transport: createGrpcTransport({
      baseUrl,
      sessionManager,
      readMaxBytes: MESSAGE_BYTES_MAX,
      interceptors,
    }),
    unary: { timeoutMs: options.timeoutMs ?? TIMEOUT_MS, headers },
    headers,
    close() {
      // A connection that broke ends by itself, and may yet tell so: to leave now would let nobody hear it.
      if (!broken) sessionManager.abort();
    },
  };
}

function headersOf(options: ClientOptions): Record<string, string> {
  const rows: readonly (readonly [name: string, value: string | undefined])[] = [
    ['authorization', options.token === undefined ? undefined : `Bearer ${options.token}`],
    [IDENTITY_HEADERS.tenantId, options.tenant],
    [IDENTITY_HEADERS.projectId, options.project],
    [REQUEST_ID_HEADER, options.requestId],
    [TRACEPARENT_HEADER, options.traceparent],
  ];
  return Object.fromEntries(rows.filter((row): row is [string, string] => row[1] !== undefined));
}

const observed =
  (onCall: (call: CallRecord) => void): Interceptor =>
  (next) =>
  async (request) => {
    const startedMs = performance.now();
    const method = `${request.service.typeName}/${request.method.name}`;
    const tell = (outcome: Pick<CallRecord, 'errorCode'>): void =>
      onCall({ method, durationMs: performance.now() - startedMs, ...outcome });
    try {
      const answer = await next(request);
      tell({});
      return answer;
    } catch (thrown) {
      tell({ errorCode: fromConnectError(thrown).code });
      throw thrown;
    }
  };
