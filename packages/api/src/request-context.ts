import type { Randomness } from '@qfs/core';
import { hex } from '@qfs/core/exact';
import { type CallContext, readTraceparent, traceFields, writeTraceparent } from '@qfs/rpc';

const REQUEST_ID = /^[A-Za-z0-9._:@/+=-]{1,128}$/;
const SAMPLED = '01';

/** The id that names this request in answers and logs: the caller's own if it is one, else a new one. */
export function requestIdFrom(given: string | undefined, randomness: Randomness): string {
  if (given !== undefined && REQUEST_ID.test(given)) return given;
  return `req_${hex(randomness.bytes(12))}`;
}

/** A span of ours inside the caller's trace, or the first span of a new one. */
export function traceparentFrom(given: string | undefined, randomness: Randomness): string {
  const { traceId, flags } = readTraceparent(given) ?? {
    traceId: hex(randomness.bytes(16)),
    flags: SAMPLED,
  };
  return writeTraceparent({ traceId, spanId: hex(randomness.bytes(8)), flags });
}

export const traceIdOf = (context: Pick<CallContext, 'traceparent'>): string =>
  traceFields(context.traceparent).trace_id;
