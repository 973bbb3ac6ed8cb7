/**
 * Freezes a message with everything in it, bytes excepted (typed arrays cannot be frozen), so that no side
 * of a direct call can change what the other holds. What is frozen already is not visited again.
 */
export function deepFreeze<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const child of Object.values(value)) {
    if (typeof child === 'object' && child !== null && !ArrayBuffer.isView(child)) deepFreeze(child);
  }
  return value;
}
