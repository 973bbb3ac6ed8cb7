import { precedes, type Ticket, TicketHeap } from './ticket-heap.ts';

interface Reservation {
  /** Those that were submitted under it. */
  readonly heap: TicketHeap;
  /** The job in its slot. */
  user: string | undefined;
}

/**
 * Jobs that wait for one of a bounded number of slots. A reservation keeps one slot free for the jobs that
 * name it; such a job waits in the common queue too, so that it takes whichever slot comes first. A ticket
 * that is withdrawn or served stays in its heaps and is skipped when its turn comes.
 */
export class SlotQueue {
  slots: number;
  readonly #heap = new TicketHeap();
  readonly #waiting = new Map<string, Ticket>();
  readonly #reservations = new Map<string, Reservation>();
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

  /** Slots that are kept free for reservations, as far as the device has them. */
  get kept(): number {
    let unused = 0;
    for (const { user } of this.#reservations.values()) if (user === undefined) unused += 1;
    return Math.min(unused, Math.max(0, this.slots - this.#taken));
  }

  /** Slots that any job may take now. */
  get available(): number {
    return Math.max(0, this.slots - this.#taken - this.kept);
  }

  get reservations(): number {
    return this.#reservations.size;
  }

  /** From now on one slot, the next that is free, belongs to the jobs of this reservation. */
  reserve(reservationId: string): void {
    const heap = new TicketHeap();
    for (const ticket of this.#waiting.values()) {
      if (ticket.reservationId === reservationId) heap.push(ticket);
    }
    this.#reservations.set(reservationId, { heap, user: undefined });
  }

  /** The slot is everybody's again; a job that runs in it stays there. */
  unreserve(reservationId: string): void {
    this.#reservations.delete(reservationId);
  }

  /** The job in the slot of a reservation. */
  userOf(reservationId: string): string | undefined {
    return this.#reservations.get(reservationId)?.user;
  }

  add(ticket: Ticket): void {
    this.#waiting.set(ticket.jobId, ticket);
    this.#heap.push(ticket);
    this.#reservationOf(ticket)?.heap.push(ticket);
  }

  /** False when the job does not wait here. */
  withdraw(jobId: string): boolean {
    return this.#waiting.delete(jobId);
  }

  /** Takes a slot for the job whose turn it is; `undefined` when there is no slot for anybody who waits. */
  take(): Ticket | undefined {
    if (this.#taken >= this.slots) return undefined;
    for (const reservation of this.#reservations.values()) {
      if (reservation.user !== undefined) continue;
      const ticket = this.#firstOf(reservation.heap);
      if (ticket === undefined) continue;
      reservation.user = ticket.jobId;
      return this.#serve(ticket);
    }
    if (this.available === 0) return undefined;
    const ticket = this.#firstOf(this.#heap);
    return ticket === undefined ? undefined : this.#serve(ticket);
  }

  /** Gives back the slot that a job took. */
  release(jobId: string): void {
    this.#taken -= 1;
    for (const reservation of this.#reservations.values()) {
      if (reservation.user === jobId) reservation.user = undefined;
    }
  }

  /** Jobs that come before this one; `undefined` when it does not wait here. */
  position(jobId: string): number | undefined {
    const own = this.#waiting.get(jobId);
    if (own === undefined) return undefined;
    const reserved = this.#reservationOf(own) !== undefined;
    let before = 0;
    for (const ticket of this.#waiting.values()) {
      const rival = !reserved || ticket.reservationId === own.reservationId;
      if (rival && precedes(ticket, own)) before += 1;
    }
    return before;
  }

  /** Waiting jobs that a new job of this priority would come after. */
  ahead(priority: number): number {
    let before = 0;
    for (const ticket of this.#waiting.values()) if (ticket.priority >= priority) before += 1;
    return before;
  }

  #reservationOf({ reservationId }: Ticket): Reservation | undefined {
    return reservationId === undefined ? undefined : this.#reservations.get(reservationId);
  }

  #firstOf(heap: TicketHeap): Ticket | undefined {
    for (let ticket = heap.pop(); ticket !== undefined; ticket = heap.pop()) {
      if (this.#waiting.get(ticket.jobId) === ticket) return ticket;
    }
    return undefined;
  }

  #serve(ticket: Ticket): Ticket {
    this.#waiting.delete(ticket.jobId);
    this.#taken += 1;
    return ticket;
  }
}
