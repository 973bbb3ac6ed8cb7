import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';

/** The file system as far as the archive needs it; tests put a forgetful one in its place. */
export interface ArchiveDisk {
  /**
   * Creates a file, or empties it, and writes the parts. `synced`: its bytes are on the medium when this
   * resolves.
   */
  write(
    path: string,
    parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    durability: 'synced' | 'cached',
  ): Promise<void>;
  /** Replaces `to`. Durable once the directory of `to` is synced. */
  rename(from: string, to: string): Promise<void>;
  /** Makes creations, renames and removals in the directory durable. */
  syncDirectory(path: string): Promise<void>;
  /** Nothing happens when it is there. */
  makeDirectory(path: string): Promise<void>;
  /** @throws an error with code ENOENT when there is no such file */
  read(path: string): Promise<Uint8Array>;
  /** Names in a directory; none when it does not exist. */
  list(path: string): Promise<string[]>;
  remove(path: string): Promise<void>;
}

/** What others than the owner have no business with: entries name accounts. */
const FILE_MODE = 0o600;

export const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';

export const systemArchiveDisk: ArchiveDisk = {
  async write(path, parts, durability) {
    const file = await open(path, 'w', FILE_MODE);
    try {
      for await (const part of parts) await file.appendFile(part);
      if (durability === 'synced') await file.sync();
    } finally {
      await file.close();
    }
  },
  rename: (from, to) => rename(from, to),
  async syncDirectory(path) {
    const directory = await open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  },
  async makeDirectory(path) {
    await mkdir(path, { recursive: true });
  },
  async read(path) {
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  },
  async list(path) {
    try {
      return await readdir(path);
    } catch (thrown) {
      if (isMissing(thrown)) return [];
      throw thrown;
    }
  },
  remove: (path) => rm(path, { force: true }),
};
