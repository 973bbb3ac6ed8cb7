import type { EntryType } from '../entry-type.ts';
import { GENESIS } from './genesis.ts';
import { JOB_ACCEPTED } from './job-accepted.ts';
import { JOB_FINISHED } from './job-finished.ts';

/** Every entry type there is. */
const ALL = [GENESIS, JOB_ACCEPTED, JOB_FINISHED] as const;

/** By name. A type of its own reads its own body, so the bodies' types may be forgotten here. */
export const ENTRY_TYPES: ReadonlyMap<string, EntryType<unknown>> = new Map(
  ALL.map((one) => [one.type, one as EntryType<unknown>]),
);
