import { totalmem } from 'node:os';

/** Half of the memory, or of the container's limit where that is smaller. */
export function defaultMemoryBudgetBytes(): number {
  const limit = process.constrainedMemory();
  const available = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.floor(available / 2);
}
