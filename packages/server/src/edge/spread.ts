import type { DescService, Message } from '@bufbuild/protobuf';
import type { CallOptions } from '@connectrpc/connect';
import { assert, QfsError } from '@qfs/core';
import type { Client } from '@qfs/rpc';
import { hadNoEffect } from './losses.ts';

type Unary = (request: Message, options?: CallOptions) => Promise<Message>;
type Streaming = (request: Message, options?: CallOptions) => AsyncIterable<Message>;

/** A process that could not be reached is asked after the others for this long. */
export const AWAY_MS = 2_000;

/**
 * One client over the processes of a stateless role: each call goes to the next of them, and on to the one
 * after that if it certainly had no effect. Over none it can be handed on but not called: a process is wired
 * with clients that its roles have no use for.
 */
export function spread<Service extends DescService>(
  service: Service,
  clients: readonly Client<Service>[],
  nowMs: () => number = () => performance.now(),
): Client<Service> {
  const [first] = clients;
  if (first !== undefined && clients.length === 1) return first;
  const rotation = new Rotation(service, clients as readonly Record<string, unknown>[], nowMs);
  const client: Record<string, unknown> = {};
  for (const { localName, methodKind } of service.methods) {
    if (methodKind === 'unary') client[localName] = rotation.unary(localName);
    if (methodKind === 'server_streaming') client[localName] = rotation.streaming(localName);
  }
  return client as Client<Service>;
}

interface Peer {
  readonly client: Record<string, unknown>;
  awayUntilMs: number;
}

class Rotation {
  readonly #service: DescService;
  readonly #peers: readonly Peer[];
  readonly #nowMs: () => number;
  #calls = 0;

  constructor(service: DescService, clients: readonly Record<string, unknown>[], nowMs: () => number) {
    this.#service = service;
    this.#peers = clients.map((client) => ({ client, awayUntilMs: Number.NEGATIVE_INFINITY }));
    this.#nowMs = nowMs;
  }

  unary(method: string): Unary {
    return async (request, options) => {
      const order = this.#order();
      for (let at = 0; ; at += 1) {
        try {
          return await (order[at]!.client[method] as Unary)(request, options);
        } catch (thrown) {
          if (!this.#goesOn(order, at, thrown)) throw thrown;
        }
      }
    };
  }

  streaming(method: string): Streaming {
    const next = () => this.#order();
    const goesOn = (order: readonly Peer[], at: number, thrown: unknown) => this.#goesOn(order, at, thrown);
    return async function* (request, options) {
      const order = next();
      for (let at = 0; ; at += 1) {
        let begun = false;
        try {
          for await (const message of (order[at]!.client[method] as Streaming)(request, options)) {
            begun = true;
            yield message;
          }
          return;
        } catch (thrown) {
          if (begun || !goesOn(order, at, thrown)) throw thrown;
        }
      }
    };
  }

  /** Whose turn it is first; those that were away lately last. */
  #order(): readonly Peer[] {
    assert(this.#peers.length > 0, () => `no role of this process calls ${this.#service.typeName}`);
    this.#calls += 1;
    const turn = this.#calls % this.#peers.length;
    const inTurn = [...this.#peers.slice(turn), ...this.#peers.slice(0, turn)];
    const nowMs = this.#nowMs();
    const isAway = ({ awayUntilMs }: Peer): boolean => awayUntilMs > nowMs;
    return [...inTurn.filter((peer) => !isAway(peer)), ...inTurn.filter(isAway)];
  }

  /** Whether the call goes to the one after this. */
  #goesOn(order: readonly Peer[], at: number, thrown: unknown): boolean {
    if (!hadNoEffect(QfsError.from(thrown))) return false;
    order[at]!.awayUntilMs = this.#nowMs() + AWAY_MS;
    return at + 1 < order.length;
  }
}
