import type { DeviceInfo } from '../entries/api.ts';
import { deviceStatusName } from '../state-names.ts';
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
