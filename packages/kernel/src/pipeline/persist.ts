import { QfsError } from '@qfs/core';
import type { KernelOptions } from '../options.ts';
import { retryDelayMs } from '../retry.ts';
import { pause } from '../waiting.ts';

/** The store may have these and be well again later; nothing else about a write passes by itself. */
const PASSING: ReadonlySet<string> = new Set(['STORE_UNAVAILABLE', 'STORAGE_FULL']);

/** Repeats a write until the store takes it. A store that is away is no failure of the job. */
export async function persist<Value>(
  { timers, randomness }: Pick<KernelOptions, 'timers' | 'randomness'>,
  signal: AbortSignal,
  write: () => Promise<Value>,
): Promise<Value> {
  for (let failures = 1; ; failures++) {
    try {
      return await write();
    } catch (thrown) {
      if (!PASSING.has(QfsError.from(thrown).code)) throw thrown;
      await pause(timers, retryDelayMs(failures, randomness), signal);
    }
  }
}
