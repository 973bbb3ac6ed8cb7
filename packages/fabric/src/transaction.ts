import {
  assert,
  type Effect,
  type Entry,
  equal,
  type LogRecord,
  NO_CLUSTER_ID,
  type SignatureVerifier,
  type StateReader,
  type StateWrite,
  type TransactionContext,
  unhex,
} from '@qfs/core/exact';
import { type Codec, fromBytes, toBytes } from './codec.ts';
import { CLUSTER, CLUSTER_KEY, type KeyRecord } from './records.ts';

/** A subsystem, a slash and a name: printable ASCII. */
const STATE_KEY = /^[a-z]+\/[!-~]{1,512}$/;

/** What an entry is judged with. */
export interface Judging {
  readonly record: LogRecord;
  readonly entry: Entry;
  readonly state: StateReader;
  readonly verify: SignatureVerifier;
}

/**
 * One entry's view of the state: its own writes over what was there. Dropped as a whole when it is rejected.
 */
export class Transaction {
  readonly context: TransactionContext;
  readonly record: LogRecord;
  readonly entry: Entry;
  readonly #state: StateReader;
  readonly #verify: SignatureVerifier;
  readonly #read = new Map<string, Uint8Array | undefined>();
  readonly #staged = new Map<string, Uint8Array | undefined>();
  readonly #effects: Effect[] = [];

  constructor(context: TransactionContext, { record, entry, state, verify }: Judging) {
    this.context = context;
    this.record = record;
    this.entry = entry;
    this.#state = state;
    this.#verify = verify;
  }

  has(key: string): boolean {
    return this.#bytes(key) !== undefined;
  }

  /** What the key holds. Bytes that its codec refuses are our own bug or a broken disk: the node stops. */
  get<Value>(key: string, codec: Codec<Value>): Value | undefined {
    return readState({ get: () => this.#bytes(key) }, key, codec);
  }

  /** What a key holds that has held something since GENESIS. */
  existing<Value>(key: string, codec: Codec<Value>): Value {
    const value = this.get(key, codec);
    assert(value !== undefined, () => `the state holds nothing at ${key}`);
    return value;
  }

  /** Keys that begin with a prefix, ascending, as they were before this entry. */
  keysUnder(prefix: string): readonly string[] {
    return [...this.#state.keys(prefix)].filter((key) => key.startsWith(prefix)).sort();
  }

  put<Value>(key: string, codec: Codec<Value>, value: Value): void {
    assert(STATE_KEY.test(key), () => `a state key is a subsystem and a name, not ${JSON.stringify(key)}`);
    this.#staged.set(key, toBytes(codec, value));
  }

  remove(key: string): void {
    this.#staged.set(key, undefined);
  }

  /** Queues something to be done outside the state once this entry is committed. */
  effect<Value>(kind: string, codec: Codec<Value>, value: Value): void {
    this.#effects.push({ kind, body: toBytes(codec, value) });
  }

  verifies({ algorithm, spki }: KeyRecord, message: Uint8Array, signature: Uint8Array): boolean {
    return this.#verify(algorithm, spki, message, signature);
  }

  /** 32 bytes; zeros before GENESIS. */
  clusterId(): Uint8Array {
    const cluster = this.get(CLUSTER_KEY, CLUSTER);
    if (cluster === undefined) return NO_CLUSTER_ID;
    const bytes = unhex(cluster.clusterId);
    assert(bytes.ok, () => `the cluster id ${cluster.clusterId} is not hexadecimal`);
    return bytes.value;
  }

  /** All keys that hold something else than before, in the order of their bytes. */
  writes(): StateWrite[] {
    const writes: StateWrite[] = [];
    for (const [key, value] of this.#staged) {
      if (!same(this.#before(key), value)) writes.push({ key, value });
    }
    return writes.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  effects(): readonly Effect[] {
    return this.#effects;
  }

  #bytes(key: string): Uint8Array | undefined {
    return this.#staged.has(key) ? this.#staged.get(key) : this.#before(key);
  }

  /** The state does not change while an entry is judged, and a host's read costs more than this map. */
  #before(key: string): Uint8Array | undefined {
    if (this.#read.has(key)) return this.#read.get(key);
    const bytes = this.#state.get(key);
    this.#read.set(key, bytes);
    return bytes;
  }
}

const same = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === undefined || b === undefined ? a === b : equal(a, b);

/** Reads one key of the state. */
export function readState<Value>(
  state: Pick<StateReader, 'get'>,
  key: string,
  codec: Codec<Value>,
): Value | undefined {
  const bytes = state.get(key);
  if (bytes === undefined) return undefined;
  const value = fromBytes(codec, bytes);
  assert(value.ok, () => `the state holds a value at ${key} that cannot be read: ${value.ok || value.error}`);
  return value.value;
}
