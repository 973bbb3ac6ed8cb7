/** Thrown for a broken invariant of our own. Nobody catches it to go on: the process logs and stops. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Stays on in production. `message` is a sentence that names the values involved. */
export function assert(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new AssertionError(typeof message === 'string' ? message : message());
}

/** For the branch of a switch over a closed union that cannot be reached. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable value: ${JSON.stringify(value)}`);
}
