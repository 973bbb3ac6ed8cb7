/** What the state holds besides jobs: `docs/spec/log.md`, clause LOG-15. */
import { isClusterId, isKeyId, isNodeId } from '@qfs/core/exact';
import {
  bytes,
  id,
  integer,
  listOf,
  mapOf,
  oneOf,
  optional,
  record,
  required,
  text,
  type ValueOf,
} from './codec.ts';
import { OPERATOR_VALUES } from './config-keys.ts';

/** The largest count, tick and position. */
export const COUNT_MAX = Number.MAX_SAFE_INTEGER;
export const count = integer(0, COUNT_MAX);
export const position = integer(1, COUNT_MAX);

export const CONTEXT_KEY = 'system/context';
/** Where the cluster stands in governance time, and what is in force. */
export const CONTEXT = record(
  required('tick', count),
  required('epoch', count),
  /** The tick from which the next epoch may begin. */
  required('epoch_end_tick', count),
  required('level', position),
  required('config_hash', bytes(32)),
);
export type ContextRecord = ValueOf<typeof CONTEXT>;

export const CLUSTER_KEY = 'system/cluster';
export const CLUSTER = record(
  required('cluster_id', id(isClusterId, '64 hexadecimal digits')),
  required('created_at_ms', count),
);

export const LIMITS = record(
  required('entry_bytes_max', position),
  required('block_bytes_max', position),
  /** Ticks of one epoch. */
  required('epoch_ticks', position),
);
type Limits = ValueOf<typeof LIMITS>;

/** When an epoch that begins at a tick ends. */
export const epochEnd = (tick: number, { epochTicks }: Limits): number =>
  Math.min(tick + epochTicks, COUNT_MAX);

export const ECONOMY_PROFILE = oneOf(['sponsored', 'enforced']);

export const CONFIG_KEY = 'system/config';
/** The configuration that GENESIS fixes and later entries change. */
export const CONFIG = record(
  required('economy_profile', ECONOMY_PROFILE),
  required('limits', LIMITS),
  /** Operator keys that do not have their initial value. */
  optional('operator', mapOf(OPERATOR_VALUES)),
);

export const LEVEL_CHANGE_KEY = 'system/level-change';
/** A protocol level that every member supports and that waits for its epoch. */
export const LEVEL_CHANGE = record(required('level', position), required('epoch', position));

export const CHECKPOINT_KEY = 'system/checkpoint';
/** The newest certificate in the log. */
export const CHECKPOINT_RECORD = record(
  required('tree_size', position),
  required('statement_hash', bytes(32)),
  required('index', position),
);

export const SEGMENTS = 'system/segments/';
const INDEX_DIGITS = 16;
/** Keys of segments ascend like the entries in them. */
export const segmentKey = (from: number): string => SEGMENTS + `${from}`.padStart(INDEX_DIGITS, '0');
/** Entries `from` to `to`, archived as one piece of bytes. */
export const SEGMENT = record(
  required('from', position),
  required('to', position),
  required('sha256', bytes(32)),
  required('size', position),
);

export const ALGORITHM = oneOf(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87', 'INSECURE-TEST']);
export const SPKI = bytes(1, 8192);
export const SIGNATURE = bytes(1, 8192);
/** Founders of a log, and signatures that members give together. */
export const MEMBERS_MAX = 64;
export const NODE_ID = id(isNodeId, 'a node id');
export const KEY_ID = id(isKeyId, 'a key id');

export const keyKey = (keyId: string): string => `membership/keys/${keyId}`;
/** A public key and whose it is. Signatures are judged by the key in force at their index. */
export const KEY = record(
  required('node_id', NODE_ID),
  required('algorithm', ALGORITHM),
  required('spki', SPKI),
);
export type KeyRecord = ValueOf<typeof KEY>;

export const NODES = 'membership/nodes/';
export const nodeKey = (nodeId: string): string => NODES + nodeId;
/** A member and the keys it holds, the newest last. */
export const NODE = record(
  required('key_ids', listOf(KEY_ID, { min: 1, max: 1024, keyOf: (keyId) => keyId })),
  required('joined_index', position),
);

export const adminKey = (admin: string): string => `governance/admins/${admin}`;
export const ADMIN = record(required('since_index', position));

export const electorKey = (account: string): string => `governance/electors/${account}`;
export const ELECTOR = record(required('weight', position));

/** A short lower-case word: a method, a precision, an artifact type. */
export const word = text(/^[a-z0-9][a-z0-9_.-]{0,31}$/, 'a word of at most 32 of a-z, 0-9, _ . -');
