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

/** How a result is written in each of IonQ's formats; the second version names registers, which take time to find. */
export const RESULT_FORMATS = {
  'ionq.result.probabilities.json.v1': (result) => probabilities(result),
  'ionq.result.histogram.json.v1': (result) => histogram(result),
  'ionq.result.shots.json.v1': (result) => shots(result),
  'ionq.result.probabilities.json.v2': (result, registers) => registeredProbabilities(result, registers()),
  'ionq.result.histogram.json.v2': (result, registers) => registeredHistogram(result, registers()),
  'ionq.result.shots.json.v2': (result, registers) => registeredShots(result, registers()),
} as const satisfies Record<string, (result: CircuitResult, registers: () => Registers) => JsonInput>;

/** The results that have an address of their own, as clients spell it, and the format that is there. */
export const RESULT_ADDRESSES = {
  probabilities: 'ionq.result.probabilities.json.v1',
  histogram: 'ionq.result.histogram.json.v1',
  shots: 'ionq.result.shots.json.v1',
} as const satisfies Record<string, keyof typeof RESULT_FORMATS>;

/** Links of a job's results; they begin with the version, which clients take off. A batch has one, for all of it. */
export function resultUrls(id: string, aggregated: boolean): Record<string, { readonly url: string }> {
  const results = `${IONQ}/jobs/${id}/results`;
  if (aggregated) return { probabilities: { url: `${results}/probabilities/aggregated` } };
  return Object.fromEntries(
    Object.keys(RESULT_ADDRESSES).map((name) => [name, { url: `${results}/${name}` }]),
  );
}

export const isResultFormat = (name: string): name is keyof typeof RESULT_FORMATS =>
  Object.hasOwn(RESULT_FORMATS, name);
