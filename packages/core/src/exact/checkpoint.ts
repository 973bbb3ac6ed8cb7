/** What the members of a log sign: `docs/spec/log.md`, clauses LOG-23, LOG-27 and LOG-28. */
import { compare, concat, uint64, utf8 } from './bytes.ts';
import { type CborMap, type CborValue, decodeCbor, encodeCbor } from './cbor.ts';
import { taggedHash } from './hash.ts';
import type { KeyId, NodeId } from './ids.ts';
import { err, ok, type Result } from './result.ts';

/** Where a log stands, in a form that every member computes alike. */
export interface CheckpointStatement {
  /** 32 bytes. */
  readonly clusterId: Uint8Array;
  /** Entries covered: 1 to `treeSize`. */
  readonly treeSize: number;
  /** Root of the log tree, 32 bytes. */
  readonly logRoot: Uint8Array;
  /** Root of the state after the last covered entry, 32 bytes. */
  readonly stateRoot: Uint8Array;
  readonly membershipHash: Uint8Array;
  readonly configHash: Uint8Array;
  readonly level: number;
  readonly tick: number;
}

/** A member and its newest key. */
export interface Member {
  readonly nodeId: NodeId;
  readonly keyId: KeyId;
  readonly algorithm: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

export interface CheckpointSignature {
  readonly keyId: KeyId;
  readonly signature: Uint8Array;
}

/** A statement and who vouches for it. */
export interface Checkpoint {
  /** The bytes that are signed. */
  readonly statement: Uint8Array;
  readonly signatures: readonly CheckpointSignature[];
}

const VERSION = 1;
const DOMAIN = utf8('qfs/checkpoint/v1');
const LEVEL_DOMAIN = utf8('qfs/level-support/v1');
const HASHES = ['cluster_id', 'log_root', 'state_root', 'membership_hash', 'config_hash'] as const;
const COUNTS = ['tree_size', 'level', 'tick'] as const;

export const encodeCheckpoint = (statement: CheckpointStatement): Uint8Array =>
  encodeCbor({
    v: VERSION,
    cluster_id: statement.clusterId,
    tree_size: statement.treeSize,
    log_root: statement.logRoot,
    state_root: statement.stateRoot,
    membership_hash: statement.membershipHash,
    config_hash: statement.configHash,
    level: statement.level,
    tick: statement.tick,
  });

/** Reads a statement; refuses every byte sequence but the one that `encodeCheckpoint` writes for it. */
export function decodeCheckpoint(bytes: Uint8Array): Result<CheckpointStatement, string> {
  const decoded = decodeCbor(bytes);
  if (!decoded.ok) return err(`byte ${decoded.error.offset}: ${decoded.error.message}`);
  if (!(decoded.value instanceof Map)) return err('a checkpoint statement is a map');
  const fields = decoded.value as CborMap;
  const wrong = findWrongField(fields);
  if (wrong !== undefined) return err(wrong);
  return ok({
    clusterId: fields.get('cluster_id') as Uint8Array,
    treeSize: fields.get('tree_size') as number,
    logRoot: fields.get('log_root') as Uint8Array,
    stateRoot: fields.get('state_root') as Uint8Array,
    membershipHash: fields.get('membership_hash') as Uint8Array,
    configHash: fields.get('config_hash') as Uint8Array,
    level: fields.get('level') as number,
    tick: fields.get('tick') as number,
  });
}

function findWrongField(fields: CborMap): string | undefined {
  if (fields.get('v') !== VERSION) return `v is ${String(fields.get('v'))}, not ${VERSION}`;
  for (const name of HASHES) {
    if (!isHash(fields.get(name))) return `${name} has 32 bytes`;
  }
  for (const name of COUNTS) {
    const value = fields.get(name);
    const least = name === 'tick' ? 0 : 1;
    if (typeof value !== 'number' || value < least) return `${name} is an integer from ${least}`;
  }
  return fields.size === 1 + HASHES.length + COUNTS.length ? undefined : 'there are unknown fields';
}

const isHash = (value: CborValue | undefined): boolean => value instanceof Uint8Array && value.length === 32;

/** What a member signs. */
export const checkpointMessage = (statement: Uint8Array): Uint8Array => concat(DOMAIN, statement);

/** What a member signs to say that it can judge by a protocol level: clause LOG-23. */
export const levelSupportMessage = (clusterId: Uint8Array, level: number, nodeId: NodeId): Uint8Array =>
  concat(LEVEL_DOMAIN, clusterId, uint64(level), utf8(nodeId));

/** Binds a statement to the members whose signatures count, in whatever order they are given. */
export function membershipHash(members: readonly Member[]): Uint8Array {
  const ascending = [...members].sort((a, b) => compare(utf8(a.nodeId), utf8(b.nodeId)));
  const list = ascending.map(({ nodeId, keyId, algorithm, spki }) => ({
    node_id: nodeId,
    key_id: keyId,
    algorithm,
    spki,
  }));
  return taggedHash('qfs/membership/v1', encodeCbor(list));
}

/** Members whose signatures make a certificate. */
export const quorumOf = (members: number): number => (members >> 1) + 1;
