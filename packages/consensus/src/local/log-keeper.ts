import type { SqlDatabase, StoreWriter, Timers } from '@qfs/core';
import { coveredIndex } from './certificates.ts';
import { uncoveredEntries } from './checkpoint.ts';
import { archivedIndex, readPace } from './facts.ts';
import { readOpenHead } from './head.ts';
import { stateOf } from './state-rows.ts';

/** The longest that an entry waits for a statement which covers it: clause LOG-27. */
const COVER_MS = 1_000;
/** After a failure, a full disk for example. */
const RETRY_MS = 10_000;
/** The archive is gone on with when it lags by this part of what stays in the database. */
const ARCHIVE_LAG_PART = 10;

export interface LogKeeperPorts {
  readonly writer: StoreWriter;
  /** A read-only connection to the same file. */
  readonly reader: SqlDatabase;
  readonly timers: Timers;
  /** Moves old entries into the archive. */
  readonly compact: () => Promise<unknown>;
  /** What failed is tried again. */
  readonly onError: (error: unknown) => void;
}

/**
 * What the local log does by itself: checkpoints, the archive, and epochs for which something waits. It is
 * told of every commit and has at most one timer per purpose, so a log to which nobody writes wakes nobody.
 */
export class LogKeeper {
  readonly #ports: LogKeeperPorts;
  #cancelCover: (() => void) | undefined;
  #cancelDeadline: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(ports: LogKeeperPorts) {
    this.#ports = ports;
  }

  /** Something was committed, or the log was opened. Never throws: whoever commits has done its part. */
  wake(): void {
    if (this.#stopped || this.#running !== undefined) return;
    try {
      this.#look();
    } catch (error) {
      this.#ports.onError(error);
    }
  }

  #look(): void {
    const { reader } = this.#ports;
    const uncovered = readOpenHead(reader).appliedIndex - coveredIndex(reader);
    const { checkpointEntries } = readPace(stateOf(reader));
    if (uncovered >= checkpointEntries && uncoveredEntries(reader, checkpointEntries) === checkpointEntries) {
      this.#run();
    } else if (this.#cancelCover === undefined && uncoveredEntries(reader, 1) > 0) {
      this.#cancelCover = this.#ports.timers.after(COVER_MS, () => this.#run());
    }
  }

  /** Ends what is under way and does nothing more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimers();
    await this.#running;
  }

  #cancelTimers(): void {
    this.#cancelCover?.();
    this.#cancelDeadline?.();
    this.#cancelCover = undefined;
    this.#cancelDeadline = undefined;
  }

  #run(): void {
    if (this.#stopped || this.#running !== undefined) return;
    this.#cancelTimers();
    this.#running = this.#tend().then(
      () => {
        this.#running = undefined;
        this.wake();
      },
      (error: unknown) => {
        this.#running = undefined;
        if (this.#stopped) return;
        this.#ports.onError(error);
        this.#cancelCover = this.#ports.timers.after(RETRY_MS, () => this.#run());
      },
    );
  }

  async #tend(): Promise<void> {
    const { writer, reader, timers, compact } = this.#ports;
    const [deadline] = (await writer.transact([
      { operation: 'log.deadline', argument: {} },
      { operation: 'log.checkpoint', argument: {} },
    ])) as [{ readonly ms?: number }];
    if (deadline.ms !== undefined && !this.#stopped) {
      this.#cancelDeadline = timers.after(deadline.ms, () => this.#run());
    }
    const { archiveAfterEntries } = readPace(stateOf(reader));
    const lag = Math.floor(archiveAfterEntries / ARCHIVE_LAG_PART);
    const inDatabase = readOpenHead(reader).appliedIndex - archivedIndex(reader);
    if (inDatabase > archiveAfterEntries + lag && !this.#stopped) await compact();
  }
}
