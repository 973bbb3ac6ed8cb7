import { createHash } from 'node:crypto';
import { type Clock, DEVICE_QUEUE_MAX, QfsError, SHOTS_MAX } from '@qfs/core';
import type { Engine, EngineEstimate, EngineItem, EngineOptions } from '@qfs/simulator';
import {
  type CancelOutcome,
  type CircuitFormat,
  type Device,
  type DeviceStatus,
  DRIVER_API_VERSION,
  type Driver,
  type DriverCapabilities,
  type ExecutionRequest,
  type ExecutionStatus,
  type PreparedExecution,
} from '../contract.ts';
import { ExecutionTable, type ExecutionTableBounds } from '../execution-table.ts';
import { engineOptions } from './engine-options.ts';

const DEVICE_ID = 'sim:local';
/** Rises with every change of what the driver hands to the engine. */
const DRIVER_VERSION = '1.0.0';
const FORMATS: readonly CircuitFormat[] = ['aqo_json'];
/** Weight of the newest duration in the running mean that estimates waiting times. */
const DURATION_SMOOTHING = 0.2;

export interface SimulatorDriverOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Executions that run at once. */
  readonly slots: number;
  readonly bounds?: Partial<ExecutionTableBounds>;
}

interface Admitted {
  readonly items: readonly EngineItem[];
  readonly options: EngineOptions;
  readonly estimate: EngineEstimate;
  readonly timeLimitMs: number | undefined;
}

/** `sim:local`: the driver of the engine process. */
export async function createSimulatorDriver(options: SimulatorDriverOptions): Promise<Driver> {
  const engine = await options.engine.capabilities();
  const device: Device = {
    id: DEVICE_ID,
    name: 'Local simulator',
    backendType: 'simulator',
    qubitsMax: engine.qubitsMax,
    shotsMax: SHOTS_MAX,
    formats: FORMATS,
    slots: options.slots,
    methods: engine.methods,
    properties: {
      engine: engine.engine,
      engine_version: engine.version,
      reproducibility: engine.reproducibility,
    },
  };
  return new SimulatorDriver(options, device, engine.reproducibility);
}

class SimulatorDriver implements Driver {
  readonly name = 'simulator';
  readonly capabilities: DriverCapabilities;
  readonly #device: Device;
  /** What ran, for the statement about the job. */
  readonly #facts: Readonly<Record<string, string>>;
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #table: ExecutionTable;
  readonly #waiting = new Map<string, Admitted>();
  readonly #running = new Map<string, AbortController>();
  #meanDurationMs = 0;
  #closed = false;

  constructor(options: SimulatorDriverOptions, device: Device, reproducibility: 'exact' | 'statistical') {
    this.#engine = options.engine;
    this.#clock = options.clock;
    this.#device = device;
    const { engine = '', engine_version = '' } = device.properties;
    this.#facts = { driver: this.name, driver_version: DRIVER_VERSION, engine, engine_version };
    this.#table = new ExecutionTable(options.bounds);
    this.capabilities = {
      apiVersion: DRIVER_API_VERSION,
      idempotentSubmission: true,
      reproducibility,
      cancellation: 'supported',
    };
  }

  devices(): readonly Device[] {
    return [this.#device];
  }

  findDevice(deviceId: string): Device | undefined {
    return deviceId === DEVICE_ID ? this.#device : undefined;
  }

  async status(): Promise<DeviceStatus> {
    const queueDepth = this.#waiting.size + this.#running.size;
    const rounds = Math.ceil(this.#waiting.size / this.#device.slots);
    return {
      availability: this.#closed ? 'offline' : 'online',
      queueDepth,
      estimatedWaitMs: Math.round(rounds * this.#meanDurationMs),
    };
  }

  async prepare(request: ExecutionRequest): Promise<PreparedExecution> {
    const items = request.items.map((item, index): EngineItem => {
      if (item.format !== 'aqo_json') {
        throw new QfsError(
          'NOT_IMPLEMENTED',
          `Item ${index} is ${item.format}; ${DEVICE_ID} takes ${FORMATS.join(', ')}.`,
        );
      }
      const { circuit, parameters, shots, seed, observables, memory } = item;
      return { aqo: circuit, parameters, shots, seed, observables, memory };
    });
    const options = engineOptions(request.options);
    const estimate = await this.#engine.estimate(items, options);
    const admitted = { items, options, estimate, timeLimitMs: request.timeLimitMs };
    return {
      cost: { ...estimate, price: 0, priceUnit: '' },
      submit: async (token) => this.#submit(admitted, token),
    };
  }

  async poll(remoteId: string): Promise<ExecutionStatus> {
    return this.#table.status(remoteId);
  }

  watch(remoteId: string, signal: AbortSignal): AsyncIterable<ExecutionStatus> {
    return this.#table.watch(remoteId, signal);
  }

  async cancel(remoteId: string): Promise<CancelOutcome> {
    if (this.#waiting.delete(remoteId)) this.#table.update(remoteId, { state: 'cancelled' });
    this.#running.get(remoteId)?.abort();
    const { state } = await this.#table.ended(remoteId);
    // What this process does not know, it does not run.
    return state === 'cancelled' || state === 'lost' ? 'cancelled' : 'too_late';
  }

  async fetch(remoteId: string): ReturnType<Driver['fetch']> {
    return this.#table.result(remoteId);
  }

  /** An ideal simulator has nothing to calibrate. */
  async calibration(): Promise<undefined> {
    return undefined;
  }

  /** Ends what runs. The engine belongs to whoever made it and stays open. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#waiting.keys(), ...this.#running.keys()].map((id) => this.cancel(id)));
  }

  /** The id is a function of the token, so the same submission finds its execution as long as it is kept. */
  #submit(admitted: Admitted, token: string): string {
    const remoteId = createHash('sha256').update(token).digest('hex').slice(0, 32);
    if (this.#table.has(remoteId)) return remoteId;
    if (this.#closed) throw new QfsError('SHUTTING_DOWN', `${DEVICE_ID} is shutting down; try again later.`);
    if (this.#waiting.size >= DEVICE_QUEUE_MAX) {
      throw new QfsError('RATE_LIMITED', `The queue of ${DEVICE_ID} holds ${DEVICE_QUEUE_MAX} executions.`, {
        retryAfterMs: Math.max(1000, this.#meanDurationMs),
      });
    }
    this.#table.add(remoteId);
    this.#waiting.set(remoteId, admitted);
    this.#fillSlots();
    return remoteId;
  }

  #fillSlots(): void {
    for (const [remoteId, admitted] of this.#waiting) {
      if (this.#running.size >= this.#device.slots) return;
      this.#waiting.delete(remoteId);
      void this.#run(remoteId, admitted);
    }
  }

  async #run(remoteId: string, admitted: Admitted): Promise<void> {
    const controller = new AbortController();
    this.#running.set(remoteId, controller);
    this.#table.update(remoteId, { state: 'running' });
    const startedMs = this.#clock.monotonicMs();
    try {
      const results = await this.#simulate(admitted, controller.signal);
      const durationMs = this.#clock.monotonicMs() - startedMs;
      this.#meanDurationMs += (durationMs - this.#meanDurationMs) * DURATION_SMOOTHING;
      const metadata = {
        ...this.#facts,
        method: admitted.estimate.method,
        precision: admitted.options.precision,
        execution_time_ms: durationMs.toFixed(3),
      };
      this.#table.update(remoteId, { state: 'succeeded' }, { results, metadata });
    } catch (thrown) {
      const error = QfsError.from(thrown);
      const cancelled = controller.signal.aborted && error.code === 'CANCELLED';
      this.#table.update(remoteId, cancelled ? { state: 'cancelled' } : { state: 'failed', error });
    } finally {
      this.#running.delete(remoteId);
      this.#fillSlots();
    }
  }

  async #simulate(
    { items, options, estimate, timeLimitMs }: Admitted,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const handle = await this.#engine.prepare(items, options, estimate);
    try {
      return await this.#engine.run(handle, timeLimitMs === undefined ? { signal } : { signal, timeLimitMs });
    } finally {
      await this.#engine.dispose(handle);
    }
  }
}
