import { QfsError } from '@qfs/core';
import type { Tracer } from '@qfs/rpc';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The pattern of the route, so that paths do not multiply what is counted; one word for everything else. */
export const endpointOf = (request: FastifyRequest): string => request.routeOptions?.url ?? 'unknown';

/**
 * Begins the span of a request, which ends when nothing more will be sent of its answer, however that comes.
 * @returns the span's traceparent
 */
export function beginSpan(
  tracer: Tracer,
  request: FastifyRequest,
  reply: FastifyReply,
  given: string | undefined,
): string {
  const route = endpointOf(request);
  const span = tracer.startSpan(`${request.method} ${route}`, 'server', given, {
    'http.request.method': request.method,
    'http.route': route,
  });
  reply.raw.once('close', () => {
    const { statusCode, writableFinished } = reply.raw;
    span.add({ 'http.response.status_code': statusCode, request_id: request.call.requestId });
    if (!writableFinished)
      span.end(new QfsError('CANCELLED', 'The caller left before the end of the answer.'));
    else span.end(statusCode < 500 ? undefined : new QfsError('INTERNAL', `Answered with ${statusCode}.`));
  });
  return span.traceparent;
}
