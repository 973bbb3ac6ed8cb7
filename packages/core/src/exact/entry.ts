/** Entry v1, the envelope of everything in the log: `docs/spec/log.md`, clauses LOG-1 to LOG-4. */
import { LOG_ENTRY_BYTES_MAX } from '../limits.ts';
import { concat, utf8 } from './bytes.ts';
import { type CborInput, type CborMap, type CborValue, decodeCbor, encodeCbor } from './cbor.ts';
import {
  type AccountId,
  type EntryId,
  isAccountId,
  isEntryId,
  isKeyId,
  isNodeId,
  type KeyId,
  type NodeId,
} from './ids.ts';
import { err, ok, type Result } from './result.ts';

/** Who stands behind an entry. */
export type Actor = NodeId | AccountId;

export interface Entry<Body = CborMap> {
  /** Names the apply function, for example `JOB_ACCEPTED`. */
  readonly type: string;
  /** The protocol level by whose rules the entry is judged. */
  readonly level: number;
  readonly entryId: EntryId;
  readonly actor: Actor;
  /** The key that signs, or would sign, for the proposing node. */
  readonly keyId: KeyId;
  /** Sequential per actor where a type asks for it, else 0. */
  readonly nonce: number;
  readonly tick: number;
  readonly body: Body;
  readonly signature?: Uint8Array;
}

/** Before GENESIS has a hash there is no cluster id; its signature covers this one. */
export const NO_CLUSTER_ID: Uint8Array = new Uint8Array(32);

const SIGNATURE_DOMAIN = utf8('qfs/entry-sig/v1');
const VERSION = 1;
const ENTRY_TYPE = /^[A-Z][A-Z0-9_]{0,63}$/;
const SIGNATURE_BYTES_MAX = 8192;
const FIELDS = ['v', 'type', 'level', 'entry_id', 'actor', 'key_id', 'nonce', 'tick', 'body'] as const;

/**
 * The bytes that are stored, signed and hashed. Whether they are an entry that counts is for the
 * state machine to judge.
 * @throws EncodingError when the body holds something that CBOR entries do not
 */
export function encodeEntry(entry: Entry<CborInput>): Uint8Array {
  return encodeCbor({
    v: VERSION,
    type: entry.type,
    level: entry.level,
    entry_id: entry.entryId,
    actor: entry.actor,
    key_id: entry.keyId,
    nonce: entry.nonce,
    tick: entry.tick,
    body: entry.body,
    ...(entry.signature === undefined ? {} : { sig: entry.signature }),
  });
}

/** Reads an entry; refuses every byte sequence but the one that `encodeEntry` writes for it. */
export function decodeEntry(bytes: Uint8Array): Result<Entry, string> {
  if (bytes.length > LOG_ENTRY_BYTES_MAX) {
    return err(`${bytes.length} bytes are more than the ${LOG_ENTRY_BYTES_MAX} of an entry`);
  }
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return err(`byte ${decoded.error.offset}: ${decoded.error.message}`);
  const map = decoded.value;
  if (!(map instanceof Map)) return err('an entry is a map');
  const known = FIELDS.length + (map.has('sig') ? 1 : 0);
  for (const name of FIELDS) if (!map.has(name)) return err(`${name} is missing`);
  if (map.size !== known) return err('there are fields that entries of version 1 do not have');
  return entryOf(map);
}

function entryOf(map: ReadonlyMap<string, CborValue>): Result<Entry, string> {
  if (map.get('v') !== VERSION) return err('the version is not 1');
  const type = map.get('type');
  if (typeof type !== 'string' || !ENTRY_TYPE.test(type)) return err('type is not an upper-case name');
  const entryId = map.get('entry_id');
  if (typeof entryId !== 'string' || !isEntryId(entryId)) return err('entry_id is not an entry id');
  const actor = map.get('actor');
  if (typeof actor !== 'string' || !(isNodeId(actor) || isAccountId(actor))) {
    return err('actor is neither a node id nor an account id');
  }
  const keyId = map.get('key_id');
  if (typeof keyId !== 'string' || !isKeyId(keyId)) return err('key_id is not a key id');
  const level = map.get('level');
  if (!isCount(level) || level < 1) return err('level is not an integer from 1');
  const nonce = map.get('nonce');
  if (!isCount(nonce)) return err('nonce is not a safe integer from 0');
  const tick = map.get('tick');
  if (!isCount(tick)) return err('tick is not a safe integer from 0');
  const body = map.get('body');
  if (!(body instanceof Map)) return err('body is not a map');
  const entry: Entry = { type, level, entryId, actor, keyId, nonce, tick, body };
  const signature = map.get('sig');
  if (signature === undefined) return ok(entry);
  if (!(signature instanceof Uint8Array) || signature.length < 1 || signature.length > SIGNATURE_BYTES_MAX) {
    return err(`sig is not a byte string of 1 to ${SIGNATURE_BYTES_MAX} bytes`);
  }
  return ok({ ...entry, signature });
}

const isCount = (value: CborValue | undefined): value is number => typeof value === 'number' && value >= 0;

/**
 * What a signature covers: the stored bytes without the `sig` pair, never a second encoding of the fields.
 * The order of keys puts `sig` right behind `v`, so the pair begins at the fifth byte.
 * @param clusterId 32 bytes, `NO_CLUSTER_ID` for GENESIS
 * @param bytes an entry that `decodeEntry` accepts, with or without `sig`
 */
export function signedMessage(clusterId: Uint8Array, bytes: Uint8Array, entry: Entry<unknown>): Uint8Array {
  return concat(SIGNATURE_DOMAIN, clusterId, ...unsigned(bytes, entry.signature));
}

const VERSION_PAIR_END = 4;

function unsigned(bytes: Uint8Array, signature: Uint8Array | undefined): Uint8Array[] {
  if (signature === undefined) return [bytes];
  const pairEnd = VERSION_PAIR_END + utf8('csig').length + encodeCbor(signature).length;
  return [Uint8Array.of(bytes[0]! - 1), bytes.subarray(1, VERSION_PAIR_END), bytes.subarray(pairEnd)];
}
