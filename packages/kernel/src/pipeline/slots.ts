import { SlotQueue } from '../queue.ts';
import type { Ticket } from '../ticket-heap.ts';

/** A `SlotQueue` that jobs wait in: who gets a slot is told once, and gives it back once. */
export class Slots {
  readonly #queue: SlotQueue;
  readonly #waiters = new Map<string, (release: () => void) => void>();

  constructor(slots: number) {
    this.#queue = new SlotQueue(slots);
  }

  /** The queue to look at; slots are taken and given back through this class alone. */
  get queue(): Pick<
    SlotQueue,
    'ahead' | 'available' | 'depth' | 'position' | 'reservations' | 'slots' | 'taken' | 'userOf'
  > {
    return this.#queue;
  }

  /** Devices may change how much they take at once. */
  resize(slots: number): void {
    if (slots === this.#queue.slots) return;
    this.#queue.slots = slots;
    this.#serve();
  }

  /** From now on one slot belongs to the jobs of this reservation. */
  reserve(reservationId: string): void {
    this.#queue.reserve(reservationId);
    this.#serve();
  }

  unreserve(reservationId: string): void {
    this.#queue.unreserve(reservationId);
    this.#serve();
  }

  /** Waits for a slot; rejects with the signal's reason. The returned function gives the slot back. */
  async acquire(ticket: Ticket, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const granted = Promise.withResolvers<() => void>();
    this.#waiters.set(ticket.jobId, granted.resolve);
    const abort = (): void => {
      if (!this.#queue.withdraw(ticket.jobId)) return;
      this.#waiters.delete(ticket.jobId);
      granted.reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#queue.add(ticket);
    this.#serve();
    try {
      return await granted.promise;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #serve(): void {
    for (let ticket = this.#queue.take(); ticket !== undefined; ticket = this.#queue.take()) {
      const grant = this.#waiters.get(ticket.jobId);
      this.#waiters.delete(ticket.jobId);
      grant?.(this.#releaser(ticket.jobId));
    }
  }

  #releaser(jobId: string): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#queue.release(jobId);
      this.#serve();
    };
  }
}
