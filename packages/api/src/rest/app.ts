import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { CallContext } from '@qfs/rpc';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Caller } from '../auth/caller.ts';
import type { Permission } from '../auth/permissions.ts';
import type { DoorDependencies } from '../door.ts';
import type { Submit } from '../submission.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, for how long, in which trace. Identity is there on routes that demand a permission. */
    call: CallContext;
    /** On routes that demand a permission, or to know who calls. */
    caller: Caller;
    startedMs: number;
  }
  interface FastifyContextConfig {
    /** `identity`: whoever has credentials. Without it the route is served to anybody. */
    permission?: Permission | 'identity';
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
