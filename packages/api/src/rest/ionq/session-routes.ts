import type { JsonInput } from '@qfs/core/json';
import { callOptions } from '@qfs/rpc';
import type { App, RestRooms } from '../app.ts';
import { documented, JobParams } from '../schemas.ts';
import { deviceOf } from './backend-names.ts';
import { IONQ } from './error-shape.ts';
import { CreateSession, ionqRefusals } from './schemas.ts';
import type { Sessions } from './sessions.ts';

const tags = ['ionq'];
const config = { permission: 'jobs:submit' } as const;
const answer = documented('The session.');

export function ionqSessionRoutes(app: App, { kernel }: RestRooms, sessions: Sessions): void {
  app.post(
    `${IONQ}/sessions`,
    {
      config,
      schema: {
        operationId: 'ionqCreateSession',
        tags,
        summary: 'A name that jobs can share; nothing is reserved',
        body: CreateSession,
        response: { 201: answer, ...ionqRefusals },
      },
    },
    async ({ body, call }, reply) => {
      await kernel.getDeviceStatus({ deviceId: deviceOf(body.backend) }, callOptions(call));
      const session = sessions.create(call.identity, body.backend, body.settings ?? {}, Date.now());
      return reply.code(201).send(session as JsonInput);
    },
  );

  app.get(
    `${IONQ}/sessions/:id`,
    {
      config: { permission: 'jobs:read' },
      schema: {
        operationId: 'ionqGetSession',
        tags,
        summary: 'A session',
        params: JobParams,
        response: { 200: answer, ...ionqRefusals },
      },
    },
    async ({ params, call }, reply) => reply.send(sessions.get(call.identity, params.id)),
  );

  app.post(
    `${IONQ}/sessions/:id/end`,
    {
      config,
      schema: {
        operationId: 'ionqEndSession',
        tags,
        summary: 'End a session; jobs that have its name go on',
        params: JobParams,
        response: { 200: answer, ...ionqRefusals },
      },
    },
    async ({ params, call }, reply) => reply.send(sessions.end(call.identity, params.id, Date.now())),
  );
}
