/** The whole state after one entry, outside the database: `docs/spec/log.md`, clause LOG-31. */
import {
  type CborMap,
  concat,
  decodeCbor,
  encodeCbor,
  equal,
  err,
  ok,
  type Result,
  type Sha256,
  sha256,
  uint32,
  uint64,
  utf8,
  utf8Decode,
} from '@qfs/core/exact';

export interface SnapshotHead {
  /** 32 bytes. */
  readonly clusterId: Uint8Array;
  /** The last entry that the state has taken in. */
  readonly index: number;
  readonly term: number;
  readonly tick: number;
  readonly linkHash: Uint8Array;
  readonly effectsHash: Uint8Array;
  readonly stateRoot: Uint8Array;
  readonly level: number;
}

export interface Snapshot extends SnapshotHead {
  readonly state: ReadonlyMap<string, Uint8Array>;
}

const MAGIC = utf8('QFSSNP01');
const HASH_BYTES = 32;
const HASHES = {
  cluster_id: 'clusterId',
  link_hash: 'linkHash',
  effects_hash: 'effectsHash',
  state_root: 'stateRoot',
} as const;
const COUNTS = { index: 'index', term: 'term', tick: 'tick', level: 'level' } as const;

/** What stands before the keys. Behind them stands the SHA-256 of all that was written. */
export function encodeSnapshotHead(head: SnapshotHead, keys: number): Uint8Array {
  const map = encodeCbor({
    cluster_id: head.clusterId,
    index: head.index,
    term: head.term,
    tick: head.tick,
    link_hash: head.linkHash,
    effects_hash: head.effectsHash,
    state_root: head.stateRoot,
    level: head.level,
  });
  return concat(MAGIC, uint32(map.length), map, uint64(keys));
}

/** One key of the state. Keys ascend. */
export function encodeSnapshotKey(key: string, value: Uint8Array): Uint8Array {
  const name = utf8(key);
  return concat(uint32(name.length), name, uint32(value.length), value);
}

/** Reads a snapshot whole; the hash at its end is checked before anything else. */
export function decodeSnapshot(bytes: Uint8Array, hash: Sha256 = sha256): Result<Snapshot, string> {
  const end = bytes.length - HASH_BYTES;
  if (end < MAGIC.length || !equal(bytes.subarray(0, MAGIC.length), MAGIC)) {
    return err('it does not begin as a snapshot');
  }
  if (!equal(hash(bytes.subarray(0, end)), bytes.subarray(end)))
    return err('its hash is not that of its bytes');
  const reader = new Reader(bytes.subarray(MAGIC.length, end));
  const map = reader.text();
  const decoded = map === undefined ? undefined : decodeCbor(map);
  if (decoded?.ok !== true || !(decoded.value instanceof Map)) return err('its head cannot be read');
  const head = headOf(decoded.value);
  if (head === undefined) return err('its head has not the fields of a snapshot');
  const state = stateIn(reader);
  return typeof state === 'string' ? err(state) : ok({ ...head, state });
}

function headOf(map: CborMap): SnapshotHead | undefined {
  const head: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(HASHES)) {
    const value = map.get(name);
    if (!(value instanceof Uint8Array) || value.length !== HASH_BYTES) return undefined;
    head[field] = value;
  }
  for (const [name, field] of Object.entries(COUNTS)) {
    const value = map.get(name);
    if (typeof value !== 'number' || value < 0) return undefined;
    head[field] = value;
  }
  return head as unknown as SnapshotHead;
}

function stateIn(reader: Reader): Map<string, Uint8Array> | string {
  const state = new Map<string, Uint8Array>();
  const keys = reader.count();
  let last = '';
  while (!reader.atEnd) {
    const name = reader.text();
    const value = reader.text();
    if (name === undefined || value === undefined) return `it ends within the key behind ${last}`;
    const key = utf8Decode(name);
    if (!key.ok || key.value <= last) return `the key behind ${last} does not ascend`;
    last = key.value;
    state.set(key.value, value);
  }
  return state.size === keys ? state : `it holds ${state.size} keys and says that they are ${keys}`;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** u64; nothing when the bytes end before. */
  count(): number | undefined {
    if (this.#at + 8 > this.#bytes.length) return undefined;
    this.#at += 8;
    return Number(this.#view.getBigUint64(this.#at - 8));
  }

  /** u32 length and as many bytes; nothing when the bytes end before. */
  text(): Uint8Array | undefined {
    const start = this.#at + 4;
    const end = start > this.#bytes.length ? start : start + this.#view.getUint32(this.#at);
    this.#at = end;
    return end > this.#bytes.length ? undefined : this.#bytes.subarray(start, end);
  }
}
