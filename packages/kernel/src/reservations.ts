import { QfsError } from '@qfs/core';
import type { Identity } from '@qfs/rpc';
import type { KernelOptions } from './options.ts';
import type { DeviceLoads } from './pipeline/device-load.ts';
import { persist } from './pipeline/persist.ts';
import type { ReserveArgument } from './store/operations.ts';
import type { ReservationRow } from './store/reservations.ts';

export type ReservationRooms = Pick<
  KernelOptions,
  'store' | 'clock' | 'timers' | 'randomness' | 'metrics' | 'onError'
> & {
  readonly loads: DeviceLoads;
  readonly stopping: AbortSignal;
};

const NO_JOB = { job_id: '', device_id: '', trace_id: '', span_id: '' };

interface Held {
  readonly row: ReservationRow;
  readonly sinceMs: number;
  readonly disarm: () => void;
}

/**
 * Reservations that are in force: each keeps a slot of its device until it is given back or its time has
 * passed, by monotonic time. What a process that ended had given out goes on, for what is left of it.
 */
export class ReservationBook {
  readonly #rooms: ReservationRooms;
  readonly #held = new Map<string, Held>();

  constructor(rooms: ReservationRooms) {
    this.#rooms = rooms;
    rooms.metrics.gauge('eigen_kernel_reservations_active', () => this.#held.size);
  }

  /** Takes up what is on record. Safe to repeat. */
  restore(): void {
    const nowMs = this.#rooms.clock.nowMs();
    for (const row of this.#rooms.store.reservations()) {
      if (this.#held.has(row.reservationId)) continue;
      // A wall clock that was set back must not make a reservation longer than it was asked for.
      const leftMs = Math.min(row.expiresMs - nowMs, row.expiresMs - row.createdMs);
      if (leftMs > 0) this.#hold(row, leftMs);
      else this.#forget(row.reservationId);
    }
  }

  /** Nothing runs out any more in this process; the record stays for the next one. */
  stop(): void {
    for (const { disarm } of this.#held.values()) disarm();
  }

  /** @throws QfsError DEVICE_FULLY_RESERVED */
  async reserve(argument: ReserveArgument): Promise<ReservationRow> {
    const row = await this.#rooms.store.reserve(argument);
    this.#hold(row, argument.ttlMs);
    return row;
  }

  /**
   * Gives a reservation back: its owner, or an admin of the tenant and project.
   * @throws QfsError RESERVATION_NOT_FOUND, also of those that belong to others
   */
  async release(reservationId: string, identity: Identity): Promise<void> {
    const held = this.#held.get(reservationId);
    if (held === undefined || !mayRelease(held.row, identity)) {
      throw new QfsError(
        'RESERVATION_NOT_FOUND',
        `There is no reservation "${reservationId.slice(0, 64)}" of yours; it may have run out.`,
        { metadata: { reservation_id: reservationId.slice(0, 64) } },
      );
    }
    await this.#rooms.store.unreserve({ reservationId });
    this.#drop(reservationId);
  }

  /** Those of a tenant and project that end first, first. */
  list({ tenantId, projectId }: Identity, deviceId: string): readonly ReservationRow[] {
    return [...this.#held.values()]
      .map(({ row }) => row)
      .filter((row) => row.tenantId === tenantId && row.projectId === projectId)
      .filter((row) => deviceId === '' || row.deviceId === deviceId)
      .sort((a, b) => a.expiresMs - b.expiresMs);
  }

  isInForce(reservationId: string): boolean {
    return this.#held.has(reservationId);
  }

  /**
   * Refuses a job under a reservation that is not its submitter's, not of its device, or has run out.
   * @throws QfsError RESERVATION_INVALID
   */
  check(reservationId: string, target: string, { tenantId, projectId, subject }: Identity): void {
    const row = this.#held.get(reservationId)?.row;
    const refused = (why: string): QfsError =>
      new QfsError('RESERVATION_INVALID', `The reservation "${reservationId}" ${why}.`, {
        metadata: { reservation_id: reservationId, target },
      });
    const isOwn = row?.tenantId === tenantId && row.projectId === projectId && row.subject === subject;
    if (row === undefined || !isOwn) throw refused('ran out, was given back, or is not yours');
    if (row.deviceId !== target) throw refused(`is of ${row.deviceId}, and the job is for ${target}`);
  }

  #hold(row: ReservationRow, leftMs: number): void {
    const { reservationId, deviceId } = row;
    const { clock, loads, timers } = this.#rooms;
    const disarm = timers.after(leftMs, () => {
      this.#drop(reservationId);
      this.#forget(reservationId);
    });
    this.#held.set(reservationId, { row, sinceMs: clock.monotonicMs(), disarm });
    loads.of(deviceId).slots.reserve(reservationId);
  }

  #drop(reservationId: string): void {
    const held = this.#held.get(reservationId);
    if (held === undefined) return;
    const { clock, loads, metrics } = this.#rooms;
    this.#held.delete(reservationId);
    held.disarm();
    loads.of(held.row.deviceId).slots.unreserve(reservationId);
    const heldSeconds = (clock.monotonicMs() - held.sinceMs) / 1000;
    metrics.observe('eigen_kernel_reservation_duration_seconds', {}, heldSeconds);
  }

  /** Takes it off the record; nobody waits for that. */
  #forget(reservationId: string): void {
    const { store, stopping, onError } = this.#rooms;
    persist(this.#rooms, stopping, () => store.unreserve({ reservationId })).catch((error: unknown) => {
      if (!stopping.aborted) onError(error, NO_JOB);
    });
  }
}

const mayRelease = (row: ReservationRow, { tenantId, projectId, subject, roles }: Identity): boolean =>
  row.tenantId === tenantId &&
  row.projectId === projectId &&
  (row.subject === subject || roles.includes('admin'));
