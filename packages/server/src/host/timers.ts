import type { Timers } from '@qfs/core';

/** The longest delay the event loop takes: 24.8 days. Longer ones are waited for in pieces. */
const TIMER_MS_MAX = 2_147_483_647;

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
