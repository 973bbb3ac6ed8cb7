/** A piece of the log outside the database: `docs/spec/log.md`, clause LOG-30. */
import { LOG_SEGMENT_BYTES_MAX } from '@qfs/core';
import { concat, equal, err, ok, type Result, uint32, uint64, utf8 } from '@qfs/core/exact';

export interface SegmentEntry {
  readonly term: number;
  readonly bytes: Uint8Array;
}

export interface Segment {
  /** 32 bytes. */
  readonly clusterId: Uint8Array;
  /** Index of the first entry. */
  readonly from: number;
  /** Link hash of the entry before, `ZERO_HASH` at index 1. */
  readonly previousLink: Uint8Array;
  readonly entries: readonly SegmentEntry[];
}

const MAGIC = utf8('QFSSEG01');
const HASH_BYTES = 32;
const HEAD_BYTES = MAGIC.length + HASH_BYTES + 8 + 8 + HASH_BYTES;
const ENTRY_HEAD_BYTES = 8 + 4;

/** How many of the entries, from the first on, make one segment. */
export function entriesThatFit(lengths: readonly number[]): number {
  let bytes = HEAD_BYTES;
  let count = 0;
  for (const length of lengths) {
    bytes += ENTRY_HEAD_BYTES + length;
    if (count > 0 && bytes > LOG_SEGMENT_BYTES_MAX) break;
    count += 1;
  }
  return count;
}

export function encodeSegment({ clusterId, from, previousLink, entries }: Segment): Uint8Array {
  const parts = [MAGIC, clusterId, uint64(from), uint64(from + entries.length - 1), previousLink];
  for (const { term, bytes } of entries) parts.push(uint64(term), uint32(bytes.length), bytes);
  return concat(...parts);
}

/** Reads a segment; refuses every byte sequence but the one that `encodeSegment` writes for it. */
export function decodeSegment(bytes: Uint8Array): Result<Segment, string> {
  if (bytes.length < HEAD_BYTES || !equal(bytes.subarray(0, MAGIC.length), MAGIC)) {
    return err('it does not begin as a segment');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = MAGIC.length + HASH_BYTES;
  const from = Number(view.getBigUint64(at));
  const to = Number(view.getBigUint64(at + 8));
  const entries: SegmentEntry[] = [];
  at = HEAD_BYTES;
  while (at < bytes.length) {
    const start = at + ENTRY_HEAD_BYTES;
    const end = start > bytes.length ? start : start + view.getUint32(at + 8);
    if (end > bytes.length) return err(`it ends within entry ${from + entries.length}`);
    entries.push({ term: Number(view.getBigUint64(at)), bytes: bytes.subarray(start, end) });
    at = end;
  }
  if (entries.length === 0 || to !== from + entries.length - 1) {
    return err(`it holds ${entries.length} entries and says that they are ${from} to ${to}`);
  }
  const idEnd = MAGIC.length + HASH_BYTES;
  return ok({
    clusterId: bytes.subarray(MAGIC.length, idEnd),
    from,
    previousLink: bytes.subarray(HEAD_BYTES - HASH_BYTES, HEAD_BYTES),
    entries,
  });
}
