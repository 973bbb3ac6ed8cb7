import { type PendingEffect, readEffects } from '@qfs/consensus/local';
import { assert, type SqlDatabase, type StoreCall, type StoreWriter, type Timers } from '@qfs/core';
import { decodeCbor } from '@qfs/core/exact';

/** Effects carried out together; the next ones follow at once. */
const EFFECTS_PER_PASS = 64;
/** After a failure, a store that is away for example. */
const RETRY_MS = 10_000;

/** How each kind of effect is carried out: by a call that changes nothing when it comes a second time. */
const CARRIED_OUT: Readonly<Record<string, (body: ReadonlyMap<string, unknown>) => StoreCall>> = {
  release_artifacts: (body) => ({ operation: 'artifacts.release', argument: { jobId: body.get('job_id') } }),
};

export interface EffectsOptions {
  readonly writer: StoreWriter;
  /** A read-only connection to the same file. */
  readonly reader: SqlDatabase;
  readonly timers: Timers;
  /** Removes from the disk what effects have released; safe to repeat. */
  readonly tidyUp: () => Promise<unknown>;
  /** What failed is tried again. */
  readonly onError: (error: unknown) => void;
}

/**
 * Carries out what entries left to be done. The queue is a table of the log, written with the entry; an
 * effect leaves it in the transaction that carries it out, so a process that dies at any moment loses none.
 */
export class Effects {
  readonly #options: EffectsOptions;
  #running: Promise<void> | undefined;
  #cancelRetry: (() => void) | undefined;
  #stopped = false;

  constructor(options: EffectsOptions) {
    this.#options = options;
  }

  /** Takes up what an earlier process left. */
  start(): void {
    this.#run();
  }

  /** Something was committed. Never throws: whoever commits has done its part. */
  wake(): void {
    if (this.#stopped || this.#running !== undefined || this.#cancelRetry !== undefined) return;
    try {
      if (readEffects(this.#options.reader, 1).length > 0) this.#run();
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** Ends what is under way and does nothing more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry?.();
    await this.#running;
  }

  #run(): void {
    this.#cancelRetry = undefined;
    this.#running = this.#drain().then(
      () => {
        this.#running = undefined;
        this.wake();
      },
      (error: unknown) => {
        this.#running = undefined;
        if (this.#stopped) return;
        this.#cancelRetry = this.#options.timers.after(RETRY_MS, () => this.#run());
        this.#options.onError(error);
      },
    );
  }

  async #drain(): Promise<void> {
    const { writer, reader, tidyUp } = this.#options;
    let effects = readEffects(reader, EFFECTS_PER_PASS);
    while (effects.length > 0 && !this.#stopped) {
      await Promise.all(effects.map((effect) => writer.transact(callsOf(effect))));
      effects = readEffects(reader, EFFECTS_PER_PASS);
    }
    if (!this.#stopped) await tidyUp();
  }
}

function callsOf({ index, n, kind, body }: PendingEffect): StoreCall[] {
  const carryOut = CARRIED_OUT[kind];
  const decoded = decodeCbor(body);
  assert(carryOut !== undefined, () => `entry ${index} left an effect of the unknown kind ${kind}`);
  assert(decoded.ok && decoded.value instanceof Map, () => `effect ${n} of entry ${index} is a map`);
  return [carryOut(decoded.value), { operation: 'log.settle_effect', argument: { index, n } }];
}
