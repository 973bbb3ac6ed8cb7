import type { CircuitResult, ItemResults } from '@qfs/circuit';
import { plural } from './plural.ts';

/** Whether the repetitions of a benchmark gave the same; the items of its job are one circuit, one seed. */
export function benchmarkText(items: readonly ItemResults[]): string {
  const [first, ...others] = items.map(({ results }) => results.map(textOf).join('\n'));
  const differing = others.flatMap((text, at) => (text === first ? [] : [at + 1]));
  const runs = plural(items.length, 'repetition');
  if (differing.length === 0) return `${runs}: equal counts in all\n`;
  return `${runs}: ${differing.map((at) => `item ${at}`).join(', ')} gave other counts than item 0\n`;
}

/** Everything that equal runs have in common. */
const textOf = ({ counts, expectationValues, shots }: CircuitResult): string =>
  JSON.stringify([[...counts].sort(([a], [b]) => (a < b ? -1 : 1)), expectationValues, shots]);
