import type { QfsError } from '@qfs/core';
import { type CallContext, traceFields } from '@qfs/rpc';
import type { FastifyReply } from 'fastify';
import { countInvalid, type DoorDependencies, isOurFault } from '../door.ts';

/**
 * What every refusal does beside its body: our own faults go to the log, and headers say which credentials
 * are wanted, and when to come again.
 */
export function noteFailure(
  reply: FastifyReply,
  { requestId, traceparent }: Pick<CallContext, 'requestId' | 'traceparent'>,
  error: QfsError,
  { logger, metrics }: Pick<DoorDependencies, 'logger' | 'metrics'>,
): void {
  countInvalid(metrics, error);
  if (isOurFault(error)) {
    const ids = { request_id: requestId, ...traceFields(traceparent) };
    logger.error({ ...ids, code: error.code, err: error.cause ?? error }, error.message);
  }
  if (error.code === 'AUTH_MISSING') reply.header('www-authenticate', 'Bearer realm="qfs"');
  if (error.retryAfterMs !== undefined) {
    reply.header('retry-after', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
  }
}
