import { callOptions, contextOf, type DeviceService, type ServiceImpl } from '@qfs/rpc';
import type { DoorDependencies } from '../door.ts';

/** DeviceService of the public contract: the kernel's aggregated view, passed on. */
export const deviceService = ({
  kernel,
}: Pick<DoorDependencies, 'kernel'>): ServiceImpl<typeof DeviceService> => ({
  listDevices: (request, handler) => kernel.listDevices(request, callOptions(contextOf(handler))),
  getDeviceDetails: (request, handler) => kernel.getDeviceDetails(request, callOptions(contextOf(handler))),
  getDeviceStatus: (request, handler) => kernel.getDeviceStatus(request, callOptions(contextOf(handler))),
  reserveDevice: (request, handler) => kernel.reserveDevice(request, callOptions(contextOf(handler))),
  listReservations: (request, handler) => kernel.listReservations(request, callOptions(contextOf(handler))),
  releaseReservation: (request, handler) =>
    kernel.releaseReservation(request, callOptions(contextOf(handler))),
});
