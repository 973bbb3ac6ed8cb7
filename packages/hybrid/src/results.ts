import { type CircuitResult, type Results, readResults, writeResults } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import type { HybridRun } from './hybrid-run.ts';
import type { Measured } from './loop.ts';

/**
 * The objective at every point of an iteration, from the results document of its execution.
 * @throws QfsError RESULT_INCOMPLETE
 */
export const measuredIn = (results: Uint8Array): Measured[] =>
  read(results).items.flatMap((item) => item.results.map(measuredOf));

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
 * in it as its last step says, each other program one.
 * @param runs per item of the job; undefined: a circuit and nothing more
 * @throws QfsError RESULT_INCOMPLETE
 */
export function concludeAll(runs: readonly (HybridRun | undefined)[], results: Uint8Array): Uint8Array {
  const { items } = read(results);
  let at = 0;
  const concluded = runs.map((run) => {
    const own = items.slice(at, at + (run?.preview.length ?? 1));
    at += own.length;
    return run === undefined ? own[0]! : run.conclude(own.flatMap((item) => item.results));
  });
  return writeResults({ items: concluded });
}

function read(bytes: Uint8Array): Results {
  const results = readResults(bytes);
  if (!results.ok) throw results.error;
  return results.value;
}
