import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SqlDatabase, SqlRow, SqlValue } from '@qfs/core';
import { storeError } from './sqlite-failure.ts';

/** How long a statement waits for a lock that another connection holds. */
const BUSY_TIMEOUT_MS = 5_000;
/**
 * Prepared statements kept per connection; the texts are constants of the modules, so this is rarely reached.
 */
const STATEMENTS_MAX = 512;

/**
 * Pages that the writer keeps in memory, in KiB, and pages of the write-ahead log after which they move into
 * the file. The keys of trees and ids are spread over all of a table, so what SQLite takes by itself, 2 MiB
 * and 1,000 pages, has a commit of 256 entries read and write the same pages again and again: an eighth of
 * its CPU time.
 */
const CACHE_KIB = 16_384;
const WAL_PAGES = 4_000;

const WRITER_PRAGMAS =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; ' +
  `PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = ${WAL_PAGES}`;

export interface SqliteOptions {
  /** A reader: the file must exist and every attempt to write fails. */
  readonly readOnly?: boolean;
}

export interface SqliteConnection extends SqlDatabase {
  /**
   * Whether a transaction is open. SQLite ends one by itself after some failures, for example a full disk.
   */
  readonly inTransaction: boolean;
  close(): void;
}

/**
 * Opens a database file in write-ahead mode, where a commit returns after fdatasync of the log
 * (synchronous=FULL) and readers neither wait for the writer nor see what is not yet on disk.
 *
 * @throws QfsError STORE_UNAVAILABLE when the file cannot be opened or is no database.
 */
export function openSqlite(path: string, options: SqliteOptions = {}): SqliteConnection {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, readOnly: options.readOnly === true });
    if (options.readOnly === true) database.exec('PRAGMA query_only = ON');
    else database.exec(WRITER_PRAGMAS);
    return connectionTo(database);
  } catch (thrown) {
    database?.close();
    throw storeError(path, thrown);
  }
}

function connectionTo(database: DatabaseSync): SqliteConnection {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size >= STATEMENTS_MAX) statements.delete(statements.keys().next().value ?? '');
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    exec: (sql) => database.exec(sql),
    run: (sql, ...parameters) => Number(prepared(sql).run(...parameters).changes),
    get: <Row extends SqlRow>(sql: string, ...parameters: SqlValue[]) =>
      prepared(sql).get(...parameters) as Row | undefined,
    all: <Row extends SqlRow>(sql: string, ...parameters: SqlValue[]) =>
      prepared(sql).all(...parameters) as Row[],
    get inTransaction() {
      return database.isTransaction;
    },
    close: () => database.close(),
  };
}
