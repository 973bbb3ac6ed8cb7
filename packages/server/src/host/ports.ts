import { randomBytes } from 'node:crypto';
import type { Clock, Randomness, Timers } from '@qfs/core';

/** The machine's clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** The operating system's randomness. */
export const systemRandomness: Randomness = { bytes: (length) => new Uint8Array(randomBytes(length)) };

const TIMER_MS_MAX = 2_147_483_647;

/** Timers of the event loop. Delays beyond its 24.8 days are waited for in pieces. */
export const systemTimers: Timers = {
  after(delayMs, run) {
    let handle: NodeJS.Timeout;
    const arm = (left: number): void => {
      const piece = Math.min(left, TIMER_MS_MAX);
      handle = setTimeout(() => (left > piece ? arm(left - piece) : run()), piece);
    };
    arm(Math.max(0, delayMs));
    return () => clearTimeout(handle);
  },
};
