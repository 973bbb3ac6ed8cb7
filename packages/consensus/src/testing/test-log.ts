import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppliedEntry, assert, type Clock, type StoreModule, type Timers } from '@qfs/core';
import { type Applier, newJobId } from '@qfs/core/exact';
import { applyLogEntry, openStateMap, PROTOCOL_LEVEL } from '@qfs/fabric';
import {
  type ClosableWriter,
  openInlineWriter,
  openSqlite,
  type SqliteConnection,
  systemRandomness,
} from '@qfs/storage';
import type { ArchiveDisk } from '../local/archive-disk.ts';
import { LocalLog } from '../local/local-log.ts';
import { type LocalLogOptions, localLogModule } from '../local/local-log-module.ts';
import { nodePqcProvider, verifyNodeSignature } from '../local/node-pqc.ts';
import type { Proposal } from '../log.ts';

export const fabricApplier: Applier = (record, state) => applyLogEntry(record, state, verifyNodeSignature);

/** A clock that stands still until a test moves it. */
class TestClock implements Clock {
  wallMs = 1_700_000_000_000;
  elapsedMs = 5_000;

  nowMs(): number {
    return this.wallMs;
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }
}

/** One-shot timers that a test fires. */
class TestTimers implements Timers {
  readonly #waiting = new Map<() => void, number>();

  after(delayMs: number, run: () => void): () => void {
    this.#waiting.set(run, delayMs);
    return () => this.#waiting.delete(run);
  }

  /** The delays that are waited for. */
  get delays(): number[] {
    return [...this.#waiting.values()];
  }

  fire(): void {
    const due = [...this.#waiting.keys()];
    this.#waiting.clear();
    for (const run of due) run();
  }
}

/** A projection of another room: remembers what it was told, in a table and in memory. */
class Witness {
  readonly seen: AppliedEntry[] = [];
  /** A type whose projection fails. */
  failsOn: string | undefined;
  /** Called once the projection of an entry is written. */
  onSeen: (index: number) => void = () => undefined;

  readonly module: StoreModule = {
    name: 'witness',
    migrations: ['CREATE TABLE witness (idx INTEGER PRIMARY KEY, outcome TEXT NOT NULL) STRICT'],
    operations: {},
    // No test here cuts the power, so none has to wait for the medium.
    open: (database) => database.exec('COMMIT; PRAGMA synchronous = OFF; BEGIN IMMEDIATE'),
    onApplied: (database, entry) => {
      if (entry.type === this.failsOn) throw new Error('the projection failed');
      this.seen.push(entry);
      database.run('INSERT INTO witness (idx, outcome) VALUES (?, ?)', entry.index, entry.outcome);
      this.onSeen(entry.index);
    },
  };
}

export interface TestLogOptions extends Partial<LocalLogOptions> {
  readonly disk?: ArchiveDisk;
}

/** A local log on a real file, with the real state machine, that can be closed and opened again. */
export class TestLog {
  readonly clock = new TestClock();
  readonly timers = new TestTimers();
  readonly witness = new Witness();
  readonly path: string;
  readonly #options: TestLogOptions;
  #open: { writer: ClosableWriter; reader: SqliteConnection; log: LocalLog } | undefined;

  /** @param original the path of a log to go on from, as its files stand */
  constructor(options: TestLogOptions = {}, original?: string) {
    this.#options = options;
    this.path = join(mkdtempSync(join(tmpdir(), 'qfs-log-')), 'qfs.sqlite');
    if (original !== undefined) cpSync(join(original, '..'), join(this.path, '..'), { recursive: true });
    this.#open = this.#start();
  }

  /** What a process that dies at this moment leaves. */
  snapFiles(): string {
    const copy = mkdtempSync(join(tmpdir(), 'qfs-log-'));
    cpSync(join(this.path, '..'), copy, { recursive: true });
    return join(copy, 'qfs.sqlite');
  }

  /** What a local log needs besides writer, reader and timers. */
  get ports() {
    return {
      openReader: () => openSqlite(this.path, { readOnly: true }),
      directory: join(this.path, '..'),
      applier: this.#options.applier ?? fabricApplier,
      stateMap: openStateMap,
      randomness: systemRandomness,
      ...(this.#options.disk === undefined ? {} : { disk: this.#options.disk }),
    };
  }

  get writer(): ClosableWriter {
    return this.#started().writer;
  }

  get reader(): SqliteConnection {
    return this.#started().reader;
  }

  get log(): LocalLog {
    return this.#started().log;
  }

  #started() {
    assert(this.#open !== undefined, 'the test log is open');
    return this.#open;
  }

  #start() {
    const { path, clock, timers } = this;
    const module = localLogModule({
      applier: fabricApplier,
      stateMap: openStateMap,
      pqc: nodePqcProvider(),
      level: PROTOCOL_LEVEL,
      ...this.#options,
    });
    const modules = [module, this.witness.module];
    const writer = openInlineWriter({ path, modules, clock, randomness: systemRandomness });
    const reader = openSqlite(path, { readOnly: true });
    const log = new LocalLog({ writer, reader, timers, ...this.ports });
    return { writer, reader, log };
  }

  /** Starts the writer again, as after a restart of the process. */
  async reopen(): Promise<void> {
    await this.close();
    this.#open = this.#start();
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    open?.reader.close();
    await open?.writer.close();
  }

  /** Changes the closed file behind everybody's back. */
  async tamper(sql: string): Promise<void> {
    await this.close();
    const database = openSqlite(this.path);
    database.exec('PRAGMA foreign_keys = OFF');
    database.exec(sql);
    database.close();
  }

  /** Closes what is open and removes the files. Safe to repeat. */
  async remove(): Promise<void> {
    await this.close();
    rmSync(join(this.path, '..'), { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remove();
  }

  call(operation: string, argument: unknown): Promise<unknown> {
    return this.#started()
      .writer.transact([{ operation, argument }])
      .then(([result]) => result);
  }
}

/** A job nobody has accepted yet. */
export const acceptance = (change: Proposal['body'] = {}): Proposal => ({
  type: 'JOB_ACCEPTED',
  body: {
    job_id: newJobId(1_700_000_000_000, systemRandomness.bytes(10)),
    account: `acct_${'a'.repeat(26)}`,
    target: 'sim:local',
    priority: 50,
    seed: 1,
    attempts_max: 4,
    manifest: [],
    accepted_at_ms: 1_700_000_000_000,
    ...change,
  },
});

/** The admin of a log that was founded here: the account of the local user. */
export const adminOf = (log: TestLog): string =>
  log.reader
    .get<{ key: string }>("SELECT key FROM state WHERE key LIKE 'governance/admins/%'")!
    .key.slice('governance/admins/'.length);

/** An admin sets a number of the operator's. */
export const setting = (log: TestLog, key: string, value: number): Proposal => ({
  type: 'CONFIG_SET',
  body: { on_behalf_of: adminOf(log), key, value },
  signed: true,
});
