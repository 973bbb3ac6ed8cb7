import { FINISHED_EXECUTIONS_BYTES_MAX, FINISHED_EXECUTIONS_MAX, QfsError } from '@qfs/core';
import { type ExecutionResult, type ExecutionStatus, isTerminal } from './contract.ts';

interface Entry {
  status: ExecutionStatus;
  result?: ExecutionResult;
  changed: PromiseWithResolvers<void>;
}

export interface ExecutionTableBounds {
  readonly finishedMax: number;
  readonly finishedBytesMax: number;
}

const LOST: ExecutionStatus = { state: 'lost' };

/**
 * Executions of a driver that runs them in this process. Ended ones are kept, oldest first out, within bounds
 * of number and bytes; one that fell out is `lost`, which costs a repetition and never a wrong answer.
 */
export class ExecutionTable {
  readonly #entries = new Map<string, Entry>();
  /** Ended executions in the order of their end, with the bytes they hold. */
  readonly #finished = new Map<string, number>();
  #finishedBytes = 0;
  readonly #bounds: ExecutionTableBounds;

  constructor(bounds: Partial<ExecutionTableBounds> = {}) {
    this.#bounds = {
      finishedMax: bounds.finishedMax ?? FINISHED_EXECUTIONS_MAX,
      finishedBytesMax: bounds.finishedBytesMax ?? FINISHED_EXECUTIONS_BYTES_MAX,
    };
  }

  has(remoteId: string): boolean {
    return this.#entries.has(remoteId);
  }

  add(remoteId: string): void {
    this.#entries.set(remoteId, { status: { state: 'queued' }, changed: Promise.withResolvers() });
  }

  status(remoteId: string): ExecutionStatus {
    return this.#entries.get(remoteId)?.status ?? LOST;
  }

  /** A terminal status stays: what comes after it is ignored. */
  update(remoteId: string, status: ExecutionStatus, result?: ExecutionResult): void {
    const entry = this.#entries.get(remoteId);
    if (entry === undefined || isTerminal(entry.status.state)) return;
    entry.status = status;
    if (result !== undefined) entry.result = result;
    const { resolve } = entry.changed;
    entry.changed = Promise.withResolvers();
    if (isTerminal(status.state)) this.#keep(remoteId, result?.results.byteLength ?? 0);
    resolve();
  }

  /** Drops an execution, whatever its state; whoever waits for it learns that it is lost. */
  forget(remoteId: string): void {
    const entry = this.#entries.get(remoteId);
    this.#entries.delete(remoteId);
    this.#finishedBytes -= this.#finished.get(remoteId) ?? 0;
    this.#finished.delete(remoteId);
    entry?.changed.resolve();
  }

  result(remoteId: string): ExecutionResult {
    const entry = this.#entries.get(remoteId);
    if (entry === undefined) {
      throw new QfsError('ENGINE_LOST', `Execution ${remoteId} is not known here; submit it again.`);
    }
    if (entry.result === undefined) {
      const { state, error } = entry.status;
      if (error !== undefined) throw error;
      const code = state === 'cancelled' ? 'CANCELLED' : 'JOB_NOT_TERMINAL';
      throw new QfsError(code, `Execution ${remoteId} is ${state} and has no results.`);
    }
    return entry.result;
  }

  async *watch(remoteId: string, signal: AbortSignal): AsyncGenerator<ExecutionStatus, void> {
    const aborted = Promise.withResolvers<void>();
    const abort = (): void => aborted.resolve();
    signal.addEventListener('abort', abort, { once: true });
    try {
      for (;;) {
        const entry = this.#entries.get(remoteId);
        if (entry === undefined) {
          yield LOST;
          return;
        }
        // Taken before the yield: a change that happens while the consumer is busy must wake the next round.
        const { status, changed } = entry;
        yield status;
        if (isTerminal(status.state) || signal.aborted) return;
        await Promise.race([changed.promise, aborted.promise]);
        if (signal.aborted) return;
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Resolves when the execution has ended. */
  async ended(remoteId: string): Promise<ExecutionStatus> {
    for (;;) {
      const entry = this.#entries.get(remoteId);
      if (entry === undefined) return LOST;
      if (isTerminal(entry.status.state)) return entry.status;
      await entry.changed.promise;
    }
  }

  #keep(remoteId: string, bytes: number): void {
    this.#finished.set(remoteId, bytes);
    this.#finishedBytes += bytes;
    for (const [oldest, size] of this.#finished) {
      const fits = this.#finished.size <= this.#bounds.finishedMax;
      // The newest stays whatever its size: its owner has not had a chance to fetch it.
      if ((fits && this.#finishedBytes <= this.#bounds.finishedBytesMax) || oldest === remoteId) return;
      this.#finished.delete(oldest);
      this.#finishedBytes -= size;
      this.#entries.delete(oldest);
    }
  }
}
