import { sweepArtifacts } from '@qfs/circuitfs';
import { type JobStore, Retention } from '@qfs/kernel';
import { type BlobStore, systemClock as clock } from '@qfs/storage';
import type { Logger } from 'pino';
import { Effects } from './effects.ts';
import type { Store } from './store.ts';
import { systemTimers as timers } from './timers.ts';

const SWEEP_MS = 3_600_000;

export interface ByteKeeperOptions {
  readonly store: Store;
  readonly jobs: JobStore;
  readonly blobs: BlobStore;
  readonly logger: Logger;
}

/**
 * Sees that bytes go which nobody keeps: those of jobs whose time is over, those that entries gave up, and
 * those that no job ever named.
 */
export class ByteKeeper {
  readonly #options: ByteKeeperOptions;
  readonly #retention: Retention;
  readonly #effects: Effects;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: ByteKeeperOptions) {
    this.#options = options;
    const { store, jobs, blobs, logger } = options;
    const { writer, reader, log } = store;
    this.#retention = new Retention({
      ...{ store: jobs, clock, timers },
      retentionS: () => log.pace().resultRetentionS,
      onExpired: (count) => logger.info({ jobs: count }, 'results expired'),
      onError: (error) => logger.warn({ err: error }, 'results could not expire; it is tried again'),
    });
    this.#effects = new Effects({
      ...{ writer, reader, timers },
      tidyUp: () => blobs.removeReleased(),
      onError: (error) => logger.warn({ err: error }, 'artifacts could not be let go; it is tried again'),
    });
  }

  start(): void {
    this.#effects.start();
    this.#retention.start();
    this.#sweeper = setInterval(() => void this.#sweep(), SWEEP_MS).unref();
  }

  /** Something was committed. */
  wake(): void {
    this.#effects.wake();
  }

  async stop(): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#retention.stop();
    await this.#effects.stop();
  }

  async #sweep(): Promise<void> {
    const { store, blobs, logger } = this.#options;
    try {
      const swept = await sweepArtifacts({ writer: store.writer, blobs, clock });
      if (swept.jobs + swept.files > 0) logger.info(swept, 'swept artifacts that no job refers to');
    } catch (error) {
      logger.warn({ err: error }, 'the sweep of artifacts failed; it is tried again');
    }
  }
}
