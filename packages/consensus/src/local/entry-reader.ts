import type { SqlDatabase } from '@qfs/core';
import type { StoredEntry } from '../log.ts';
import type { Archive } from './archive.ts';
import { findSegment, type SegmentFacts } from './facts.ts';
import { readEntries } from './rows.ts';

/** Entries `from` to `to`, both included, wherever their bytes are. */
export async function readLog(
  database: SqlDatabase,
  archive: Archive,
  from: number,
  to: number,
): Promise<StoredEntry[]> {
  const entries = readEntries(database, from, to);
  let segment: SegmentFacts | undefined;
  for (const [at, entry] of entries.entries()) {
    // No entry is empty, so a row without bytes is one whose bytes are in the archive.
    if (entry.bytes.length > 0) continue;
    if (segment === undefined || entry.index > segment.to) segment = findSegment(database, entry.index);
    if (segment !== undefined) {
      entries[at] = { ...entry, bytes: await archive.entryBytes(segment, entry.index) };
    }
  }
  return entries;
}
