import { ERRORS, type ErrorCode, type Randomness } from '@qfs/core';

/** How a job is tried again. Durations in milliseconds. */
export interface RetryPolicy {
  /** Pause before the second try; it doubles with every further one. */
  readonly delayMsMin: number;
  readonly delayMsMax: number;
  /** No try begins later than this after the first failure; absent: attempts alone are bounded. */
  readonly elapsedMsMax?: number;
}

export const RETRY_DEFAULTS: RetryPolicy = { delayMsMin: 50, delayMsMax: 1_000 };

/** The reason decides, never the gRPC status: two reasons of one status may differ. */
export const isRetryable = (code: ErrorCode): boolean => ERRORS[code].retryable;

/**
 * Pause before try number `failures + 1`: exponential, and between half and the whole of it at random so that
 * jobs which failed together do not come back together. A delay that the failure itself names is honoured.
 */
export function retryDelayMs(
  failures: number,
  randomness: Randomness,
  retryAfterMs = 0,
  { delayMsMin, delayMsMax }: RetryPolicy = RETRY_DEFAULTS,
): number {
  let whole = delayMsMin;
  for (let failure = 1; failure < failures && whole < delayMsMax; failure++) whole *= 2;
  whole = Math.min(whole, delayMsMax);
  const [byte = 0] = randomness.bytes(1);
  return Math.max(retryAfterMs, Math.floor(whole / 2 + (whole * byte) / 510));
}
