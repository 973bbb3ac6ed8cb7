import { JobState } from '@qfs/rpc/api';

/** The name people see: `DONE` for `JOB_STATE_DONE`. */
export const stateName = (state: JobState): string =>
  Object.entries(JobState).find(([, value]) => value === state)?.[0] ?? 'UNSPECIFIED';

/** States a job never leaves. */
export const TERMINAL_STATES: ReadonlySet<JobState> = new Set([
  JobState.DONE,
  JobState.ERROR,
  JobState.CANCELLED,
  JobState.TIMEOUT,
]);
