import type { DeviceDirectory } from '../devices.ts';
import type { KernelOptions } from '../options.ts';
import type { UpdateHub } from '../updates.ts';
import { Slots } from './slots.ts';

/**
 * Bytes of compiled circuits that jobs hold while they wait for a device; beyond it they are compiled again.
 */
const HELD_BYTES_MAX = 64 * 1024 * 1024;

/** What the runs of all jobs share. */
export interface PipelineRooms extends KernelOptions {
  readonly updates: UpdateHub;
  readonly devices: DeviceDirectory;
  readonly compileSlots: Slots;
  readonly deviceSlots: DeviceSlots;
  readonly held: HeldBytes;
  /** Fires when the kernel stops: what was not written is left to the next start. */
  readonly stopping: AbortSignal;
}

/** One queue per device. */
export class DeviceSlots {
  readonly #byDevice = new Map<string, Slots>();

  of(deviceId: string, slots: number): Slots {
    const known = this.#byDevice.get(deviceId);
    if (known !== undefined) {
      if (known.slots !== slots) known.resize(slots);
      return known;
    }
    const created = new Slots(slots);
    this.#byDevice.set(deviceId, created);
    return created;
  }

  find(deviceId: string): Slots | undefined {
    return this.#byDevice.get(deviceId);
  }

  /** Jobs that wait for any device. */
  get depth(): number {
    let depth = 0;
    for (const slots of this.#byDevice.values()) depth += slots.depth;
    return depth;
  }
}

/** Keeps the memory of waiting jobs bounded. */
export class HeldBytes {
  #bytes = 0;

  /** False when the bytes must not be held. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > HELD_BYTES_MAX) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}
