import {
  PRIORITY_DEFAULT,
  QfsError,
  RESERVATION_PURPOSE_CHARS_MAX,
  RESERVATION_SECONDS_MAX,
  RESERVATION_SECONDS_MIN,
} from '@qfs/core';
import { base32 } from '@qfs/core/exact';
import {
  type CallContext,
  callOptions,
  contextOf,
  type KernelGatewayService,
  type ServiceImpl,
} from '@qfs/rpc';
import { type DeviceInfo, DeviceStatus } from '@qfs/rpc/api';
import { timestamp } from './job-view.ts';
import type { DeviceLoad } from './pipeline/device-load.ts';
import type { PipelineRooms } from './pipeline/rooms.ts';
import { slotFacts } from './rationale.ts';
import { ownerOf } from './scope.ts';
import type { ReservationRow } from './store/reservations.ts';

type Handlers = ServiceImpl<typeof KernelGatewayService>;
type DeviceHandlers = Pick<Handlers, 'listDevices' | 'getDeviceDetails' | 'getDeviceStatus'>;
type ReservationHandlers = Pick<Handlers, 'reserveDevice' | 'listReservations' | 'releaseReservation'>;

/** Random bytes of a reservation id. */
const RESERVATION_BYTES = 16;

/** Devices as the scheduler sees them: what their driver says, with our own queue and reservations on top. */
export const createDeviceHandlers = (rooms: PipelineRooms): DeviceHandlers & ReservationHandlers => ({
  ...views(rooms),
  ...reservations(rooms),
});

function views(rooms: PipelineRooms): DeviceHandlers {
  const { devices, drivers } = rooms;
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
      const context = contextOf(handler);
      const status = await drivers.getDeviceStatus({ deviceId }, callOptions(context));
      const { slots } = await devices.find(deviceId, context);
      const { queueDepth, estimatedWaitSec } = withOwnQueue(rooms, { deviceId, ...numbers(status) });
      return {
        deviceId,
        status: status.status,
        queueDepth,
        estimatedWaitSec,
        metadata: { ...status.metadata, slots: String(slots), ...loadFacts(rooms.loads.find(deviceId)) },
      };
    },
  };
}

function reservations(rooms: PipelineRooms): ReservationHandlers {
  const { devices, drivers, randomness, reservations: book, loads } = rooms;
  const messageOf = (row: ReservationRow) => ({
    ...reservationMessage(row),
    jobId: loads.of(row.deviceId).slots.queue.userOf(row.reservationId) ?? '',
  });
  return {
    reserveDevice: async ({ deviceId, ttlSeconds, purpose }, handler) => {
      const context = contextOf(handler);
      const ttlMs = reservationMs(ttlSeconds);
      checkPurpose(purpose);
      const { slots } = await devices.find(deviceId, context);
      await refuseOffline(drivers, deviceId, context);
      loads.of(deviceId, slots);
      const reservationId = `res_${base32(randomness.bytes(RESERVATION_BYTES))}`;
      const owner = ownerOf(context.identity);
      const row = await book.reserve({ owner, reservationId, deviceId, purpose, ttlMs, slots });
      return { reservationId, expiresAt: timestamp(row.expiresMs) };
    },
    listReservations: ({ deviceId }, handler) => ({
      reservations: book.list(contextOf(handler).identity, deviceId).map(messageOf),
    }),
    releaseReservation: async ({ reservationId }, handler) => {
      await book.release(reservationId, contextOf(handler).identity);
      return { reservationId };
    },
  };
}

/** Our part of what a device shows; of one that nobody has used yet there is nothing. */
const loadFacts = (load: DeviceLoad | undefined): Record<string, string> =>
  load === undefined ? { reservations: '0' } : slotFacts(load);

const reservationMessage = ({ createdMs, expiresMs, ...row }: ReservationRow) => ({
  ...row,
  createdAt: timestamp(createdMs),
  expiresAt: timestamp(expiresMs),
});

async function refuseOffline(
  drivers: PipelineRooms['drivers'],
  deviceId: string,
  context: CallContext,
): Promise<void> {
  const { status } = await drivers.getDeviceStatus({ deviceId }, callOptions(context));
  if (status === DeviceStatus.ONLINE) return;
  throw new QfsError('DEVICE_OFFLINE', `${deviceId} is not online; reserve it when it is back.`, {
    metadata: { device_id: deviceId },
  });
}

function reservationMs(ttlSeconds: number): number {
  if (ttlSeconds >= RESERVATION_SECONDS_MIN && ttlSeconds <= RESERVATION_SECONDS_MAX)
    return ttlSeconds * 1000;
  throw new QfsError(
    'REQUEST_INVALID',
    `ttl_seconds is ${ttlSeconds}; ${RESERVATION_SECONDS_MIN} to ${RESERVATION_SECONDS_MAX} are allowed.`,
  );
}

function checkPurpose(purpose: string): void {
  if (purpose.length <= RESERVATION_PURPOSE_CHARS_MAX && !/\p{Cc}/u.test(purpose)) return;
  throw new QfsError(
    'REQUEST_INVALID',
    `purpose must be at most ${RESERVATION_PURPOSE_CHARS_MAX} characters, none of them a control character.`,
  );
}

type Numbers = Pick<DeviceInfo, 'queueDepth' | 'estimatedWaitSec'>;
const numbers = ({ queueDepth, estimatedWaitSec }: Numbers): Numbers => ({ queueDepth, estimatedWaitSec });

const aggregated = <Info extends Omit<DeviceInfo, '$typeName'>>(rooms: PipelineRooms, info: Info) => ({
  ...info,
  ...withOwnQueue(rooms, info),
});

/**
 * The device's own queue and ours: how long a job of ordinary priority would wait if it came now. Our part
 * counts with how long executions of late kept their slot; until one is on record, with what the device says
 * that it needs for each of its own.
 */
function withOwnQueue({ loads }: PipelineRooms, device: Numbers & { readonly deviceId: string }): Numbers {
  const load = loads.find(device.deviceId);
  if (load === undefined) return numbers(device);
  const declaredMs = (device.estimatedWaitSec * 1_000) / Math.max(1, device.queueDepth);
  const ownMs = load.waitFor(PRIORITY_DEFAULT, load.meanMs ?? declaredMs) ?? 0;
  return {
    queueDepth: device.queueDepth + load.slots.queue.depth,
    estimatedWaitSec: device.estimatedWaitSec + Math.ceil(ownMs / 1_000),
  };
}
