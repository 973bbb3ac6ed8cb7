/** Wall and monotonic time, in milliseconds. Pure rooms receive it; hosts implement it. */
export interface Clock {
  /** Milliseconds since 1970, for display and retention only: nothing that must be ordered reads it. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonicMs(): number;
}

/** Cryptographically strong randomness. Simulation never uses it (see `Prng` in `@qfs/core/math`). */
export interface Randomness {
  bytes(length: number): Uint8Array;
}

/** One-shot timers, so that tests own the time that passes. */
export interface Timers {
  /** Calls `run` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** A value SQLite stores. Integers come back as `number`; anything above 2^53 is stored as text or blob. */
export type SqlValue = null | number | string | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A synchronous SQL connection. The writer worker holds the only writable one; all others are `query_only`. */
export interface SqlDatabase {
  /** Runs statements without parameters, for schemas. */
  exec(sql: string): void;
  /** Runs one statement; returns how many rows it changed. Statements are prepared once and kept. */
  run(sql: string, ...parameters: SqlValue[]): number;
  get<Row extends SqlRow = SqlRow>(sql: string, ...parameters: SqlValue[]): Row | undefined;
  all<Row extends SqlRow = SqlRow>(sql: string, ...parameters: SqlValue[]): Row[];
}

/** What a store module may use while one of its operations runs inside the writer's transaction. */
export interface StoreContext {
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Runs an operation of another module in the same transaction. */
  call(operation: string, argument: unknown): unknown;
  /** Hands an applied log entry to every module's `onApplied`, in the order of the module list. */
  publishApplied(entry: AppliedEntry): void;
}

/** One entry as the apply loop left it. Projections are written from it, in the same transaction. */
export interface AppliedEntry {
  readonly index: number;
  readonly term: number;
  readonly type: string;
  readonly entryId: string;
  readonly tick: number;
  readonly outcome: 'ACCEPTED' | 'REJECTED';
  /** Why it was rejected. */
  readonly code?: string;
  /** The decoded body: maps with text keys, arrays, integers (number when safe, else bigint), text, bytes. */
  readonly body: unknown;
}

/**
 * A part of the one database file. The writer worker is a list of such modules: it runs queued operations
 * of all of them in order, many per transaction, and answers after the commit is on disk.
 */
export interface StoreModule {
  readonly name: string;
  /** Statements per schema version; version n is reached by running `migrations[n - 1]`. Never edited once shipped. */
  readonly migrations: readonly string[];
  /** Called once per start, inside a transaction, after migrations. */
  open?(database: SqlDatabase, context: StoreContext): void;
  /** Operations by full name, for example `log.propose`. A throw rolls back the whole group it came in. */
  readonly operations: Readonly<Record<string, StoreOperation>>;
  onApplied?(database: SqlDatabase, entry: AppliedEntry, context: StoreContext): void;
}

export type StoreOperation = (database: SqlDatabase, argument: never, context: StoreContext) => unknown;

export interface StoreCall {
  readonly operation: string;
  /** Structured-cloneable: it crosses into a worker thread. */
  readonly argument: unknown;
}

/** The way to the writer worker. */
export interface StoreWriter {
  /**
   * Runs the calls in order, all or none, and resolves with their results once they are durable (fdatasync
   * done). Rejects with the QfsError of the call that failed, STORAGE_FULL or STORE_UNAVAILABLE.
   */
  transact(calls: readonly StoreCall[]): Promise<unknown[]>;
}

/**
 * Writes gathered across a service edge so that they commit with the caller's own in one transaction. A handler
 * that finds one in its call context adds its calls and answers at once; the caller commits. Across
 * processes the context carries none, and the handler makes its writes durable before it answers.
 */
export interface UnitOfWork {
  add(calls: readonly StoreCall[]): void;
}
