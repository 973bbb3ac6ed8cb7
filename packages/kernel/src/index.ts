/**
 * `@qfs/kernel`: job truth above the store, and the pipeline that brings every accepted job to its one end.
 * It reaches compiler, drivers and artifacts through service clients only. The store module is
 * `@qfs/kernel/store`.
 */
export { Kernel } from './kernel.ts';
export {
  type JobMove,
  KERNEL_DEFAULTS,
  type KernelMetrics,
  type KernelOptions,
  type KernelSettings,
} from './options.ts';
export type { JobFields } from './pipeline/job-trace.ts';
export { Retention, type RetentionOptions } from './retention.ts';
export {
  ATTEMPT_STATES,
  type AttemptState,
  GUARDS,
  isJobState,
  isTerminal,
  JOB_EVENTS,
  JOB_STATE_NAMES,
  JOB_STATES,
  type JobEvent,
  type JobState,
  type TerminalState,
  TRANSITIONS,
} from './states.ts';
export { statesReference } from './states-reference.ts';
export { type JobStore, type Scope, SqliteJobStore } from './store/job-store.ts';
