import type { IteratedArgument, LeaseResult } from '../store/operations.ts';
import type { Circuit } from './compile-job.ts';
import type { AskedIteration, HybridJob } from './hybrid-job.ts';
import { persist } from './persist.ts';
import type { PipelineRooms } from './rooms.ts';

/** Iterations that one write takes. */
const WRITTEN_AT_ONCE = 100;
/** Between two writes, so that a fast search does not pay for a commit with every iteration. */
const WRITE_PAUSE_MS = 20;

type Iterated = IteratedArgument['iterations'][number];

/** Writes what a search was told behind the search, in order, as many iterations at once as have come. */
export class IterationLog {
  readonly #rooms: PipelineRooms;
  readonly #lease: LeaseResult & { readonly jobId: string };
  readonly #waiting: Iterated[] = [];
  #writing: Promise<void> | undefined;
  #failure: { readonly thrown: unknown } | undefined;
  /** Resolves when somebody waits for what was added: from then on there are no pauses. */
  readonly #hurry = Promise.withResolvers<void>();
  #hurried = false;

  constructor(rooms: PipelineRooms, jobId: string, lease: LeaseResult) {
    this.#rooms = rooms;
    this.#lease = { jobId, ...lease };
  }

  /** @throws what an earlier write met */
  add(iterated: Iterated): void {
    if (this.#failure !== undefined) throw this.#failure.thrown;
    this.#waiting.push(iterated);
    this.#writing ??= this.#write();
  }

  /** Resolves when everything that was added is durable. */
  async settled(): Promise<void> {
    this.#hurried = true;
    this.#hurry.resolve();
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure.thrown;
  }

  async #pause(): Promise<void> {
    if (this.#hurried) return;
    const over = Promise.withResolvers<void>();
    const stop = this.#rooms.timers.after(WRITE_PAUSE_MS, over.resolve);
    await Promise.race([over.promise, this.#hurry.promise]);
    stop();
  }

  async #write(): Promise<void> {
    const { metrics, store, stopping, updates } = this.#rooms;
    try {
      while (this.#waiting.length > 0) {
        const iterations = this.#waiting.splice(0, WRITTEN_AT_ONCE);
        await persist(this.#rooms, stopping, () => store.iterated({ ...this.#lease, iterations }));
        metrics.count('eigen_kernel_iterations_total', {}, iterations.length);
        updates.notify(this.#lease.jobId);
        if (this.#waiting.length < WRITTEN_AT_ONCE) await this.#pause();
      }
    } catch (thrown) {
      this.#failure = { thrown };
    } finally {
      this.#writing = undefined;
    }
  }
}

/**
 * Runs the searches of a job to their ends. Where an evaluation may be repeated, what it gave is written
 * behind the search; elsewhere it is durable before the next one begins.
 */
export async function runSearch(
  hybrid: HybridJob,
  circuits: readonly Circuit[],
  log: IterationLog,
  {
    isRepeatable,
    evaluate,
  }: {
    readonly isRepeatable: boolean;
    /** The results document of an iteration; throws when the search is to stop. */
    readonly evaluate: (asked: AskedIteration) => Promise<Uint8Array>;
  },
): Promise<void> {
  try {
    for (let asked = hybrid.next(circuits); asked !== undefined; asked = hybrid.next(circuits)) {
      log.add(hybrid.tell(asked, await evaluate(asked)));
      if (!isRepeatable) await log.settled();
    }
  } finally {
    await log.settled();
  }
}
