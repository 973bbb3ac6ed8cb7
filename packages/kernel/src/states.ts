/** What ends a job whose state nobody moves on. Every state that is not terminal names one. */
export type Deadline = 'queue' | 'compile' | 'execution';

export interface OpenStateRow {
  /** The number of the state in `eigen.api.v1.JobState`. */
  readonly number: number;
  readonly terminal: false;
  /** The timer that ends the wait. */
  readonly deadline: Deadline;
  readonly meaning: string;
}

export interface TerminalStateRow {
  readonly number: number;
  readonly terminal: true;
  readonly deadline: null;
  readonly meaning: string;
}

const open = (number: number, deadline: Deadline, meaning: string): OpenStateRow => ({
  number,
  terminal: false,
  deadline,
  meaning,
});
const end = (number: number, meaning: string): TerminalStateRow => ({
  number,
  terminal: true,
  deadline: null,
  meaning,
});

/** The eight states of a job. A state never goes back: what is tried again stays where it is. */
export const JOB_STATES = {
  PENDING: open(1, 'queue', 'Accepted and durable; waits for the compiler.'),
  COMPILING: open(2, 'compile', 'The compiler works on the programs.'),
  QUEUED: open(3, 'queue', 'Compiled; waits for a slot of its device.'),
  RUNNING: open(4, 'execution', 'An attempt holds or held a lease; failed attempts are repeated here.'),
  DONE: end(5, 'The results are final.'),
  ERROR: end(6, 'The job failed; its error code says why.'),
  CANCELLED: end(7, 'Somebody cancelled the job before it completed.'),
  TIMEOUT: end(8, 'A time limit ended the job.'),
} as const satisfies Record<string, OpenStateRow | TerminalStateRow>;

export type JobState = keyof typeof JOB_STATES;
/** What a job is at, within its state: the state itself, or what it waits for in it. */
export type JobStage = JobState | 'WAITING_FOR_DEPENDENCIES';
export type TerminalState = 'DONE' | 'ERROR' | 'CANCELLED' | 'TIMEOUT';
export type OpenState = Exclude<JobState, TerminalState>;

export const JOB_STATE_NAMES = Object.keys(JOB_STATES) as readonly JobState[];

export const isJobState = (value: string): value is JobState => Object.hasOwn(JOB_STATES, value);

export const isTerminal = (state: JobState): state is TerminalState => JOB_STATES[state].terminal;

/** What can happen to a job that was accepted. */
export const JOB_EVENTS = {
  start_compile: 'The compiler begins.',
  compiled: 'Every item compiled; the digests are recorded.',
  lease: 'An attempt gets a slot of the device and a fencing token.',
  retry: 'The step failed for a reason that may pass; it is tried again after a pause.',
  request_cancel: 'Somebody asks to stop work that a device has already taken.',
  succeed: 'The results of the current lease are durable.',
  fail: 'The step failed for good.',
  cancel: 'The job stops because somebody asked for it.',
  time_out: 'The timer of the state ran out.',
} as const;

export type JobEvent = keyof typeof JOB_EVENTS;
export const JOB_EVENT_NAMES = Object.keys(JOB_EVENTS) as readonly JobEvent[];

/** What the store knows about a job at the moment of an event, for the guards. */
export interface GuardFacts {
  readonly attempts: number;
  readonly attemptsMax: number;
  /** The fencing token shown by who reports the event equals the one of the current lease. */
  readonly holdsLease: boolean;
}

/** Conditions on top of state and event; checked inside the transaction that writes the change. */
export const GUARDS = {
  attempts_left: (facts: GuardFacts): boolean => facts.attempts < facts.attemptsMax,
  holds_lease: (facts: GuardFacts): boolean => facts.holdsLease,
} as const;

type Guard = keyof typeof GUARDS;

export interface Transition {
  readonly to: JobState;
  readonly guard?: Guard;
}

const ENDS = {
  fail: { to: 'ERROR' },
  cancel: { to: 'CANCELLED' },
  time_out: { to: 'TIMEOUT' },
} as const;

/**
 * The one table of what a job may do (Eigen RFC 0004 and RFC 0007, with QUEUED always shown). A missing cell
 * is refused. Terminal states have no row: whatever comes later is ignored, so that the first end is the only
 * one.
 */
export const TRANSITIONS: Readonly<Record<OpenState, Readonly<Partial<Record<JobEvent, Transition>>>>> = {
  PENDING: { start_compile: { to: 'COMPILING' }, ...ENDS },
  COMPILING: { compiled: { to: 'QUEUED' }, retry: { to: 'COMPILING' }, ...ENDS },
  QUEUED: { lease: { to: 'RUNNING', guard: 'attempts_left' }, retry: { to: 'QUEUED' }, ...ENDS },
  RUNNING: {
    lease: { to: 'RUNNING', guard: 'attempts_left' },
    retry: { to: 'RUNNING' },
    request_cancel: { to: 'RUNNING' },
    succeed: { to: 'DONE', guard: 'holds_lease' },
    ...ENDS,
  },
};

export type Move =
  | { readonly kind: 'moved'; readonly to: JobState }
  /** The job had ended; nothing changes. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'refused'; readonly guard: Guard }
  /** No such event in this state: a fault of the caller. */
  | { readonly kind: 'impossible' };

/** Looks an event up in the table. */
export function move(state: JobState, event: JobEvent, facts: GuardFacts): Move {
  if (isTerminal(state)) return { kind: 'ignored' };
  const transition = TRANSITIONS[state][event];
  if (transition === undefined) return { kind: 'impossible' };
  const { guard, to } = transition;
  if (guard !== undefined && !GUARDS[guard](facts)) return { kind: 'refused', guard };
  return { kind: 'moved', to };
}

/** The event that ends a job in each terminal state. */
export const ENDING_EVENTS = {
  DONE: 'succeed',
  ERROR: 'fail',
  CANCELLED: 'cancel',
  TIMEOUT: 'time_out',
} as const satisfies Record<TerminalState, JobEvent>;

export interface AttemptStateRow {
  readonly ended: boolean;
  /** States that may follow. */
  readonly next: readonly string[];
  readonly meaning: string;
}

/** The inner life of RUNNING: one row per attempt, numbered from 1. */
export const ATTEMPT_STATES = {
  LEASED: {
    ended: false,
    next: ['SUBMITTED', 'FAILED', 'CANCELLED', 'TIMED_OUT'],
    meaning: 'Holds a slot and a fencing token; the device may or may not know the work yet.',
  },
  SUBMITTED: {
    ended: false,
    next: ['SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT'],
    meaning: 'The device took the work and named it with a remote id.',
  },
  SUCCEEDED: { ended: true, next: [], meaning: 'Its results became the results of the job.' },
  FAILED: { ended: true, next: ['LATE'], meaning: 'The device or the way to it failed.' },
  CANCELLED: { ended: true, next: ['LATE'], meaning: 'Stopped because somebody asked for it.' },
  TIMED_OUT: { ended: true, next: ['LATE'], meaning: 'Stopped because the time limit of the job passed.' },
  LATE: { ended: true, next: [], meaning: 'A result came after its lease was void; recorded, not used.' },
} as const satisfies Record<string, AttemptStateRow>;

export type AttemptState = keyof typeof ATTEMPT_STATES;
