import type { Clock, Timers } from '@qfs/core';
import type { JobStore } from './store/job-store.ts';

/** The longest time between two looks; a shorter retention is looked after as often as it is long. */
const PAUSE_MS_MAX = 60_000;
const PAUSE_MS_MIN = 1_000;
/** Jobs per transaction, so that nobody waits long for it. */
const JOBS_PER_TRANSACTION = 100;

export interface RetentionOptions {
  readonly store: Pick<JobStore, 'expire'>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** `result_retention_s` as it stands in the log now: seconds; 0 keeps results for ever. */
  readonly retentionS: () => number;
  /** So many jobs expired. */
  readonly onExpired: (jobs: number) => void;
  /** What failed is tried again at the next look. */
  readonly onError: (error: unknown) => void;
}

/** Gives up the bytes of jobs that ended longer ago than they are kept, those that ended first, first. */
export class Retention {
  readonly #options: RetentionOptions;
  #cancel: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** Looks now, and from then on now and then. */
  start(): void {
    this.#running = this.#look().then((pauseMs) => {
      if (!this.#stopped) this.#cancel = this.#options.timers.after(pauseMs, () => this.start());
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#running;
  }

  /** Milliseconds until the next look. */
  async #look(): Promise<number> {
    const { retentionS, onError } = this.#options;
    try {
      const retentionMs = retentionS() * 1_000;
      if (retentionMs === 0) return PAUSE_MS_MAX;
      await this.#expire(retentionMs);
      return Math.min(PAUSE_MS_MAX, Math.max(PAUSE_MS_MIN, retentionMs));
    } catch (error) {
      if (!this.#stopped) onError(error);
      return PAUSE_MS_MAX;
    }
  }

  async #expire(retentionMs: number): Promise<void> {
    const { store, clock, onExpired } = this.#options;
    const argument = {
      endedBeforeMs: Math.max(0, clock.nowMs() - retentionMs),
      jobsMax: JOBS_PER_TRANSACTION,
    };
    let expired = 0;
    for (let last = JOBS_PER_TRANSACTION; last === JOBS_PER_TRANSACTION && !this.#stopped; expired += last) {
      last = await store.expire(argument);
    }
    if (expired > 0) onExpired(expired);
  }
}
