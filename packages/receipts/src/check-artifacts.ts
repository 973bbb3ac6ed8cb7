import { err, ok, type Result } from '@qfs/core/exact';
import type { FinishedEntry } from './finished-entry.ts';
import type { StatementFacts } from './read-statement.ts';

/** Lower-case hexadecimal SHA-256 of files, by artifact name. */
export type FoundArtifacts = ReadonlyMap<string, string>;

/** Compares files with what statement and entry say of them; answers how many there were. */
export function checkArtifacts(
  { inputs }: StatementFacts,
  { outputs }: FinishedEntry,
  found: FoundArtifacts,
): Result<number, string> {
  for (const [name, digest] of found) {
    const named = outputs.get(name) ?? inputs.get(name);
    if (named === undefined) return err(`the receipt knows no file ${name}`);
    if (named !== digest) return err(`${name} is sha256:${digest}, the receipt names sha256:${named}`);
  }
  return ok(found.size);
}
