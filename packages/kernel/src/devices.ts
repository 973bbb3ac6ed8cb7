import { QfsError } from '@qfs/core';
import { type CallContext, callOptions } from '@qfs/rpc';
import { CircuitFormat, type Device } from '@qfs/rpc/internal';
import type { KernelOptions } from './options.ts';

/** How long what drivers declare is believed. */
const DEVICES_MS = 10_000;

/** What the scheduler must know of a device. */
export interface DeviceFacts {
  readonly slots: number;
  readonly idempotentSubmission: boolean;
  /** The most that a circuit may act on; 0: not known. */
  readonly qubits: number;
  /** Circuits reach it as OpenQASM 3: it does not take AQO. */
  readonly takesText: boolean;
  /** The document of the target that circuits are compiled for; empty: any gate on any qubits. */
  readonly compileTarget: Uint8Array;
  /** Gives expectation values itself; elsewhere they are estimated from counts. */
  readonly observables: boolean;
  /** Gives gradients of expectation values, unless it is told to play noise. */
  readonly gradients: boolean;
  /** Gives expectation values without statistical error, unless it is told to play noise. */
  readonly exactValues: boolean;
}

/** What drivers declare about their devices, asked anew now and then. */
export class DeviceDirectory {
  readonly #options: Pick<KernelOptions, 'drivers' | 'clock'>;
  #listed: Promise<ReadonlyMap<string, Device>> | undefined;
  #askedMs = 0;

  constructor(options: Pick<KernelOptions, 'drivers' | 'clock'>) {
    this.#options = options;
  }

  /** Devices by id, in the order of the drivers. */
  list(context: CallContext): Promise<ReadonlyMap<string, Device>> {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#listed !== undefined && nowMs - this.#askedMs < DEVICES_MS) return this.#listed;
    this.#askedMs = nowMs;
    const listed = this.#ask(context);
    this.#listed = listed;
    listed.catch(() => {
      if (this.#listed === listed) this.#listed = undefined;
    });
    return listed;
  }

  /** @throws QfsError DEVICE_NOT_FOUND when no driver knows the device. */
  async find(deviceId: string, context: CallContext): Promise<DeviceFacts> {
    const device = (await this.list(context)).get(deviceId);
    if (device !== undefined) {
      return {
        slots: Math.max(1, device.slots),
        idempotentSubmission: device.idempotentSubmission,
        qubits: device.qubits,
        takesText: device.formats.length > 0 && !device.formats.includes(CircuitFormat.AQO_JSON),
        compileTarget: device.target,
        observables: device.observables,
        gradients: device.gradients,
        exactValues: device.exact && device.observables && device.info?.capabilities.noise === undefined,
      };
    }
    // Driven but not listed, as a member of a family: its status says what the list says of others.
    const { metadata } = await this.#options.drivers.getDeviceStatus({ deviceId }, callOptions(context));
    const slots = Math.max(1, Number(metadata.slots) || 1);
    const idempotentSubmission = metadata.idempotent_submission === 'true';
    const takesText = metadata.formats === 'qasm3_text';
    const given = { observables: true, gradients: false, exactValues: false };
    return { slots, idempotentSubmission, takesText, qubits: 0, compileTarget: new Uint8Array(), ...given };
  }

  /**
   * Refuses a job for a device that certainly does not exist, or has too few qubits. A driver that is silent
   * may know it.
   */
  async admit(deviceId: string, activeQubits: number, context: CallContext): Promise<void> {
    try {
      const { qubits } = await this.find(deviceId, context);
      if (qubits > 0 && activeQubits > qubits) throw tooWide(deviceId, activeQubits, qubits);
    } catch (thrown) {
      const error = QfsError.from(thrown);
      if (error.code === 'DEVICE_NOT_FOUND' || error.code === 'CIRCUIT_TOO_LARGE') throw error;
    }
  }

  async #ask(context: CallContext): Promise<ReadonlyMap<string, Device>> {
    const { devices } = await this.#options.drivers.listDevices({}, callOptions(context));
    return new Map(devices.map((device) => [device.info?.deviceId ?? '', device]));
  }
}

const tooWide = (deviceId: string, needed: number, allowed: number): QfsError =>
  new QfsError(
    'CIRCUIT_TOO_LARGE',
    `The circuit acts on ${needed} qubits; ${deviceId} takes at most ${allowed}.`,
    { metadata: { needed_qubits: String(needed), allowed_qubits: String(allowed) } },
  );
