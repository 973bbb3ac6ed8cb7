/** What decides the order: higher priority first, then the order of acceptance. */
export interface Ticket {
  readonly jobId: string;
  readonly priority: number;
  /** Log index of the acceptance. */
  readonly order: number;
}

const precedes = (a: Ticket, b: Ticket): boolean =>
  a.priority === b.priority ? a.order < b.order : a.priority > b.priority;

/**
 * Jobs that wait for one of a bounded number of slots: a binary heap, so that ten thousand waiting jobs cost
 * a logarithm each. A ticket that is withdrawn stays in the heap and is skipped when its turn comes.
 */
export class SlotQueue {
  slots: number;
  readonly #heap: Ticket[] = [];
  readonly #waiting = new Map<string, Ticket>();
  #taken = 0;

  constructor(slots: number) {
    this.slots = slots;
  }

  /** Jobs that wait. */
  get depth(): number {
    return this.#waiting.size;
  }

  /** Slots in use. */
  get taken(): number {
    return this.#taken;
  }

  add(ticket: Ticket): void {
    this.#waiting.set(ticket.jobId, ticket);
    this.#heap.push(ticket);
    this.#rise(this.#heap.length - 1);
  }

  /** False when the job does not wait here. */
  withdraw(jobId: string): boolean {
    return this.#waiting.delete(jobId);
  }

  /** Takes a slot for the first waiting job; `undefined` when no slot is free or nobody waits. */
  take(): Ticket | undefined {
    if (this.#taken >= this.slots) return undefined;
    for (let ticket = this.#pop(); ticket !== undefined; ticket = this.#pop()) {
      if (this.#waiting.get(ticket.jobId) !== ticket) continue;
      this.#waiting.delete(ticket.jobId);
      this.#taken += 1;
      return ticket;
    }
    return undefined;
  }

  release(): void {
    this.#taken -= 1;
  }

  /** Jobs that come before this one; `undefined` when it does not wait here. */
  position(jobId: string): number | undefined {
    const own = this.#waiting.get(jobId);
    if (own === undefined) return undefined;
    let before = 0;
    for (const ticket of this.#waiting.values()) if (precedes(ticket, own)) before += 1;
    return before;
  }

  #pop(): Ticket | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(start: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  #sink(start: number): void {
    let at = start;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      if (left >= this.#heap.length) return;
      const leftTicket = this.#heap[left];
      const rightTicket = this.#heap[right];
      const rightFirst = leftTicket && rightTicket !== undefined && precedes(rightTicket, leftTicket);
      const child = rightFirst === true ? right : left;
      if (!this.#swapIfBefore(child, at)) return;
      at = child;
    }
  }

  /** Swaps the tickets at the two places if the first one precedes the second. */
  #swapIfBefore(a: number, b: number): boolean {
    const first = this.#heap[a];
    const second = this.#heap[b];
    if (first === undefined || second === undefined || !precedes(first, second)) return false;
    this.#heap[a] = second;
    this.#heap[b] = first;
    return true;
  }
}
