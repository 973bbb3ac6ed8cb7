import { QfsError, RESERVATION_SECONDS_MAX, RESERVATION_SECONDS_MIN } from '@qfs/core';
import { base32 } from '@qfs/core/exact';
import { callOptions, contextOf, type KernelGatewayService, type ServiceImpl } from '@qfs/rpc';
import { type DeviceInfo, DeviceStatus } from '@qfs/rpc/api';
import { timestamp } from './job-view.ts';
import type { PipelineRooms } from './pipeline/rooms.ts';
import { ownerOf } from './scope.ts';

type DeviceHandlers = Pick<
  ServiceImpl<typeof KernelGatewayService>,
  'listDevices' | 'getDeviceDetails' | 'getDeviceStatus' | 'reserveDevice'
>;

/** Random bytes of a reservation id. */
const RESERVATION_BYTES = 16;

/** Devices as the scheduler sees them: what their driver says, with our own queue and reservations on top. */
export function createDeviceHandlers(rooms: PipelineRooms): DeviceHandlers {
  const { devices, drivers, randomness, store } = rooms;
  return {
    listDevices: async ({ backendType }, handler) => {
      const listed = [...(await devices.list(contextOf(handler))).values()];
      const infos = listed.map(({ info }) => info).filter((info) => info !== undefined);
      const wanted = infos.filter((info) => backendType === '' || info.backendType === backendType);
      return { devices: wanted.map((info) => aggregated(rooms, info)) };
    },
    getDeviceDetails: async ({ deviceId }, handler) => {
      const context = contextOf(handler);
      const info = (await devices.list(context)).get(deviceId)?.info;
      if (info !== undefined) return { device: aggregated(rooms, info) };
      const status = await drivers.getDeviceStatus({ deviceId }, callOptions(context));
      const bare = {
        deviceId,
        name: deviceId,
        backendType: '',
        capabilities: status.metadata,
        ...numbers(status),
      };
      return { device: aggregated(rooms, { ...bare, status: status.status }) };
    },
    getDeviceStatus: async ({ deviceId }, handler) => {
      const status = await drivers.getDeviceStatus({ deviceId }, callOptions(contextOf(handler)));
      const { queueDepth, estimatedWaitSec } = withOwnQueue(rooms, { deviceId, ...numbers(status) });
      const reservations = String(store.reservations(deviceId));
      return {
        deviceId,
        status: status.status,
        queueDepth,
        estimatedWaitSec,
        metadata: { ...status.metadata, reservations },
      };
    },
    reserveDevice: async ({ deviceId, ttlSeconds, purpose }, handler) => {
      const context = contextOf(handler);
      const ttlMs = reservationMs(ttlSeconds);
      const { slots } = await devices.find(deviceId, context);
      const { status } = await drivers.getDeviceStatus({ deviceId }, callOptions(context));
      if (status !== DeviceStatus.ONLINE) {
        throw new QfsError('DEVICE_OFFLINE', `${deviceId} is not online; reserve it when it is back.`, {
          metadata: { device_id: deviceId },
        });
      }
      const reservationId = `res_${base32(randomness.bytes(RESERVATION_BYTES))}`;
      const owner = ownerOf(context.identity);
      const { expiresMs } = await store.reserve({ owner, reservationId, deviceId, purpose, ttlMs, slots });
      return { reservationId, expiresAt: timestamp(expiresMs) };
    },
  };
}

function reservationMs(ttlSeconds: number): number {
  if (ttlSeconds >= RESERVATION_SECONDS_MIN && ttlSeconds <= RESERVATION_SECONDS_MAX)
    return ttlSeconds * 1000;
  throw new QfsError(
    'REQUEST_INVALID',
    `ttl_seconds is ${ttlSeconds}; ${RESERVATION_SECONDS_MIN} to ${RESERVATION_SECONDS_MAX} are allowed.`,
  );
}

type Numbers = Pick<DeviceInfo, 'queueDepth' | 'estimatedWaitSec'>;
const numbers = ({ queueDepth, estimatedWaitSec }: Numbers): Numbers => ({ queueDepth, estimatedWaitSec });

const aggregated = <Info extends Omit<DeviceInfo, '$typeName'>>(rooms: PipelineRooms, info: Info) => ({
  ...info,
  ...withOwnQueue(rooms, info),
});

/**
 * The device's own queue and ours. The wait grows in proportion: what the device needs for its queue, it
 * needs again for every such number of jobs that wait here.
 */
function withOwnQueue(
  { deviceSlots }: PipelineRooms,
  device: Numbers & { readonly deviceId: string },
): Numbers {
  const waiting = deviceSlots.find(device.deviceId)?.depth ?? 0;
  const perJobSec = device.estimatedWaitSec / Math.max(1, device.queueDepth);
  return {
    queueDepth: device.queueDepth + waiting,
    estimatedWaitSec: device.estimatedWaitSec + Math.ceil(waiting * perJobSec),
  };
}
