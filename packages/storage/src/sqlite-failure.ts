import { QfsError } from '@qfs/core';

/** Primary result codes of SQLite (https://sqlite.org/rescode.html) that decide what happens next. */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_NOMEM = 7;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/**
 * - `busy`: another connection holds the lock; nothing was written; try again.
 * - `full`: the disk has no room; nothing was written; try again once there is.
 * - `broken`: medium or file cannot be trusted any more; the connection must not be used again.
 * - `damaged`: the same, because of what the file holds.
 * - `statement`: the statement itself is wrong, or a constraint forbids it.
 */
export type SqliteFailure = 'busy' | 'full' | 'broken' | 'damaged' | 'statement';

const FAILURES: Readonly<Record<number, SqliteFailure>> = {
  [SQLITE_BUSY]: 'busy',
  [SQLITE_LOCKED]: 'busy',
  [SQLITE_NOMEM]: 'broken',
  [SQLITE_READONLY]: 'broken',
  [SQLITE_IOERR]: 'broken',
  [SQLITE_CORRUPT]: 'damaged',
  [SQLITE_FULL]: 'full',
  [SQLITE_CANTOPEN]: 'broken',
  [SQLITE_NOTADB]: 'damaged',
};

/** Which kind of SQLite failure `thrown` is, or undefined when it did not come from SQLite. */
export function sqliteFailure(thrown: unknown): SqliteFailure | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') {
    return undefined;
  }
  // The low byte is the primary code; the rest says which system call it was.
  return FAILURES[thrown.errcode & 0xff] ?? 'statement';
}

/** Somebody has to make room first. */
const FULL_RETRY_AFTER_MS = 10_000;

const ADVICE: Partial<Record<SqliteFailure, string>> = {
  broken: ' See to the rights to it and to the disk below it; if both are sound, restore a backup.',
  damaged: ' Restore a backup.',
};

/** The error a caller sees for a failure of the disk below `path`, whatever layer reported it. */
export function storeError(path: string, thrown: unknown): QfsError {
  if (thrown instanceof QfsError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (sqliteFailure(thrown) === 'full' || code === 'ENOSPC' || code === 'EDQUOT') {
    return new QfsError('STORAGE_FULL', `The disk that holds ${path} is full; nothing was written.`, {
      cause: thrown,
      retryAfterMs: FULL_RETRY_AFTER_MS,
    });
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const advice = ADVICE[sqliteFailure(thrown) ?? 'statement'] ?? '';
  return new QfsError('STORE_UNAVAILABLE', `The store ${path} cannot be used: ${reason}.${advice}`, {
    cause: thrown,
  });
}
