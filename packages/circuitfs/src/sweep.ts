import type { Clock, StoreWriter } from '@qfs/core';
import type { BlobStore } from '@qfs/storage';

/** How long artifacts may wait for the entry that names them, if the host does not say otherwise. */
export const ORPHAN_GRACE_MS = 3_600_000;
/** Jobs per transaction, so that a sweep holds nobody up. */
const JOBS_PER_TRANSACTION = 100;

export interface SweepOptions {
  readonly writer: StoreWriter;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  /** Longer than any submission takes. */
  readonly graceMs?: number;
}

/**
 * Removes artifacts of jobs that were never accepted, and files nobody refers to. The host calls it now and
 * then.
 */
export async function sweepArtifacts(options: SweepOptions): Promise<{ jobs: number; files: number }> {
  const { writer, blobs, clock, graceMs = ORPHAN_GRACE_MS } = options;
  const argument = { olderThanMs: clock.nowMs() - graceMs, jobsMax: JOBS_PER_TRANSACTION };
  let jobs = 0;
  for (;;) {
    const [swept] = (await writer.transact([{ operation: 'artifacts.sweep', argument }])) as [number];
    jobs += swept;
    if (swept < JOBS_PER_TRANSACTION) break;
  }
  return { jobs, files: await blobs.sweep(graceMs) };
}
