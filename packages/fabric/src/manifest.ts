import { equal } from '@qfs/core/exact';
import { bytes, listOf, record, required, text, type ValueOf } from './codec.ts';
import { count, word } from './records.ts';
import { type Rejection, reject } from './rejections.ts';

/** Segments of `[A-Za-z0-9_-]` and dots, none of them empty, `.` or `..`; 255 characters in all. */
const ARTIFACT_NAME =
  /^(?=.{1,255}$)(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)*$/;

const ARTIFACT = record(
  required(
    'name',
    text(ARTIFACT_NAME, 'a relative path of A-Z, a-z, 0-9, . _ - without empty or dot segments'),
  ),
  required('sha256', bytes(32)),
  required('size', count),
  required('type', word),
);

/** The artifacts of one phase of a job. The bound on entries bounds it; the state keeps it for ever. */
export const MANIFEST = listOf(ARTIFACT, { min: 0, max: 8192, keyOf: (artifact) => artifact.name });
export type Manifest = ValueOf<typeof MANIFEST>;

/** Refuses a manifest that would give a name of the earlier one other bytes: a finished name is final. */
export function checkNames(earlier: Manifest, later: Manifest): Rejection | undefined {
  const digests = new Map(earlier.map((artifact) => [artifact.name, artifact.sha256]));
  for (const { name, sha256 } of later) {
    const digest = digests.get(name);
    if (digest !== undefined && !equal(digest, sha256)) {
      return reject('ARTIFACT_NAME_TAKEN', `${name} exists with other bytes`);
    }
  }
  return undefined;
}
