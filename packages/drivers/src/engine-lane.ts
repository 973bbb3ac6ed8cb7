import { createHash } from 'node:crypto';
import { type Clock, DEVICE_QUEUE_MAX, QfsError, type Timers } from '@qfs/core';
import type { Engine, EngineEstimate, EngineItem, EngineOptions, ExecutedBatch } from '@qfs/simulator';
import type {
  CalibrationSnapshot,
  CancelOutcome,
  CircuitFormat,
  DeviceStatus,
  ExecutionRequest,
  ExecutionResult,
} from './contract.ts';
import type { ExecutionTable } from './execution-table.ts';

/** What devices over the engine take. */
export const ENGINE_FORMATS: readonly CircuitFormat[] = ['aqo_json'];
/** Weight of the newest duration in the running mean that estimates waiting times. */
const DURATION_SMOOTHING = 0.2;

/** A batch for the engine. */
export interface EngineBatch {
  readonly items: readonly EngineItem[];
  readonly options: EngineOptions;
  /** Absent: the engine makes it when it comes to the batch, and refuses what it has no room for then. */
  readonly estimate?: EngineEstimate;
  readonly timeLimitMs: number | undefined;
  /** What is told with its results. */
  readonly facts: Readonly<Record<string, string>>;
  readonly calibration?: CalibrationSnapshot;
}

export interface EngineLaneOptions {
  readonly deviceId: string;
  readonly engine: Engine;
  readonly clock: Clock;
  /** Executions of this lane and of others of the same driver. */
  readonly table: ExecutionTable;
  /** Executions that run at once. */
  readonly slots: number;
  /** Time that every execution spends in the queue at least; absent: none. */
  readonly wait?: { readonly ms: number; readonly timers: Timers };
}

/** The batch in the engine's form. NOT_IMPLEMENTED for circuits that are not AQO. */
export const engineItems = ({ items, deviceId }: ExecutionRequest): EngineItem[] =>
  items.map((item, index) => {
    if (item.format !== 'aqo_json') {
      throw new QfsError(
        'NOT_IMPLEMENTED',
        `Item ${index} is ${item.format}; ${deviceId} takes ${ENGINE_FORMATS.join(', ')}.`,
      );
    }
    const { format: _, circuit, ...rest } = item;
    return { aqo: circuit, ...rest };
  });

/** The queue of one device over the engine: so many executions at once, the others in order. */
export class EngineLane {
  readonly #options: EngineLaneOptions;
  readonly #waiting = new Map<string, { readonly batch: EngineBatch; readonly readyMs: number }>();
  readonly #running = new Map<string, AbortController>();
  readonly #stops = new Set<() => void>();
  #meanDurationMs = 0;
  #closed = false;
  #runs = 0;

  constructor(options: EngineLaneOptions) {
    this.#options = options;
  }

  status(): DeviceStatus {
    const { slots, wait } = this.#options;
    const rounds = Math.ceil(this.#waiting.size / slots);
    return {
      availability: this.#closed ? 'offline' : 'online',
      queueDepth: this.#waiting.size + this.#running.size,
      estimatedWaitMs: Math.round((wait?.ms ?? 0) + rounds * this.#meanDurationMs),
    };
  }

  /** The id is a function of the token, so the same submission finds its execution as long as it is kept. */
  submit(batch: EngineBatch, token: string): string {
    const remoteId = createHash('sha256').update(token).digest('hex').slice(0, 32);
    if (!this.#options.table.has(remoteId)) this.#enqueue(remoteId, batch);
    return remoteId;
  }

  /** Submits a batch and waits for its results; the table does not keep it. The signal ends it. */
  async run(batch: EngineBatch, signal: AbortSignal): Promise<ExecutionResult> {
    const { table } = this.#options;
    if (signal.aborted) throw new QfsError('CANCELLED', 'The execution was cancelled before it began.');
    this.#runs += 1;
    // No token has an id like this one.
    const remoteId = `run ${this.#runs} of ${this.#options.deviceId}`;
    const abort = (): void => void this.cancel(remoteId);
    this.#enqueue(remoteId, batch);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await table.ended(remoteId);
      return table.result(remoteId);
    } finally {
      signal.removeEventListener('abort', abort);
      table.forget(remoteId);
    }
  }

  #enqueue(remoteId: string, batch: EngineBatch): void {
    const { clock, deviceId, table, wait } = this.#options;
    if (this.#closed) throw new QfsError('SHUTTING_DOWN', `${deviceId} is shutting down; try again later.`);
    if (this.#waiting.size >= DEVICE_QUEUE_MAX) {
      throw new QfsError('RATE_LIMITED', `The queue of ${deviceId} holds ${DEVICE_QUEUE_MAX} executions.`, {
        retryAfterMs: Math.max(1000, this.#meanDurationMs),
      });
    }
    table.add(remoteId);
    this.#waiting.set(remoteId, { batch, readyMs: clock.monotonicMs() + (wait?.ms ?? 0) });
    if (wait !== undefined) {
      const stop = wait.timers.after(wait.ms, () => {
        this.#stops.delete(stop);
        this.#fillSlots();
      });
      this.#stops.add(stop);
    }
    this.#fillSlots();
  }

  /** Ends an execution of any lane of the table, as far as it is here. */
  async cancel(remoteId: string): Promise<CancelOutcome> {
    const { table } = this.#options;
    if (this.#waiting.delete(remoteId)) table.update(remoteId, { state: 'cancelled' });
    this.#running.get(remoteId)?.abort();
    const { state } = await table.ended(remoteId);
    // What this process does not know, it does not run.
    return state === 'cancelled' || state === 'lost' ? 'cancelled' : 'too_late';
  }

  holds(remoteId: string): boolean {
    return this.#waiting.has(remoteId) || this.#running.has(remoteId);
  }

  /** Ends what runs. The engine belongs to whoever made it and stays open. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stops) stop();
    await Promise.all([...this.#waiting.keys(), ...this.#running.keys()].map((id) => this.cancel(id)));
  }

  #fillSlots(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const [remoteId, { batch, readyMs }] of this.#waiting) {
      if (this.#running.size >= this.#options.slots || readyMs > nowMs) return;
      this.#waiting.delete(remoteId);
      void this.#run(remoteId, batch);
    }
  }

  async #run(remoteId: string, batch: EngineBatch): Promise<void> {
    const { clock, table } = this.#options;
    const controller = new AbortController();
    this.#running.set(remoteId, controller);
    table.update(remoteId, { state: 'running' });
    const startedMs = clock.monotonicMs();
    try {
      const { results, method } = await this.#simulate(batch, controller.signal);
      const durationMs = clock.monotonicMs() - startedMs;
      this.#meanDurationMs += (durationMs - this.#meanDurationMs) * DURATION_SMOOTHING;
      const metadata = { ...batch.facts, method, execution_time_ms: durationMs.toFixed(3) };
      const { calibration } = batch;
      table.update(
        remoteId,
        { state: 'succeeded' },
        { results, metadata, ...(calibration && { calibration }) },
      );
    } catch (thrown) {
      const error = QfsError.from(thrown);
      const cancelled = controller.signal.aborted && error.code === 'CANCELLED';
      table.update(remoteId, cancelled ? { state: 'cancelled' } : { state: 'failed', error });
    } finally {
      this.#running.delete(remoteId);
      this.#fillSlots();
    }
  }

  async #simulate(
    { items, options, estimate, timeLimitMs }: EngineBatch,
    signal: AbortSignal,
  ): Promise<ExecutedBatch> {
    const { engine } = this.#options;
    const control = timeLimitMs === undefined ? { signal } : { signal, timeLimitMs };
    if (estimate === undefined) return engine.execute(items, options, control);
    const handle = await engine.prepare(items, options, estimate);
    try {
      return { results: await engine.run(handle, control), method: estimate.method };
    } finally {
      await engine.dispose(handle);
    }
  }
}
