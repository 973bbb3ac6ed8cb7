import { err, OBSERVABLES_MAX, ok, QfsError, type Result, SEED_MAX, SHOTS_MAX } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { parseJson } from '@qfs/core/json';
import {
  anyJson,
  boolean,
  type Codec,
  DocumentFault,
  dictionary,
  finite,
  integer,
  list,
  optional,
  Reader,
  required,
  struct,
  text,
} from './codec.ts';
import type { Counts } from './counts.ts';

/** Expectation value of one observable; exact values have a standard error of 0. */
export interface ExpectationValue {
  readonly name?: string;
  readonly value: number;
  readonly stdError: number;
}

/**
 * How a result came about: everything it is a function of, apart from shots and seed (Q1: no times, no
 * hosts).
 */
export interface ResultMetadata {
  readonly method: string;
  readonly precision: string;
  /** True when last bits may differ between machines. */
  readonly fast: boolean;
  readonly engine: string;
  readonly engineVersion: string;
  /** Digest of the noise model that was played; absent: none. */
  readonly noiseDigest?: string;
  /** Digest of the AQO document that ran. */
  readonly aqoDigest: string;
  readonly qubits: number;
}

/** The outcome of one item of a job for one parameter set. */
export interface CircuitResult {
  readonly counts: Counts;
  readonly shots: number;
  readonly seed: number;
  /** In the order of the item's observables. */
  readonly expectationValues: readonly ExpectationValue[];
  /**
   * Per observable the derivatives of its exact expectation value by the program's inputs, in the order of
   * their declarations, if they were asked for.
   */
  readonly gradients?: readonly (readonly number[])[];
  /** Per `output` variable that is not a bit: how many shots ended with each value, written as text. */
  readonly outputs: ReadonlyMap<string, Counts>;
  /** The key of every shot in order, if it was asked for. */
  readonly memory?: readonly string[];
  readonly warnings: readonly string[];
  readonly metadata: ResultMetadata;
}

/** How the search of a hybrid program ended. */
export interface Optimization {
  /** The optimiser. */
  readonly method: string;
  /** `converged`, or `iterations` where it took as many as it was allowed. */
  readonly ending: string;
  readonly iterations: number;
  /** Of the objective, during the search. */
  readonly evaluations: number;
  /** The parameters that the search found, by name. */
  readonly parameters: ReadonlyMap<string, number>;
  /** The objective there, evaluated anew; a standard error of 0 where it is exact. */
  readonly value: number;
  readonly stdError: number;
  /** Found from the state, not from shots. */
  readonly exact: boolean;
  /** The objective where the search began, if the optimiser looked there. */
  readonly startValue?: number;
  /** Beside an exact value: the objective as the shots of the counts have it. */
  readonly measured?: { readonly value: number; readonly stdError: number };
}

/** What became of one item of a job. */
export interface ItemResults {
  /** One per parameter set. */
  readonly results: readonly CircuitResult[];
  /** Of a program that searches a minimum. */
  readonly optimization?: Optimization;
  /** What a hybrid program returned: any JSON. */
  readonly returned?: unknown;
}

/** The results document, `results.json`. */
export interface Results {
  readonly items: readonly ItemResults[];
}

const anyText = text(/^[\s\S]*$/u, 'text');
const shotCount = integer(0, SHOTS_MAX);
const count = integer(0, Number.MAX_SAFE_INTEGER);
const COUNTS: Codec<Counts> = dictionary(shotCount);

const RESULT: Codec<CircuitResult> = struct<CircuitResult>({
  counts: required('counts', COUNTS),
  shots: required('shots', shotCount),
  seed: required('seed', integer(0, SEED_MAX)),
  expectationValues: required(
    'expectation_values',
    list(
      struct<ExpectationValue>({
        name: optional('name', anyText),
        value: required('value', finite),
        stdError: required('std_error', finite),
      }),
      0,
      OBSERVABLES_MAX,
    ),
  ),
  gradients: optional('gradients', list(list(finite), 0, OBSERVABLES_MAX)),
  outputs: required('outputs', dictionary(COUNTS)),
  memory: optional('memory', list(anyText, 0, SHOTS_MAX)),
  warnings: required('warnings', list(anyText)),
  metadata: required(
    'metadata',
    struct<ResultMetadata>({
      method: required('method', anyText),
      precision: required('precision', anyText),
      fast: required('fast', boolean),
      engine: required('engine', anyText),
      engineVersion: required('engine_version', anyText),
      noiseDigest: optional('noise_digest', anyText),
      aqoDigest: required('aqo_digest', anyText),
      qubits: required('qubits', count),
    }),
  ),
});

const OPTIMIZATION: Codec<Optimization> = struct<Optimization>({
  method: required('method', anyText),
  ending: required('ending', anyText),
  iterations: required('iterations', count),
  evaluations: required('evaluations', count),
  parameters: required('parameters', dictionary(finite)),
  value: required('value', finite),
  stdError: required('std_error', finite),
  exact: required('exact', boolean),
  startValue: optional('start_value', finite),
  measured: optional(
    'measured',
    struct<NonNullable<Optimization['measured']>>({
      value: required('value', finite),
      stdError: required('std_error', finite),
    }),
  ),
});

const ITEM: Codec<ItemResults> = struct<ItemResults>({
  results: required('results', list(RESULT)),
  optimization: optional('optimization', OPTIMIZATION),
  returned: optional('returned', anyJson),
});

const RESULTS: Codec<Results> = struct<Results>(
  { items: required('items', list(ITEM)) },
  { version: '1.0.0' },
);

/** Canonical bytes (RFC 8785): equal results give equal bytes. */
export const writeResults = (results: Results): Uint8Array => utf8(RESULTS.write(results));

/** Reads and checks a results document; RESULT_INCOMPLETE names the first place that is not as it must be. */
export function readResults(bytes: Uint8Array): Result<Results, QfsError> {
  const json = parseJson(bytes);
  if (!json.ok) return incomplete(json.error.message);
  try {
    const reader = new Reader(1);
    const results = RESULTS.read(json.value, reader);
    results.items.forEach((item, index) => {
      item.results.forEach((result, set) => {
        reader.path.splice(0, reader.path.length, 'items', index, 'results', set);
        checkComplete(result, reader);
      });
    });
    return ok(results);
  } catch (fault) {
    if (fault instanceof DocumentFault) return incomplete(fault.message);
    throw fault;
  }
}

/** Counts are empty or hold every shot, and so does memory. Gradients are of every observable. */
function checkComplete(result: CircuitResult, reader: Reader): void {
  const { counts, shots, memory, gradients, expectationValues } = result;
  const counted = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (counts.size > 0 && counted !== shots) reader.fail(`the counts hold ${counted} of ${shots} shots`);
  if (memory !== undefined && memory.length !== shots) {
    reader.fail(`the memory holds ${memory.length} of ${shots} shots`);
  }
  if (gradients !== undefined && gradients.length !== expectationValues.length) {
    reader.fail(`there are ${gradients.length} gradients of ${expectationValues.length} expectation values`);
  }
}

const incomplete = (problem: string): Result<never, QfsError> =>
  err(new QfsError('RESULT_INCOMPLETE', `The results document cannot be used: ${problem}.`));
