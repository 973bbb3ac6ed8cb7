import type { ReadProgram } from '@qfs/compiler';
import { jcs } from '@qfs/core/json';

/** What an Eigen-Lang program says of its own job. */
export type ProgramDefaults = NonNullable<ReadProgram['defaults']>;

/** The notes of a job: what its program says, as text, and what it says itself. */
export const notesOf = (
  { metadata = {} }: ProgramDefaults,
  said: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [name, typeof value === 'string' ? value : jcs(value)]),
  ),
  ...said,
});
