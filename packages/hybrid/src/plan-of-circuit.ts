import { HYBRID_PARAMETERS_MAX, QfsError } from '@qfs/core';
import type { HybridPlan } from './plan.ts';

/** The estimator that a job names among its metadata when it wants expectation values without shot noise. */
const EXACT = 'exact';

/**
 * The plan of a circuit that comes without one, whose expectation values a job wants exactly: counts from its
 * shots, and beside them values from the state itself. Undefined where nobody asked for that.
 * @throws QfsError JOB_SPEC_INVALID for more parameters than a plan may have
 */
export function planOfCircuit(
  estimator: string | undefined,
  item: {
    readonly observables: readonly unknown[];
    readonly parameters: readonly Readonly<Record<string, number>>[];
  },
): HybridPlan | undefined {
  if (estimator !== EXACT || item.observables.length === 0) return undefined;
  const names = [...new Set(item.parameters.flatMap((values) => Object.keys(values)))];
  if (names.length > HYBRID_PARAMETERS_MAX) {
    const description = `name ${names.length} inputs; for exact values at most ${HYBRID_PARAMETERS_MAX} are allowed`;
    throw new QfsError('JOB_SPEC_INVALID', `parameters ${description}.`, {
      violations: [{ field: 'parameters', description }],
    });
  }
  return { entrypoint: 'circuit', parameters: names.map((name) => ({ name })) };
}
