import { Type } from '@fastify/type-provider-typebox';
import { callOptions, deviceStatusName } from '@qfs/rpc';
import { deviceJson } from '@qfs/rpc/json';
import type { App, RestRooms } from './app.ts';
import { DeviceParams, documented, problemResponses } from './schemas.ts';

const DevicesQuery = Type.Object(
  { backend_type: Type.Optional(Type.String({ description: 'For example simulator.' })) },
  { additionalProperties: false },
);

/** Devices as the scheduler sees them. */
export function deviceRoutes(app: App, { kernel }: RestRooms): void {
  app.get(
    '/api/v1/devices',
    {
      config: { permission: 'devices:list' },
      schema: {
        operationId: 'listDevices',
        tags: ['devices'],
        summary: 'Devices that jobs can name as their target',
        querystring: DevicesQuery,
        response: { 200: documented('`{devices}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { backend_type: backendType = '' } = request.query;
      const { devices } = await kernel.listDevices({ backendType }, callOptions(request.call));
      return reply.send({ devices: devices.map(deviceJson) });
    },
  );

  app.get(
    '/api/v1/devices/:id',
    {
      config: { permission: 'devices:list' },
      schema: {
        operationId: 'getDevice',
        tags: ['devices'],
        summary: 'One device and its capabilities',
        params: DeviceParams,
        response: { 200: documented('The device.'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { device } = await kernel.getDeviceDetails(
        { deviceId: request.params.id },
        callOptions(request.call),
      );
      return reply.send(deviceJson(device!));
    },
  );

  app.get(
    '/api/v1/devices/:id/status',
    {
      config: { permission: 'devices:status' },
      schema: {
        operationId: 'getDeviceStatus',
        tags: ['devices'],
        summary: 'Status, queue and expected wait of one device',
        params: DeviceParams,
        response: { 200: documented('The status.'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const answer = await kernel.getDeviceStatus({ deviceId: request.params.id }, callOptions(request.call));
      return reply.send({
        device_id: answer.deviceId,
        status: deviceStatusName(answer.status),
        queue_depth: answer.queueDepth,
        estimated_wait_seconds: answer.estimatedWaitSec,
        metadata: answer.metadata,
      });
    },
  );
}
