import { setTimeout as sleep } from 'node:timers/promises';
import type { JobUpdate } from '@qfs/rpc/api';

const SILENCE = Symbol('silence');

/**
 * The updates as they come; in a silence the last one again, marked as heartbeat, so that proxies keep the
 * stream open and the client knows that it lives.
 */
export async function* withHeartbeats(
  updates: AsyncIterable<JobUpdate>,
  everyMs: number,
  jobId: string,
): AsyncGenerator<Omit<JobUpdate, '$typeName'> | { jobId: string; heartbeat: true }> {
  const iterator = updates[Symbol.asyncIterator]();
  let last: Omit<JobUpdate, '$typeName'> | { jobId: string } = { jobId };
  let pending = iterator.next();
  try {
    for (;;) {
      const silence = new AbortController();
      const quiet = sleep(everyMs, SILENCE, { signal: silence.signal }).catch(() => SILENCE);
      const next = await Promise.race([pending, quiet]);
      silence.abort();
      if (typeof next === 'symbol') {
        yield { ...last, heartbeat: true };
        continue;
      }
      if (next.done === true) return;
      const { $typeName: _, ...update } = next.value;
      last = update;
      yield update;
      pending = iterator.next();
    }
  } finally {
    pending.catch(() => undefined);
    iterator.return?.().catch(() => undefined);
  }
}
