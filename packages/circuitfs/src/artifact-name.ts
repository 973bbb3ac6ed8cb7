import { ARTIFACT_NAME_CHARS_MAX, QfsError } from '@qfs/core';

const SEGMENT = /^[a-zA-Z0-9._-]+$/;
/** Where the outputs of attempts are read that did not end their job. */
const ATTEMPT_NAME = /^attempts\/([1-9]\d{0,8})\/(.+)$/;

/** The path that seed clients and the directory view know an artifact by. */
export const artifactPath = (jobId: string, name: string): string => `circuit_fs/${jobId}/${name}`;

export const attemptName = (attempt: number, name: string): string => `attempts/${attempt}/${name}`;

/** Takes `attempts/<n>/<name>` apart; undefined for a name of the job itself. */
export function parseAttemptName(name: string): { attempt: number; name: string } | undefined {
  const match = ATTEMPT_NAME.exec(name);
  return match === null ? undefined : { attempt: Number(match[1]), name: match[2]! };
}

/**
 * Checks a name that somebody wants to store under.
 *
 * @throws QfsError REQUEST_INVALID
 */
export function checkArtifactName(name: string): void {
  const problem = problemOf(name);
  if (problem === undefined) return;
  throw new QfsError(
    'REQUEST_INVALID',
    `${JSON.stringify(name.slice(0, 300))} names no artifact: ${problem}.`,
  );
}

function problemOf(name: string): string | undefined {
  if (name.length === 0) return 'it is empty';
  if (name.length > ARTIFACT_NAME_CHARS_MAX) {
    return `it has ${name.length} characters, the limit is ${ARTIFACT_NAME_CHARS_MAX}`;
  }
  for (const segment of name.split('/')) {
    if (segment === '') return 'it has an empty segment';
    if (segment === '.' || segment === '..') return `"${segment}" is no segment`;
    if (!SEGMENT.test(segment)) return 'letters, digits and . _ - / are allowed';
  }
  if (name.startsWith('attempts/')) return 'attempts/ is kept for the outputs of earlier attempts';
  return undefined;
}
