import { type ErrorCode, QfsError } from '@qfs/core';
import type { KernelOptions } from '../options.ts';
import { retryDelayMs } from '../retry.ts';
import { pause } from '../waiting.ts';

type Ports = Pick<KernelOptions, 'timers' | 'randomness'>;

/** A role of the platform restarts: it took nothing, or what it took may be asked for again. */
const AWAY: readonly ErrorCode[] = ['ROLE_UNAVAILABLE', 'SHUTTING_DOWN'];
/** The store may have these and be well again later; nothing else about a write passes by itself. */
const WRITE_PASSING: readonly ErrorCode[] = [...AWAY, 'STORE_UNAVAILABLE', 'STORAGE_FULL'];

export const isAway = (error: QfsError): boolean => AWAY.includes(error.code);

/** Repeats a write until the store takes it. A store that is away is no failure of the job. */
export const persist = <Value>(ports: Ports, signal: AbortSignal, write: () => Promise<Value>) =>
  repeated(ports, signal, WRITE_PASSING, write);

/**
 * Repeats a call of another role while that role is away. A role that restarts is no failure of the job
 * either: the limit of the job's state alone ends the wait. The call must be harmless to repeat.
 */
export const patiently = <Value>(ports: Ports, signal: AbortSignal, call: () => Promise<Value>) =>
  repeated(ports, signal, AWAY, call);

async function repeated<Value>(
  { timers, randomness }: Ports,
  signal: AbortSignal,
  passing: readonly ErrorCode[],
  run: () => Promise<Value>,
): Promise<Value> {
  for (let failures = 1; ; failures++) {
    try {
      return await run();
    } catch (thrown) {
      const { code, retryAfterMs } = QfsError.from(thrown);
      if (!passing.includes(code)) throw thrown;
      await pause(timers, retryDelayMs(failures, randomness, retryAfterMs), signal);
    }
  }
}
