import { DeviceStatus, JobState } from './entries/api.ts';

/** Names of the eight states, in the order of their numbers. */
export const STATE_NAMES = Object.keys(JobState).filter(
  (name): name is Exclude<keyof typeof JobState, 'UNSPECIFIED'> => name !== 'UNSPECIFIED',
);

/** The name people see: `DONE` for `JOB_STATE_DONE`. */
export const stateName = (state: JobState): string =>
  Object.entries(JobState).find(([, value]) => value === state)?.[0] ?? 'UNSPECIFIED';

/** The state of a name in any case, if there is one. */
export const jobStateOf = (name: string): JobState | undefined =>
  Object.entries(JobState).find(([key]) => key === name.toUpperCase())?.[1];

/** `ONLINE`, `OFFLINE`, `CALIBRATING`, `MAINTENANCE` or `ERROR`. */
export const deviceStatusName = (status: DeviceStatus): string => {
  const name = Object.entries(DeviceStatus).find(([, value]) => value === status)?.[0] ?? 'UNSPECIFIED';
  return name === 'ERROR_STATUS' ? 'ERROR' : name;
};

/** States a job never leaves. */
export const TERMINAL_STATES: ReadonlySet<JobState> = new Set([
  JobState.DONE,
  JobState.ERROR,
  JobState.CANCELLED,
  JobState.TIMEOUT,
]);
