import { Worker } from 'node:worker_threads';
import { assert, QfsError } from '@qfs/core';
import { type FromWorker, receiveError, type ToWorker, type WriterWorkerData } from './messages.ts';
import { type ClosableWriter, type CommitLane, QueuedWriter, type WriterHooks } from './queued-writer.ts';
import { type CallGroup, type CommitReport, StoreBroken } from './store-session.ts';

export interface WriterOptions {
  readonly path: string;
  /** A file that calls `runWriterWorker` with the modules of the store. */
  readonly entry: URL;
  /** Handed to the entry file; structured-cloneable. */
  readonly settings?: unknown;
}

/**
 * Starts the writer in a worker thread: a commit waits for the disk for milliseconds, and the event loop of
 * the doors must not. Resolves when the file is open, migrated and its modules are started.
 *
 * @throws QfsError STORE_UNAVAILABLE when the store cannot be opened.
 */
export async function startWriter(options: WriterOptions, hooks: WriterHooks = {}): Promise<ClosableWriter> {
  const { path, settings } = options;
  const workerData: WriterWorkerData = { path, settings };
  const lane = new WorkerLane(path, new Worker(options.entry, { workerData, name: 'qfs-writer' }));
  await lane.opened;
  return new QueuedWriter(path, lane, hooks);
}

interface Waiter<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}

/** One batch is under way at a time, so replies need no numbers. */
class WorkerLane implements CommitLane {
  readonly opened: Promise<void>;
  readonly #path: string;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #opening: Waiter<void> | undefined;
  #committing: Waiter<CommitReport> | undefined;
  #broken: StoreBroken | undefined;

  constructor(path: string, worker: Worker) {
    this.#path = path;
    this.#worker = worker;
    this.opened = new Promise((resolve, reject) => {
      this.#opening = { resolve, reject };
    });
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#break('its thread ended');
        resolve();
      });
    });
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#break(error instanceof Error ? error.message : String(error)));
  }

  commit(groups: readonly CallGroup[]): Promise<CommitReport> {
    assert(
      this.#committing === undefined,
      'a batch was sent to the writer before the one under way was answered',
    );
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#committing = { resolve, reject };
      this.#send({ kind: 'commit', groups });
    });
  }

  async close(): Promise<void> {
    this.#send({ kind: 'close' });
    await this.#exited;
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'ready') this.#opening?.resolve();
    else if (message.kind === 'refused') this.#opening?.reject(receiveError(message.error));
    else if (message.kind === 'broken') this.#break(message.reason);
    else {
      const outcomes = message.outcomes.map((outcome) =>
        outcome.ok ? outcome : { ok: false as const, error: receiveError(outcome.error) },
      );
      const waiter = this.#committing;
      this.#committing = undefined;
      waiter?.resolve({ outcomes, milliseconds: message.milliseconds });
    }
  }

  #break(reason: string): void {
    this.#broken ??= new StoreBroken(`The store ${this.#path} stopped: ${reason}`);
    this.#committing?.reject(this.#broken);
    this.#committing = undefined;
    this.#opening?.reject(new QfsError('STORE_UNAVAILABLE', this.#broken.message));
  }
}
