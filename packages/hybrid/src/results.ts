import { type CircuitResult, type ItemResults, type Results, readResults, writeResults } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import type { CountedObjective } from './counted.ts';
import type { HybridRun, ParameterValues } from './hybrid-run.ts';
import type { Measured } from './loop.ts';
import type { ShiftedCircuit } from './shift-rule.ts';

/**
 * The objective at every point of an iteration, from the results document of its execution.
 * @param counted present where the device counts and nothing more
 * @throws QfsError RESULT_INCOMPLETE
 */
export function measuredIn(results: Uint8Array, counted?: CountedObjective): Measured[] {
  const { items } = read(results);
  if (counted === undefined) return items.flatMap((item) => item.results.map(measuredOf));
  return chunks(items, counted.circuits.length).flatMap((circuits) => valuesIn(circuits, counted));
}

/**
 * The objective with its gradient at every point of an iteration, from values at shifted angles.
 * @param points what `circuit.sets` was asked for, one after the other
 * @throws QfsError RESULT_INCOMPLETE
 */
export function differentiatedIn(
  results: Uint8Array,
  circuit: ShiftedCircuit,
  points: readonly ParameterValues[],
): Measured[] {
  const values = read(results).items.flatMap((item) => item.results.map(measuredOf));
  const sets = chunks(values, values.length / points.length);
  return points.map((point, k) => circuit.measured(point, sets[k]!));
}

/** The objective as one result has it: the first of its observables. */
export function measuredOf({ expectationValues, gradients }: CircuitResult): Measured {
  const [first] = expectationValues;
  if (first === undefined) {
    throw new QfsError('RESULT_INCOMPLETE', 'The device gave no expectation value of the objective.');
  }
  const { value, stdError } = first;
  const gradient = gradients?.[0];
  return { value, stdError, ...(gradient === undefined ? {} : { gradient }) };
}

/**
 * The results document of a job, from that of the execution at its end. Each hybrid program had as many items
 * in it as its last step says, each followed by the circuits of its objective where the device counts and
 * nothing more; each other program had one.
 * @param runs per item of the job; undefined: a circuit and nothing more
 * @param counted per item of the job
 * @throws QfsError RESULT_INCOMPLETE
 */
export function concludeAll(
  runs: readonly (HybridRun | undefined)[],
  results: Uint8Array,
  counted: readonly (CountedObjective | undefined)[] = [],
): Uint8Array {
  const { items } = read(results);
  let at = 0;
  const concluded = runs.map((run, index) => {
    const objective = counted[index];
    const parts = 1 + (objective?.circuits.length ?? 0);
    const own = items.slice(at, at + parts * (run?.preview.length ?? 1));
    at += own.length;
    if (run === undefined) return own[0]!;
    return run.conclude(chunks(own, parts).flatMap((chunk) => withValues(chunk, objective)));
  });
  return writeResults({ items: concluded });
}

/** The results of a circuit with the objective that the circuits after it counted. */
function withValues(
  [first, ...circuits]: readonly ItemResults[],
  counted: CountedObjective | undefined,
): readonly CircuitResult[] {
  if (counted === undefined) return first!.results;
  const values = valuesIn(circuits, counted);
  return first!.results.map((result, set) => ({ ...result, expectationValues: [values[set]!] }));
}

/** The objective at every set of parameters. */
const valuesIn = (circuits: readonly ItemResults[], counted: CountedObjective) =>
  (circuits[0]?.results ?? []).map((_, set) => counted.valueOf(circuits.map(({ results }) => results[set]!)));

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));

function read(bytes: Uint8Array): Results {
  const results = readResults(bytes);
  if (!results.ok) throw results.error;
  return results.value;
}
