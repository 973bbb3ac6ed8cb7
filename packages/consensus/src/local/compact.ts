import { createHash } from 'node:crypto';
import { assert, type SqlDatabase, type StoreWriter } from '@qfs/core';
import type { OpenStateMap } from '@qfs/core/exact';
import { ZERO_HASH } from '../chain.ts';
import { encodeSegment, entriesThatFit } from '../segment.ts';
import { encodeSnapshotHead, encodeSnapshotKey } from '../snapshot.ts';
import type { Archive } from './archive.ts';
import { coveredIndex } from './certificates.ts';
import { archivedIndex, readContext, readPace } from './facts.ts';
import { readOpenHead } from './head.ts';
import { readEntries } from './rows.ts';
import { presentStateRoot, stateOf, statePage } from './state-rows.ts';

/** A connection of its own. */
export interface ClosableDatabase extends SqlDatabase {
  close(): void;
}

export interface CompactPorts {
  readonly writer: StoreWriter;
  readonly reader: SqlDatabase;
  readonly openReader: () => ClosableDatabase;
  readonly archive: Archive;
  readonly stateMap: OpenStateMap;
}

/** What a compaction did. */
export interface Compaction {
  /** Segments that were sealed. */
  readonly segments: number;
  /** Entries up to this one are in the archive; 0 when none is. */
  readonly archivedIndex: number;
  /** The entry after which the new snapshot was taken. */
  readonly snapshot?: number;
}

/** Entries that are looked at for one segment: more than 8 MiB hold of the smallest. */
const SEGMENT_ENTRIES_MAX = 65_536;
/** A second one, for a replay when the newest cannot be read. */
const SNAPSHOTS_KEPT = 2;

/**
 * Moves the bytes of entries that are old enough, and that a checkpoint covers, into segments; then takes a
 * snapshot. A segment is on the medium before the log says so, and the log says so before bytes leave the
 * database.
 */
export async function compact(ports: CompactPorts): Promise<Compaction> {
  const { reader } = ports;
  const { archiveAfterEntries } = readPace(stateOf(reader));
  const old = readOpenHead(reader).appliedIndex - archiveAfterEntries;
  const last = Math.min(old, coveredIndex(reader));
  let segments = 0;
  let sealed = archivedIndex(reader);
  while (sealed < last) {
    sealed = await sealSegment(ports, sealed + 1, last);
    segments += 1;
  }
  const report = { segments, archivedIndex: sealed };
  return segments === 0 ? report : { ...report, snapshot: await takeSnapshot(ports) };
}

/** @returns the last entry of the segment */
async function sealSegment(ports: CompactPorts, from: number, last: number): Promise<number> {
  const { reader, archive, writer } = ports;
  const lengths = reader.all<{ length: number }>(
    'SELECT length(bytes) AS length FROM log WHERE idx BETWEEN ? AND ? ORDER BY idx LIMIT ?',
    from,
    last,
    SEGMENT_ENTRIES_MAX,
  );
  const to = from + entriesThatFit(lengths.map(({ length }) => length)) - 1;
  const entries = readEntries(reader, from, to);
  const bytes = encodeSegment({
    clusterId: readOpenHead(reader).clusterId,
    from,
    previousLink: readEntries(reader, from - 1, from - 1)[0]?.linkHash ?? ZERO_HASH,
    entries,
  });
  const sha256 = await archive.writeSegment(bytes);
  const argument = { from, to, sha256, size: bytes.length };
  await writer.transact([{ operation: 'log.seal_segment', argument }]);
  return to;
}

/** Writes the present state into a file and removes the snapshots before the last. */
async function takeSnapshot({ openReader, archive, stateMap }: CompactPorts): Promise<number> {
  const database = openReader();
  try {
    // Everything below is read as it stood at this moment, however long it takes.
    database.exec('BEGIN');
    const { appliedIndex: index } = readOpenHead(database);
    await archive.writeSnapshot(index, snapshotParts(database, stateMap));
    const taken = await archive.snapshots();
    for (const old of taken.slice(0, -SNAPSHOTS_KEPT)) await archive.removeSnapshot(old);
    return index;
  } finally {
    database.close();
  }
}

async function* snapshotParts(database: SqlDatabase, stateMap: OpenStateMap): AsyncIterable<Uint8Array> {
  const { appliedIndex: index, clusterId, linkHash, effectsHash } = readOpenHead(database);
  const [last] = readEntries(database, index, index);
  assert(last !== undefined, 'the entry that the head names is there');
  const { tick, level } = readContext(stateOf(database));
  const stateRoot = presentStateRoot(database, stateMap);
  const head = { clusterId, index, term: last.term, tick, linkHash, effectsHash, stateRoot, level };
  const { keys } = database.get<{ keys: number }>('SELECT count(*) AS keys FROM state')!;
  const hash = createHash('sha256');
  const beginning = encodeSnapshotHead(head, keys);
  hash.update(beginning);
  yield beginning;
  for (let page = statePage(database, ''); page.length > 0; page = statePage(database, page.at(-1)!.key)) {
    const part = Buffer.concat(page.map(({ key, value }) => encodeSnapshotKey(key, value)));
    hash.update(part);
    yield part;
  }
  yield hash.digest();
}
