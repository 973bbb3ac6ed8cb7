import { record } from '../codec.ts';
import type { EntryType } from '../entry-type.ts';

/** Carries its tick and nothing else: a new leader's first entry. */
export const NOOP: EntryType<object> = {
  type: 'NOOP',
  level: 1,
  signature: 'optional',
  body: record(),
  apply: () => undefined,
};
