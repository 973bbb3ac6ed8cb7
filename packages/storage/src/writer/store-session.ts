import {
  type AppliedEntry,
  AssertionError,
  assert,
  type Clock,
  QfsError,
  type Randomness,
  type StoreCall,
  type StoreContext,
  type StoreModule,
} from '@qfs/core';
import { openSqlite, type SqliteConnection } from '../sqlite.ts';
import { sqliteFailure, storeError } from '../sqlite-failure.ts';
import { migrate } from './migrations.ts';

export interface StoreSessionOptions {
  readonly path: string;
  readonly modules: readonly StoreModule[];
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** The calls of one `transact`: all or none of them. */
export type CallGroup = readonly StoreCall[];

export type GroupOutcome =
  | { readonly ok: true; readonly results: readonly unknown[] }
  | { readonly ok: false; readonly error: QfsError };

export interface CommitReport {
  /** One per group, in order. */
  readonly outcomes: readonly GroupOutcome[];
  /** From BEGIN until the commit was on disk. */
  readonly milliseconds: number;
}

/**
 * Marks a failure after which the session must not be used: what is on disk is known only after a new start.
 */
export class StoreBroken extends Error {
  override readonly name = 'StoreBroken';
}

/**
 * The only writable connection to the store, and the modules that live in it. Synchronous: whoever wants the
 * event loop free runs it in a worker thread.
 */
export class StoreSession {
  readonly #path: string;
  readonly #database: SqliteConnection;
  readonly #clock: Clock;
  readonly #context: StoreContext;
  readonly #operations: ReadonlyMap<string, StoreModule['operations'][string]>;

  constructor(options: StoreSessionOptions) {
    const { modules, clock, randomness } = options;
    this.#path = options.path;
    this.#clock = clock;
    this.#operations = operationsOf(modules);
    this.#database = openSqlite(options.path);
    const database = this.#database;
    this.#context = {
      clock,
      randomness,
      call: (operation, argument) => this.#call({ operation, argument }),
      publishApplied: (entry: AppliedEntry) => {
        for (const module of modules) module.onApplied?.(database, entry, this.#context);
      },
    };
    try {
      migrate(database, options.path, modules);
      database.exec('BEGIN IMMEDIATE');
      for (const module of modules) module.open?.(database, this.#context);
      database.exec('COMMIT');
    } catch (thrown) {
      database.close();
      throw thrown instanceof AssertionError ? thrown : storeError(options.path, thrown);
    }
  }

  /**
   * Runs the groups in order in one transaction, each in a savepoint of its own so that one that fails takes
   * nothing else with it, and returns once the transaction is on disk.
   *
   * @throws StoreBroken when the medium failed or one of our own invariants did.
   */
  commit(groups: readonly CallGroup[]): CommitReport {
    const startMs = this.#clock.monotonicMs();
    let outcomes: readonly GroupOutcome[];
    try {
      this.#database.run('BEGIN IMMEDIATE');
      outcomes = groups.map((group) => this.#runGroup(group));
      this.#database.run('COMMIT');
    } catch (thrown) {
      const error = this.#abandon(thrown);
      outcomes = groups.map(() => ({ ok: false, error }));
    }
    return { outcomes, milliseconds: this.#clock.monotonicMs() - startMs };
  }

  close(): void {
    this.#database.close();
  }

  #runGroup(group: CallGroup): GroupOutcome {
    this.#database.run('SAVEPOINT call_group');
    try {
      const results = group.map((call) => this.#call(call));
      this.#database.run('RELEASE call_group');
      return { ok: true, results };
    } catch (thrown) {
      if (endsTransaction(thrown) || !this.#database.inTransaction) throw thrown;
      this.#database.exec('ROLLBACK TO call_group; RELEASE call_group');
      return { ok: false, error: QfsError.from(thrown) };
    }
  }

  #call(call: StoreCall): unknown {
    const operation = this.#operations.get(call.operation);
    if (operation === undefined) {
      throw new QfsError('INTERNAL', `No store module has the operation ${call.operation}.`);
    }
    return operation(this.#database, call.argument as never, this.#context);
  }

  /** Rolls the whole transaction back; returns what every group in it is told. */
  #abandon(thrown: unknown): QfsError {
    const failure = sqliteFailure(thrown);
    if (failure !== 'full' && failure !== 'busy') {
      throw new StoreBroken(`The store ${this.#path} stopped: ${String(thrown)}`, { cause: thrown });
    }
    if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
    return storeError(this.#path, thrown);
  }
}

const endsTransaction = (thrown: unknown): boolean =>
  thrown instanceof AssertionError || !['statement', undefined].includes(sqliteFailure(thrown));

function operationsOf(modules: readonly StoreModule[]): Map<string, StoreModule['operations'][string]> {
  const operations = new Map<string, StoreModule['operations'][string]>();
  for (const module of modules) {
    for (const [name, operation] of Object.entries(module.operations)) {
      assert(!operations.has(name), `two store modules offer the operation ${name}`);
      operations.set(name, operation);
    }
  }
  return operations;
}
