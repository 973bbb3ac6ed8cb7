import { Type } from '@fastify/type-provider-typebox';
import { RESERVATION_PURPOSE_CHARS_MAX, RESERVATION_SECONDS_MAX, RESERVATION_SECONDS_MIN } from '@qfs/core';
import { callOptions } from '@qfs/rpc';
import { reservationJson, reservedJson } from '@qfs/rpc/json';
import type { App, RestRooms } from './app.ts';
import { documented, problemResponses } from './schemas.ts';

const ReservationRequest = Type.Object(
  {
    device_id: Type.String({ description: 'For example sim:local.' }),
    ttl_seconds: Type.Integer({ minimum: RESERVATION_SECONDS_MIN, maximum: RESERVATION_SECONDS_MAX }),
    purpose: Type.Optional(
      Type.String({ maxLength: RESERVATION_PURPOSE_CHARS_MAX, description: 'For people.' }),
    ),
  },
  { additionalProperties: false },
);
const ReservationsQuery = Type.Object(
  { device_id: Type.Optional(Type.String({ description: 'Those of this device alone.' })) },
  { additionalProperties: false },
);
const ReservationParams = Type.Object({ id: Type.String({ description: 'Reservation id, `res_…`.' }) });

const config = { permission: 'devices:reserve' } as const;

/** Leases of slots of a device. */
export function reservationRoutes(app: App, { kernel }: RestRooms): void {
  app.post(
    '/api/v1/reservations',
    {
      config,
      schema: {
        operationId: 'reserveDevice',
        tags: ['devices'],
        summary: 'Keep a slot of a device for jobs that name the reservation, until it ends by itself',
        body: ReservationRequest,
        response: { 201: documented('`{reservation_id, device_id, expires_at}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { device_id: deviceId, ttl_seconds: ttlSeconds, purpose = '' } = request.body;
      const answer = await kernel.reserveDevice({ deviceId, ttlSeconds, purpose }, callOptions(request.call));
      return reply.code(201).send(reservedJson(deviceId, answer));
    },
  );

  app.get(
    '/api/v1/reservations',
    {
      config,
      schema: {
        operationId: 'listReservations',
        tags: ['devices'],
        summary: 'Reservations of the project that are in force',
        querystring: ReservationsQuery,
        response: { 200: documented('`{reservations}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { device_id: deviceId = '' } = request.query;
      const { reservations } = await kernel.listReservations({ deviceId }, callOptions(request.call));
      return reply.send({ reservations: reservations.map(reservationJson) });
    },
  );

  app.delete(
    '/api/v1/reservations/:id',
    {
      config,
      schema: {
        operationId: 'releaseReservation',
        tags: ['devices'],
        summary: 'Give a reservation back before it ends by itself',
        params: ReservationParams,
        response: { 200: documented('`{reservation_id}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      const reservationId = request.params.id;
      await kernel.releaseReservation({ reservationId }, callOptions(request.call));
      return reply.send({ reservation_id: reservationId });
    },
  );
}
