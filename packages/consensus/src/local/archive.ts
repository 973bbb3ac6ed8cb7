import { dirname, join } from 'node:path';
import { QfsError } from '@qfs/core';
import { equal, err, hex } from '@qfs/core/exact';
import { decodeSegment, type Segment } from '../segment.ts';
import { decodeSnapshot, type Snapshot } from '../snapshot.ts';
import { type ArchiveDisk, isMissing } from './archive-disk.ts';
import type { SegmentFacts } from './facts.ts';
import { nodeSha256 } from './node-sha256.ts';

/**
 * Segments kept in memory once they were read: somebody who reads on finds the next entries in the same one.
 */
const SEGMENTS_KEPT = 2;
const SEGMENTS_DIRECTORY = 'archive';
const SNAPSHOTS_DIRECTORY = 'snapshots';

/** The files beside the database: segments of old entries, and snapshots. */
export class Archive {
  readonly #root: string;
  readonly #disk: ArchiveDisk;
  readonly #kept = new Map<string, Segment>();
  readonly #made = new Set<string>();

  /** @param root the data directory */
  constructor(root: string, disk: ArchiveDisk) {
    this.#root = root;
    this.#disk = disk;
  }

  /**
   * The bytes of a sealed entry.
   * @throws QfsError STORE_UNAVAILABLE, with what to do, when its segment is missing or damaged
   */
  async entryBytes(facts: SegmentFacts, index: number): Promise<Uint8Array> {
    const name = segmentName(facts);
    const segment = this.#kept.get(name) ?? (await this.#readSegment(name, facts));
    this.#kept.delete(name);
    this.#kept.set(name, segment);
    if (this.#kept.size > SEGMENTS_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return segment.entries[index - facts.from]!.bytes;
  }

  async #readSegment(name: string, facts: SegmentFacts): Promise<Segment> {
    const { from, to, sha256 } = facts;
    const what = `The archive segment ${join(SEGMENTS_DIRECTORY, name)} with the entries ${from} to ${to}`;
    const bytes = await this.#read(join(SEGMENTS_DIRECTORY, name));
    if (bytes === undefined) throw unusable(`${what} is missing`);
    const found = nodeSha256(bytes);
    if (!equal(found, sha256)) throw unusable(`${what} is damaged: its bytes have the SHA-256 ${hex(found)}`);
    const segment = decodeSegment(bytes);
    if (!segment.ok) throw unusable(`${what} cannot be read: ${segment.error}`);
    return segment.value;
  }

  /** Puts a segment on the medium under the name that its bytes give it. */
  writeSegment(bytes: Uint8Array): Promise<Uint8Array> {
    const sha256 = nodeSha256(bytes);
    return this.#write(join(SEGMENTS_DIRECTORY, segmentName({ sha256 })), [bytes]).then(() => sha256);
  }

  writeSnapshot(index: number, parts: AsyncIterable<Uint8Array>): Promise<void> {
    return this.#write(join(SNAPSHOTS_DIRECTORY, snapshotName(index)), parts);
  }

  /** Indexes of the snapshots that are there, ascending. */
  async snapshots(): Promise<number[]> {
    const names = await this.#disk.list(join(this.#root, SNAPSHOTS_DIRECTORY));
    return names
      .flatMap((name) => SNAPSHOT_NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  /** @throws QfsError STORE_UNAVAILABLE, with what to do, when the snapshot cannot be read */
  async readSnapshot(index: number): Promise<Snapshot> {
    const name = join(SNAPSHOTS_DIRECTORY, snapshotName(index));
    const bytes = await this.#read(name);
    const snapshot = bytes === undefined ? err('it is missing') : decodeSnapshot(bytes, nodeSha256);
    if (snapshot.ok) return snapshot.value;
    throw new QfsError(
      'STORE_UNAVAILABLE',
      `The snapshot ${name} is damaged: ${snapshot.error}. Remove it and replay from an earlier index, or from 0.`,
    );
  }

  async removeSnapshot(index: number): Promise<void> {
    await this.#disk.remove(join(this.#root, SNAPSHOTS_DIRECTORY, snapshotName(index)));
  }

  async #read(name: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#disk.read(join(this.#root, name));
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw unusable(`${name} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }

  /** Synced also when it is there: whoever made it may have died before. */
  async #makeDirectory(path: string): Promise<void> {
    if (this.#made.has(path)) return;
    await this.#disk.makeDirectory(path);
    await this.#disk.syncDirectory(this.#root);
    this.#made.add(path);
  }

  /** Bytes first, then the name: whoever finds the name finds all the bytes, also after a power cut. */
  async #write(name: string, parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
    const path = join(this.#root, name);
    const directory = dirname(path);
    await this.#makeDirectory(directory);
    const incoming = join(directory, 'incoming');
    await this.#disk.write(incoming, parts, 'synced');
    await this.#disk.rename(incoming, path);
    await this.#disk.syncDirectory(directory);
  }
}

const SNAPSHOT_NAME = /^([1-9]\d*)\.snap$/;
const snapshotName = (index: number): string => `${index}.snap`;
const segmentName = ({ sha256 }: Pick<SegmentFacts, 'sha256'>): string => `${hex(sha256)}.seg`;

const unusable = (what: string): QfsError =>
  new QfsError(
    'STORE_UNAVAILABLE',
    `${what}. Put the file back from a backup of the data directory; entries that are not in it can be read meanwhile.`,
  );
