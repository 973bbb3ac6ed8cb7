import type { DescMethod, DescService, Message } from '@bufbuild/protobuf';
import {
  type CallOptions,
  type Client,
  createClient,
  createRouterTransport,
  type ServiceImpl,
  type Transport,
} from '@connectrpc/connect';
import { callContext } from './call-context.ts';
import { fromConnectError } from './errors.ts';
import { headersOf } from './headers.ts';
import { contextInterceptor } from './server-interceptor.ts';
import { spannedCall } from './tracing/call-span.ts';
import type { Tracer } from './tracing/tracer.ts';

type Unary = (request: Message, options?: CallOptions) => Promise<Message>;
type Streaming = (request: Message, options?: CallOptions) => AsyncIterable<Message>;

/**
 * A client over a serialising transport: the call context crosses as metadata, its deadline as the call's timeout,
 * and errors come back as the QfsError that was thrown. A unit of work does not cross.
 */
export function wireClient<Service extends DescService>(
  service: Service,
  transport: Transport,
  tracer?: Tracer,
): Client<Service> {
  const inner = createClient(service, transport) as unknown as Record<string, unknown>;
  const client: Record<string, unknown> = {};
  for (const method of service.methods) {
    client[method.localName] = wrap(method, inner[method.localName], tracer);
  }
  return client as Client<Service>;
}

/** A client whose calls are serialised to bytes and back inside this process. */
export function routerClient<Service extends DescService>(
  service: Service,
  handlers: ServiceImpl<Service>,
  tracer?: Tracer,
): Client<Service> {
  const transport = createRouterTransport((router) => router.service(service, handlers), {
    router: { interceptors: [contextInterceptor()] },
  });
  return wireClient(service, transport, tracer);
}

function wrap(method: DescMethod, call: unknown, tracer: Tracer | undefined): Unary | Streaming | unknown {
  if (method.methodKind === 'unary') {
    return async (request: Message, given?: CallOptions) => {
      const { options, span } = spannedCall(tracer, method, 'client', request, given);
      try {
        return await (call as Unary)(request, wireOptions(options));
      } catch (thrown) {
        const error = fromConnectError(thrown);
        span?.end(error);
        throw error;
      } finally {
        span?.end();
      }
    };
  }
  if (method.methodKind === 'server_streaming') {
    return async function* (request: Message, given?: CallOptions) {
      const { options, span } = spannedCall(tracer, method, 'client', request, given);
      const left = new AbortController();
      const signals = [left.signal, options?.signal].filter((signal) => signal !== undefined);
      const wire = wireOptions({ ...options, signal: AbortSignal.any(signals) });
      try {
        for await (const message of withoutReturn((call as Streaming)(request, wire))) yield message;
      } catch (thrown) {
        const error = fromConnectError(thrown);
        span?.end(error);
        throw error;
      } finally {
        // A reader that leaves early ends the call; the transport alone would keep it open.
        left.abort();
        span?.end();
      }
    };
  }
  return call;
}

function wireOptions(options: CallOptions | undefined): CallOptions | undefined {
  const context = options?.contextValues?.get(callContext);
  if (context === undefined) return options;
  const headers = headersOf(context);
  for (const [name, value] of new Headers(options?.headers)) headers.set(name, value);
  const signals = [context.signal, options?.signal].filter((signal) => signal !== undefined);
  const wire: CallOptions = { ...options, headers };
  if (signals.length > 0) wire.signal = AbortSignal.any(signals);
  if (context.deadlineMs !== undefined) {
    const remaining = Math.max(1, Math.ceil(context.deadlineMs - performance.now()));
    wire.timeoutMs = Math.min(remaining, options?.timeoutMs ?? remaining);
  }
  return wire;
}

/** The same messages; who leaves does not wait for the transport, the signal ends the call instead. */
function withoutReturn<T>(messages: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = messages[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
}
