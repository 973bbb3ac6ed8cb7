import { create, type DescMethod, type DescService, type Message } from '@bufbuild/protobuf';
import {
  type CallOptions,
  type Client,
  type ContextValues,
  createContextValues,
  type HandlerContext,
  type ServiceImpl,
} from '@connectrpc/connect';
import { QfsError } from '@qfs/core';
import { type CallContext, callContext, DIRECT_PROTOCOL } from './call-context.ts';
import { fromConnectError } from './errors.ts';
import { deepFreeze } from './freeze.ts';
import { spannedCall } from './tracing/call-span.ts';
import type { Tracer } from './tracing/tracer.ts';

type Handler = (request: Message, context: HandlerContext) => unknown;

/**
 * A client that calls the handlers of the same process: no bytes, no transport. Messages are frozen both
 * ways, the call context reaches the handler as it is, the deadline ends the wait, and a QfsError thrown by
 * the handler is the one the caller catches. Unary and server-streaming methods are supported.
 */
export function directClient<Service extends DescService>(
  service: Service,
  handlers: ServiceImpl<Service>,
  tracer?: Tracer,
): Client<Service> {
  const client: Record<string, unknown> = {};
  for (const method of service.methods) {
    const handler = (handlers as unknown as Record<string, Handler>)[method.localName];
    if (handler === undefined) continue;
    const bound: Handler = (request, context) => handler.call(handlers, request, context);
    if (method.methodKind === 'unary') client[method.localName] = unary(service, method, bound, tracer);
    if (method.methodKind === 'server_streaming')
      client[method.localName] = streaming(service, method, bound, tracer);
  }
  return client as Client<Service>;
}

function unary(service: DescService, method: DescMethod, handler: Handler, tracer: Tracer | undefined) {
  return async (init: Message, given?: CallOptions): Promise<Message> => {
    const { options, span } = spannedCall(tracer, method, 'internal', init, given);
    const call = new DirectCall(service, method, options);
    try {
      const request = deepFreeze(create(method.input, init));
      const response = await call.bounded(async () => handler(request, call));
      return deepFreeze(create(method.output, response as Message));
    } catch (thrown) {
      const error = fromConnectError(thrown);
      span?.end(error);
      throw error;
    } finally {
      call.end();
      span?.end();
    }
  };
}

function streaming(service: DescService, method: DescMethod, handler: Handler, tracer: Tracer | undefined) {
  return async function* (init: Message, given?: CallOptions): AsyncGenerator<Message> {
    const { options, span } = spannedCall(tracer, method, 'internal', init, given);
    const call = new DirectCall(service, method, options, true);
    let messages: AsyncIterator<Message> | undefined;
    try {
      const request = deepFreeze(create(method.input, init));
      const iterator = (handler(request, call) as AsyncIterable<Message>)[Symbol.asyncIterator]();
      messages = iterator;
      for (;;) {
        const next = await call.bounded(() => iterator.next());
        if (next.done === true) return;
        yield deepFreeze(create(method.output, next.value));
      }
    } catch (thrown) {
      const error = fromConnectError(thrown);
      span?.end(error);
      throw error;
    } finally {
      call.end();
      span?.end();
      // Not awaited: a handler that ignores its signal must not hold the caller.
      messages?.return?.().catch(() => undefined);
    }
  };
}

/** What a handler sees of a direct call. Headers exist only if somebody looks at them. */
class DirectCall implements HandlerContext {
  readonly service: DescService;
  readonly method: DescMethod;
  readonly values: ContextValues;
  readonly requestMethod = 'POST';
  readonly protocolName = DIRECT_PROTOCOL;
  readonly url: string;
  readonly #deadlineMs: number | undefined;
  readonly #sources: AbortSignal[] = [];
  #end: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;
  #requestHeader: Headers | undefined;
  #responseHeader: Headers | undefined;
  #responseTrailer: Headers | undefined;

  constructor(service: DescService, method: DescMethod, options?: CallOptions, endsEarly = false) {
    this.service = service;
    this.method = method;
    this.url = `${DIRECT_PROTOCOL}:/${service.typeName}/${method.name}`;
    const given = options?.contextValues?.get(callContext);
    this.#deadlineMs = earliest(given?.deadlineMs, options?.timeoutMs);
    if (given?.signal !== undefined) this.#sources.push(given.signal);
    if (options?.signal !== undefined) this.#sources.push(options.signal);
    if (endsEarly || this.#deadlineMs !== undefined) {
      this.#end = new AbortController();
      this.#sources.push(this.#end.signal);
    }
    if (this.#deadlineMs !== undefined) this.#startTimer(this.#deadlineMs - performance.now());
    if (this.#sources.length > 0) {
      this.#signal = this.#sources.length === 1 ? this.#sources[0] : AbortSignal.any(this.#sources);
    }
    this.values = createContextValues();
    if (given !== undefined) {
      const context: CallContext = { ...given, signal: this.#signal, deadlineMs: this.#deadlineMs };
      this.values.set(callContext, context);
    }
  }

  get signal(): AbortSignal {
    this.#signal ??= new AbortController().signal;
    return this.#signal;
  }

  timeoutMs = (): number | undefined =>
    this.#deadlineMs === undefined ? undefined : this.#deadlineMs - performance.now();

  get requestHeader(): Headers {
    this.#requestHeader ??= new Headers();
    return this.#requestHeader;
  }

  get responseHeader(): Headers {
    this.#responseHeader ??= new Headers();
    return this.#responseHeader;
  }

  get responseTrailer(): Headers {
    this.#responseTrailer ??= new Headers();
    return this.#responseTrailer;
  }

  /** Runs one step of the call and stops waiting when the caller or the deadline says so. */
  async bounded<T>(step: () => Promise<T>): Promise<T> {
    const signal = this.#signal;
    if (signal === undefined) return step();
    if (signal.aborted) throw this.#abortError(signal);
    return new Promise<T>((resolve, reject) => {
      const abort = () => reject(this.#abortError(signal));
      signal.addEventListener('abort', abort, { once: true });
      step()
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', abort));
    });
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#end?.abort(CALL_ENDED);
  }

  #startTimer(remainingMs: number): void {
    const expire = () => this.#end?.abort(deadlineError(this.url));
    if (remainingMs <= 0) expire();
    else this.#timer = setTimeout(expire, remainingMs);
  }

  #abortError(signal: AbortSignal): QfsError {
    if (signal.reason instanceof QfsError) return signal.reason;
    return new QfsError('CANCELLED', `The caller of ${this.url} stopped waiting.`, { cause: signal.reason });
  }
}

/** One for all calls: a stack trace per call would cost more than the call. */
const CALL_ENDED = new QfsError('CANCELLED', 'The call has ended.');

const deadlineError = (url: string): QfsError =>
  new QfsError('DEADLINE_EXCEEDED', `${url} did not answer before its deadline.`);

function earliest(deadlineMs: number | undefined, timeoutMs: number | undefined): number | undefined {
  if (timeoutMs === undefined || timeoutMs <= 0) return deadlineMs;
  const own = performance.now() + timeoutMs;
  return deadlineMs === undefined ? own : Math.min(deadlineMs, own);
}
