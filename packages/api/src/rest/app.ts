import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { CallContext } from '@qfs/rpc';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { DoorDependencies } from '../door.ts';
import type { Permission } from '../request-context.ts';
import type { Submit } from '../submission.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, for how long, in which trace. Identity is there on routes that demand a permission. */
    call: CallContext;
    startedMs: number;
  }
  interface FastifyContextConfig {
    permission?: Permission;
  }
}

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What the routes are given. */
export interface RestRooms extends DoorDependencies {
  readonly submit: Submit;
}
