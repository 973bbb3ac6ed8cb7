import { compare, compareDistribution, isBad, smallest } from '../../tests/conformance/differential.ts';
import { randomProgram } from '../../tests/conformance/reference/generator/program.ts';
import type { FuzzOptions } from './main.ts';

/** Sizes of programs in statements; small ones are followed along every course they can take. */
const SIZE_MAX = 40;
const FOLLOWED_SIZE_MAX = 8;
const FAILURES_MAX = 20;

/** Random typed programs through compiler and engine, and through a slow interpreter of their trees. */
export function fuzz({ inputs, seconds, seed }: FuzzOptions, say: (line: string) => void): Promise<number> {
  const until = performance.now() + 1000 * seconds;
  const tally = new Map<string, number>();
  const failures = new Set<string>();
  let at = 0;
  for (; at < inputs && performance.now() < until && failures.size < FAILURES_MAX; at += 1) {
    const one = seed + at;
    const size = 1 + (at % SIZE_MAX);
    const { source, inputs: given } = randomProgram(one, size);
    for (const comparison of size <= FOLLOWED_SIZE_MAX ? [compare, compareDistribution] : [compare]) {
      const verdict = comparison(source, given, one);
      const { kind, reason, detail } = verdict;
      tally.set(`${kind}: ${reason}`, (tally.get(`${kind}: ${reason}`) ?? 0) + 1);
      if (!isBad(verdict) || failures.has(reason)) continue;
      failures.add(reason);
      say(`seed ${one}, size ${size}: ${kind}, ${reason}\n${detail ?? ''}`);
      say(`// inputs ${JSON.stringify(given)}\n${smallest(source, given, one, comparison)}`);
    }
  }
  say(`${at} programs from seed ${seed}`);
  for (const [what, count] of [...tally].sort((a, b) => b[1] - a[1])) say(`${count} ${what}`);
  return Promise.resolve(failures.size);
}
