import { writeTarget } from '@qfs/circuit';
import { type DeviceDescription, deviceVersion, targetOfDevice } from '@qfs/circuit/device';

import { type Clock, QfsError, type Timers } from '@qfs/core';
import {
  type Engine,
  type EngineCapabilities,
  type NoiseModel,
  noiseDigest,
  readEngineOptions,
} from '@qfs/simulator';
import {
  type CalibrationSnapshot,
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
import { ExecutionTable } from '../execution-table.ts';
import { calibrationSnapshot } from './calibration-snapshot.ts';
import { deviceNoise } from './device-noise.ts';
import { deviceProperties } from './device-properties.ts';
import { NativeGates, requireNative } from './native-gates.ts';

/** Rises with every change of what the driver hands to the engine. */
const DRIVER_VERSION = '1.0.0';

export interface EmulatorDriverOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly devices: readonly DeviceDescription[];
}

interface Emulated {
  readonly description: DeviceDescription;
  readonly device: Device;
  readonly lane: EngineLane;
  readonly native: NativeGates;
  readonly noise: NoiseModel | undefined;
  readonly calibration: CalibrationSnapshot | undefined;
}

/** Devices `emulator:…` that are described by JSON: the engine plays their noise. REQUEST_INVALID for an id that stands twice. */
export async function createEmulatorDriver(options: EmulatorDriverOptions): Promise<Driver> {
  return new EmulatorDriver(options, await options.engine.capabilities());
}

class EmulatorDriver implements Driver {
  readonly name = 'emulator';
  readonly capabilities: DriverCapabilities;
  readonly #engine: Engine;
  readonly #facts: Readonly<Record<string, string>>;
  readonly #table = new ExecutionTable();
  readonly #devices = new Map<string, Emulated>();

  constructor(options: EmulatorDriverOptions, engine: EngineCapabilities) {
    this.#engine = options.engine;
    this.#facts = {
      driver: this.name,
      driver_version: DRIVER_VERSION,
      engine: engine.engine,
      engine_version: engine.version,
    };
    this.capabilities = {
      apiVersion: DRIVER_API_VERSION,
      idempotentSubmission: true,
      reproducibility: engine.reproducibility,
      cancellation: 'supported',
    };
    for (const description of options.devices) this.#add(description, engine, options);
  }

  devices(): readonly Device[] {
    return [...this.#devices.values()].map(({ device }) => device);
  }

  findDevice(deviceId: string): Device | undefined {
    return this.#devices.get(deviceId)?.device;
  }

  async status(deviceId: string): Promise<DeviceStatus> {
    return this.#emulated(deviceId).lane.status();
  }

  async prepare(request: ExecutionRequest): Promise<PreparedExecution> {
    const { lane, batch, price, priceUnit } = this.#batch(request);
    const estimate = await this.#engine.estimate(batch.items, batch.options);
    return {
      cost: { ...estimate, price, priceUnit },
      submit: async (token) => lane.submit({ ...batch, estimate }, token),
    };
  }

  async run(request: ExecutionRequest, signal: AbortSignal): Promise<ExecutionResult> {
    const { lane, batch } = this.#batch(request);
    return lane.run(batch, signal);
  }

  /** The batch with the noise that it gets, and what the device charges for it. */
  #batch(request: ExecutionRequest) {
    const { description, lane, native, noise, calibration } = this.#emulated(request.deviceId);
    const items = engineItems(request);
    const faults = items.map(({ aqo }) => native.fault(aqo));
    if (strict(request.options)) requireNative(faults, description);
    const chosen = readEngineOptions(request.options);
    const isOwnNoise = chosen.noise === undefined && noise !== undefined;
    const options = isOwnNoise ? { ...chosen, noise } : chosen;
    const { perTask = 0, perShot = 0, unit = '' } = description.price ?? {};
    const shots = items.reduce((sum, item) => sum + item.shots * Math.max(1, item.parameters.length), 0);
    const price = perTask + perShot * shots;
    const batch: EngineBatch = {
      items,
      options,
      timeLimitMs: request.timeLimitMs,
      facts: {
        ...this.#facts,
        device_version: deviceVersion(description),
        precision: options.precision,
        ...(options.noise && { noise_digest: noiseDigest(options.noise) }),
        target_compiled: String(faults.every((fault) => fault === undefined)),
        ...(unit !== '' && { cost: String(price), cost_unit: unit }),
      },
      // Noise that the job brought explains itself; the calibration had no part in it.
      ...(isOwnNoise && calibration && { calibration }),
    };
    return { lane, batch, price, priceUnit: unit };
  }

  async poll(remoteId: string): Promise<ExecutionStatus> {
    return this.#table.status(remoteId);
  }

  watch(remoteId: string, signal: AbortSignal): AsyncIterable<ExecutionStatus> {
    return this.#table.watch(remoteId, signal);
  }

  async cancel(remoteId: string): Promise<CancelOutcome> {
    const emulated = [...this.#devices.values()];
    const { lane } = emulated.find((one) => one.lane.holds(remoteId)) ?? emulated[0]!;
    return lane.cancel(remoteId);
  }

  async fetch(remoteId: string): Promise<ExecutionResult> {
    return this.#table.result(remoteId);
  }

  async calibration(deviceId: string): Promise<CalibrationSnapshot | undefined> {
    return this.#emulated(deviceId).calibration;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#devices.values()].map(({ lane }) => lane.close()));
  }

  #add(description: DeviceDescription, engine: EngineCapabilities, options: EmulatorDriverOptions): void {
    const { id, name, qubits, queue, shotsMax } = description;
    if (this.#devices.has(id)) {
      throw new QfsError('REQUEST_INVALID', `Two devices are called ${id}; give one of them another id.`);
    }
    const noise = deviceNoise(description);
    this.#devices.set(id, {
      description,
      device: {
        id,
        name,
        backendType: 'emulator',
        qubitsMax: qubits,
        shotsMax,
        formats: ENGINE_FORMATS,
        slots: queue.slots,
        methods: engine.methods,
        target: writeTarget(targetOfDevice(description)),
        observables: true,
        gradients: noise === undefined,
        properties: deviceProperties(description),
      },
      lane: new EngineLane({
        ...options,
        deviceId: id,
        table: this.#table,
        slots: queue.slots,
        ...(queue.waitMs > 0 && { wait: { ms: queue.waitMs, timers: options.timers } }),
      }),
      native: new NativeGates(description),
      noise,
      calibration: noise && calibrationSnapshot(description, noise),
    });
  }

  #emulated(deviceId: string): Emulated {
    const emulated = this.#devices.get(deviceId);
    if (emulated !== undefined) return emulated;
    throw new QfsError('DEVICE_NOT_FOUND', `There is no device "${deviceId.slice(0, 100)}".`);
  }
}

function strict({ strict: value = 'false' }: Readonly<Record<string, string>>): boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  throw new QfsError('JOB_SPEC_INVALID', `strict is "${value.slice(0, 40)}"; it can be true or false.`);
}
