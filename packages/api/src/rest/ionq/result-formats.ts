import type { CircuitResult } from '@qfs/circuit';
import type { JsonInput } from '@qfs/core/json';
import { IONQ } from './error-shape.ts';
import {
  histogram,
  probabilities,
  type Registers,
  registeredHistogram,
  registeredProbabilities,
  registeredShots,
  shots,
} from './results.ts';

/** How a result is written in each of IonQ's formats; those of the second version name registers. */
export const RESULT_FORMATS = {
  'ionq.result.probabilities.json.v1': { write: probabilities },
  'ionq.result.histogram.json.v1': { write: histogram },
  'ionq.result.shots.json.v1': { write: shots },
  'ionq.result.probabilities.json.v2': { registered: registeredProbabilities },
  'ionq.result.histogram.json.v2': { registered: registeredHistogram },
  'ionq.result.shots.json.v2': { registered: registeredShots },
} as const satisfies Record<
  string,
  | { readonly write: (result: CircuitResult) => JsonInput }
  | { readonly registered: (result: CircuitResult, registers: Registers) => JsonInput }
>;

export type ResultFormat = keyof typeof RESULT_FORMATS;

/** The results that have an address of their own, as clients spell it, and the format that is there. */
export const RESULT_ADDRESSES = {
  probabilities: 'ionq.result.probabilities.json.v1',
  histogram: 'ionq.result.histogram.json.v1',
  shots: 'ionq.result.shots.json.v1',
} as const satisfies Record<string, ResultFormat>;

/** Links of a job's results; they begin with the version, which clients take off. A batch has one, for all of it. */
export function resultUrls(id: string, aggregated: boolean): Record<string, { readonly url: string }> {
  const results = `${IONQ}/jobs/${id}/results`;
  if (aggregated) return { probabilities: { url: `${results}/probabilities/aggregated` } };
  return Object.fromEntries(
    Object.keys(RESULT_ADDRESSES).map((name) => [name, { url: `${results}/${name}` }]),
  );
}

export const isResultFormat = (name: string): name is ResultFormat => Object.hasOwn(RESULT_FORMATS, name);
