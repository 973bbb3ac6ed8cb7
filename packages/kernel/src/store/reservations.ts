import { QfsError, type SqlDatabase, type StoreContext } from '@qfs/core';
import type { ReserveArgument, UnreserveArgument } from './operations.ts';
import type { Owner } from './rows.ts';

export interface ReservationRow extends Owner {
  readonly reservationId: string;
  readonly deviceId: string;
  readonly purpose: string;
  readonly createdMs: number;
  /** By wall time, for people and for the next start of the process. */
  readonly expiresMs: number;
}

/** One slot stays free for everybody else, wherever there is more than one. */
const reservable = (slots: number): number => Math.max(1, slots - 1);

/**
 * Puts a reservation on record. Those that ran out are taken off by the kernel, which counts monotonic time.
 * @throws QfsError DEVICE_FULLY_RESERVED
 */
export function reserve(
  database: SqlDatabase,
  argument: ReserveArgument,
  context: StoreContext,
): ReservationRow {
  const { owner, deviceId, slots, reservationId, purpose } = argument;
  const { taken } = database.get<{ taken: number }>(
    'SELECT count(*) AS taken FROM reservations WHERE device_id = ?',
    deviceId,
  ) ?? { taken: 0 };
  if (taken >= reservable(slots)) {
    throw new QfsError(
      'DEVICE_FULLY_RESERVED',
      `${deviceId} has ${slots} slots and ${taken} of them are reserved, as many as may be. Try again later.`,
      { metadata: { device_id: deviceId, slots: String(slots), reserved: String(taken) } },
    );
  }
  const createdMs = context.clock.nowMs();
  const expiresMs = createdMs + argument.ttlMs;
  database.run(
    `INSERT INTO reservations
       (reservation_id, tenant_id, project_id, subject, device_id, purpose, created_ms, expires_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    reservationId,
    owner.tenantId,
    owner.projectId,
    owner.subject,
    deviceId,
    purpose,
    createdMs,
    expiresMs,
  );
  return { ...owner, reservationId, deviceId, purpose, createdMs, expiresMs };
}

/** Takes a reservation off the record; one that is not there stays so. */
export function unreserve(database: SqlDatabase, { reservationId }: UnreserveArgument): void {
  database.run('DELETE FROM reservations WHERE reservation_id = ?', reservationId);
}

/** Everything on record, of all tenants: for the kernel's own start. */
export const allReservations = (database: SqlDatabase): ReservationRow[] =>
  database.all(
    `SELECT reservation_id AS reservationId, tenant_id AS tenantId, project_id AS projectId, subject,
       device_id AS deviceId, purpose, created_ms AS createdMs, expires_ms AS expiresMs
     FROM reservations ORDER BY created_ms`,
  ) as unknown as ReservationRow[];
