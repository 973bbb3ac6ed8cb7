import { dirname, join } from 'node:path';
import {
  ARTIFACT_BYTES_MAX,
  BLOB_INLINE_BYTES_MAX,
  type Clock,
  QfsError,
  type Randomness,
  type SqlDatabase,
  type StoreWriter,
} from '@qfs/core';
import type { Digest } from '@qfs/core/exact';
import { storeError } from '../sqlite-failure.ts';
import type { PreparedBlob } from './blob-module.ts';
import { blobDigestOf, digestBytes, digestFromBytes } from './digest.ts';
import { type Disk, isMissing, systemDisk } from './disk.ts';

/** Immutable bytes by tenant and digest. */
export interface BlobStore {
  /**
   * Hashes the bytes and, when they are too large for the database, makes a file of them that survives a
   * power cut. They belong to the tenant once a transaction with `blobs.retain` of the answer has committed.
   *
   * @throws QfsError STORAGE_FULL, STORE_UNAVAILABLE, or PAYLOAD_TOO_LARGE above ARTIFACT_BYTES_MAX.
   */
  prepare(tenantId: string, bytes: Uint8Array): Promise<PreparedBlob>;
  /** Whether the tenant has a copy that is not known to be corrupt. */
  has(tenantId: string, digest: Digest): boolean;
  /**
   * The bytes, checked against their hash. A copy that does not match is put into quarantine.
   *
   * @throws QfsError ARTIFACT_NOT_FOUND, ARTIFACT_CORRUPT, or STORE_UNAVAILABLE.
   */
  read(tenantId: string, digest: Digest): Promise<Uint8Array>;
  /** Removes the files whose blob was released. Returns how many went. */
  removeReleased(): Promise<number>;
  /**
   * Removes the files nobody refers to: those whose blob was released, and those older than `graceMs` whose
   * transaction never came. Returns how many went.
   */
  sweep(graceMs: number): Promise<number>;
}

export interface BlobStoreOptions {
  /** The `blobs` directory of the data directory. */
  readonly path: string;
  readonly writer: StoreWriter;
  readonly reader: SqlDatabase;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly disk?: Disk;
}

/** Blob files are never changed; the mode says so to people and tools. */
const FILE_MODE = 0o444;
const FILE_NAME = /^([0-9a-f]{64})\.(\d+)$/;

export function openBlobStore(options: BlobStoreOptions): BlobStore {
  const { reader, clock } = options;
  const files = new BlobFiles(options.path, options.disk ?? systemDisk, options.randomness);

  const healthy = (tenantId: string, digest: Digest): boolean =>
    reader.get(
      `SELECT 1 AS found FROM blobs
       WHERE tenant_id = ? AND digest = ? AND (generation IS NOT NULL OR data IS NOT NULL)`,
      tenantId,
      digestBytes(digest),
    ) !== undefined;

  return {
    has: healthy,

    async prepare(tenantId, bytes) {
      const size = bytes.byteLength;
      if (size > ARTIFACT_BYTES_MAX) throw tooLarge(size);
      const digest = blobDigestOf(bytes);
      // A copy: cloning a view into a larger buffer would send all of that buffer to the writer.
      if (size <= BLOB_INLINE_BYTES_MAX) {
        return { digest, size, place: { kind: 'inline', data: new Uint8Array(bytes) } };
      }
      if (healthy(tenantId, digest)) return { digest, size, place: { kind: 'present' } };
      return { digest, size, place: { kind: 'file', generation: await files.write(digest, bytes) } };
    },

    read: (tenantId, digest) => readVerified(options, files, tenantId, digest),

    removeReleased: () => removeReleased(options, files),

    async sweep(graceMs) {
      const released = await removeReleased(options, files);
      const orphans = await files.removeOrphans(clock.nowMs() - graceMs, (digest, generation) =>
        Boolean(
          reader.get(
            'SELECT 1 AS found FROM blobs WHERE digest = ? AND generation = ?',
            digestBytes(digest),
            generation,
          ),
        ),
      );
      return released + orphans;
    },
  };
}

/** Removing a file twice does no harm, so the note of it may outlive the file but never the other way. */
async function removeReleased({ reader, writer }: BlobStoreOptions, files: BlobFiles): Promise<number> {
  const scheduled = reader.all<{ digest: Uint8Array; generation: number }>(
    'SELECT digest, generation FROM blob_removals',
  );
  if (scheduled.length === 0) return 0;
  const released = scheduled.map(({ digest, generation }) => ({
    digest: digestFromBytes(digest),
    generation,
  }));
  for (const { digest, generation } of released) await files.remove(digest, generation);
  await writer.transact([{ operation: 'blobs.removed', argument: released }]);
  return released.length;
}

interface StoredRow extends Record<string, null | number | string | Uint8Array> {
  readonly size: number;
  readonly generation: number | null;
  readonly data: Uint8Array | null;
}

async function readVerified(
  { reader, writer }: BlobStoreOptions,
  files: BlobFiles,
  tenantId: string,
  digest: Digest,
): Promise<Uint8Array> {
  const row = reader.get<StoredRow>(
    'SELECT size, generation, data FROM blobs WHERE tenant_id = ? AND digest = ?',
    tenantId,
    digestBytes(digest),
  );
  if (row === undefined)
    throw new QfsError('ARTIFACT_NOT_FOUND', `No bytes with the digest ${digest} are stored.`);
  if (row.data === null && row.generation === null) throw corrupt(digest, 'its copy is in quarantine');
  const bytes = row.data ?? (await files.read(digest, row.generation!));
  if (bytes === undefined && !isStored(reader, tenantId, digest, row.generation!)) {
    throw new QfsError('ARTIFACT_NOT_FOUND', `The bytes with the digest ${digest} were just removed.`);
  }
  if (bytes !== undefined && bytes.byteLength === row.size && blobDigestOf(bytes) === digest) return bytes;
  if (row.generation !== null) await files.quarantine(digest, row.generation);
  await writer.transact([{ operation: 'blobs.quarantine', argument: { tenantId, digest } }]);
  throw corrupt(digest, bytes === undefined ? 'its file is missing' : 'its copy was put into quarantine');
}

/** Tells a file that is missing from one that was released, and removed, since its row was read. */
const isStored = (reader: SqlDatabase, tenantId: string, digest: Digest, generation: number): boolean =>
  reader.get(
    'SELECT 1 AS found FROM blobs WHERE tenant_id = ? AND digest = ? AND generation = ?',
    ...[tenantId, digestBytes(digest), generation],
  ) !== undefined;

const corrupt = (digest: Digest, what: string): QfsError =>
  new QfsError(
    'ARTIFACT_CORRUPT',
    `The stored bytes of ${digest} do not match their hash: ${what}. Store the same bytes again or restore a backup.`,
  );

const tooLarge = (size: number): QfsError =>
  new QfsError(
    'PAYLOAD_TOO_LARGE',
    `The artifact has ${size} bytes; the limit is ${ARTIFACT_BYTES_MAX} bytes.`,
  );

/**
 * Files under `sha256/<first two digits>/<hex>.<generation>`. The generation is drawn at random for each
 * file, so that no two tenants and no two lives of the same bytes share one, and a late removal never hits a
 * newer file.
 */
class BlobFiles {
  readonly #root: string;
  readonly #disk: Disk;
  readonly #randomness: Randomness;
  readonly #directories = new Map<string, Promise<void>>();

  constructor(root: string, disk: Disk, randomness: Randomness) {
    this.#root = root;
    this.#disk = disk;
    this.#randomness = randomness;
  }

  /** Returns the generation of a new file that survives a power cut. */
  async write(digest: Digest, bytes: Uint8Array): Promise<number> {
    const generation = this.#newGeneration();
    const path = this.#path(digest, generation);
    const directory = dirname(path);
    const temporary = join(this.#root, 'incoming', `${generation}`);
    try {
      await this.#durableDirectory(dirname(temporary));
      await this.#durableDirectory(directory);
      await this.#disk.writeNew(temporary, bytes, 'synced', FILE_MODE);
      await this.#disk.rename(temporary, path);
      await this.#disk.syncDirectory(directory);
    } catch (thrown) {
      // The room it took is needed now; what cannot be removed waits for the sweep.
      await this.#disk.remove(temporary).catch(() => undefined);
      throw storeError(path, thrown);
    }
    return generation;
  }

  async read(digest: Digest, generation: number): Promise<Uint8Array | undefined> {
    const path = this.#path(digest, generation);
    try {
      return await this.#disk.read(path);
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw storeError(path, thrown);
    }
  }

  /** Wherever it lies. */
  async remove(digest: Digest, generation: number): Promise<void> {
    await this.#disk.remove(this.#path(digest, generation));
    await this.#disk.remove(this.#quarantinePath(digest, generation));
  }

  async quarantine(digest: Digest, generation: number): Promise<void> {
    const from = this.#path(digest, generation);
    const to = this.#quarantinePath(digest, generation);
    try {
      await this.#disk.makeDirectory(dirname(to));
      await this.#disk.rename(from, to);
    } catch (thrown) {
      if (!isMissing(thrown)) throw storeError(from, thrown);
    }
  }

  /** Removes files last changed before `beforeMs` that `isKnown` does not know. Returns how many. */
  async removeOrphans(
    beforeMs: number,
    isKnown: (digest: Digest, generation: number) => boolean,
  ): Promise<number> {
    const suspects: string[] = [];
    const incoming = join(this.#root, 'incoming');
    for (const name of await this.#disk.list(incoming)) suspects.push(join(incoming, name));
    const shelf = join(this.#root, 'sha256');
    for (const prefix of await this.#disk.list(shelf)) {
      for (const name of await this.#disk.list(join(shelf, prefix))) {
        const [, hex, generation] = FILE_NAME.exec(name) ?? [];
        if (hex === undefined || isKnown(`sha256:${hex}` as Digest, Number(generation))) continue;
        suspects.push(join(shelf, prefix, name));
      }
    }
    let count = 0;
    for (const path of suspects) {
      const status = await this.#disk.status(path);
      if (status === undefined || status.modifiedMs >= beforeMs) continue;
      await this.#disk.remove(path);
      count += 1;
    }
    return count;
  }

  #path(digest: Digest, generation: number): string {
    const hex = hexOf(digest);
    return join(this.#root, 'sha256', hex.slice(0, 2), `${hex}.${generation}`);
  }

  #quarantinePath(digest: Digest, generation: number): string {
    return join(this.#root, 'quarantine', `${hexOf(digest)}.${generation}`);
  }

  /** 48 random bits: exact as a number. */
  #newGeneration(): number {
    return Buffer.from(this.#randomness.bytes(6)).readUIntBE(0, 6);
  }

  /**
   * A directory is there after a power cut once the ones above it are synced. Done once per directory and
   * process, also for those found in place: whoever made them may have died before the sync.
   */
  #durableDirectory(path: string): Promise<void> {
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const made = this.#makeDurable(path).catch((thrown: unknown) => {
      this.#directories.delete(path);
      throw thrown;
    });
    this.#directories.set(path, made);
    return made;
  }

  async #makeDurable(path: string): Promise<void> {
    await this.#disk.makeDirectory(path);
    for (let at = path; at !== this.#root; at = dirname(at)) await this.#disk.syncDirectory(dirname(at));
  }
}

const hexOf = (digest: Digest): string => digest.slice('sha256:'.length);
