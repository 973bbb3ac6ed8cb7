import { record } from '../codec.ts';
import type { EntryType } from '../entry-type.ts';

/** Time has passed that a deadline of the state waits for. */
export const TICK: EntryType<object> = {
  type: 'TICK',
  level: 1,
  signature: 'optional',
  body: record(),
  apply: () => undefined,
};
