import { createContextKey } from '@connectrpc/connect';
import type { Caller } from '../auth/caller.ts';
import type { RateState } from '../auth/rate-limiter.ts';
import type { DoorDependencies } from '../door.ts';
import type { Submit } from '../submission.ts';

/** What the handlers are given. */
export interface GrpcRooms extends DoorDependencies {
  readonly submit: Submit;
}

/** Who calls, beside the call context: handlers that speak of the caller itself read it. */
export const callerKey = createContextKey<Caller | undefined>(undefined, { description: 'caller' });

/** What is left of the caller's rate. */
export const rateKey = createContextKey<RateState | undefined>(undefined, {
  description: 'rate of the caller',
});
