/** What decides the order: higher priority first, then the order of acceptance. */
export interface Ticket {
  readonly jobId: string;
  readonly priority: number;
  /** Log index of the acceptance. */
  readonly order: number;
  /** The reservation that the job was submitted under. */
  readonly reservationId?: string;
}

export const precedes = (a: Ticket, b: Ticket): boolean =>
  a.priority === b.priority ? a.order < b.order : a.priority > b.priority;

/** A binary heap of tickets, the first one on top: ten thousand of them cost a logarithm each. */
export class TicketHeap {
  readonly #heap: Ticket[] = [];

  push(ticket: Ticket): void {
    this.#heap.push(ticket);
    this.#rise(this.#heap.length - 1);
  }

  pop(): Ticket | undefined {
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
