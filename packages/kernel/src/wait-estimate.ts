/** What a queue looks like to a job that waits in it. Durations in milliseconds. */
export interface QueueState {
  /** Slots that the job may get. */
  readonly slots: number;
  /** Jobs that come before it. */
  readonly ahead: number;
  /** How long each job in those slots has been there. */
  readonly runningMs: readonly number[];
  /** How long a job keeps a slot, on average. */
  readonly meanMs: number;
}

/**
 * When a waiting job gets its slot, from now: running jobs give theirs back once they have had it as long as
 * an average job, those that are overdue at once, and every job ahead keeps one as long as that.
 */
export function waitMs({ slots, ahead, runningMs, meanMs }: QueueState): number {
  const count = Math.max(1, slots);
  const free = Math.max(0, count - runningMs.length);
  const left = runningMs.map((elapsedMs) => Math.max(0, meanMs - elapsedMs));
  const freeIn = [...Array.from({ length: free }, () => 0), ...left].sort((a, b) => a - b);
  const round = Math.floor(ahead / count);
  return (freeIn[ahead % count] ?? 0) + round * meanMs;
}

/** Weight of the newest duration in the running mean. */
const NEWEST_WEIGHT = 0.2;

/** The mean with one more duration: older ones count less with every further one. */
export const nextMean = (meanMs: number | undefined, durationMs: number): number =>
  meanMs === undefined ? durationMs : meanMs + (durationMs - meanMs) * NEWEST_WEIGHT;
