import { type CircuitResult, type COUNTS_ORDERS, drawCounts, readResults, sortCounts } from '@qfs/circuit';
import type { OptionRow } from './command.ts';
import { optimizationText } from './loop/optimization-text.ts';
import { choice } from './options.ts';
import { plural } from './plural.ts';
import type { Terminal } from './terminal.ts';

/** Orders of counts by the names that people know. */
const ORDERS = {
  asc: 'key',
  desc: 'key_desc',
  value: 'value',
  value_desc: 'value_desc',
  hamming: 'hamming',
} as const satisfies Readonly<Record<string, (typeof COUNTS_ORDERS)[number]>>;

export interface ResultsOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly sort: keyof typeof ORDERS;
  readonly top: number;
}

export const RESULTS_OPTIONS: readonly OptionRow[] = [
  {
    flags: '--sort <order>',
    help: 'asc or desc by outcome, value or value_desc by count, hamming by the number of ones',
    preset: 'asc',
    parse: choice('--sort', Object.keys(ORDERS)),
    completes: Object.keys(ORDERS),
  },
  { flags: '--csv', help: 'every outcome as a line of item,parameter_set,outcome,count,share' },
];

/**
 * Shows a results document: as it is with `json`, as a table with `csv`, else as bars with count and share.
 * `unit` is that of what a hybrid program minimises.
 */
export function showResults(
  bytes: Uint8Array,
  options: ResultsOptions,
  terminal: Terminal,
  unit?: string,
): void {
  if (options.json) {
    terminal.out(`${new TextDecoder().decode(bytes)}\n`);
    return;
  }
  const read = readResults(bytes);
  if (!read.ok) throw read.error;
  const { items } = read.value;
  const many = items.length > 1 || items.some(({ results }) => results.length > 1);
  if (options.csv) terminal.out('item,parameter_set,outcome,count,share\n');
  for (const [item, found] of items.entries()) {
    for (const [set, result] of found.results.entries()) {
      if (options.csv) terminal.out(csvOf(result, item, set, options));
      else {
        if (many) terminal.out(`item ${item}, parameter set ${set}\n`);
        terminal.out(barsOf(result, options, terminal));
        terminal.out(set === 0 ? optimizationText(found, unit) : '');
        terminal.out(facts(result, found.optimization === undefined ? 0 : 1));
      }
      for (const warning of result.warnings) terminal.note(`warning: ${warning}\n`);
    }
  }
}

/** Width of the bars where no terminal says otherwise. */
const COLUMNS = 80;

function barsOf({ counts }: CircuitResult, { sort, top }: ResultsOptions, terminal: Terminal): string {
  if (counts.size === 0) return '';
  return drawCounts(counts, { top, width: terminal.columns ?? COLUMNS, sort: ORDERS[sort] });
}

/** Outcomes that hold a comma or a blank are written in quotation marks (RFC 4180). */
function csvOf(
  { counts, shots }: CircuitResult,
  item: number,
  set: number,
  { sort }: ResultsOptions,
): string {
  const rows = sortCounts(counts, ORDERS[sort]).map(([outcome, count]) => {
    const cell = /[\s,]/.test(outcome) ? `"${outcome}"` : outcome;
    return `${item},${set},${cell},${count},${count / shots}\n`;
  });
  return rows.join('');
}

/** Of the expectation values those that are not said elsewhere: from `first` on. */
function facts({ expectationValues, outputs, seed, shots }: CircuitResult, first: number): string {
  const values = expectationValues
    .slice(first)
    .map(({ name = 'observable', value, stdError }) => `${name} = ${value} ± ${stdError}\n`);
  const variables = [...outputs].map(([name, counts]) => {
    const listed = [...counts].map(([value, count]) => `${value} (${count})`);
    return `${name}: ${listed.join(', ')}\n`;
  });
  return [...values, ...variables, `${plural(shots, 'shot')}, seed ${seed}\n`].join('');
}
