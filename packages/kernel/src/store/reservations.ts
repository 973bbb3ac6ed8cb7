import { QfsError, type SqlDatabase, type StoreContext } from '@qfs/core';
import type { ReserveArgument } from './operations.ts';

/**
 * Holds a slot of a device until the reservation runs out; nobody has to give it back.
 * @throws QfsError RATE_LIMITED when every slot of the device is reserved.
 */
export function reserve(
  database: SqlDatabase,
  argument: ReserveArgument,
  context: StoreContext,
): { readonly expiresMs: number } {
  const nowMs = context.clock.nowMs();
  const { owner, deviceId } = argument;
  database.run('DELETE FROM reservations WHERE device_id = ? AND expires_ms <= ?', deviceId, nowMs);
  const taken = countReservations(database, deviceId, nowMs);
  if (taken >= argument.slots) {
    throw new QfsError('RATE_LIMITED', `Every slot of ${deviceId} is reserved (${taken}). Try again later.`, {
      metadata: { device_id: deviceId },
    });
  }
  const expiresMs = nowMs + argument.ttlMs;
  database.run(
    `INSERT INTO reservations (reservation_id, tenant_id, project_id, subject, device_id, purpose, expires_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    argument.reservationId,
    owner.tenantId,
    owner.projectId,
    owner.subject,
    deviceId,
    argument.purpose,
    expiresMs,
  );
  return { expiresMs };
}

/** Reservations of a device that have not run out. */
export const countReservations = (database: SqlDatabase, deviceId: string, nowMs: number): number =>
  database.get<{ taken: number }>(
    'SELECT count(*) AS taken FROM reservations WHERE device_id = ? AND expires_ms > ?',
    deviceId,
    nowMs,
  )?.taken ?? 0;
