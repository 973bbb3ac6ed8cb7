import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import type { QfsError } from '@qfs/core';
import {
  type EdgeAnswer,
  type EdgeCallSchema,
  ExchangeRequestSchema,
  ExchangeResponseSchema,
} from '@qfs/rpc/internal';
import { errorOf } from './failure.ts';
import { FrameReader, frameOf } from './frames.ts';
import { Gathered } from './gathered.ts';

export const EXCHANGE_PATH = '/eigen.internal.v1.EdgeService/Exchange';

/** Room for the largest of ordinary results, so that one of them does not wait for the other end halfway. */
export const WINDOW_BYTES = 4 * 1024 * 1024;
/**
 * Many large messages may be under way at once; how many there are is bounded at the doors and in the kernel.
 */
export const SESSION_OPTIONS = {
  maxSessionMemory: 4_096,
  settings: { initialWindowSize: WINDOW_BYTES },
} as const;

/** The machines of one platform are near each other. */
const CONNECT_MS_MAX = 5_000;
const PING_MS = 10_000;
const PING_ANSWER_MS = 5_000;

export const NO_ANSWER = { response: new Uint8Array(), writes: [] } as const satisfies Partial<EdgeAnswer>;

export type NewCall = Pick<
  MessageInitShape<typeof EdgeCallSchema>,
  'method' | 'metadata' | 'request' | 'gathers'
> & {
  readonly timeoutMs?: number | undefined;
};

/**
 * Who waits for the answers of a call: messages of a streaming one, and the end of any, with the response if
 * it is one.
 */
export interface Answered {
  readonly onMessage?: (message: Uint8Array) => void;
  readonly onEnd: (error: QfsError | undefined, answer: Pick<EdgeAnswer, 'response' | 'writes'>) => void;
}

export interface LinkOptions {
  readonly url: string;
  readonly session: Parameters<typeof connect>[1];
  readonly authorization: string | undefined;
  /** The error for calls that the other end will not answer any more. */
  readonly lost: (cause: Error, sent: boolean) => QfsError;
}

/**
 * One connection to another process, with the calls that are under way on it. It is made once and lost once.
 */
export class EdgeLink {
  readonly #options: LinkOptions;
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  readonly #calls = new Map<number, Answered & { sent: boolean }>();
  readonly #outgoing = new Gathered<MessageInitShape<typeof EdgeCallSchema>>((calls) => this.#send(calls));
  /** Calls begun before there is a connection. */
  readonly #early: MessageInitShape<typeof EdgeCallSchema>[] = [];
  readonly #connecting: NodeJS.Timeout;
  #pinging: NodeJS.Timeout | undefined;
  #isConnected = false;
  #isOpen = true;
  #lastId = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#connecting = setTimeout(() => this.#lose(new Error('no connection in time')), CONNECT_MS_MAX);
    this.#session = connect(options.url, { ...SESSION_OPTIONS, ...options.session });
    this.#session.on('connect', () => this.#connected());
    this.#session.on('error', (error) => this.#lose(error));
    this.#session.on('close', () => this.#lose(new Error('the connection was closed')));
    this.#stream = this.#session.request({
      ':method': 'POST',
      ':path': EXCHANGE_PATH,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...(options.authorization === undefined ? {} : { authorization: options.authorization }),
    });
    const reader = new FrameReader((message) => this.#received(message));
    this.#stream.on('response', ({ ':status': status }) => {
      if (status !== 200) this.#lose(new Error(`no role of the platform is there: HTTP ${status}`));
    });
    this.#stream.on('data', (chunk: Uint8Array) => {
      try {
        reader.push(chunk);
      } catch (error) {
        this.#lose(error as Error);
      }
    });
    this.#stream.on('error', (error) => this.#lose(error));
    this.#stream.on('close', () => this.#lose(new Error('the other process ended')));
  }

  /** Whether new calls may be begun on it. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Begins a call; the number by which it is known here. */
  begin({ timeoutMs = 0, ...call }: NewCall, answered: Answered): number {
    do this.#lastId = (this.#lastId + 1) >>> 0;
    while (this.#calls.has(this.#lastId));
    const id = this.#lastId;
    this.#calls.set(id, { sent: false, ...answered });
    this.#outgoing.add({ ...call, id, timeoutMs: Math.ceil(timeoutMs) }, call.request?.byteLength);
    if (this.#calls.size === 1) this.#watchOver();
    return id;
  }

  /** So many more messages of a call were read: as many more may come. */
  take(id: number, taken: number): void {
    if (this.#calls.has(id)) this.#outgoing.add({ id, taken });
  }

  /** Nobody waits for the answers any more. */
  leave(id: number): void {
    if (this.#calls.delete(id)) this.#outgoing.add({ id, cancelled: true });
    this.#closeIfDone();
  }

  close(): void {
    this.#lose(new Error('this process stops'));
  }

  #connected(): void {
    clearTimeout(this.#connecting);
    this.#isConnected = true;
    this.#session.setLocalWindowSize(WINDOW_BYTES);
    for (const call of this.#early.splice(0)) this.#outgoing.add(call, call.request?.byteLength);
  }

  #send(calls: MessageInitShape<typeof EdgeCallSchema>[]): void {
    if (!this.#isConnected) {
      this.#early.push(...calls);
      return;
    }
    if (this.#stream.destroyed) return;
    for (const { id = 0 } of calls) {
      const known = this.#calls.get(id);
      if (known !== undefined) known.sent = true;
    }
    const message = toBinary(ExchangeRequestSchema, create(ExchangeRequestSchema, { calls }));
    this.#stream.write(frameOf(message));
  }

  #received(message: Uint8Array): void {
    const { answers, stopping } = fromBinary(ExchangeResponseSchema, message);
    for (const answer of answers) this.#answered(answer);
    if (stopping) this.#isOpen = false;
    this.#closeIfDone();
  }

  #answered(answer: EdgeAnswer): void {
    const { id, response, ended, failure } = answer;
    const call = this.#calls.get(id);
    if (call === undefined) return;
    if (!ended) {
      call.onMessage?.(response);
      return;
    }
    this.#calls.delete(id);
    call.onEnd(failure === undefined ? undefined : errorOf(failure), answer);
  }

  /** While answers are awaited, a connection that has died silently is found by asking. */
  #watchOver(): void {
    this.#pinging ??= setInterval(() => {
      if (this.#calls.size === 0) {
        clearInterval(this.#pinging);
        this.#pinging = undefined;
        return;
      }
      if (!this.#isConnected || this.#session.destroyed) return;
      const silent = setTimeout(() => this.#lose(new Error('no answer to a ping')), PING_ANSWER_MS);
      this.#session.ping(() => clearTimeout(silent));
    }, PING_MS).unref();
  }

  #closeIfDone(): void {
    if (!this.#isOpen && this.#calls.size === 0) this.#lose(new Error('the other process stops'));
  }

  #lose(cause: Error): void {
    this.#isOpen = false;
    clearTimeout(this.#connecting);
    clearInterval(this.#pinging);
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of calls) call.onEnd(this.#options.lost(cause, call.sent), NO_ANSWER);
    if (!this.#stream.destroyed) this.#stream.close(constants.NGHTTP2_CANCEL);
    if (!this.#session.destroyed) this.#session.destroy();
  }
}
