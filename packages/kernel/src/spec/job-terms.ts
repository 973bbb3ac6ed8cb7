import { RETRY_ELAPSED_MS_MAX, RETRY_PAUSE_MS_MAX } from '@qfs/core';
import { RETRY_DEFAULTS, type RetryPolicy } from '../retry.ts';
import { Violations } from './violations.ts';

/** What a job may ask of its own retries and waits, by the name it has among the metadata. */
export const JOB_TERMS = {
  'retry.max_attempts': 'attempts in all, the first one counted',
  'retry.base_delay_ms': 'pause before the second attempt; it doubles from one to the next',
  'retry.max_delay_ms': 'longest pause between two attempts',
  'retry.max_elapsed_ms': 'no attempt begins later than this after the first failure',
  'timeout.queue_ms': 'longest wait for the compiler, and for the device',
  'timeout.execution_ms': 'longest compilation, and longest execution over all attempts',
} as const;

type TermName = keyof typeof JOB_TERMS;

/** What the server grants. */
export interface TermBounds {
  readonly retriesMax: number;
  readonly timeLimitMs: number;
  readonly queueTimeLimitMs: number;
}

export interface JobTerms {
  readonly attemptsMax: number;
  readonly timeLimitMs: number;
  readonly queueLimitMs: number;
  /** Absent: as for every job. */
  readonly retry?: RetryPolicy;
}

const GROUPS = ['retry.', 'timeout.'] as const;

/** Terms lower what the server grants and never raise it; a name like theirs that is not known is refused. */
export function readTerms(
  metadata: Readonly<Record<string, string>>,
  bounds: TermBounds,
  violations: Violations,
): JobTerms {
  for (const name of Object.keys(metadata)) {
    if (GROUPS.some((group) => name.startsWith(group)) && !Object.hasOwn(JOB_TERMS, name)) {
      violations.add(
        `metadata.${name.slice(0, 64)}`,
        `is not known; known are ${Object.keys(JOB_TERMS).join(', ')}`,
      );
    }
  }
  const read = (name: TermName, least: number, most: number): number | undefined => {
    const value = wholeNumber(`metadata.${name}`, metadata[name], violations);
    if (value !== undefined) violations.range(`metadata.${name}`, value, least, most);
    return value;
  };
  const base = read('retry.base_delay_ms', 1, RETRY_PAUSE_MS_MAX);
  const longest = read('retry.max_delay_ms', base ?? 1, RETRY_PAUSE_MS_MAX);
  const elapsed = read('retry.max_elapsed_ms', 1, RETRY_ELAPSED_MS_MAX);
  return {
    attemptsMax: read('retry.max_attempts', 1, 1 + bounds.retriesMax) ?? 1 + bounds.retriesMax,
    timeLimitMs: read('timeout.execution_ms', 1, bounds.timeLimitMs) ?? bounds.timeLimitMs,
    queueLimitMs: read('timeout.queue_ms', 1, bounds.queueTimeLimitMs) ?? bounds.queueTimeLimitMs,
    ...(base === undefined && longest === undefined && elapsed === undefined
      ? {}
      : { retry: policyOf(base, longest, elapsed) }),
  };
}

/** The terms of a job that was accepted once, as far as the server grants them today. */
export function grantedTerms(
  metadata: Readonly<Record<string, string>>,
  bounds: TermBounds,
): Omit<JobTerms, 'retry'> {
  const { attemptsMax, timeLimitMs, queueLimitMs } = readTerms(metadata, bounds, new Violations());
  return {
    attemptsMax: Math.min(attemptsMax, 1 + bounds.retriesMax),
    timeLimitMs: Math.min(timeLimitMs, bounds.timeLimitMs),
    queueLimitMs: Math.min(queueLimitMs, bounds.queueTimeLimitMs),
  };
}

function policyOf(
  base: number | undefined,
  longest: number | undefined,
  elapsed: number | undefined,
): RetryPolicy {
  const delayMsMin = base ?? Math.min(RETRY_DEFAULTS.delayMsMin, longest ?? RETRY_DEFAULTS.delayMsMin);
  const delayMsMax = longest ?? Math.max(RETRY_DEFAULTS.delayMsMax, delayMsMin);
  return { delayMsMin, delayMsMax, ...(elapsed === undefined ? {} : { elapsedMsMax: elapsed }) };
}

/** A number among the metadata is text. */
export function wholeNumber(
  field: string,
  text: string | undefined,
  violations: Violations,
): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,16}$/.test(text)) return Number(text);
  violations.add(field, `is "${text.slice(0, 32)}", which is not a whole number`);
  return undefined;
}
