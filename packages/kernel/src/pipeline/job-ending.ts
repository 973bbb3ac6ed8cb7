import type { QfsError } from '@qfs/core';
import type { CallContext } from '@qfs/rpc';
import type { OpenState } from '../states.ts';
import type { FinishArgument, LeaseResult } from '../store/operations.ts';
import type { JobRow, ManifestEntry } from '../store/rows.ts';
import { type NewArtifact, storeArtifacts } from './artifacts.ts';
import { errorArtifact, type Finished, resultArtifacts } from './documents.ts';
import { endStateOf, isDeadLetter } from './job-end.ts';
import { persist } from './persist.ts';
import type { PipelineRooms } from './rooms.ts';

/** Where a job stands when it ends. */
export interface Standing {
  readonly state: OpenState;
  /** The attempt that ends with it; 0 before the first. */
  readonly attempt: number;
  /** What its compilation left. */
  readonly compiled: readonly ManifestEntry[];
  readonly cancel: 'not_requested' | 'requested' | 'too_late';
}

/** How a job ends: its last artifacts, JOB_FINISHED and its terminal state commit together. */
export class JobEnding {
  readonly #rooms: PipelineRooms;
  readonly #job: JobRow;
  readonly #context: CallContext;

  constructor(rooms: PipelineRooms, job: JobRow, context: CallContext) {
    this.#rooms = rooms;
    this.#job = job;
    this.#context = context;
  }

  /** @throws QfsError STALE_LEASE when the attempt does not hold the lease any more. */
  async succeed(
    { attempt, fencing }: LeaseResult,
    finished: Omit<Finished, 'job' | 'attempt'>,
    standing: Standing,
  ): Promise<boolean> {
    const artifacts = resultArtifacts({ ...finished, job: this.#job, attempt });
    const end = { state: 'DONE', attempt, fencing, message: 'Done.' } as const;
    return this.#end(end, artifacts, standing);
  }

  /** Ends the job for a reason, with `error.json` unless somebody wished the end. */
  async fail(error: QfsError, standing: Standing): Promise<boolean> {
    const { code, message, diagnostics } = error;
    const { attempt } = standing;
    const state = endStateOf(error);
    const end = {
      state,
      attempt,
      message,
      code,
      summary: message,
      diagnostics,
      deadLetter: isDeadLetter(code),
    };
    try {
      const document = errorArtifact(this.#job, standing.state, attempt, error);
      return await this.#end(end, state === 'CANCELLED' ? [] : [document], standing);
    } catch (failure) {
      // No job stays open because its error document cannot be kept.
      this.#rooms.onError(failure, this.#job.jobId);
      return this.#end(end, [], { ...standing, compiled: [] });
    }
  }

  /** False when the job had ended before. */
  async #end(
    end: Omit<FinishArgument, 'jobId' | 'manifest'>,
    artifacts: readonly NewArtifact[],
    standing: Standing,
  ): Promise<boolean> {
    const { qfs, store, metrics, stopping } = this.#rooms;
    const { jobId } = this.#job;
    const { attempt, state } = end;
    const stored = await persist(this.#rooms, stopping, () =>
      storeArtifacts(qfs, this.#context, { jobId, attempt, staged: true, artifacts }),
    );
    const manifest = [...standing.compiled, ...stored.manifest];
    const argument = { ...end, jobId, manifest, ...cancelOutcome(end, standing) };
    const { ended } = await persist(this.#rooms, stopping, () => store.finish(argument, stored.calls));
    if (!ended) return false;
    if (end.deadLetter === true) metrics.count('eigen_kernel_dead_letters_total');
    if (attempt > 0) metrics.count('eigen_kernel_attempts_total', { outcome: state });
    return true;
  }
}

function cancelOutcome(
  { state }: Pick<FinishArgument, 'state'>,
  { cancel }: Standing,
): Pick<FinishArgument, 'cancelOutcome'> {
  if (state === 'CANCELLED') return { cancelOutcome: 'cancelled' };
  if (cancel === 'not_requested') return {};
  return { cancelOutcome: cancel === 'too_late' ? 'too_late' : 'completed_before_cancel' };
}
