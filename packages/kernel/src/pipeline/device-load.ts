import type { Clock } from '@qfs/core';
import type { JobStore } from '../store/job-store.ts';
import type { Ticket } from '../ticket-heap.ts';
import { nextMean, waitMs } from '../wait-estimate.ts';
import { Slots } from './slots.ts';

/** Executions on record that the estimate of a started process begins with. */
const REMEMBERED = 16;

interface Running {
  readonly sinceMs: number;
}

/** One slot of a device while a job has it. */
export interface HeldSlot {
  /** The work succeeded: the time that it took tells those who wait how long they will. */
  measure(): void;
  /** Gives the slot back; once is enough. */
  release(): void;
}

/** One device as the scheduler sees it: its slots, who waits for them, and how long they are kept. */
export class DeviceLoad {
  readonly slots = new Slots(0);
  readonly #deviceId: string;
  readonly #store: Pick<JobStore, 'recentDurations'>;
  readonly #clock: Clock;
  readonly #running = new Map<string, Running>();
  #meanMs: number | undefined;
  #remembered = false;

  constructor(deviceId: string, store: Pick<JobStore, 'recentDurations'>, clock: Clock) {
    this.#deviceId = deviceId;
    this.#store = store;
    this.#clock = clock;
  }

  /** Waits for a slot; rejects with the signal's reason. */
  async acquire(ticket: Ticket, signal: AbortSignal): Promise<HeldSlot> {
    const release = await this.slots.acquire(ticket, signal);
    const sinceMs = this.#clock.monotonicMs();
    this.#running.set(ticket.jobId, { sinceMs });
    return {
      measure: () => {
        this.#meanMs = nextMean(this.meanMs, this.#clock.monotonicMs() - sinceMs);
      },
      release: () => {
        this.#running.delete(ticket.jobId);
        release();
      },
    };
  }

  /** How long executions of late kept a slot; `undefined` while none is on record. */
  get meanMs(): number | undefined {
    if (!this.#remembered) {
      this.#remembered = true;
      for (const durationMs of this.#store.recentDurations(this.#deviceId, REMEMBERED)) {
        this.#meanMs = nextMean(this.#meanMs, durationMs);
      }
    }
    return this.#meanMs;
  }

  /** How long a waiting job will wait for its slot; `undefined` while nothing was measured. */
  waitOf({ jobId, reservationId }: { readonly jobId: string; readonly reservationId: string | null }) {
    const { queue } = this.slots;
    const ahead = queue.position(jobId);
    if (ahead === undefined) return undefined;
    const user = reservationId === null ? undefined : queue.userOf(reservationId);
    if (user === undefined) return { ahead, waitMs: this.#wait(ahead) };
    return { ahead, waitMs: this.#estimate({ slots: 1, ahead, runningMs: [this.#elapsedMs(user)] }) };
  }

  /** How long a job of this priority would wait if it came now. */
  waitFor(priority: number, meanMs = this.meanMs): number | undefined {
    const ahead = this.slots.queue.ahead(priority);
    if (ahead === 0 && this.slots.queue.available > 0) return 0;
    return this.#wait(ahead, meanMs);
  }

  #wait(ahead: number, meanMs = this.meanMs): number | undefined {
    const { slots, reservations } = this.slots.queue;
    const runningMs = [...this.#running.keys()].map((jobId) => this.#elapsedMs(jobId));
    return this.#estimate({ slots: slots - reservations, ahead, runningMs }, meanMs);
  }

  #estimate(state: { slots: number; ahead: number; runningMs: readonly number[] }, meanMs = this.meanMs) {
    return meanMs === undefined ? undefined : Math.ceil(waitMs({ ...state, meanMs }));
  }

  #elapsedMs(jobId: string): number {
    const running = this.#running.get(jobId);
    return running === undefined ? 0 : this.#clock.monotonicMs() - running.sinceMs;
  }
}

/** One queue per device. */
export class DeviceLoads {
  readonly #byDevice = new Map<string, DeviceLoad>();
  readonly #store: Pick<JobStore, 'recentDurations'>;
  readonly #clock: Clock;
  readonly #onNew: (deviceId: string, load: DeviceLoad) => void;

  constructor(
    { store, clock }: { readonly store: Pick<JobStore, 'recentDurations'>; readonly clock: Clock },
    onNew: (deviceId: string, load: DeviceLoad) => void,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#onNew = onNew;
  }

  /** The queue of a device; how many slots it has is known once its driver was asked. */
  of(deviceId: string, slots?: number): DeviceLoad {
    let load = this.#byDevice.get(deviceId);
    if (load === undefined) {
      load = new DeviceLoad(deviceId, this.#store, this.#clock);
      this.#byDevice.set(deviceId, load);
      this.#onNew(deviceId, load);
    }
    if (slots !== undefined) load.slots.resize(slots);
    return load;
  }

  find(deviceId: string): DeviceLoad | undefined {
    return this.#byDevice.get(deviceId);
  }

  /** Jobs that wait for any device. */
  get depth(): number {
    let depth = 0;
    for (const { slots } of this.#byDevice.values()) depth += slots.queue.depth;
    return depth;
  }
}
