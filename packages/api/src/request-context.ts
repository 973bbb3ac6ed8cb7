import type { Randomness } from '@qfs/core';
import { hex } from '@qfs/core/exact';
import type { CallContext } from '@qfs/rpc';

const REQUEST_ID = /^[A-Za-z0-9._:@/+=-]{1,128}$/;
/** W3C Trace Context, version 00: trace id and parent id are not all zeros. */
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?$/;
const SAMPLED = '01';

/** The id that names this request in answers and logs: the caller's own if it is one, else a new one. */
export function requestIdFrom(given: string | undefined, randomness: Randomness): string {
  if (given !== undefined && REQUEST_ID.test(given)) return given;
  return `req_${hex(randomness.bytes(12))}`;
}

/** A span of ours inside the caller's trace, or the first span of a new one. */
export function traceparentFrom(given: string | undefined, randomness: Randomness): string {
  const [, traceId, flags] = (given !== undefined && TRACEPARENT.exec(given)) || [];
  return `00-${traceId ?? hex(randomness.bytes(16))}-${hex(randomness.bytes(8))}-${flags ?? SAMPLED}`;
}

export const traceIdOf = (context: Pick<CallContext, 'traceparent'>): string =>
  context.traceparent.slice(3, 35);
