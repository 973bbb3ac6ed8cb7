import {
  assert,
  type Effect,
  type Entry,
  type LogRecord,
  type StateReader,
  type StateWrite,
  type TransactionContext,
} from '@qfs/core/exact';
import { type Codec, fromBytes, toBytes } from './codec.ts';

const STATE_KEY = /^[!-~]{1,512}$/;

/** One entry's view of the state: its own writes over what was there. Dropped as a whole when it is rejected. */
export class Transaction {
  readonly context: TransactionContext;
  readonly record: LogRecord;
  readonly entry: Entry;
  readonly #state: StateReader;
  readonly #staged = new Map<string, Uint8Array | undefined>();
  readonly #effects: Effect[] = [];

  constructor(context: TransactionContext, record: LogRecord, entry: Entry, state: StateReader) {
    this.context = context;
    this.record = record;
    this.entry = entry;
    this.#state = state;
  }

  has(key: string): boolean {
    return this.#bytes(key) !== undefined;
  }

  /** What the key holds. Bytes that its codec refuses are our own bug or a broken disk: the node stops. */
  get<Value>(key: string, codec: Codec<Value>): Value | undefined {
    return readState({ get: () => this.#bytes(key) }, key, codec);
  }

  put<Value>(key: string, codec: Codec<Value>, value: Value): void {
    assert(STATE_KEY.test(key), () => `a state key is printable ASCII, not ${JSON.stringify(key)}`);
    this.#staged.set(key, toBytes(codec, value));
  }

  /** Queues something to be done outside the state once this entry is committed. */
  effect<Value>(kind: string, codec: Codec<Value>, value: Value): void {
    this.#effects.push({ kind, body: toBytes(codec, value) });
  }

  /** All changed keys in the order of their bytes. */
  writes(): StateWrite[] {
    const writes = [...this.#staged].map(([key, value]) => ({ key, value }));
    return writes.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  effects(): readonly Effect[] {
    return this.#effects;
  }

  #bytes(key: string): Uint8Array | undefined {
    return this.#staged.has(key) ? this.#staged.get(key) : this.#state.get(key);
  }
}

/** Reads one key of the state. */
export function readState<Value>(state: StateReader, key: string, codec: Codec<Value>): Value | undefined {
  const bytes = state.get(key);
  if (bytes === undefined) return undefined;
  const value = fromBytes(codec, bytes);
  assert(value.ok, () => `the state holds a value at ${key} that cannot be read: ${value.ok || value.error}`);
  return value.value;
}
