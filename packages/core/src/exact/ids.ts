import { assert } from './assert.ts';
import { base32, hex } from './bytes.ts';
import { taggedHash } from './hash.ts';

declare const BRAND: unique symbol;
/** A text or number that only its constructor or validator may name. */
type Branded<Base, Name extends string> = Base & { readonly [BRAND]: Name };

/** `job_` and the 32 hexadecimal digits of a UUIDv7 (RFC 9562 §5.7): ids sort by the time of acceptance. */
export type JobId = Branded<string, 'JobId'>;
/** `entry_` and 26 to 52 base32 characters: random, or a hash of what the entry is about. */
export type EntryId = Branded<string, 'EntryId'>;
/** `node_` and 26 base32 characters of the hash of the node's first public key; it survives key rotation. */
export type NodeId = Branded<string, 'NodeId'>;
/** `key_` and 26 base32 characters of the hash of one public key. */
export type KeyId = Branded<string, 'KeyId'>;
/** 64 hexadecimal digits: the SHA3-256 of the cluster's GENESIS entry. */
export type ClusterId = Branded<string, 'ClusterId'>;
/** `acct_` and 26 random base32 characters: says nothing about who holds it. */
export type AccountId = Branded<string, 'AccountId'>;
export type TenantId = Branded<string, 'TenantId'>;
/** `sha256:` and 64 hexadecimal digits. */
export type Digest = Branded<string, 'Digest'>;
/** Position of an entry in the log, counted from 1. */
export type LogIndex = Branded<number, 'LogIndex'>;
/** Raft's term: grows with every change of leader, on the local log with every start. */
export type Term = Branded<number, 'Term'>;

const JOB_ID = /^job_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/;
const ENTRY_ID = /^entry_[a-z2-7]{26,52}$/;
const NODE_ID = /^node_[a-z2-7]{26}$/;
const KEY_ID = /^key_[a-z2-7]{26}$/;
const CLUSTER_ID = /^[0-9a-f]{64}$/;
const ACCOUNT_ID = /^acct_[a-z2-7]{26}$/;
const TENANT_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Base32 characters of an id: 130 bits. */
const ID_CHARS = 26;
/** Random bytes behind `ID_CHARS` base32 characters. */
export const ID_RANDOM_BYTES = 17;
/** Random bytes of a job id: 74 of their bits are used. */
export const JOB_ID_RANDOM_BYTES = 10;
/** A UUIDv7 has 48 bits for its milliseconds. */
const JOB_ID_MS_LIMIT = 0x1_0000_0000_0000;

export const isJobId = (text: string): text is JobId => JOB_ID.test(text);
export const isEntryId = (text: string): text is EntryId => ENTRY_ID.test(text);
export const isNodeId = (text: string): text is NodeId => NODE_ID.test(text);
export const isKeyId = (text: string): text is KeyId => KEY_ID.test(text);
export const isClusterId = (text: string): text is ClusterId => CLUSTER_ID.test(text);
export const isAccountId = (text: string): text is AccountId => ACCOUNT_ID.test(text);
export const isTenantId = (text: string): text is TenantId => TENANT_ID.test(text);
export const isDigest = (text: string): text is Digest => DIGEST.test(text);
export const isLogIndex = (value: number): value is LogIndex => Number.isSafeInteger(value) && value >= 1;
export const isTerm = (value: number): value is Term => Number.isSafeInteger(value) && value >= 1;

/**
 * A new job id.
 * @param nowMs wall time in milliseconds since 1970, below 2^48
 * @param random `JOB_ID_RANDOM_BYTES` random bytes
 */
export function newJobId(nowMs: number, random: Uint8Array): JobId {
  assert(random.length === JOB_ID_RANDOM_BYTES, () => `a job id takes 10 random bytes, not ${random.length}`);
  assert(
    Number.isSafeInteger(nowMs) && nowMs >= 0 && nowMs < JOB_ID_MS_LIMIT,
    () => `a job id takes whole milliseconds below 2^48, not ${nowMs}`,
  );
  const uuid = new Uint8Array(16);
  new DataView(uuid.buffer).setBigUint64(0, BigInt(nowMs) << 16n);
  uuid.set(random, 6);
  uuid[6] = 0x70 | (uuid[6]! & 0x0f);
  uuid[8] = 0x80 | (uuid[8]! & 0x3f);
  return `job_${hex(uuid)}` as JobId;
}

/** The id of the node whose first public key this is (SubjectPublicKeyInfo, DER). */
export const nodeIdOf = (spki: Uint8Array): NodeId => `node_${shortHash('qfs/node/v1', spki)}` as NodeId;

/** The id of a public key (SubjectPublicKeyInfo, DER). */
export const keyIdOf = (spki: Uint8Array): KeyId => `key_${shortHash('qfs/key/v1', spki)}` as KeyId;

/** A new account id from `ID_RANDOM_BYTES` random bytes. */
export const newAccountId = (random: Uint8Array): AccountId => `acct_${randomChars(random)}` as AccountId;

/** A new entry id from `ID_RANDOM_BYTES` random bytes. */
export const newEntryId = (random: Uint8Array): EntryId => `entry_${randomChars(random)}` as EntryId;

const shortHash = (domain: string, bytes: Uint8Array): string =>
  base32(taggedHash(domain, bytes)).slice(0, ID_CHARS);

function randomChars(random: Uint8Array): string {
  assert(random.length === ID_RANDOM_BYTES, () => `an id takes 17 random bytes, not ${random.length}`);
  return base32(random).slice(0, ID_CHARS);
}
