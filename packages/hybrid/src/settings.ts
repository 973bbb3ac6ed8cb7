import { HYBRID_ITERATIONS_MAX, nearestName, QfsError } from '@qfs/core';
import { METHODS, type MethodName } from '@qfs/optimise';

/** How the value of an objective is found: from the state itself, or from shots. */
const ESTIMATORS = ['exact', 'sampled'] as const;
export type Estimator = (typeof ESTIMATORS)[number];

/** Iterations of a search that does not say how many it may take. */
export const ITERATIONS_DEFAULT = 200;

/** What a job may say of its loop among its metadata, by name. It goes before what the program says. */
export const LOOP_SETTINGS = {
  optimizer: `the optimiser: ${Object.keys(METHODS).join(', ')}`,
  max_iters: `iterations at most, 1 to ${HYBRID_ITERATIONS_MAX}`,
  tol: 'when the search has converged: a positive number',
  estimator: `how a value is found: ${ESTIMATORS.join(' or ')}`,
} as const;

/** What was asked for; what is absent is for the program or the platform to say. */
export interface LoopWishes {
  readonly method?: MethodName;
  readonly iterationsMax?: number;
  readonly tolerance?: number;
  readonly estimator?: Estimator;
}

/**
 * Reads what a job's metadata say of its loop.
 * @throws QfsError JOB_SPEC_INVALID with the name of the setting
 */
export function readLoopWishes(metadata: Readonly<Record<string, string>>): LoopWishes {
  const { optimizer, max_iters: iterations, tol, estimator } = metadata;
  return {
    ...(optimizer === undefined ? {} : { method: methodNamed(optimizer) }),
    ...(iterations === undefined ? {} : { iterationsMax: iterationsOf(iterations) }),
    ...(tol === undefined ? {} : { tolerance: toleranceOf(tol) }),
    ...(estimator === undefined ? {} : { estimator: estimatorNamed(estimator) }),
  };
}

/** The optimiser of this name, however it is capitalised. */
function methodNamed(text: string): MethodName {
  const name = text.toUpperCase().replaceAll('_', '-');
  if (Object.hasOwn(METHODS, name)) return name as MethodName;
  const nearest = nearestName(name, Object.keys(METHODS));
  const known = `Known are ${Object.keys(METHODS).join(', ')}.`;
  const hint = nearest === undefined ? known : `Did you mean ${nearest}? ${known}`;
  return refuse('optimizer', text, `, which is no optimiser. ${hint}`);
}

function iterationsOf(text: string): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= 1 && value <= HYBRID_ITERATIONS_MAX) return value;
  return refuse('max_iters', text, `; it must be a whole number from 1 to ${HYBRID_ITERATIONS_MAX}.`);
}

function toleranceOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < Infinity) return value;
  return refuse('tol', text, '; it must be a positive number.');
}

function estimatorNamed(text: string): Estimator {
  const found = ESTIMATORS.find((name) => name === text);
  return found ?? refuse('estimator', text, `; it must be ${ESTIMATORS.join(' or ')}.`);
}

function refuse(name: keyof typeof LOOP_SETTINGS, text: string, rule: string): never {
  const field = `metadata.${name}`;
  const description = `is "${text.slice(0, 64)}"${rule}`;
  throw new QfsError('JOB_SPEC_INVALID', `${field} ${description}`, { violations: [{ field, description }] });
}

/** Everything that a search is a function of beside its plan and the values it is told. */
export interface SearchSettings {
  readonly method: MethodName;
  readonly iterationsMax: number;
  readonly tolerance?: number;
  readonly estimator: Estimator;
  /** Of every sampled evaluation, and of the counts at the end. */
  readonly shots: number;
  /** Of the job: that of the counts at the end, and the origin of all others. */
  readonly seed: number;
}
