import { ConnectError, type ContextValues, type Interceptor } from '@connectrpc/connect';
import { QfsError } from '@qfs/core';
import { type CallContext, callContext } from './call-context.ts';
import { toConnectError } from './errors.ts';
import { contextFromHeaders } from './headers.ts';
import { callAttributes, callName } from './tracing/call-span.ts';
import type { Span, Tracer } from './tracing/tracer.ts';

export interface ContextInterceptorOptions {
  /**
   * Makes the context of a call from its metadata. The default believes the identity in it, which is right
   * between roles and wrong at a door.
   */
  readonly resolve?: (
    headers: Headers,
    method: string,
    values: ContextValues,
  ) => CallContext | Promise<CallContext>;
  /** Told every error that leaves, with its cause, before it is reduced to what may be sent. */
  readonly onError?: (error: QfsError, method: string, context: CallContext | undefined) => void;
  /** Told of a span per call, below that of the caller. */
  readonly tracer?: Tracer | undefined;
}

/** Gives handlers of a serialising transport their call context, and sends their QfsErrors with details. */
export function contextInterceptor(options: ContextInterceptorOptions = {}): Interceptor {
  const resolve = options.resolve ?? contextFromHeaders;
  return (next) => async (request) => {
    const method = `${request.service.typeName}/${request.method.name}`;
    let context: CallContext | undefined;
    let span: Span | undefined;
    const outgoing = (thrown: unknown): ConnectError => {
      span?.end(thrown);
      if (thrown instanceof ConnectError) return thrown;
      const error = QfsError.from(thrown);
      options.onError?.(error, method, context);
      return toConnectError(error);
    };
    try {
      context = await resolve(request.header, method, request.contextValues);
      if (options.tracer !== undefined) {
        const message = request.stream ? undefined : request.message;
        const attributes = callAttributes(request.method, message);
        span = options.tracer.startSpan(callName(request.method), 'server', context.traceparent, attributes);
        context = { ...context, traceparent: span.traceparent };
      }
      request.contextValues.set(callContext, context);
      const response = await next(request);
      if (!response.stream) {
        span?.end();
        return response;
      }
      return { ...response, message: sendable(response.message, request.signal, outgoing, span) };
    } catch (thrown) {
      throw outgoing(thrown);
    }
  };
}

/**
 * The messages of a handler, its errors made sendable. When the call ends early nobody asks for the next
 * message, so the handler is told to return: its `finally` runs, and no subscription outlives its reader.
 */
async function* sendable<T>(
  messages: AsyncIterable<T>,
  signal: AbortSignal,
  outgoing: (thrown: unknown) => Error,
  span: Span | undefined,
): AsyncGenerator<T> {
  const iterator = messages[Symbol.asyncIterator]();
  const leave = () => void iterator.return?.().catch(() => undefined);
  signal.addEventListener('abort', leave, { once: true });
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } catch (thrown) {
    throw outgoing(thrown);
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
    span?.end();
  }
}
