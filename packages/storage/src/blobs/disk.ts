import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';

export interface FileStatus {
  readonly size: number;
  readonly modifiedMs: number;
}

/** The file system as far as blobs need it; tests put a failing or forgetful one in its place. */
export interface Disk {
  /** Creates a file that does not exist yet. `synced`: its bytes are on the medium when this resolves. */
  writeNew(path: string, bytes: Uint8Array, durability: 'synced' | 'cached', mode: number): Promise<void>;
  /** Replaces `to`. Durable once the directory of `to` is synced. */
  rename(from: string, to: string): Promise<void>;
  /** Makes creations, renames and removals in the directory durable. */
  syncDirectory(path: string): Promise<void>;
  /** Creates missing parents too. */
  makeDirectory(path: string): Promise<void>;
  /** @throws an error with code ENOENT when there is no such file. */
  read(path: string): Promise<Uint8Array>;
  /** Names in a directory; none when it does not exist. */
  list(path: string): Promise<string[]>;
  /** Bytes and wall time of the last change; undefined when there is no such file. */
  status(path: string): Promise<FileStatus | undefined>;
  /** Removes a file or a whole directory; nothing happens when there is none. */
  remove(path: string): Promise<void>;
}

export const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';

async function unlessMissing<Value>(work: Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await work;
  } catch (thrown) {
    if (isMissing(thrown)) return otherwise;
    throw thrown;
  }
}

export const systemDisk: Disk = {
  async writeNew(path, bytes, durability, mode) {
    const file = await open(path, 'wx', mode);
    try {
      await file.writeFile(bytes);
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
  read: (path) => readFile(path),
  list: (path) => unlessMissing(readdir(path), []),
  async status(path) {
    const found = await unlessMissing(stat(path), undefined);
    return found === undefined ? undefined : { size: found.size, modifiedMs: found.mtimeMs };
  },
  remove: (path) => rm(path, { recursive: true, force: true }),
};
