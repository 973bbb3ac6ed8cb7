import { assert } from '@qfs/core/exact';
import type { Ask, Ending, Evaluation, Method, Point } from './method.ts';
import { type MethodName, type MethodSettings, startMethod } from './methods.ts';

export interface OptimiserSpec {
  readonly method: MethodName;
  readonly start: Point;
  readonly settings: MethodSettings;
  /** The search ends before it would take more. */
  readonly evaluationsMax: number;
}

/** All of it: what was asked follows from what was told. JSON can hold it. */
export interface OptimiserState {
  readonly spec: OptimiserSpec;
  readonly told: readonly (readonly Evaluation[])[];
}

interface Best {
  readonly point: Point;
  readonly value: number;
  /** Which evaluation found it, from 0. */
  readonly evaluation: number;
}

/** One search for a minimum, as a machine without a clock, without I/O, and without a function to call. */
export class Optimiser {
  readonly spec: OptimiserSpec;
  readonly #method: Method;
  readonly #told: (readonly Evaluation[])[] = [];
  #asked: Ask | undefined;
  #ending: Ending | undefined;
  #evaluations = 0;
  #best: Best | undefined;

  /** @throws QfsError JOB_SPEC_INVALID for settings that the method cannot work with */
  constructor(spec: OptimiserSpec) {
    this.spec = spec;
    this.#method = startMethod(spec.method, spec.start, spec.settings);
    this.#goOn([]);
  }

  /** The machine where another one was, from what that one had been told. */
  static resume({ spec, told }: OptimiserState): Optimiser {
    const optimiser = new Optimiser(spec);
    for (const evaluations of told) optimiser.tell(evaluations);
    return optimiser;
  }

  /** The points whose values are wanted now; undefined once the search has ended. */
  ask(): Ask | undefined {
    return this.#asked;
  }

  /** The values of the points that were asked for, in their order. */
  tell(evaluations: readonly Evaluation[]): void {
    const asked = this.#asked;
    assert(asked !== undefined, 'the search has ended');
    assert(evaluations.length === asked.points.length, () => `${asked.points.length} values were asked for`);
    this.#told.push(evaluations);
    for (const [k, { value }] of evaluations.entries()) {
      if (Number.isFinite(value) && value < (this.#best?.value ?? Infinity)) {
        this.#best = { point: asked.points[k]!, value, evaluation: this.#evaluations + k };
      }
    }
    this.#evaluations += evaluations.length;
    if (evaluations.every(isNumber)) this.#goOn(evaluations);
    else this.#end('diverged');
  }

  /** The least value so far, and where; undefined before the first one. */
  get best(): Best | undefined {
    return this.#best;
  }

  /** Evaluations told so far. */
  get evaluations(): number {
    return this.#evaluations;
  }

  /** Why there is nothing more to ask; undefined while there is. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  get state(): OptimiserState {
    return { spec: this.spec, told: [...this.#told] };
  }

  #goOn(evaluations: readonly Evaluation[]): void {
    const next = this.#method.next(evaluations);
    if (next.done === true) this.#end('converged');
    else if (this.#evaluations + next.value.points.length > this.spec.evaluationsMax)
      this.#end('evaluations');
    else if (next.value.points.some((point) => !point.every(Number.isFinite))) this.#end('diverged');
    else this.#asked = next.value;
  }

  #end(ending: Ending): void {
    this.#ending = ending;
    this.#asked = undefined;
  }
}

const isNumber = ({ value, gradient = [] }: Evaluation): boolean =>
  Number.isFinite(value) && gradient.every(Number.isFinite);
