import { create, fromBinary, type Message, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import {
  type ContextValues,
  createContextValues,
  type HandlerContext,
  type StreamRequest,
  type StreamResponse,
  type UnaryRequest,
  type UnaryResponse,
} from '@connectrpc/connect';
import { QfsError, type StoreCall } from '@qfs/core';
import type { EdgeCall } from '@qfs/rpc/internal';
import { MESSAGES_AHEAD } from './edge-transport.ts';
import { requireFit } from './frames.ts';
import type { ServedMethod } from './services.ts';
import { GatheredWrites, gatheredWrites } from './store-calls.ts';

/** Where the answers of a call go. */
export interface Answering {
  onMessage(message: Uint8Array): void;
  /** The end, with the response of a call that gets one, and what its caller is to commit. */
  onEnd(response?: Uint8Array, writes?: readonly StoreCall[]): void;
  onFailure(thrown: unknown): void;
}

type Handled = (request: Message, context: HandlerContext) => unknown;

/** A call of another process, and what its handler sees of it. */
export class ServedCall implements HandlerContext {
  readonly isStream: boolean;
  readonly service: ServedMethod['service'];
  readonly method: ServedMethod['method'];
  readonly requestMethod = 'POST';
  readonly protocolName = 'grpc';
  readonly url: string;
  readonly requestHeader: Headers;
  readonly responseHeader = new Headers();
  readonly responseTrailer = new Headers();
  readonly values: ContextValues = createContextValues();
  readonly #handler: Handled;
  readonly #interceptor: ServedMethod['interceptor'];
  readonly #message: Uint8Array;
  readonly #abort = new AbortController();
  readonly #deadlineMs: number | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #writes = new GatheredWrites();
  #ahead = 0;
  #taken = Promise.withResolvers<void>();

  constructor({ service, method, handler, interceptor }: ServedMethod, call: EdgeCall) {
    this.service = service;
    this.method = method;
    this.isStream = method.methodKind !== 'unary';
    this.url = `/${call.method}`;
    this.requestHeader = new Headers(call.metadata);
    this.#handler = handler as Handled;
    this.#interceptor = interceptor;
    this.#message = call.request;
    if (call.gathers) this.values.set(gatheredWrites, this.#writes);
    if (call.timeoutMs > 0) {
      this.#deadlineMs = performance.now() + call.timeoutMs;
      this.#timer = setTimeout(() => this.abort(deadlineError(this.url)), call.timeoutMs);
    }
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  timeoutMs = (): number | undefined =>
    this.#deadlineMs === undefined ? undefined : this.#deadlineMs - performance.now();

  async run(answering: Answering): Promise<void> {
    try {
      const message = fromBinary(this.method.input, this.#message);
      if (this.isStream) await this.#stream(message, answering);
      else answering.onEnd(await this.#unary(message), this.#writes.calls);
    } catch (thrown) {
      answering.onFailure(thrown);
    } finally {
      clearTimeout(this.#timer);
    }
  }

  /** The caller stopped waiting, or this process does. */
  abort(reason: Error): void {
    clearTimeout(this.#timer);
    this.#abort.abort(reason);
    this.#taken.resolve();
  }

  /** So many more messages were read at the other end. */
  taken(count: number): void {
    this.#ahead -= count;
    this.#taken.resolve();
  }

  async #unary(message: Message): Promise<Uint8Array> {
    const next = async ({ message }: UnaryRequest | StreamRequest) => {
      try {
        return this.#answered(await this.#handler(message as Message, this));
      } catch (thrown) {
        throw this.#reasonOf(thrown);
      }
    };
    const request = { ...this.#request(), stream: false, message } as unknown as UnaryRequest;
    const response = await this.#interceptor(next as never)(request);
    return this.#encoded((response as UnaryResponse).message);
  }

  #encoded(message: Message): Uint8Array {
    const bytes = toBinary(this.method.output, message);
    requireFit(bytes.byteLength, this.url);
    return bytes;
  }

  /** However a handler ends that was told to: this is why. */
  #reasonOf(thrown: unknown): unknown {
    return this.signal.aborted ? this.signal.reason : thrown;
  }

  async *#handled(message: Message): AsyncGenerator<Message> {
    try {
      yield* this.#handler(message, this) as AsyncIterable<Message>;
    } catch (thrown) {
      throw this.#reasonOf(thrown);
    }
  }

  #answered(message: unknown): UnaryResponse {
    return {
      ...{ stream: false, service: this.service, method: this.method },
      ...{ header: this.responseHeader, trailer: this.responseTrailer },
      message: create(this.method.output, message as MessageInitShape<typeof this.method.output>),
    } as unknown as UnaryResponse;
  }

  async #stream(message: Message, answering: Answering): Promise<void> {
    const next = async () => ({
      ...{ stream: true, service: this.service, method: this.method },
      ...{ header: this.responseHeader, trailer: this.responseTrailer },
      message: this.#handled(message),
    });
    const request = { ...this.#request(), stream: true, message: [message] } as unknown as StreamRequest;
    const response = (await this.#interceptor(next as never)(request)) as StreamResponse;
    for await (const answer of response.message) {
      this.#ahead += 1;
      answering.onMessage(this.#encoded(create(this.method.output, answer)));
      while (this.#ahead >= MESSAGES_AHEAD && !this.signal.aborted) {
        this.#taken = Promise.withResolvers();
        await this.#taken.promise;
      }
    }
    answering.onEnd();
  }

  #request() {
    const {
      service,
      method,
      requestMethod,
      url,
      requestHeader: header,
      values: contextValues,
      signal,
    } = this;
    return { service, method, requestMethod, url, header, contextValues, signal };
  }
}

const deadlineError = (url: string): QfsError =>
  new QfsError('DEADLINE_EXCEEDED', `${url} did not answer before its deadline.`);
