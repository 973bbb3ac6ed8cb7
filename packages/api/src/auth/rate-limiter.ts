import { RATE_KEYS_MAX } from '@qfs/core';

interface Bucket {
  tokens: number;
  atMs: number;
}

export interface Rate {
  /** Refilled evenly. */
  readonly perSecond: number;
  /** What may come at once after a pause; default: the requests of one second. */
  readonly burst?: number;
}

export interface RateState {
  readonly allowed: boolean;
  readonly limit: number;
  /** Requests that would be allowed now. */
  readonly remaining: number;
  /** Until the next request is allowed; 0 when it is. */
  readonly retryAfterMs: number;
}

/**
 * Token buckets by key. The buckets of the keys that were seen last are kept, `keysMax` of them: one that was
 * forgotten begins full.
 */
export class RateLimiter {
  readonly #keysMax: number;
  /** In the order of last use. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(keysMax: number = RATE_KEYS_MAX) {
    this.#keysMax = keysMax;
  }

  /** Takes one request from the bucket of `key` if it holds one. Time is monotonic. */
  take(key: string, rate: Rate, nowMs: number): RateState {
    const burst = Math.max(1, rate.burst ?? rate.perSecond);
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    const refilled = bucket.tokens + ((nowMs - bucket.atMs) / 1000) * rate.perSecond;
    const tokens = Math.min(burst, refilled);
    const allowed = tokens >= 1;
    bucket.tokens = allowed ? tokens - 1 : tokens;
    bucket.atMs = nowMs;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#keysMax) this.#buckets.delete(this.#buckets.keys().next().value!);
    const retryAfterMs = bucket.tokens >= 1 ? 0 : Math.ceil(((1 - bucket.tokens) / rate.perSecond) * 1000);
    return { allowed, limit: rate.perSecond, remaining: Math.floor(bucket.tokens), retryAfterMs };
  }
}

/**
 * What a client is told of its rate: so many per second, so many left now, so many seconds until the next.
 */
export const rateHeaders = ({ limit, remaining, retryAfterMs }: RateState): Record<string, string> => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(Math.ceil(retryAfterMs / 1000)),
});
