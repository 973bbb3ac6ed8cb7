import { QfsError } from '@qfs/core';
import { assert } from '@qfs/core/exact';
import { deriveSeed } from '@qfs/core/math';
import { METHODS, Optimiser, type Point } from '@qfs/optimise';
import type { PlannedMinimisation } from './plan.ts';
import { ITERATIONS_DEFAULT, type LoopWishes, type SearchSettings } from './settings.ts';

/** Points that are evaluated alike: one item of an execution. */
export interface PointsToEvaluate {
  readonly points: readonly Point[];
  /** 0: exact values. */
  readonly shots: number;
  readonly seed: number;
  readonly gradients: boolean;
}

/** The objective at one point. */
export interface Measured {
  readonly value: number;
  /** 0: exact. */
  readonly stdError: number;
  readonly gradient?: readonly number[];
}

/** What one iteration came to. */
export interface IterationRecord {
  /** From 1. */
  readonly iteration: number;
  /** Evaluations so far. */
  readonly evaluations: number;
  /** The point of this iteration with the least value. */
  readonly point: Point;
  readonly value: number;
  readonly stdError: number;
  /** Least value so far. */
  readonly best: number;
  readonly gradientNorm?: number;
}

/** Why a search ended. */
export type SearchEnding = 'converged' | 'iterations' | 'diverged';

/** Evaluations a search may take at most, whatever its rounds are like. */
const EVALUATIONS_MAX = 1_000_000;
/** Rounds of SPSA that are no steps: pairs that calibrate it, and the value at its last point. */
const SPSA_OTHER_ROUNDS = 11;

/**
 * The settings of a search: what the job asks for goes before what the program says.
 * @throws QfsError JOB_SPEC_INVALID where optimiser and estimator do not fit together
 */
export function searchSettings(
  planned: PlannedMinimisation,
  wishes: LoopWishes,
  run: Pick<SearchSettings, 'estimator' | 'shots' | 'seed'>,
): SearchSettings {
  const method = wishes.method ?? planned.method;
  const tolerance = wishes.tolerance ?? planned.tolerance;
  if (METHODS[method].needsGradients && run.estimator === 'sampled') {
    throw new QfsError(
      'JOB_SPEC_INVALID',
      `${method} needs exact values, and these are sampled from ${run.shots} shots. ` +
        'Use SPSA, or "estimator: exact" on a simulator without noise.',
      { violations: [{ field: 'metadata.optimizer', description: `${method} needs exact values` }] },
    );
  }
  return {
    method,
    iterationsMax: wishes.iterationsMax ?? planned.iterationsMax ?? ITERATIONS_DEFAULT,
    ...(tolerance === undefined ? {} : { tolerance }),
    ...run,
  };
}

/**
 * A search as a machine: it asks for rounds of evaluations, is told what they gave, and has no clock, no
 * device and no function to call. Told the same, it asks the same: that is how it is resumed.
 */
export class SearchLoop {
  readonly settings: SearchSettings;
  readonly #optimiser: Optimiser;
  readonly #records: IterationRecord[] = [];
  #startValue: number | undefined;
  #last: Point | undefined;
  #best: Measured | undefined;

  /** @throws QfsError JOB_SPEC_INVALID for settings that the optimiser cannot work with */
  constructor(start: Point, settings: SearchSettings) {
    this.settings = settings;
    const { method, tolerance, iterationsMax, seed } = settings;
    this.#optimiser = new Optimiser({
      method,
      start,
      settings: {
        ...(tolerance === undefined ? {} : { tolerance }),
        iterations: Math.max(1, iterationsMax - SPSA_OTHER_ROUNDS),
        seed,
      },
      evaluationsMax: EVALUATIONS_MAX,
    });
  }

  /** What it wants to know next, for one iteration; undefined once the search has ended. */
  next(): readonly PointsToEvaluate[] | undefined {
    const asked = this.ending === undefined ? this.#optimiser.ask() : undefined;
    if (asked === undefined) return undefined;
    const { points, gradients } = asked;
    const { estimator, shots, seed } = this.settings;
    if (estimator === 'exact') return [{ points, shots: 0, seed, gradients }];
    // Every evaluation has shots of its own, or all of them would err alike.
    const first = this.#optimiser.evaluations + 1;
    return points.map((point, k) => ({
      points: [point],
      shots,
      seed: deriveSeed(seed, first + k),
      gradients,
    }));
  }

  /** What the points of the round gave, in their order. */
  tell(measured: readonly Measured[]): IterationRecord {
    const asked = this.#optimiser.ask();
    assert(asked !== undefined && this.ending === undefined, 'the search has ended');
    this.#optimiser.tell(measured);
    if (this.#records.length === 0 && isSame(asked.points[0], this.#optimiser.spec.start)) {
      this.#startValue = measured[0]?.value;
    }
    this.#last = asked.points.at(-1);
    let least = 0;
    for (const [k, { value }] of measured.entries()) if (value < measured[least]!.value) least = k;
    const { value, stdError, gradient } = measured[least]!;
    if (this.#best === undefined || value < this.#best.value) this.#best = { value, stdError };
    const record = {
      iteration: this.#records.length + 1,
      evaluations: this.#optimiser.evaluations,
      point: asked.points[least]!,
      value,
      stdError,
      best: this.#best.value,
      ...(gradient === undefined ? {} : { gradientNorm: norm(gradient) }),
    };
    this.#records.push(record);
    return record;
  }

  /** Every iteration so far. */
  get records(): readonly IterationRecord[] {
    return this.#records;
  }

  get ending(): SearchEnding | undefined {
    const ending = this.#optimiser.ending;
    if (ending !== undefined) return ending === 'evaluations' ? 'iterations' : ending;
    return this.#records.length >= this.settings.iterationsMax ? 'iterations' : undefined;
  }

  /**
   * The answer so far; undefined before there is one. It is the point of the least value, except that SPSA
   * answers with its last point: among values that all err the least one is chance.
   */
  get answer(): Point | undefined {
    const isLast = this.settings.method === 'SPSA' && this.ending === 'converged';
    return isLast ? this.#last : this.#optimiser.best?.point;
  }

  /** The value at the start, where the optimiser asked for it. */
  get startValue(): number | undefined {
    return this.#startValue;
  }
}

const isSame = (a: Point | undefined, b: Point): boolean => a?.every((value, k) => value === b[k]) === true;

const norm = (gradient: readonly number[]): number =>
  Math.sqrt(gradient.reduce((sum, slope) => sum + slope * slope, 0));
