import { Code, ConnectError, type StreamResponse, type UnaryResponse } from '@connectrpc/connect';
import { type Span, TRACEPARENT_HEADER, type Tracer } from '@qfs/rpc';

interface Call {
  readonly header: Headers;
  readonly signal: AbortSignal;
  readonly service: { readonly typeName: string };
  readonly method: { readonly name: string };
}

/** Begins the span of a call below the caller's. A caller who leaves ends it. */
export function beginCallSpan(tracer: Tracer | undefined, call: Call): Span | undefined {
  const { service, method, header, signal } = call;
  const span = tracer?.startSpan(
    `${service.typeName}/${method.name}`,
    'server',
    header.get(TRACEPARENT_HEADER) ?? undefined,
    { 'rpc.system': 'grpc', 'rpc.service': service.typeName, 'rpc.method': method.name },
  );
  if (span !== undefined) signal.addEventListener('abort', () => span.end(), { once: true });
  return span;
}

/** What callers do wrong is no failure of the span. */
const OURS: ReadonlySet<Code> = new Set([
  Code.Internal,
  Code.Unknown,
  Code.DataLoss,
  Code.Unavailable,
  Code.Unimplemented,
  Code.DeadlineExceeded,
]);

export function failCallSpan(span: Span | undefined, error: unknown): void {
  span?.end(error instanceof ConnectError && !OURS.has(error.code) ? undefined : error);
}

/** The answer, whose last message ends the span. */
export function untilAnswered<Response extends UnaryResponse | StreamResponse>(
  span: Span | undefined,
  response: Response,
): Response {
  if (span === undefined) return response;
  if (!response.stream) {
    span.end();
    return response;
  }
  return { ...response, message: ending(response.message, span) };
}

async function* ending<T>(messages: AsyncIterable<T>, span: Span): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (thrown) {
    failCallSpan(span, thrown);
    throw thrown;
  } finally {
    span.end();
  }
}
