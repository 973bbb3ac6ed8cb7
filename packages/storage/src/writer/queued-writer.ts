import {
  QfsError,
  type StoreCall,
  type StoreWriter,
  WRITER_COMMIT_BYTES_MAX,
  WRITER_COMMIT_GROUPS_MAX,
  WRITER_QUEUE_BYTES_MAX,
  WRITER_QUEUE_GROUPS_MAX,
} from '@qfs/core';
import type { CallGroup, CommitReport } from './store-session.ts';

/** Where a batch of groups goes to be committed: a session in this thread or in a worker. */
export interface CommitLane {
  /** Rejects only when the store must not be used any more. */
  commit(groups: readonly CallGroup[]): Promise<CommitReport>;
  close(): Promise<void>;
}

/** One transaction as the writer saw it, for metrics. */
export interface CommitObservation {
  readonly groups: number;
  readonly bytes: number;
  /** From BEGIN until the commit was on disk. */
  readonly milliseconds: number;
}

export interface WriterStatistics {
  readonly commits: number;
  readonly groups: number;
  readonly groupsPerCommitMax: number;
  readonly commitSeconds: number;
  readonly pendingGroups: number;
}

export interface WriterHooks {
  onCommit?(commit: CommitObservation): void;
  /** The store broke; nothing can be written until the process has started again. Called once. */
  onFailure?(error: QfsError): void;
}

export interface ClosableWriter extends StoreWriter {
  statistics(): WriterStatistics;
  /** Commits what is queued, then closes the file. */
  close(): Promise<void>;
}

interface PendingGroup {
  readonly calls: CallGroup;
  readonly bytes: number;
  readonly resolve: (results: unknown[]) => void;
  readonly reject: (error: QfsError) => void;
}

/** What a caller is told when more is queued than the disk can take. */
const RETRY_AFTER_MS = 100;

/**
 * Group commit: while one transaction is being made durable, everything submitted meanwhile gathers for the
 * next. Under load the disk's speed sets the size of a transaction by itself, and a lone call waits for
 * nobody.
 */
export class QueuedWriter implements ClosableWriter {
  readonly #lane: CommitLane;
  readonly #hooks: WriterHooks;
  readonly #path: string;
  #queue: PendingGroup[] = [];
  #pendingGroups = 0;
  #pendingBytes = 0;
  #running: Promise<void> | undefined;
  #closed: QfsError | undefined;
  #closing: Promise<void> | undefined;
  #commits = 0;
  #groups = 0;
  #groupsPerCommitMax = 0;
  #commitMs = 0;

  constructor(path: string, lane: CommitLane, hooks: WriterHooks = {}) {
    this.#path = path;
    this.#lane = lane;
    this.#hooks = hooks;
  }

  transact(calls: readonly StoreCall[]): Promise<unknown[]> {
    const bytes = sizeOf(calls);
    const refusal = this.#closed ?? this.#overload(bytes);
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.#pendingGroups += 1;
      this.#pendingBytes += bytes;
      this.#queue.push({ calls, bytes, resolve, reject });
      this.#running ??= this.#drain();
    });
  }

  statistics(): WriterStatistics {
    return {
      commits: this.#commits,
      groups: this.#groups,
      groupsPerCommitMax: this.#groupsPerCommitMax,
      commitSeconds: this.#commitMs / 1000,
      pendingGroups: this.#pendingGroups,
    };
  }

  close(): Promise<void> {
    this.#closed ??= new QfsError(
      'SHUTTING_DOWN',
      `The store ${this.#path} is closing; nothing was written.`,
    );
    this.#closing ??= (this.#running ?? Promise.resolve()).then(() => this.#lane.close());
    return this.#closing;
  }

  async #drain(): Promise<void> {
    // One turn of the microtask queue, so that calls made together travel together.
    await undefined;
    while (this.#queue.length > 0) {
      const batch = this.#nextBatch();
      try {
        const report = await this.#lane.commit(batch.map((group) => group.calls));
        this.#settle(batch, report);
      } catch (thrown) {
        this.#fail(batch, thrown);
      }
    }
    this.#running = undefined;
  }

  #nextBatch(): PendingGroup[] {
    let bytes = 0;
    let count = 0;
    for (const group of this.#queue) {
      bytes += group.bytes;
      if (count === WRITER_COMMIT_GROUPS_MAX || (count > 0 && bytes > WRITER_COMMIT_BYTES_MAX)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  #settle(batch: readonly PendingGroup[], report: CommitReport): void {
    const bytes = this.#leave(batch);
    this.#commits += 1;
    this.#groups += batch.length;
    this.#groupsPerCommitMax = Math.max(this.#groupsPerCommitMax, batch.length);
    this.#commitMs += report.milliseconds;
    batch.forEach((group, index) => {
      const outcome = report.outcomes[index]!;
      if (outcome.ok) group.resolve([...outcome.results]);
      else group.reject(outcome.error);
    });
    this.#hooks.onCommit?.({ groups: batch.length, bytes, milliseconds: report.milliseconds });
  }

  /** Whether the batch is on disk is unknown now; a new start reads what is. */
  #fail(batch: readonly PendingGroup[], thrown: unknown): void {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const error = new QfsError('STORE_UNAVAILABLE', `${reason}; restart the process.`, { cause: thrown });
    const waiting = [...batch, ...this.#queue];
    this.#queue = [];
    this.#leave(waiting);
    const first = this.#closed?.code !== 'STORE_UNAVAILABLE';
    this.#closed = error;
    for (const group of waiting) group.reject(error);
    if (first) this.#hooks.onFailure?.(error);
  }

  #leave(groups: readonly PendingGroup[]): number {
    const bytes = groups.reduce((sum, group) => sum + group.bytes, 0);
    this.#pendingGroups -= groups.length;
    this.#pendingBytes -= bytes;
    return bytes;
  }

  #overload(bytes: number): QfsError | undefined {
    const crowded = this.#pendingGroups >= WRITER_QUEUE_GROUPS_MAX;
    // A single large group is let into an empty queue; its own bound is the caller's.
    const heavy = this.#pendingGroups > 0 && this.#pendingBytes + bytes > WRITER_QUEUE_BYTES_MAX;
    if (!crowded && !heavy) return undefined;
    return new QfsError(
      'STORE_UNAVAILABLE',
      `${this.#pendingGroups} writes (${this.#pendingBytes} bytes) wait for the disk already; try again shortly.`,
      { retryAfterMs: RETRY_AFTER_MS },
    );
  }
}

/** Roughly the bytes a value occupies in transit: enough to bound memory. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + sizeOf(item), 0);
  if (typeof value === 'object' && value !== null) return sizeOf(Object.values(value));
  return 8;
}
