import { QfsError } from '@qfs/core';
import { type CobylaSettings, cobyla } from './cobyla.ts';
import { type LbfgsbSettings, lbfgsb } from './lbfgsb.ts';
import type { Method, Point } from './method.ts';
import { type NelderMeadSettings, nelderMead } from './nelder-mead.ts';
import { type SpsaSettings, spsa } from './spsa.ts';

/** What a person may say of a method; what is left out has the default of the method's row. */
export interface MethodSettings {
  readonly initialStep?: number;
  readonly tolerance?: number;
  /** SPSA alone. */
  readonly iterations?: number;
  readonly perturbation?: number;
  readonly seed?: number;
  /** L-BFGS-B alone. */
  readonly lower?: readonly number[];
  readonly upper?: readonly number[];
}

interface MethodRow {
  readonly needsGradients: boolean;
  readonly help: string;
  start(point: Point, settings: MethodSettings): Method;
}

const INITIAL_STEP = 0.5;

/** Every method, by the name that programs and job files use. */
export const METHODS = {
  COBYLA: {
    needsGradients: false,
    help: 'linear models in a trust region; few evaluations without noise',
    start: (point, { initialStep = INITIAL_STEP, tolerance = 1e-4 }) =>
      cobyla(point, { initialStep, tolerance } satisfies CobylaSettings),
  },
  'NELDER-MEAD': {
    needsGradients: false,
    help: 'a simplex that walks downhill; robust, many evaluations',
    start: (point, { initialStep = INITIAL_STEP, tolerance = 1e-4 }) =>
      nelderMead(point, { initialStep, tolerance } satisfies NelderMeadSettings),
  },
  SPSA: {
    needsGradients: false,
    help: 'two evaluations a step in random directions; for values with shot noise',
    start: (point, { iterations = 100, initialStep = 0.2, perturbation = 0.2, seed = 0 }) =>
      spsa(point, { iterations, initialStep, perturbation, seed } satisfies SpsaSettings),
  },
  'L-BFGS-B': {
    needsGradients: true,
    help: 'gradients and curvature; needs exact values',
    start: (point, { tolerance = 1e-6, lower, upper }) =>
      lbfgsb(point, {
        tolerance,
        ...(lower === undefined ? {} : { lower }),
        ...(upper === undefined ? {} : { upper }),
      } satisfies LbfgsbSettings),
  },
} as const satisfies Readonly<Record<string, MethodRow>>;

export type MethodName = keyof typeof METHODS;

/** @throws QfsError JOB_SPEC_INVALID for settings no method can work with */
export function startMethod(name: MethodName, point: Point, settings: MethodSettings): Method {
  const isPositive = (value: number | undefined) => value === undefined || (value > 0 && value < Infinity);
  const { initialStep, tolerance, perturbation, lower, upper } = settings;
  for (const [key, value] of Object.entries({ initialStep, tolerance, perturbation })) {
    if (!isPositive(value)) throw invalid(`${key} is ${value}; it must be a positive number.`);
  }
  if (point.length === 0) throw invalid('There are no parameters to optimise.');
  for (const bounds of [lower, upper]) {
    if (bounds !== undefined && bounds.length !== point.length) {
      throw invalid(`There are ${bounds.length} bounds for ${point.length} parameters.`);
    }
  }
  if (lower?.some((bound, k) => bound > (upper?.[k] ?? Infinity)) === true) {
    throw invalid('A lower bound is above its upper bound.');
  }
  return METHODS[name].start(point, settings);
}

const invalid = (message: string): QfsError => new QfsError('JOB_SPEC_INVALID', message);
