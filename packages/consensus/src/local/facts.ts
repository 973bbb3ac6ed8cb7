/** What the log's host reads in the state, whose form is that of `docs/spec/log.md`, clause LOG-15. */
import { assert, type SqlDatabase } from '@qfs/core';
import {
  type CborMap,
  decodeCbor,
  type KeyId,
  type Member,
  type NodeId,
  type StateReader,
} from '@qfs/core/exact';
import { stateOf } from './state-rows.ts';

/** Where the log stands in governance time, and what is in force. */
export interface LogContext {
  readonly tick: number;
  readonly epoch: number;
  /** The tick from which the next epoch may begin. */
  readonly epochEndTick: number;
  readonly level: number;
  readonly configHash: Uint8Array;
}

export function readContext(state: StateReader): LogContext {
  const record = readRecord(state, 'system/context');
  assert(record !== undefined, 'the state has a context once GENESIS is applied');
  return {
    tick: record.get('tick') as number,
    epoch: record.get('epoch') as number,
    epochEndTick: record.get('epoch_end_tick') as number,
    level: record.get('level') as number,
    configHash: record.get('config_hash') as Uint8Array,
  };
}

/** Does a change of the protocol level wait for its epoch? */
export const isLevelChangePending = (state: StateReader): boolean =>
  state.get('system/level-change') !== undefined;

/** Numbers by which the host paces itself; operators set them (LOG-21). */
export interface Pace {
  /** Entries without a certificate at which one is made at once. */
  readonly checkpointEntries: number;
  /** Newest entries that stay in the database. */
  readonly archiveAfterEntries: number;
  /** Seconds for which the results of an ended job are kept; 0: for ever. */
  readonly resultRetentionS: number;
}

const PACE_DEFAULT = {
  checkpoint_entries: 1_000,
  archive_after_entries: 1_000_000,
  result_retention_s: 0,
} as const;

export function readPace(state: StateReader): Pace {
  const operator = readRecord(state, 'system/config')?.get('operator') as CborMap | undefined;
  const value = (key: keyof typeof PACE_DEFAULT): number =>
    (operator?.get(key) as number | undefined) ?? PACE_DEFAULT[key];
  return {
    checkpointEntries: value('checkpoint_entries'),
    archiveAfterEntries: value('archive_after_entries'),
    resultRetentionS: value('result_retention_s'),
  };
}

/** Every member with its newest key, ascending by node id. */
export function readMembers(database: SqlDatabase): Member[] {
  const state = stateOf(database);
  return readUnder(database, 'membership/nodes/').map(({ key, record }) => {
    const keyId = (record.get('key_ids') as string[]).at(-1) as KeyId;
    const held = readRecord(state, `membership/keys/${keyId}`);
    assert(held !== undefined, () => `the state has no key ${keyId}`);
    return {
      nodeId: key.slice('membership/nodes/'.length) as NodeId,
      keyId,
      algorithm: held.get('algorithm') as string,
      spki: held.get('spki') as Uint8Array,
    };
  });
}

/** Entries `from` to `to` as a file of the archive. */
export interface SegmentFacts {
  readonly from: number;
  readonly to: number;
  /** 32 bytes. */
  readonly sha256: Uint8Array;
  readonly size: number;
}

/** The segment that holds an entry, if the entry was sealed. */
export function findSegment(database: SqlDatabase, index: number): SegmentFacts | undefined {
  const segment = lastSegmentFrom(database, index);
  return segment !== undefined && index <= segment.to ? segment : undefined;
}

/** The last entry that was sealed; 0 before the first segment. */
export const archivedIndex = (database: SqlDatabase): number =>
  lastSegmentFrom(database, Number.MAX_SAFE_INTEGER)?.to ?? 0;

/** The last segment that begins at or before an entry. */
function lastSegmentFrom(database: SqlDatabase, index: number): SegmentFacts | undefined {
  const row = database.get<{ value: Uint8Array }>(
    'SELECT value FROM state WHERE key BETWEEN ? AND ? ORDER BY key DESC LIMIT 1',
    SEGMENTS,
    `${SEGMENTS}${String(index).padStart(INDEX_DIGITS, '0')}`,
  );
  return row === undefined ? undefined : segmentOf(readMap(row.value));
}

const SEGMENTS = 'system/segments/';
const INDEX_DIGITS = 16;

const segmentOf = (record: CborMap): SegmentFacts => ({
  from: record.get('from') as number,
  to: record.get('to') as number,
  sha256: record.get('sha256') as Uint8Array,
  size: record.get('size') as number,
});

function readUnder(database: SqlDatabase, prefix: string): { key: string; record: CborMap }[] {
  return database
    .all<{ key: string; value: Uint8Array }>(
      'SELECT key, value FROM state WHERE key >= ? AND key < ? ORDER BY key',
      prefix,
      `${prefix}\x7f`,
    )
    .map(({ key, value }) => ({ key, record: readMap(value) }));
}

function readRecord(state: StateReader, key: string): CborMap | undefined {
  const value = state.get(key);
  return value === undefined ? undefined : readMap(value);
}

function readMap(value: Uint8Array): CborMap {
  const decoded = decodeCbor(value);
  assert(decoded.ok && decoded.value instanceof Map, 'the state holds a value that cannot be read');
  return decoded.value;
}
