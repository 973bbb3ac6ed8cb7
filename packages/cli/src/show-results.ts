import { type CircuitResult, drawCounts, readResults } from '@qfs/circuit';
import { plural } from './plural.ts';
import type { Terminal } from './terminal.ts';

export interface Shown {
  readonly json: boolean;
  readonly top: number;
}

/** Shows a results document: as it is with `json`, else as bars with count and share. */
export function showResults(bytes: Uint8Array, { json, top }: Shown, terminal: Terminal): void {
  if (json) {
    terminal.out(`${new TextDecoder().decode(bytes)}\n`);
    return;
  }
  const read = readResults(bytes);
  if (!read.ok) throw read.error;
  const { items } = read.value;
  const many = items.length > 1 || items.some(({ results }) => results.length > 1);
  for (const [item, { results }] of items.entries()) {
    for (const [set, result] of results.entries()) {
      if (many) terminal.out(`item ${item}, parameter set ${set}\n`);
      if (result.counts.size > 0)
        terminal.out(drawCounts(result.counts, { top, width: terminal.columns ?? COLUMNS }));
      terminal.out(facts(result));
      for (const warning of result.warnings) terminal.talk(`warning: ${warning}\n`);
    }
  }
}

/** Width of the bars where no terminal says otherwise. */
const COLUMNS = 80;

function facts({ expectationValues, outputs, seed, shots }: CircuitResult): string {
  const values = expectationValues.map(
    ({ name = 'observable', value, stdError }) => `${name} = ${value} ± ${stdError}\n`,
  );
  const variables = [...outputs].map(([name, counts]) => {
    const listed = [...counts].map(([value, count]) => `${value} (${count})`);
    return `${name}: ${listed.join(', ')}\n`;
  });
  return [...values, ...variables, `${plural(shots, 'shot')}, seed ${seed}\n`].join('');
}
