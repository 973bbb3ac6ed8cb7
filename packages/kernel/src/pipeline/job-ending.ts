import { assert, type CancelAnswer, type QfsError } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import type { CallContext } from '@qfs/rpc';
import { itemArtifact, type JobSpec } from '../spec/job-spec.ts';
import type { OpenState } from '../states.ts';
import type { FinishArgument, LeaseResult } from '../store/operations.ts';
import type { JobRow, ManifestEntry } from '../store/rows.ts';
import { appending } from './appending.ts';
import { type NewArtifact, type StoredArtifacts, storeArtifacts } from './artifacts.ts';
import { PLAN_TYPE } from './compile-job.ts';
import { errorArtifact, type Finished, resultArtifacts } from './documents.ts';
import { endStateOf, isDeadLetter } from './job-end.ts';
import type { JobTrace } from './job-trace.ts';
import { persist } from './persist.ts';
import type { PipelineRooms } from './rooms.ts';
import { statementArtifact } from './statement.ts';

/** Where a job stands when it ends. */
export interface Standing {
  readonly state: OpenState;
  /** The attempt that ends with it; 0 before the first. */
  readonly attempt: number;
  /** What its compilation left. */
  readonly compiled: readonly ManifestEntry[];
  /** What the device answered to a request to cancel; absent: nobody asked. */
  readonly cancel?: CancelAnswer;
}

/** How a job ends: its last artifacts, JOB_FINISHED and its terminal state commit together. */
export class JobEnding {
  readonly #rooms: PipelineRooms;
  readonly #job: JobRow;
  readonly #trace: JobTrace;
  readonly #context: CallContext;

  constructor(rooms: PipelineRooms, job: JobRow, trace: JobTrace, context: CallContext) {
    this.#rooms = rooms;
    this.#job = job;
    this.#trace = trace;
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
    return this.#end(end, artifacts, standing, finished.fetched.metadata);
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
      this.#rooms.onError(failure, this.#trace.fields);
      return this.#end(end, [], { ...standing, compiled: [] });
    }
  }

  /** False when the job had ended before. */
  async #end(
    end: Omit<FinishArgument, 'jobId' | 'manifest'>,
    artifacts: readonly NewArtifact[],
    standing: Standing,
    execution?: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    const { store, metrics, stopping } = this.#rooms;
    const { jobId } = this.#job;
    const { attempt, state } = end;
    const made = await this.#stage(attempt, [...this.#iterations(standing), ...artifacts]);
    const outputs = [...standing.compiled, ...made.manifest];
    const statement = await this.#stage(attempt, [this.#statement(end, outputs, execution)]);
    const manifest = [...outputs, ...statement.manifest];
    const argument = { ...end, jobId, manifest, ...cancelOutcome(end, standing) };
    const calls = [...made.calls, ...statement.calls];
    const { ended } = await appending(this.#rooms.tracer, 'JOB_FINISHED', jobId, this.#context, () =>
      persist(this.#rooms, stopping, () => store.finish(argument, calls)),
    );
    if (!ended) return false;
    if (end.deadLetter === true) metrics.count('eigen_kernel_dead_letters_total');
    if (attempt > 0) metrics.count('eigen_kernel_attempts_total', { outcome: state });
    return true;
  }

  /** What the searches of a hybrid job came to, however the job ends. */
  #iterations({ compiled }: Standing): NewArtifact[] {
    if (!compiled.some(({ type }) => type === PLAN_TYPE)) return [];
    const rows = this.#rooms.store.iterations(this.#job, this.#job.jobId);
    return rows.map(({ item, iteration, record }) => ({
      name: itemArtifact(`iterations/${iteration}.json`, item, this.#job.itemCount),
      type: 'iteration',
      data: utf8(`${record}\n`),
    }));
  }

  #stage(attempt: number, artifacts: readonly NewArtifact[]): Promise<StoredArtifacts> {
    const { qfs, stopping } = this.#rooms;
    const request = { jobId: this.#job.jobId, attempt, staged: true, artifacts };
    return persist(this.#rooms, stopping, () => storeArtifacts(qfs, this.#context, request));
  }

  #statement(
    { state, attempt, code }: Omit<FinishArgument, 'jobId' | 'manifest'>,
    outputs: readonly ManifestEntry[],
    execution?: Readonly<Record<string, string>>,
  ): NewArtifact {
    const { store, clusterId } = this.#rooms;
    // The row as it is now: the compiled digest came after the run began.
    const job = store.find(this.#job, this.#job.jobId) ?? this.#job;
    const text = store.spec(job, job.jobId);
    assert(text !== undefined, () => `${job.jobId} has a specification`);
    return statementArtifact({
      clusterId,
      job,
      spec: JSON.parse(text) as JobSpec,
      state,
      ...(code === undefined ? {} : { reason: code }),
      attempt,
      inputs: store.manifest(job, job.jobId, 'inputs'),
      outputs,
      ...(execution === undefined ? {} : { execution }),
    });
  }
}

function cancelOutcome(
  { state }: Pick<FinishArgument, 'state'>,
  { cancel }: Standing,
): Pick<FinishArgument, 'cancelOutcome'> {
  if (state === 'CANCELLED') return { cancelOutcome: 'cancelled' };
  if (cancel === undefined) return {};
  const isFinal = cancel === 'too_late' || cancel === 'unsupported';
  return { cancelOutcome: isFinal ? cancel : 'completed_before_cancel' };
}
