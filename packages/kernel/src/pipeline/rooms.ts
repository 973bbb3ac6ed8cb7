import type { DeviceDirectory } from '../devices.ts';
import type { KernelOptions } from '../options.ts';
import type { ReservationBook } from '../reservations.ts';
import type { UpdateHub } from '../updates.ts';
import type { DeviceLoads } from './device-load.ts';
import type { Slots } from './slots.ts';

/**
 * Bytes of compiled circuits that jobs hold while they wait for a device; beyond it they are compiled again.
 */
const HELD_BYTES_MAX = 64 * 1024 * 1024;

/** What the runs of all jobs share. */
export interface PipelineRooms extends KernelOptions {
  readonly updates: UpdateHub;
  /** Wakes those who wait for the end of a job, and for nothing before it. */
  readonly ends: UpdateHub;
  readonly devices: DeviceDirectory;
  readonly compileSlots: Slots;
  readonly loads: DeviceLoads;
  readonly reservations: ReservationBook;
  readonly held: HeldBytes;
  /** Fires when the kernel stops: what was not written is left to the next start. */
  readonly stopping: AbortSignal;
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
