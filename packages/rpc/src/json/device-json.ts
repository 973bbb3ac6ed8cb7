import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { DeviceInfo, Reservation } from '../entries/api.ts';
import { deviceStatusName } from '../state-names.ts';
import { timeJson } from './job-json.ts';
import { byName, type JsonObject } from './json-object.ts';

/** A device as `/api/v1/devices` lists it. */
export const deviceJson = (device: DeviceInfo): JsonObject => ({
  device_id: device.deviceId,
  name: device.name,
  backend_type: device.backendType,
  status: deviceStatusName(device.status),
  queue_depth: device.queueDepth,
  estimated_wait_seconds: device.estimatedWaitSec,
  capabilities: byName(device.capabilities),
});

/** What `POST /api/v1/reservations` answers. */
export const reservedJson = (
  deviceId: string,
  reserved: { readonly reservationId: string; readonly expiresAt?: Timestamp | undefined },
): JsonObject => ({
  reservation_id: reserved.reservationId,
  device_id: deviceId,
  expires_at: timeJson(reserved.expiresAt),
});

/** A reservation as `/api/v1/reservations` lists it. */
export const reservationJson = (reservation: Reservation): JsonObject => ({
  ...reservedJson(reservation.deviceId, reservation),
  purpose: reservation.purpose,
  created_at: timeJson(reservation.createdAt),
  job_id: reservation.jobId === '' ? null : reservation.jobId,
  tenant_id: reservation.tenantId,
  project_id: reservation.projectId,
  subject: reservation.subject,
});
