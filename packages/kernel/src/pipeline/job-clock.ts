import { QfsError } from '@qfs/core';
import { type Deadline, isTerminal, JOB_STATES, type OpenState, type TerminalState } from '../states.ts';
import type { JobRow } from '../store/rows.ts';
import type { JobTrace } from './job-trace.ts';
import type { PipelineRooms } from './rooms.ts';

/** What ran out, for people. */
const WAITS: Readonly<Record<Deadline, string>> = {
  queue: 'waited',
  compile: 'was being compiled',
  execution: 'was running',
};

/**
 * What a job has left of its limit at least when a process takes it up: a device may have finished it while
 * nobody could ask.
 */
const GRACE_MS = 10_000;

/**
 * The state of a job as its run sees it, with the timer that bounds the state. Within the process the timer
 * counts monotonic time: a wall clock that jumps ends no job. The wall time at which it is due is kept with
 * the job, and the next process goes on with what is left of it, never with more than the whole limit and
 * never with less than a moment. All attempts share one execution timer.
 */
export class JobClock {
  readonly #rooms: PipelineRooms;
  readonly #job: JobRow;
  readonly #trace: JobTrace;
  readonly #onDue: (error: QfsError) => void;
  #state: OpenState;
  #sinceMs: number;
  #dueMs = 0;
  #disarm: () => void = () => undefined;

  constructor(rooms: PipelineRooms, job: JobRow, trace: JobTrace, onDue: (error: QfsError) => void) {
    this.#rooms = rooms;
    this.#job = job;
    this.#trace = trace;
    this.#onDue = onDue;
    this.#state = job.state as OpenState;
    this.#sinceMs = rooms.clock.monotonicMs();
    this.#arm(this.#leftMs());
    trace.enter(this.#state);
  }

  get state(): OpenState {
    return this.#state;
  }

  /** Wall time at which a state runs out: the present one, or another that is entered now. */
  dueMs(state: OpenState): number {
    const leftMs = state === this.#state ? this.remainingMs() : this.#limitMs(JOB_STATES[state].deadline);
    return this.#rooms.clock.nowMs() + leftMs;
  }

  /** What is left of the timer of the present state. */
  remainingMs(): number {
    return Math.max(1, this.#dueMs - this.#rooms.clock.monotonicMs());
  }

  enter(to: OpenState): void {
    if (to === this.#state) return;
    this.leave(to);
    this.#state = to;
    this.#arm(this.#limitMs(JOB_STATES[to].deadline));
    this.#trace.enter(to);
  }

  /** The state is over: counted, measured, told. */
  leave(to: OpenState | TerminalState, error?: QfsError): void {
    const { clock, ends, metrics, updates, onMove } = this.#rooms;
    const nowMs = clock.monotonicMs();
    const from = this.#state;
    const seconds = (nowMs - this.#sinceMs) / 1000;
    metrics.count('eigen_kernel_job_state_transitions_total', { from, to });
    metrics.observe('eigen_kernel_stage_duration_seconds', { stage: from }, seconds);
    onMove?.({ job: this.#trace.fields, from, to, seconds, ...(error === undefined ? {} : { error }) });
    this.#sinceMs = nowMs;
    updates.notify(this.#job.jobId);
    if (isTerminal(to)) ends.notify(this.#job.jobId);
  }

  stop(): void {
    this.#disarm();
  }

  /** What the job has left of the limit of its state, as far as wall time tells. */
  #leftMs(): number {
    const limitMs = this.#limitMs(JOB_STATES[this.#state].deadline);
    const { deadlineMs } = this.#job;
    if (deadlineMs === null) return limitMs;
    return Math.min(limitMs, Math.max(GRACE_MS, deadlineMs - this.#rooms.clock.nowMs()));
  }

  #arm(leftMs: number): void {
    this.#disarm();
    const state = this.#state;
    const { deadline } = JOB_STATES[state];
    const limitMs = this.#limitMs(deadline);
    this.#dueMs = this.#rooms.clock.monotonicMs() + leftMs;
    this.#disarm = this.#rooms.timers.after(leftMs, () => {
      const message = `${this.#job.jobId} ${WAITS[deadline]} longer than its limit of ${limitMs} ms.`;
      this.#onDue(new QfsError('JOB_TIMEOUT', message, { metadata: { job_id: this.#job.jobId, state } }));
    });
  }

  #limitMs(deadline: Deadline): number {
    const { queueTimeLimitMs, timeLimitMs } = this.#rooms.settings;
    const own = this.#job;
    return deadline === 'queue' ? own.queueLimitMs || queueTimeLimitMs : own.timeLimitMs || timeLimitMs;
  }
}
