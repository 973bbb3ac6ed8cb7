import type { Timers } from '@qfs/core';

/** Settles with the promise, or rejects with the signal's reason as soon as it fires. */
export async function orAbort<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Resolves after the delay, or rejects with the signal's reason. */
export async function pause(timers: Timers, delayMs: number, signal: AbortSignal): Promise<void> {
  const elapsed = Promise.withResolvers<void>();
  const stop = timers.after(delayMs, elapsed.resolve);
  try {
    await orAbort(elapsed.promise, signal);
  } finally {
    stop();
  }
}
