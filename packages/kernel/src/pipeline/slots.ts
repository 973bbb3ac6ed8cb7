import { SlotQueue, type Ticket } from '../queue.ts';

/** A `SlotQueue` that jobs wait in: who gets a slot is told once, and gives it back once. */
export class Slots {
  readonly #queue: SlotQueue;
  readonly #waiters = new Map<string, (release: () => void) => void>();

  constructor(slots: number) {
    this.#queue = new SlotQueue(slots);
  }

  get depth(): number {
    return this.#queue.depth;
  }

  get taken(): number {
    return this.#queue.taken;
  }

  get slots(): number {
    return this.#queue.slots;
  }

  /** Devices may change how much they take at once. */
  resize(slots: number): void {
    this.#queue.slots = slots;
    this.#serve();
  }

  position(jobId: string): number | undefined {
    return this.#queue.position(jobId);
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
      grant?.(this.#releaser());
    }
  }

  #releaser(): () => void {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#queue.release();
      this.#serve();
    };
  }
}
