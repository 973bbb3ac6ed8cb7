import { type Clock, SHOTS_MAX } from '@qfs/core';
import { type Engine, noiseDigest, readEngineOptions } from '@qfs/simulator';
import {
  type CancelOutcome,
  type Device,
  type DeviceStatus,
  DRIVER_API_VERSION,
  type Driver,
  type DriverCapabilities,
  type ExecutionRequest,
  type ExecutionResult,
  type ExecutionStatus,
  type PreparedExecution,
} from '../contract.ts';
import { ENGINE_FORMATS, type EngineBatch, EngineLane, engineItems } from '../engine-lane.ts';
import { ExecutionTable, type ExecutionTableBounds } from '../execution-table.ts';

const DEVICE_ID = 'sim:local';
/** Rises with every change of what the driver hands to the engine. */
const DRIVER_VERSION = '1.0.0';

export interface SimulatorDriverOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  /** Executions that run at once. */
  readonly slots: number;
  readonly bounds?: Partial<ExecutionTableBounds>;
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
    formats: ENGINE_FORMATS,
    slots: options.slots,
    methods: engine.methods,
    observables: true,
    gradients: true,
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
  readonly #table: ExecutionTable;
  readonly #lane: EngineLane;

  constructor(options: SimulatorDriverOptions, device: Device, reproducibility: 'exact' | 'statistical') {
    this.#engine = options.engine;
    this.#device = device;
    const { engine = '', engine_version = '' } = device.properties;
    this.#facts = { driver: this.name, driver_version: DRIVER_VERSION, engine, engine_version };
    this.#table = new ExecutionTable(options.bounds);
    this.#lane = new EngineLane({ ...options, deviceId: DEVICE_ID, table: this.#table });
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
    return this.#lane.status();
  }

  async prepare(request: ExecutionRequest): Promise<PreparedExecution> {
    const batch = this.#batch(request);
    const estimate = await this.#engine.estimate(batch.items, batch.options);
    return {
      cost: { ...estimate, price: 0, priceUnit: '' },
      submit: async (token) => this.#lane.submit({ ...batch, estimate }, token),
    };
  }

  async run(request: ExecutionRequest, signal: AbortSignal): Promise<ExecutionResult> {
    return this.#lane.run(this.#batch(request), signal);
  }

  #batch(request: ExecutionRequest): EngineBatch {
    const options = readEngineOptions(request.options);
    const facts = {
      ...this.#facts,
      precision: options.precision,
      ...(options.noise && { noise_digest: noiseDigest(options.noise) }),
    };
    return { items: engineItems(request), options, timeLimitMs: request.timeLimitMs, facts };
  }

  async poll(remoteId: string): Promise<ExecutionStatus> {
    return this.#table.status(remoteId);
  }

  watch(remoteId: string, signal: AbortSignal): AsyncIterable<ExecutionStatus> {
    return this.#table.watch(remoteId, signal);
  }

  cancel(remoteId: string): Promise<CancelOutcome> {
    return this.#lane.cancel(remoteId);
  }

  async fetch(remoteId: string): Promise<ExecutionResult> {
    return this.#table.result(remoteId);
  }

  /** An ideal simulator has nothing to calibrate. */
  async calibration(): Promise<undefined> {
    return undefined;
  }

  close(): Promise<void> {
    return this.#lane.close();
  }
}
