import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import {
  ConnectError,
  type ContextValues,
  type StreamResponse,
  type Transport,
  type UnaryResponse,
} from '@connectrpc/connect';
import { QfsError } from '@qfs/core';
import { callContext, fromConnectError } from '@qfs/rpc';
import { type Answered, EdgeLink, type LinkOptions, type NewCall, NO_ANSWER } from './edge-link.ts';
import { requireFit } from './frames.ts';
import { decodedCalls } from './store-calls.ts';

type Ended = Parameters<Answered['onEnd']>[1];
type HeadersGiven = ConstructorParameters<typeof Headers>[0];

/** Messages of a streaming call that are on their way or unread, at most. */
export const MESSAGES_AHEAD = 64;

/**
 * Calls of one process to another, as a transport of connect: all on one link, which is made again once it is
 * lost.
 */
export class EdgeTransport implements Transport {
  readonly #options: LinkOptions;
  #link: EdgeLink | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    header: HeadersGiven,
    input: MessageInitShape<I>,
    contextValues?: ContextValues,
  ): Promise<UnaryResponse<I, O>> {
    const unitOfWork = contextValues?.get(callContext)?.unitOfWork;
    const call = { ...callOf(method, timeoutMs, header, input), gathers: unitOfWork !== undefined };
    const { response, writes } = await new Promise<Ended>((resolve, reject) => {
      const bounds = this.#begin(call, signal, {
        onEnd: (error, answer) => {
          bounds.lift();
          if (error === undefined) resolve(answer);
          else reject(error);
        },
      });
    });
    unitOfWork?.add(decodedCalls(writes));
    return {
      ...{ stream: false, service: method.parent, method },
      ...{ header: new Headers(), trailer: new Headers() },
      message: fromBinary(method.output, response),
    };
  }

  async stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    signal: AbortSignal | undefined,
    timeoutMs: number | undefined,
    header: HeadersGiven,
    input: AsyncIterable<MessageInitShape<I>>,
  ): Promise<StreamResponse<I, O>> {
    const first = await input[Symbol.asyncIterator]().next();
    const call = callOf(method, timeoutMs, header, first.value as MessageInitShape<I>);
    return {
      ...{ stream: true, service: method.parent, method },
      ...{ header: new Headers(), trailer: new Headers() },
      message: this.#messages(method, call, signal),
    };
  }

  close(): void {
    this.#link?.close();
  }

  async *#messages<O extends DescMessage>(
    method: DescMethodStreaming<DescMessage, O>,
    call: NewCall,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<MessageShape<O>> {
    const unread: Uint8Array[] = [];
    let woken = Promise.withResolvers<void>();
    let end: { readonly error: QfsError | undefined } | undefined;
    const bounds = this.#begin(call, signal, {
      onMessage: (message) => {
        unread.push(message);
        woken.resolve();
      },
      onEnd: (error) => {
        end = { error };
        woken.resolve();
      },
    });
    try {
      for (let taken = 0; ; ) {
        for (let next = unread.shift(); next !== undefined; next = unread.shift()) {
          taken += 1;
          if (taken * 2 >= MESSAGES_AHEAD) {
            bounds.take(taken);
            taken = 0;
          }
          yield fromBinary(method.output, next);
        }
        if (end?.error !== undefined) throw end.error;
        if (end !== undefined) return;
        await woken.promise;
        woken = Promise.withResolvers();
      }
    } finally {
      bounds.leave();
    }
  }

  /** Begins a call that ends at the latest when the signal or its deadline says so. */
  #begin(call: NewCall, signal: AbortSignal | undefined, answered: Answered) {
    if (this.#link?.isOpen !== true) this.#link = new EdgeLink(this.#options);
    const link = this.#link;
    const id = link.begin(call, answered);
    const giveUp = (error: QfsError): void => {
      bounds.leave();
      answered.onEnd(error, NO_ANSWER);
    };
    const abort = (): void => giveUp(abortError(call.method ?? '', signal?.reason));
    const timer =
      call.timeoutMs === undefined
        ? undefined
        : setTimeout(() => giveUp(deadlineError(call.method ?? '')), call.timeoutMs);
    const bounds = {
      take: (taken: number) => link.take(id, taken),
      /** The call has ended. */
      lift: () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      },
      /** Nobody waits for its end. */
      leave: () => {
        bounds.lift();
        link.leave(id);
      },
    };
    if (signal?.aborted === true) queueMicrotask(abort);
    else signal?.addEventListener('abort', abort, { once: true });
    return bounds;
  }
}

function callOf<I extends DescMessage>(
  method: DescMethod & { readonly input: I },
  timeoutMs: number | undefined,
  header: HeadersGiven,
  input: MessageInitShape<I>,
): NewCall {
  const name = `${method.parent.typeName}/${method.name}`;
  const request = toBinary(method.input, create(method.input, input));
  requireFit(request.byteLength, name);
  return {
    method: name,
    metadata: Object.fromEntries(new Headers(header)),
    timeoutMs: timeoutMs === undefined || timeoutMs <= 0 ? undefined : timeoutMs,
    request,
  };
}

/** Whoever ended the wait may have said why. */
const abortError = (method: string, reason: unknown): QfsError =>
  reason instanceof QfsError || reason instanceof ConnectError
    ? fromConnectError(reason)
    : new QfsError('CANCELLED', `The caller of ${method} stopped waiting.`, { cause: reason });

const deadlineError = (method: string): QfsError =>
  new QfsError('DEADLINE_EXCEEDED', `${method} did not answer before its deadline.`);
