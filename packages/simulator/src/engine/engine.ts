import { QfsError, STATE_VECTOR_QUBITS_MAX } from '@qfs/core';
import type {
  Engine,
  EngineCapabilities,
  EngineControl,
  EngineEstimate,
  EngineHandle,
  EngineItem,
  EngineOptions,
  ExecutedBatch,
} from '../engine-contract.ts';
import { ENGINE_NAME, ENGINE_VERSION } from '../engine-version.ts';
import { EngineChild } from './child.ts';
import { errorOf } from './failure.ts';
import { checkBudget, defaultMemoryBudgetBytes } from './memory-budget.ts';
import type { FromProcess, Request } from './protocol.ts';

export interface EngineLogRecord {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

export interface EngineSettings {
  /** Threads of the engine process (`QFS_WORKERS`). */
  readonly workers: number;
  /** Bytes that state vectors may take at a time; by default half of the memory or of the container's limit. */
  readonly memoryBudgetBytes?: number;
  readonly onLog?: (record: EngineLogRecord) => void;
}

/** An engine with the process behind it. */
export interface SupervisedEngine extends Engine {
  /** Process id of the running engine, for operators and for tests that end it. */
  readonly pid: number | undefined;
}

export const CAPABILITIES: EngineCapabilities = {
  engine: ENGINE_NAME,
  version: ENGINE_VERSION,
  reproducibility: 'exact',
  methods: ['auto', 'state_vector', 'density'],
  qubitsMax: STATE_VECTOR_QUBITS_MAX,
};

/** Times a request is sent, counting only processes that ended by themselves. */
const ATTEMPTS_MAX = 2;
const RESTART_DELAY_MS = 100;
const RESTART_DELAY_MS_MAX = 10_000;

interface Batch {
  readonly items: readonly EngineItem[];
  readonly options: EngineOptions;
  readonly estimate: EngineEstimate;
}

interface Pending {
  readonly request: Request;
  readonly settle: (message: FromProcess | QfsError) => void;
  readonly timeLimitMs: number | undefined;
  timer: NodeJS.Timeout | undefined;
  started: boolean;
  attempts: number;
}

/** Starts the engine process and supervises it until `close`. */
export function createEngine(settings: EngineSettings): SupervisedEngine {
  return new ProcessEngine(settings);
}

class ProcessEngine implements SupervisedEngine {
  readonly #settings: EngineSettings;
  readonly #memoryBudgetBytes: number;
  readonly #batches = new Map<string, Batch>();
  readonly #pending = new Map<number, Pending>();
  #child: EngineChild;
  #ready = false;
  #closed: { readonly done: Promise<void>; readonly resolve: () => void } | undefined;
  #killed = false;
  #crashes = 0;
  #restart: NodeJS.Timeout | undefined;
  #nextId = 1;

  constructor(settings: EngineSettings) {
    this.#settings = settings;
    this.#memoryBudgetBytes = settings.memoryBudgetBytes ?? defaultMemoryBudgetBytes();
    this.#child = this.#start();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  capabilities(): Promise<EngineCapabilities> {
    return Promise.resolve(CAPABILITIES);
  }

  async estimate(items: readonly EngineItem[], options: EngineOptions): Promise<EngineEstimate> {
    const answer = await this.#ask({ kind: 'estimate', id: this.#nextId++, items, options }, {});
    if (answer.kind !== 'estimated') throw new QfsError('INTERNAL', `The engine answered '${answer.kind}'.`);
    checkBudget(answer.estimate, this.#memoryBudgetBytes);
    return answer.estimate;
  }

  async prepare(
    items: readonly EngineItem[],
    options: EngineOptions,
    estimate?: EngineEstimate,
  ): Promise<EngineHandle> {
    if (this.#closed) throw new QfsError('SHUTTING_DOWN', 'The engine is closed.');
    const batch = { items, options, estimate: estimate ?? (await this.estimate(items, options)) };
    const id = `batch-${this.#nextId++}`;
    this.#batches.set(id, batch);
    return { id };
  }

  async run(handle: EngineHandle, control: EngineControl): Promise<Uint8Array> {
    const batch = this.#batches.get(handle.id);
    if (batch === undefined) throw new QfsError('INTERNAL', `There is no prepared batch '${handle.id}'.`);
    return (await this.#work({ kind: 'run', id: this.#nextId++, ...batch }, control)).results;
  }

  execute(
    items: readonly EngineItem[],
    options: EngineOptions,
    control: EngineControl,
  ): Promise<ExecutedBatch> {
    return this.#work({ kind: 'execute', id: this.#nextId++, items, options }, control);
  }

  async #work(request: Request, control: EngineControl): Promise<ExecutedBatch> {
    const answer = await this.#ask(request, control);
    if (answer.kind !== 'done') throw new QfsError('INTERNAL', `The engine answered '${answer.kind}'.`);
    return answer;
  }

  dispose(handle: EngineHandle): Promise<void> {
    this.#batches.delete(handle.id);
    return Promise.resolve();
  }

  close(): Promise<void> {
    if (this.#closed !== undefined) return this.#closed.done;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed = { done: promise, resolve };
    for (const pending of [...this.#pending.values()]) {
      this.#settle(pending, new QfsError('SHUTTING_DOWN', 'The engine was closed before the work was done.'));
    }
    this.#batches.clear();
    if (this.#restart === undefined) this.#child.kill();
    else {
      clearTimeout(this.#restart);
      resolve();
    }
    return promise;
  }

  async #ask(request: Request, { signal, timeLimitMs }: EngineControl): Promise<FromProcess> {
    if (this.#closed) throw new QfsError('SHUTTING_DOWN', 'The engine is closed.');
    if (signal?.aborted) throw new QfsError('CANCELLED', 'The work was cancelled before it began.');
    const { promise, resolve, reject } = Promise.withResolvers<FromProcess>();
    const pending: Pending = {
      request,
      timeLimitMs,
      timer: undefined,
      started: false,
      attempts: 0,
      settle: (outcome) => {
        signal?.removeEventListener('abort', abort);
        if (outcome instanceof QfsError) reject(outcome);
        else resolve(outcome);
      },
    };
    const abort = (): void => this.#stop(pending, new QfsError('CANCELLED', 'The work was cancelled.'));
    signal?.addEventListener('abort', abort, { once: true });
    this.#pending.set(request.id, pending);
    if (this.#ready) this.#dispatch(pending);
    return promise;
  }

  #dispatch(pending: Pending): void {
    pending.attempts += 1;
    this.#child.send(pending.request);
  }

  /** Ends work that is not wanted any more; what has begun can only be ended with the process. */
  #stop(pending: Pending, reason: QfsError): void {
    this.#settle(pending, reason);
    if (pending.started) this.#kill();
    else if (this.#ready) this.#child.send({ kind: 'cancel', id: pending.request.id });
  }

  #settle(pending: Pending, outcome: FromProcess | QfsError): void {
    clearTimeout(pending.timer);
    this.#pending.delete(pending.request.id);
    pending.settle(outcome);
  }

  #kill(): void {
    this.#killed = true;
    this.#ready = false;
    this.#child.kill();
  }

  #receive(message: FromProcess): void {
    if (message.kind === 'ready') {
      this.#ready = true;
      for (const pending of this.#pending.values()) this.#dispatch(pending);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (message.kind === 'started') {
      if (pending !== undefined) this.#begin(pending);
      // It began while its cancellation was under way.
      else if (!this.#killed) this.#kill();
      return;
    }
    if (pending === undefined) return;
    this.#crashes = 0;
    this.#settle(pending, message.kind === 'failed' ? errorOf(message.failure) : message);
  }

  #begin(pending: Pending): void {
    pending.started = true;
    const { timeLimitMs } = pending;
    if (timeLimitMs === undefined) return;
    pending.timer = setTimeout(() => {
      const message = `The simulation took longer than its time limit of ${timeLimitMs} ms.`;
      this.#stop(pending, new QfsError('JOB_TIMEOUT', message));
    }, timeLimitMs);
  }

  #start(): EngineChild {
    this.#restart = undefined;
    this.#killed = false;
    const child = new EngineChild(this.#settings.workers, this.#memoryBudgetBytes, {
      message: (message) => {
        if (child === this.#child) this.#receive(message);
      },
      exit: (reason) => this.#exited(reason),
      stderr: (text) => this.#log('error', `engine: ${text}`),
    });
    return child;
  }

  #exited(reason: string): void {
    const wasReady = this.#ready;
    this.#ready = false;
    if (this.#closed !== undefined) {
      this.#closed.resolve();
      return;
    }
    const wanted = this.#killed;
    if (!wanted) this.#crashes += 1;
    for (const pending of [...this.#pending.values()]) {
      clearTimeout(pending.timer);
      pending.started = false;
      if (wanted) pending.attempts -= Math.min(1, pending.attempts);
      // A process that cannot even start counts as well, or work would wait for ever.
      else if (!wasReady) pending.attempts += 1;
      if (pending.attempts >= ATTEMPTS_MAX) {
        const message = `The simulation process ended ${pending.attempts} times on this work: ${reason}.`;
        this.#settle(pending, new QfsError('ENGINE_LOST', message));
      }
    }
    if (wanted) {
      this.#child = this.#start();
      return;
    }
    const delay = Math.min(RESTART_DELAY_MS * 2 ** Math.min(this.#crashes - 1, 20), RESTART_DELAY_MS_MAX);
    this.#log('warn', `The simulation process ended (${reason}); a fresh one starts in ${delay} ms.`);
    this.#restart = setTimeout(() => {
      this.#child = this.#start();
    }, delay);
  }

  #log(level: EngineLogRecord['level'], message: string): void {
    this.#settings.onLog?.({ level, message });
  }
}
