import { ERRORS, type ErrorCode, type Randomness } from '@qfs/core';

/** Pause before the second try; it doubles with every further one. */
export const RETRY_DELAY_MS_MIN = 50;
export const RETRY_DELAY_MS_MAX = 1_000;

/** The reason decides, never the gRPC status: two reasons of one status may differ. */
export const isRetryable = (code: ErrorCode): boolean => ERRORS[code].retryable;

/**
 * Pause before try number `failures + 1`: exponential, and between half and the whole of it at random so that
 * jobs which failed together do not come back together. A delay that the failure itself names is honoured.
 */
export function retryDelayMs(failures: number, randomness: Randomness, retryAfterMs = 0): number {
  let whole = RETRY_DELAY_MS_MIN;
  for (let failure = 1; failure < failures && whole < RETRY_DELAY_MS_MAX; failure++) whole *= 2;
  whole = Math.min(whole, RETRY_DELAY_MS_MAX);
  const [byte = 0] = randomness.bytes(1);
  return Math.max(retryAfterMs, Math.floor(whole / 2 + (whole * byte) / 510));
}
