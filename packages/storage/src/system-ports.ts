import { randomFillSync } from 'node:crypto';
import type { Clock, Randomness } from '@qfs/core';

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** Asking the system costs far more than the few bytes of an id, so it is asked for many of them at once. */
const POOL_BYTES = 4096;

/** Randomness of the operating system; bytes that were given out are wiped from the pool. */
function pooledRandomness(): Randomness {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return {
    bytes(length) {
      if (length > POOL_BYTES) return randomFillSync(new Uint8Array(length));
      if (used + length > POOL_BYTES) {
        randomFillSync(pool);
        used = 0;
      }
      const bytes = pool.slice(used, used + length);
      pool.fill(0, used, used + length);
      used += length;
      return bytes;
    },
  };
}

export const systemRandomness: Randomness = pooledRandomness();
