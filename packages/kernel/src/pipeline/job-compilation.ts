import { QfsError } from '@qfs/core';
import type { CallContext } from '@qfs/rpc';
import type { DeviceFacts } from '../devices.ts';
import type { JobSpec } from '../spec/job-spec.ts';
import type { JobRow, ManifestEntry } from '../store/rows.ts';
import type { Ticket } from '../ticket-heap.ts';
import { orAbort } from '../waiting.ts';
import { storeArtifacts } from './artifacts.ts';
import { type CompiledJob, compileJob, PLAN_TYPE } from './compile-job.ts';
import { HybridJob, isHybrid } from './hybrid-job.ts';
import type { JobClock } from './job-clock.ts';
import { isAway, patiently, persist } from './persist.ts';
import type { PipelineRooms } from './rooms.ts';

export interface CompilingJob {
  readonly job: JobRow;
  readonly clock: JobClock;
  readonly ticket: Ticket;
  readonly context: CallContext & { readonly signal: AbortSignal };
  readonly spec: () => JobSpec;
}

/** The compilation of one job: made for its device, kept with the job, held in memory while there is room. */
export class JobCompilation {
  readonly #rooms: PipelineRooms;
  readonly #of: CompilingJob;
  #held: CompiledJob | undefined;
  #target: Uint8Array | undefined;
  #manifest: readonly ManifestEntry[];

  constructor(rooms: PipelineRooms, of: CompilingJob) {
    this.#rooms = rooms;
    this.#of = of;
    const { job } = of;
    this.#manifest = job.compiledDigest === null ? [] : rooms.store.manifest(job, job.jobId, 'compiled');
  }

  /** What it left; empty before it is durable. */
  get manifest(): readonly ManifestEntry[] {
    return this.#manifest;
  }

  /** Does its manifest name a plan? */
  get isHybrid(): boolean {
    return this.#manifest.some(({ type }) => type === PLAN_TYPE);
  }

  /** The compiled batch, compiled again if it is not held. */
  async of(attempt: number): Promise<CompiledJob> {
    return this.#held ?? (await this.compile(attempt));
  }

  /** Compiles the whole batch and keeps it with the attempt; a later compilation must give the same bytes. */
  async compile(attempt: number): Promise<CompiledJob> {
    const { compileSlots, held } = this.#rooms;
    const { ticket, context, job, spec } = this.#of;
    const { signal } = context;
    this.drop();
    const device = await this.#device();
    // A device that is calibrated anew between two attempts must not change what the job is.
    this.#target ??= device?.compileTarget;
    const release = await compileSlots.acquire(ticket, signal);
    try {
      const begun = this.#begin();
      const target = this.#target ?? new Uint8Array();
      const work = patiently(this.#rooms, signal, () =>
        compileJob(this.#rooms, context, job.jobId, spec(), target),
      );
      const compiled = await orAbort(work, signal).catch(async (thrown: unknown) => {
        await begun;
        throw thrown;
      });
      if (held.take(compiled.bytes)) {
        // Its memory is accounted for: others may compile while it is written.
        this.#held = compiled;
        release();
      }
      await this.#keep(attempt, compiled, begun);
      // What cannot be run is refused before it waits for a device.
      if (device !== undefined && isHybrid(compiled)) {
        new HybridJob({ spec: spec(), seed: job.seed, device }, compiled);
      }
      return compiled;
    } finally {
      release();
    }
  }

  /** Gives up the memory. */
  drop(): void {
    if (this.#held !== undefined) this.#rooms.held.give(this.#held.bytes);
    this.#held = undefined;
  }

  /** The device, if anybody knows it now; who runs the job finds out for good. */
  async #device(): Promise<DeviceFacts | undefined> {
    const { job, context } = this.#of;
    try {
      return await patiently(this.#rooms, context.signal, () =>
        this.#rooms.devices.find(job.target, context),
      );
    } catch (thrown) {
      context.signal.throwIfAborted();
      if (isAway(QfsError.from(thrown))) throw thrown;
      return undefined;
    }
  }

  /** Nothing waits for this write but what tells of the compilation's end. */
  async #begin(): Promise<void> {
    const { clock, job, context } = this.#of;
    if (clock.state !== 'PENDING') return;
    const argument = { jobId: job.jobId, message: 'Compiling.', deadlineMs: clock.dueMs('COMPILING') };
    try {
      await persist(this.#rooms, context.signal, () => this.#rooms.store.startCompile(argument));
    } catch {
      // The write of the compilation, or of the job's end, meets the same failure and reports it.
      return;
    }
    clock.enter('COMPILING');
  }

  async #keep(attempt: number, { artifacts, digest }: CompiledJob, begun: Promise<void>): Promise<void> {
    const { store, qfs } = this.#rooms;
    const { clock, context } = this.#of;
    const { jobId, target } = this.#of.job;
    const { manifest, calls } = await persist(this.#rooms, context.signal, () =>
      storeArtifacts(qfs, context, { jobId, attempt, staged: true, artifacts }),
    );
    const deadlineMs = clock.dueMs('QUEUED');
    const argument = { jobId, digest, manifest, message: `Compiled; waits for ${target}.`, deadlineMs };
    await persist(this.#rooms, context.signal, () => store.compiled(argument, calls));
    await begun;
    if (clock.state === 'COMPILING') clock.enter('QUEUED');
    this.#manifest = manifest;
  }
}
