import { ENTRY_TYPES } from './entries/index.ts';
import type { EntryType } from './entry-type.ts';

/** By what entries are judged. */
export interface Protocol {
  /** The newest level known. */
  readonly level: number;
  /** A type whose behaviour changes with a level has a row for each. */
  readonly types: readonly EntryType<unknown>[];
}

/** The newest protocol level that this fabric can judge by. */
export const PROTOCOL_LEVEL = 1;

export const PROTOCOL: Protocol = { level: PROTOCOL_LEVEL, types: ENTRY_TYPES };

/** The behaviour of a type at a level: that of the newest level not above it. */
export function typeAt({ types }: Protocol, name: string, level: number): EntryType<unknown> | undefined {
  let found: EntryType<unknown> | undefined;
  for (const type of types) {
    if (type.type !== name || type.level > level) continue;
    if (found === undefined || type.level > found.level) found = type;
  }
  return found;
}
