import { IDENTITY_HEADERS } from '@qfs/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createGate } from '../auth/gate.ts';
import { type RateState, rateHeaders } from '../auth/rate-limiter.ts';
import type { DoorDependencies } from '../door.ts';

/** Finds out who calls and whether that is allowed, before anything of the body is read. */
export function admission(
  options: DoorDependencies,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const gate = createGate(options);
  return async (request, reply) => {
    const remoteAddress = options.clientAddress(request.ip, headerOf(request, 'x-forwarded-for'));
    const onRate = (state: RateState): void => void reply.headers(rateHeaders(state));
    request.call = { ...request.call, remoteAddress };
    const { permission } = request.routeOptions.config;
    if (permission === undefined) return gate.admitAnybody({ remoteAddress, onRate });
    const knock = {
      ...{ remoteAddress, onRate, call: request.call },
      authorization: request.headers.authorization,
      host: request.headers.host,
      tenant: headerOf(request, IDENTITY_HEADERS.tenantId),
      project: headerOf(request, IDENTITY_HEADERS.projectId),
      resource: `${request.method} ${request.url.split('?')[0]}`,
    };
    request.caller = await gate.admit(knock, permission);
    request.call = { ...request.call, identity: request.caller.identity };
  };
}

/** A header that came once. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
