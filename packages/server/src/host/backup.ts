import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { lastIndex, readIdentity } from '@qfs/consensus/local';
import { QfsError } from '@qfs/core';
import { dataPaths, openSqlite } from '@qfs/storage';

/** What a backup holds, as its command prints it. */
export interface BackupReport {
  readonly backup: string;
  readonly node_id: string;
  readonly log_index: number;
  readonly files: number;
  readonly bytes: number;
}

/** Lines for the help screen. */
export const BACKUP_HELP = [
  '  backup FOLDER',
  '      Copies the data directory into a new folder, on which a server can start.',
] as const;

/** Databases, each with everything that was committed when its turn came. */
const DATABASES = ['qfs.sqlite', 'auth.sqlite'];
/** Files that are written once, under the name of their hash. The views and the snapshots are made again. */
const WRITTEN_ONCE = ['blobs', 'archive'];
/** Files that grow. */
const GROWING = ['audit'];
const FOR_THE_OWNER = 0o700;

/**
 * Copies a data directory, whether a server works on it or not, so that a server can start on the copy. What
 * is written once is copied before the databases, since retention may remove it later, and after them, since
 * they may name what came meanwhile.
 * @throws QfsError REQUEST_INVALID when there is nothing to copy or the target holds something already;
 *   STORE_UNAVAILABLE when the copy cannot be read
 */
export function backUp(dataDir: string, target: string): BackupReport {
  const source = dataPaths(dataDir).path;
  const path = resolve(target);
  checkSource(source, path);
  openTarget(path);
  copyFolders(source, path, WRITTEN_ONCE);
  for (const name of DATABASES) copyDatabase(join(source, name), join(path, name));
  copyFolders(source, path, [...WRITTEN_ONCE, ...GROWING]);
  const files = syncAll(path);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return { backup: path, ...readBack(path), files: files.length, bytes };
}

function checkSource(source: string, target: string): void {
  if (!existsSync(join(source, 'qfs.sqlite'))) {
    throw new QfsError('REQUEST_INVALID', `${source} is no data directory; name it with --data-dir.`);
  }
  if (`${target}/`.startsWith(`${source}/`)) {
    throw new QfsError(
      'REQUEST_INVALID',
      `${target} is inside the data directory; write the backup elsewhere.`,
    );
  }
}

function openTarget(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: FOR_THE_OWNER });
    if (readdirSync(path).length === 0) return;
  } catch (error) {
    const message = `The backup cannot be written to ${path}: ${(error as Error).message}`;
    throw new QfsError('REQUEST_INVALID', message, { cause: error });
  }
  throw new QfsError('REQUEST_INVALID', `${path} is not empty; a backup goes into a folder of its own.`);
}

/** What is there already is left alone, unless it grows. */
function copyFolders(source: string, target: string, names: readonly string[]): void {
  for (const name of names.filter((one) => existsSync(join(source, one)))) {
    const root = join(source, name);
    mkdirSync(join(target, name), { recursive: true, mode: FOR_THE_OWNER });
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      const from = join(entry.parentPath, entry.name);
      const to = join(target, name, relative(root, from));
      if (entry.isDirectory()) mkdirSync(to, { recursive: true, mode: FOR_THE_OWNER });
      else if (GROWING.includes(name) || !existsSync(to)) copyFile(from, to);
    }
  }
}

/** Retention may remove a file between the listing and the copy. */
function copyFile(from: string, to: string): void {
  try {
    copyFileSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** One read transaction over the database: what is committed meanwhile is not in it, and nothing by half. */
function copyDatabase(from: string, to: string): void {
  if (!existsSync(from)) return;
  const database = new DatabaseSync(from, { readOnly: true, timeout: 10_000 });
  try {
    database.prepare('VACUUM INTO ?').run(to);
  } finally {
    database.close();
  }
  chmodSync(to, statSync(from).mode);
}

/** Until this returns, the backup is not on its disk. */
function syncAll(path: string): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    const name = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.push(name);
    const handle = openSync(name, 'r');
    fsyncSync(handle);
    closeSync(handle);
  }
  return files;
}

/** A copy that cannot be read is none. */
function readBack(path: string): Pick<BackupReport, 'node_id' | 'log_index'> {
  const copy = openSqlite(join(path, 'qfs.sqlite'), { readOnly: true });
  try {
    const { quick_check: verdict } = copy.get<{ quick_check: string }>('PRAGMA quick_check(1)')!;
    if (verdict !== 'ok')
      throw new QfsError('STORE_UNAVAILABLE', `The copy in ${path} is damaged: ${verdict}.`);
    return { node_id: readIdentity(copy).nodeId, log_index: lastIndex(copy) };
  } finally {
    copy.close();
  }
}
