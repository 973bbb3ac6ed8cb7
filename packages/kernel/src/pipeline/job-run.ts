import { assert, type CancelAnswer, QfsError } from '@qfs/core';
import type { CallContext } from '@qfs/rpc';
import type { FetchExecutionResponse } from '@qfs/rpc/internal';
import type { DeviceFacts } from '../devices.ts';
import { submissionToken } from '../lease.ts';
import { isRetryable, RETRY_DEFAULTS, retryDelayMs } from '../retry.ts';
import type { JobSpec } from '../spec/job-spec.ts';
import { ATTEMPT_STATES, isTerminal } from '../states.ts';
import type { LeaseResult } from '../store/operations.ts';
import type { AttemptRow, JobRow } from '../store/rows.ts';
import type { Ticket } from '../ticket-heap.ts';
import { orAbort, pause } from '../waiting.ts';
import type { Circuit, CompiledJob } from './compile-job.ts';
import { countedCircuits } from './counted-circuits.ts';
import { awaitDependencies } from './dependencies.ts';
import { awaitExecution, cancelExecution, type ExecutionAddress } from './execution.ts';
import { type AskedIteration, HybridJob, isHybrid } from './hybrid-job.ts';
import { JobClock } from './job-clock.ts';
import { JobCompilation } from './job-compilation.ts';
import { cancelled, endStateOf, exhausted } from './job-end.ts';
import { JobEnding, type Standing } from './job-ending.ts';
import { JobTrace } from './job-trace.ts';
import { patiently, persist } from './persist.ts';
import type { PipelineRooms } from './rooms.ts';
import { IterationLog, runSearch } from './search.ts';
import {
  type ExecutionItemMessage,
  executionItems,
  lostSubmission,
  runJob,
  submitJob,
} from './submit-job.ts';
import { jobContext } from './system-context.ts';

/** An execution by the token under which it is submitted, or by the name that its device gave it. */
interface ExecutionName {
  readonly token: string;
  readonly remoteId?: string;
}

interface NamedExecution extends ExecutionName {
  readonly items: readonly ExecutionItemMessage[];
}

/** Progress is told when it has grown by this much. */
const PROGRESS_STEP = 0.1;

/** One job on its way from acceptance to its end: every wait has a timer, every end is recorded once. */
export class JobRun {
  readonly job: JobRow;
  /** Settles when the job has ended, or was handed back because the process stops. */
  readonly ended: Promise<void>;
  readonly #rooms: PipelineRooms;
  readonly #trace: JobTrace;
  readonly #clock: JobClock;
  readonly #abort = new AbortController();
  readonly #signal = this.#abort.signal;
  /** Calls that must not be cut short when the job ends: submissions, cancellations, the end itself. */
  readonly #lasting: CallContext;
  readonly #context: CallContext & { readonly signal: AbortSignal };
  readonly #ending: JobEnding;
  readonly #ticket: Ticket;
  readonly #compilation: JobCompilation;
  #stopping = false;
  /** From the moment a lease is asked for: a device may work on the job. */
  #leased: boolean;
  #attempts: number;
  #lease: LeaseResult | undefined;
  #submitting = false;
  /** Who drives the device restarted while the work was there. */
  #wasAway = false;
  #address: ExecutionAddress | undefined;
  #cancelRequested: boolean;
  /** What the device answered to the request. */
  #cancelAnswer: CancelAnswer = 'requested';
  #spec: JobSpec | undefined;

  constructor(rooms: PipelineRooms, job: JobRow) {
    assert(!isTerminal(job.state), () => `${job.jobId} runs although it is ${job.state}`);
    this.#rooms = rooms;
    this.job = job;
    this.#trace = new JobTrace(rooms.tracer, job);
    this.#clock = new JobClock(rooms, job, this.#trace, (error) => this.#abort.abort(error));
    this.#leased = job.state === 'RUNNING';
    this.#attempts = job.attempts;
    this.#cancelRequested = job.cancelRequestedMs !== null;
    this.#lasting = jobContext(job, this.#trace, undefined);
    this.#context = jobContext(job, this.#trace, this.#signal);
    this.#ending = new JobEnding(rooms, job, this.#trace, this.#lasting);
    this.#ticket = {
      jobId: job.jobId,
      priority: job.priority,
      order: job.acceptedIndex,
      ...(job.reservationId === null ? {} : { reservationId: job.reservationId }),
    };
    this.#compilation = new JobCompilation(rooms, {
      job,
      clock: this.#clock,
      ticket: this.#ticket,
      context: this.#context,
      spec: () => this.#readSpec(),
    });
    this.ended = this.#run();
  }

  /** True while a device may work on the job. */
  get leased(): boolean {
    return this.#leased;
  }

  /** Hands the job back as it is; the next start takes it up. */
  stop(): void {
    this.#stopping = true;
    this.#abort.abort(new QfsError('SHUTTING_DOWN', 'The process is shutting down.'));
  }

  /**
   * Ends the job at once if no device works on it; otherwise records the wish and tells the device.
   * @throws QfsError JOB_TERMINAL when the job ended first.
   */
  async cancel(message: string): Promise<'cancelled' | 'requested'> {
    const { jobId } = this.job;
    if (this.#leased && (await this.#rooms.store.requestCancel({ jobId, message }))) {
      this.#cancelRequested = true;
      this.#rooms.updates.notify(jobId);
      if (this.#address !== undefined) void this.#tellDevice(this.#address);
      else if (!this.#submitting) this.#abort.abort(cancelled(message));
      return 'requested';
    }
    this.#abort.abort(cancelled(message));
    await this.ended;
    const state = this.#rooms.store.find(this.job, jobId)?.state;
    if (state === 'CANCELLED') return 'cancelled';
    throw new QfsError('JOB_TERMINAL', `${jobId} ended in ${state} before it could be cancelled.`, {
      metadata: { job_id: jobId },
    });
  }

  async #run(): Promise<void> {
    try {
      await this.#succeed(await this.#results());
    } catch (thrown) {
      await this.#fail(thrown);
    } finally {
      this.#clock.stop();
      this.#trace.end();
      this.#compilation.drop();
    }
  }

  /** Tries until there are results, or a failure that is final. */
  async #results(): Promise<FetchExecutionResponse> {
    if (this.job.stage === 'WAITING_FOR_DEPENDENCIES') await this.#dependencies();
    let open = this.#openAttempt();
    let firstFailureMs: number | undefined;
    for (let failures = 1; ; failures++) {
      try {
        return await (open === undefined ? this.#attempt() : this.#resume(open));
      } catch (thrown) {
        this.#signal.throwIfAborted();
        const error = QfsError.from(thrown);
        const { clock, randomness, timers } = this.#rooms;
        firstFailureMs ??= clock.monotonicMs();
        const policy = this.#readSpec().retry ?? RETRY_DEFAULTS;
        const delayMs = retryDelayMs(failures, randomness, error.retryAfterMs, policy);
        const elapsedMs = clock.monotonicMs() + delayMs - firstFailureMs;
        await this.#recordFailure(error, failures, elapsedMs > (policy.elapsedMsMax ?? Infinity));
        open = undefined;
        await pause(timers, delayMs, this.#signal);
      }
    }
  }

  /** The jobs that this one was accepted after, and that must be DONE before it begins. */
  async #dependencies(): Promise<void> {
    const { jobId } = this.job;
    await awaitDependencies(this.#rooms, this.job, this.#readSpec().dependencies ?? [], this.#signal);
    const message = 'The jobs that it depends on are DONE.';
    await this.#persist(() => this.#rooms.store.dependenciesMet({ jobId, message }));
    this.#rooms.updates.notify(jobId);
  }

  /** The attempt that was under way when the process ended. */
  #openAttempt(): AttemptRow | undefined {
    if (this.#attempts === 0) return undefined;
    const last = this.#rooms.store.attempts(this.job, this.job.jobId).at(-1);
    return last === undefined || ATTEMPT_STATES[last.state].ended ? undefined : last;
  }

  async #attempt(): Promise<FetchExecutionResponse> {
    await this.#compilation.compile(this.#attempts + 1);
    return this.#onDevice(async (device) => {
      const { jobId, target } = this.job;
      await this.#compilation.of(this.#attempts + 1);
      this.#leased = true;
      const message = `Attempt ${this.#attempts + 1} on ${target}.`;
      const deadlineMs = this.#clock.dueMs('RUNNING');
      this.#lease = await this.#persist(() =>
        this.#rooms.store.lease({ jobId, deviceId: target, message, deadlineMs }),
      );
      this.#attempts = this.#lease.attempt;
      this.#clock.enter('RUNNING');
      return this.#execute(device, this.#lease);
    });
  }

  /**
   * Takes an attempt up again after its process ended: by its remote id, or by the token of its submission.
   */
  async #resume({ attempt, deviceId, remoteId }: AttemptRow): Promise<FetchExecutionResponse> {
    return this.#onDevice(async (device) => {
      const { jobId } = this.job;
      const lease = await this.#persist(() => this.#rooms.store.reattach({ jobId, attempt }));
      this.#lease = lease;
      if (remoteId === null && !device.idempotentSubmission) throw lostSubmission(deviceId);
      if (this.#compilation.isHybrid) return this.#execute(device, lease, remoteId ?? undefined);
      try {
        if (remoteId !== null) return await this.#follow(device, { deviceId, remoteId });
      } catch (thrown) {
        this.#signal.throwIfAborted();
        const error = QfsError.from(thrown);
        if (error.code !== 'ENGINE_LOST' || !device.idempotentSubmission) throw error;
      }
      return this.#execute(device, lease);
    });
  }

  /** Waits for a slot of the device and keeps it while the work lasts. */
  async #onDevice<Value>(work: (device: DeviceFacts) => Promise<Value>): Promise<Value> {
    const { target } = this.job;
    const device = await this.#patiently(() => this.#rooms.devices.find(target, this.#context));
    const slot = await this.#rooms.loads.of(target, device.slots).acquire(this.#ticket, this.#signal);
    try {
      const value = await work(device);
      slot.measure();
      return value;
    } finally {
      this.#address = undefined;
      slot.release();
    }
  }

  /**
   * Work that was lost with the role that drives the device goes there again, where that is harmless.
   *
   * @param remoteId of the execution that an earlier process submitted, if there is one
   */
  async #execute(
    device: DeviceFacts,
    lease: LeaseResult,
    remoteId?: string,
  ): Promise<FetchExecutionResponse> {
    try {
      return await this.#work(device, lease, remoteId);
    } catch (thrown) {
      const mayBeLost = this.#wasAway || remoteId !== undefined;
      const wasLost = mayBeLost && QfsError.from(thrown).code === 'ENGINE_LOST';
      if (this.#signal.aborted || this.#cancelRequested || !wasLost || !device.idempotentSubmission)
        throw thrown;
      this.#wasAway = false;
      this.#address = undefined;
      return this.#execute(device, lease);
    }
  }

  /** One execution; for hybrid programs their searches first, and then one at what they found. */
  async #work(device: DeviceFacts, lease: LeaseResult, remoteId?: string): Promise<FetchExecutionResponse> {
    const { jobId, seed } = this.job;
    const spec = this.#readSpec();
    const compiled = await this.#compilation.of(lease.attempt);
    const circuits = device.takesText ? compiled.texts : compiled.circuits;
    const earlier = lease.attempt === 1 ? [] : this.#rooms.store.attempts(this.job, jobId);
    const token = submissionToken(jobId, earlier, lease.attempt);
    if (!isHybrid(compiled)) {
      const items = executionItems(spec, circuits, seed, compiled.items);
      return this.#submitAndFollow(device, lease, { token, items });
    }
    const told = this.#rooms.store.iterations(this.job, jobId);
    const counted = device.observables ? [] : await this.#patiently(() => this.#counted(compiled, device));
    const hybrid = new HybridJob({ spec, seed, device }, compiled, told, counted);
    const under = { token: `${jobId}/${lease.attempt}`, ...(remoteId === undefined ? {} : { remoteId }) };
    const unused = await this.#search(hybrid, circuits, device, lease, under);
    const fetched = await this.#submitAndFollow(device, lease, { ...unused, items: hybrid.final(circuits) });
    return { ...fetched, results: hybrid.conclude(fetched.results) };
  }

  #counted(compiled: CompiledJob, device: DeviceFacts) {
    return countedCircuits(this.#rooms, this.#context, compiled, device);
  }

  /** Searches of hybrid programs. An execution of an earlier process belongs to the step that comes next. */
  async #search(
    hybrid: HybridJob,
    circuits: readonly Circuit[],
    device: DeviceFacts,
    lease: LeaseResult,
    under: ExecutionName,
  ): Promise<ExecutionName> {
    const { token } = under;
    const { idempotentSubmission: isRepeatable } = device;
    let name = under;
    const evaluate = async ({ item, iteration, executions: items }: AskedIteration): Promise<Uint8Array> => {
      if (this.#cancelRequested) throw cancelled('Cancelled between two iterations.');
      const own = { ...name, token: `${token}/${item}.${iteration}`, items };
      name = { token };
      if (!isRepeatable) {
        const { results } = await this.#submitAndFollow(device, lease, own);
        this.#address = undefined;
        return results;
      }
      const submission = this.#submission(lease, own);
      return (await this.#patiently(() => runJob(this.#rooms, this.#context, submission))).results;
    };
    const log = new IterationLog(this.#rooms, this.job.jobId, lease);
    await runSearch(hybrid, circuits, log, { isRepeatable, evaluate });
    if (this.#cancelRequested) throw cancelled('Cancelled after the last iteration.');
    return name;
  }

  #submission({ attempt }: LeaseResult, { token, items }: NamedExecution) {
    const { jobId, target: deviceId } = this.job;
    const { options } = this.#readSpec();
    return { jobId, attempt, token, deviceId, items, options, timeLimitMs: this.#clock.remainingMs() };
  }

  async #submitAndFollow(
    device: DeviceFacts,
    lease: LeaseResult,
    execution: NamedExecution,
  ): Promise<FetchExecutionResponse> {
    const { jobId, target: deviceId } = this.job;
    if (execution.remoteId !== undefined) {
      return this.#follow(device, { deviceId, remoteId: execution.remoteId });
    }
    const { attempt, fencing } = lease;
    this.#submitting = true;
    const request = { ...this.#submission(lease, execution), idempotent: device.idempotentSubmission };
    const submission = this.#patiently(() => submitJob(this.#rooms, this.#lasting, request));
    try {
      const remoteId = await orAbort(submission, this.#signal);
      await this.#persist(() => this.#rooms.store.submitted({ jobId, attempt, fencing, remoteId }));
      this.#compilation.drop();
      return await this.#follow(device, { deviceId, remoteId });
    } catch (thrown) {
      if (this.#signal.aborted && this.#address === undefined) {
        submission.then((remoteId) => this.#abandon({ deviceId, remoteId })).catch(() => undefined);
      }
      throw thrown;
    } finally {
      this.#submitting = false;
    }
  }

  async #follow(device: DeviceFacts, address: ExecutionAddress): Promise<FetchExecutionResponse> {
    this.#address = address;
    if (this.#cancelRequested) void this.#tellDevice(address);
    let told = 0;
    try {
      return await awaitExecution(this.#rooms, this.#context, address, {
        patient: !device.idempotentSubmission,
        onAway: () => {
          this.#wasAway = true;
        },
        onProgress: (progress) => {
          // What a hybrid job tells of is its search, of which an execution is a step.
          if (progress < told + PROGRESS_STEP || this.#compilation.isHybrid) return;
          told = progress;
          this.#report(`Running on ${address.deviceId}.`, progress);
        },
      });
    } catch (thrown) {
      if (this.#signal.aborted) void this.#abandon(address);
      throw thrown;
    }
  }

  /** Decides whether a failed step is tried again; throws what ends the job if not. */
  async #recordFailure(error: QfsError, failures: number, isOverdue: boolean): Promise<void> {
    const { jobId, attemptsMax } = this.job;
    if (this.#cancelRequested) throw cancelled('Cancelled after the attempt failed.');
    if (!isRetryable(error.code)) throw error;
    const used = this.#leased ? this.#attempts : failures;
    if (used >= attemptsMax || isOverdue) throw exhausted(error, used);
    const message = `${error.message} Trying again.`;
    const lease = this.#lease;
    this.#lease = undefined;
    if (lease === undefined) return this.#report(message, 0);
    this.#rooms.metrics.count('eigen_kernel_attempts_total', { outcome: 'FAILED' });
    const { attempt, fencing } = lease;
    const { code, message: summary } = error;
    await this.#persist(() =>
      this.#rooms.store.attemptEnded({ jobId, attempt, fencing, code, summary, message }),
    );
    this.#rooms.updates.notify(jobId);
  }

  async #succeed(fetched: FetchExecutionResponse): Promise<void> {
    const lease = this.#lease;
    assert(lease !== undefined, () => `${this.job.jobId} has results of a lease`);
    const finished = { spec: this.#readSpec(), compiled: this.#compilation.manifest, fetched };
    if (await this.#ending.succeed(lease, finished, this.#standing())) this.#clock.leave('DONE');
  }

  async #fail(thrown: unknown): Promise<void> {
    if (this.#stopping) return;
    const error = QfsError.from(this.#signal.aborted ? this.#signal.reason : thrown);
    this.#trace.fail(error);
    try {
      if (error.code === 'JOB_TERMINAL') return;
      if (error.code === 'STALE_LEASE') return await this.#recordLate();
      if (error.code === 'INTERNAL') this.#rooms.onError(error, this.#trace.fields);
      if (await this.#ending.fail(error, this.#standing())) this.#clock.leave(endStateOf(error), error);
    } catch (failure) {
      this.#rooms.onError(failure, this.#trace.fields);
    }
  }

  #standing(): Standing {
    return {
      state: this.#clock.state,
      attempt: this.#attempts,
      compiled: this.#compilation.manifest,
      ...(this.#cancelRequested ? { cancel: this.#cancelAnswer } : {}),
    };
  }

  async #recordLate(): Promise<void> {
    const { jobId } = this.job;
    this.#rooms.metrics.count('eigen_kernel_late_results_total');
    await this.#rooms.store.recordLate({ jobId, attempt: this.#attempts });
  }

  get #stopped(): boolean {
    return this.#cancelAnswer === 'cancelled';
  }

  /** Asks the device to stop until it answers; the job ends when the device says that it did. */
  async #tellDevice(address: ExecutionAddress): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        this.#cancelAnswer = await cancelExecution(this.#rooms, this.#context, address);
        if (this.#stopped) this.#abort.abort(cancelled('Cancelled while it was running.'));
        return;
      } catch (thrown) {
        if (this.#signal.aborted || this.#address !== address) return;
        if (!isRetryable(QfsError.from(thrown).code)) return this.#rooms.onError(thrown, this.#trace.fields);
        const delayMs = retryDelayMs(failures, this.#rooms.randomness);
        await pause(this.#rooms.timers, delayMs, this.#signal).catch(() => undefined);
      }
    }
  }

  /** Stops work whose result nobody waits for any more; what the device cannot stop comes too late. */
  async #abandon(address: ExecutionAddress): Promise<void> {
    if (this.#stopping || this.#stopped) return;
    try {
      const answer = await cancelExecution(this.#rooms, this.#lasting, address);
      if (answer === 'cancelled' || answer === 'requested') return;
      await this.ended;
      await this.#recordLate();
    } catch (thrown) {
      this.#rooms.onError(thrown, this.#trace.fields);
    }
  }

  #report(message: string, progress: number): void {
    const { jobId } = this.job;
    this.#rooms.store.report({ jobId, message, progress }).then(
      () => this.#rooms.updates.notify(jobId),
      (thrown: unknown) => this.#rooms.onError(thrown, this.#trace.fields),
    );
  }

  #readSpec(): JobSpec {
    if (this.#spec === undefined) {
      const text = this.#rooms.store.spec(this.job, this.job.jobId);
      assert(text !== undefined, () => `${this.job.jobId} has a specification`);
      this.#spec = JSON.parse(text) as JobSpec;
    }
    return this.#spec;
  }

  #patiently<Value>(call: () => Promise<Value>): Promise<Value> {
    return patiently(this.#rooms, this.#signal, call);
  }

  #persist<Value>(write: () => Promise<Value>): Promise<Value> {
    return persist(this.#rooms, this.#signal, write);
  }
}
