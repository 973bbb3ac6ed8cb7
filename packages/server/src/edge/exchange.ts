import type { ServerHttp2Stream } from 'node:http2';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { QfsError } from '@qfs/core';
import {
  type EdgeAnswerSchema,
  type EdgeCall,
  ExchangeRequestSchema,
  ExchangeResponseSchema,
} from '@qfs/rpc/internal';
import { failureOf } from './failure.ts';
import { FrameReader, frameOf } from './frames.ts';
import { Gathered } from './gathered.ts';
import { ServedCall } from './served-call.ts';
import type { Services } from './services.ts';
import { encodedCalls } from './store-calls.ts';

const NOTHING = new Uint8Array();

/** One for all calls: a stack trace for each would cost more than the call. */
const LEFT = new QfsError('CANCELLED', 'The caller stopped waiting.');

/** The calls of one other process that are under way here. */
export class Exchange {
  readonly #stream: ServerHttp2Stream;
  readonly #services: Services;
  /** Refuses what the process at the other end may not call. */
  readonly #admit: (service: string) => void;
  readonly #calls = new Map<number, ServedCall>();
  readonly #outgoing = new Gathered<MessageInitShape<typeof EdgeAnswerSchema>>((answers) =>
    this.#send({ answers }),
  );
  #isStopping = false;
  #fewer = Promise.withResolvers<void>();

  constructor(stream: ServerHttp2Stream, services: Services, admit: (service: string) => void) {
    this.#stream = stream;
    this.#services = services;
    this.#admit = admit;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    const reader = new FrameReader((message) => {
      for (const call of fromBinary(ExchangeRequestSchema, message).calls) this.#take(call);
    });
    stream.on('data', (chunk: Uint8Array) => {
      try {
        reader.push(chunk);
      } catch {
        stream.destroy();
      }
    });
    // The other end is gone, or leaves: nobody waits for what is under way.
    stream.on('error', () => undefined);
    stream.on('end', () => stream.end());
    stream.on('close', () => this.#leave());
  }

  /** Takes no more calls; resolves when every call that gets one answer has it. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#send({ stopping: true });
    await this.#until(() => [...this.#calls.values()].every(({ isStream }) => isStream));
  }

  /** Ends what is still under way, and the stream. */
  async end(reason: Error): Promise<void> {
    for (const call of this.#calls.values()) call.abort(reason);
    await this.#until(() => this.#calls.size === 0);
    this.#outgoing.flush();
    if (!this.#stream.destroyed) this.#stream.end();
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      this.#fewer = Promise.withResolvers();
      await this.#fewer.promise;
    }
  }

  #take(call: EdgeCall): void {
    const known = this.#calls.get(call.id);
    if (known === undefined) {
      if (call.method !== '') this.#begin(call);
    } else if (call.cancelled) {
      this.#ended(call.id);
      known.abort(LEFT);
    } else known.taken(call.taken);
  }

  #begin(call: EdgeCall): void {
    const { id } = call;
    try {
      const method = this.#services.find(call.method, this.#isStopping);
      this.#admit(method.service.typeName);
      const served = new ServedCall(method, call);
      this.#calls.set(id, served);
      void served.run({
        onMessage: (response) => this.#answer(id, { id, response }),
        onEnd: (response = NOTHING, writes = []) =>
          this.#finish(id, { id, response, ended: true, writes: encodedCalls(writes) }),
        onFailure: (thrown) => this.#finish(id, { id, ended: true, failure: failureOf(thrown) }),
      });
    } catch (thrown) {
      this.#outgoing.add({ id, ended: true, failure: failureOf(thrown) });
    }
  }

  #answer(id: number, answer: MessageInitShape<typeof EdgeAnswerSchema>): void {
    if (this.#calls.has(id)) this.#outgoing.add(answer, answer.response?.byteLength);
  }

  #finish(id: number, answer: MessageInitShape<typeof EdgeAnswerSchema>): void {
    this.#answer(id, answer);
    this.#ended(id);
  }

  #ended(id: number): void {
    this.#calls.delete(id);
    this.#fewer.resolve();
  }

  #send(message: MessageInitShape<typeof ExchangeResponseSchema>): void {
    if (this.#stream.destroyed || this.#stream.writableEnded) return;
    this.#stream.write(frameOf(toBinary(ExchangeResponseSchema, create(ExchangeResponseSchema, message))));
  }

  #leave(): void {
    for (const call of this.#calls.values()) call.abort(LEFT);
    this.#calls.clear();
    this.#fewer.resolve();
  }
}
