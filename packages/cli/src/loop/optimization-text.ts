import type { ItemResults, Optimization } from '@qfs/circuit';
import { columns } from '../columns.ts';
import { plural } from '../plural.ts';
import { measuredText, valueText } from './energy.ts';

/** Why a search ended, as people say it. */
const ENDINGS: Readonly<Record<string, string>> = {
  converged: 'converged after',
  iterations: 'ended at its limit, after',
};

/** What the search of a hybrid program found, a fact per line; `unit` is that of its objective. */
export function optimizationText({ optimization, returned, results }: ItemResults, unit = ''): string {
  const energy = optimization === undefined ? [] : energyRows(optimization, results[0]?.shots ?? 0, unit);
  const search = optimization === undefined ? [] : searchRows(optimization);
  const rows = [...energy, ...search];
  if (returned !== undefined) rows.push(['returned', JSON.stringify(returned)]);
  return columns(rows);
}

type Row = readonly [string, string];

function energyRows(found: Optimization, shots: number, unit: string): Row[] {
  const { exact, measured, startValue, stdError, value } = found;
  const inUnit = (text: string): string => `${text} ${unit}`.trimEnd();
  const fromShots = `from ${plural(shots, 'shot')}`;
  const rows: Row[] = [
    ['energy', `${inUnit(measuredText(value, stdError))} ${exact ? '(exact)' : fromShots}`],
  ];
  if (measured !== undefined) {
    rows.push(['measured', `${inUnit(measuredText(measured.value, measured.stdError))} ${fromShots}`]);
  }
  if (startValue !== undefined) rows.push(['began at', inUnit(valueText(startValue, stdError))]);
  return rows;
}

function searchRows({ ending, evaluations, iterations, method, parameters }: Optimization): Row[] {
  const values = [...parameters].map(([name, value]) => `${name} = ${valueText(value, 0)}`);
  const effort = `${plural(iterations, 'iteration')}, ${plural(evaluations, 'evaluation')}`;
  return [
    ['parameters', values.join(', ')],
    ['search', `${method}, ${ENDINGS[ending] ?? ending} ${effort}`],
  ];
}
