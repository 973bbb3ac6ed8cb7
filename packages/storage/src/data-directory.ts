import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { QfsError } from '@qfs/core';
import { sqliteFailure, storeError } from './sqlite-failure.ts';

/** Long enough for the kernel to finish clearing away a process that was just killed. */
const LOCK_WAIT_MS = 300;

export interface DataDirectory {
  readonly path: string;
  /** The one database file: log, jobs, small blobs. */
  readonly databasePath: string;
  readonly blobsPath: string;
  /** The directory view of the artifacts. */
  readonly viewPath: string;
  /** Lets another process have the directory. A process that dies releases it too. */
  release(): void;
}

/** What lies where in a data directory, for processes that read what another one holds. */
export function dataPaths(path: string): Omit<DataDirectory, 'release'> {
  const root = resolve(path);
  return {
    path: root,
    databasePath: join(root, 'qfs.sqlite'),
    blobsPath: join(root, 'blobs'),
    viewPath: join(root, 'circuit_fs'),
  };
}

/**
 * Creates the layout below `path` where it is missing and locks it for this process. The lock is an exclusive
 * SQLite transaction on a file of its own, held open: the operating system drops it with the process, however
 * that ends, so no stale pid file can lock anybody out.
 *
 * @throws QfsError STORE_UNAVAILABLE when another process holds it or it cannot be created.
 */
export function openDataDirectory(path: string): DataDirectory {
  const { path: root, databasePath, blobsPath, viewPath } = dataPaths(path);
  try {
    makeDurableDirectory(root);
    makeDurableDirectory(blobsPath);
    makeDurableDirectory(viewPath);
    const lock = takeLock(root);
    const release = (): void => {
      held.delete(lock);
      lock.close();
    };
    try {
      refuseLostDatabase(root, databasePath, [blobsPath, viewPath]);
      makePrivateFile(databasePath);
    } catch (thrown) {
      release();
      throw thrown;
    }
    return { path: root, databasePath, blobsPath, viewPath, release };
  } catch (thrown) {
    throw storeError(root, thrown);
  }
}

/** What is shorter SQLite takes for a new file. */
const SQLITE_FILE_BYTES_MIN = 512;

/**
 * A directory that holds artifacts but no database has lost its log and its key. Founding anew there would
 * give the node another identity and hide what was acknowledged.
 */
function refuseLostDatabase(root: string, databasePath: string, witnesses: readonly string[]): void {
  const bytes = statSync(databasePath, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > 0 && bytes < SQLITE_FILE_BYTES_MIN) {
    throw new QfsError(
      'STORE_UNAVAILABLE',
      `The database ${databasePath} was cut off after ${bytes} bytes. Restore a backup.`,
    );
  }
  if (bytes > 0 || witnesses.every((path) => readdirSync(path).length === 0)) return;
  throw new QfsError(
    'STORE_UNAVAILABLE',
    `${root} holds artifacts, but its database qfs.sqlite is missing or empty. Restore it from a backup, or ` +
      'choose another directory with QFS_DATA_DIR to start anew.',
  );
}

/** Keeps the locks from the garbage collector, which would close them and so let go. */
const held = new Set<DatabaseSync>();

function takeLock(root: string): DatabaseSync {
  const lock = new DatabaseSync(join(root, 'lock.sqlite'), { timeout: LOCK_WAIT_MS });
  try {
    // Nothing is ever written, so the journal need not be a file.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    held.add(lock);
    return lock;
  } catch (thrown) {
    lock.close();
    if (sqliteFailure(thrown) !== 'busy') throw thrown;
    throw new QfsError(
      'STORE_UNAVAILABLE',
      `The data directory ${root} is in use by another process; stop that one, or choose another directory ` +
        'with QFS_DATA_DIR.',
      { cause: thrown },
    );
  }
}

/** Creates `path` and its parents, so that they survive a power cut. */
export function makeDurableDirectory(path: string): void {
  // One by one: a recursive mkdir never comes back from a file system that creates nothing, such as /proc.
  const missing: string[] = [];
  for (let at = path; !existsSync(at); at = dirname(at)) missing.push(at);
  for (const at of missing.toReversed()) makeDirectory(at);
  // A directory is durable once the one that holds it is synced. One found in place may have been made by a
  // process that died before its sync.
  const top = dirname(missing.at(-1) ?? path);
  for (let parent = dirname(path); ; parent = dirname(parent)) {
    syncDirectory(parent);
    if (parent === top || parent === dirname(parent)) return;
  }
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path);
  } catch (thrown) {
    // Another process that starts at the same moment was faster; the lock decides between the two.
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
}

/** The database holds the private key of the node. SQLite gives the files beside it the same mode. */
function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

function syncDirectory(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
