import { QfsError } from '@qfs/core';
import { type Deadline, JOB_STATES, type OpenState, type TerminalState } from '../states.ts';
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
 * The state of a job as its run sees it, with the timer that bounds the state. Timers count monotonic time
 * from when the state was entered, or from the start of the process: a wall clock that jumps ends no job, and
 * neither does a restart. All attempts share one execution timer.
 */
export class JobClock {
  readonly #rooms: PipelineRooms;
  readonly #job: JobRow;
  readonly #trace: JobTrace;
  readonly #onDue: (error: QfsError) => void;
  #state: OpenState;
  #sinceMs: number;
  #armedMs = 0;
  #disarm: () => void = () => undefined;

  constructor(rooms: PipelineRooms, job: JobRow, trace: JobTrace, onDue: (error: QfsError) => void) {
    this.#rooms = rooms;
    this.#job = job;
    this.#trace = trace;
    this.#onDue = onDue;
    this.#state = job.state as OpenState;
    this.#sinceMs = rooms.clock.monotonicMs();
    this.#arm();
    trace.enter(this.#state);
  }

  get state(): OpenState {
    return this.#state;
  }

  /** Wall time at which a state entered now would run out, for display. */
  dueMs(deadline: Deadline): number {
    return this.#rooms.clock.nowMs() + this.#limitMs(deadline);
  }

  /** What is left of the timer of the present state. */
  remainingMs(): number {
    const limitMs = this.#limitMs(JOB_STATES[this.#state].deadline);
    return Math.max(1, limitMs - (this.#rooms.clock.monotonicMs() - this.#armedMs));
  }

  enter(to: OpenState): void {
    if (to === this.#state) return;
    this.leave(to);
    this.#state = to;
    this.#arm();
    this.#trace.enter(to);
  }

  /** The state is over: counted, measured, told. */
  leave(to: OpenState | TerminalState, error?: QfsError): void {
    const { clock, metrics, updates, onMove } = this.#rooms;
    const nowMs = clock.monotonicMs();
    const from = this.#state;
    const seconds = (nowMs - this.#sinceMs) / 1000;
    metrics.count('eigen_kernel_job_state_transitions_total', { from, to });
    metrics.observe('eigen_kernel_stage_duration_seconds', { stage: from }, seconds);
    onMove?.({ job: this.#trace.fields, from, to, seconds, ...(error === undefined ? {} : { error }) });
    this.#sinceMs = nowMs;
    updates.notify(this.#job.jobId);
  }

  stop(): void {
    this.#disarm();
  }

  #arm(): void {
    this.#disarm();
    const state = this.#state;
    const { deadline } = JOB_STATES[state];
    const limitMs = this.#limitMs(deadline);
    this.#armedMs = this.#rooms.clock.monotonicMs();
    this.#disarm = this.#rooms.timers.after(limitMs, () => {
      const message = `${this.#job.jobId} ${WAITS[deadline]} longer than its limit of ${limitMs} ms.`;
      this.#onDue(new QfsError('JOB_TIMEOUT', message, { metadata: { job_id: this.#job.jobId, state } }));
    });
  }

  #limitMs(deadline: Deadline): number {
    const { queueTimeLimitMs, timeLimitMs } = this.#rooms.settings;
    return deadline === 'queue' ? queueTimeLimitMs : timeLimitMs;
  }
}
