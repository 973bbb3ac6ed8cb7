import type { CircuitResult, ItemResults, Observable, Optimization } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import { assert } from '@qfs/core/exact';
import type { Point } from '@qfs/optimise';
import {
  type IterationRecord,
  type Measured,
  type PointsToEvaluate,
  SearchLoop,
  searchSettings,
} from './loop.ts';
import type { HybridPlan, PlannedMinimisation } from './plan.ts';
import { fillIn, type PlanValue } from './plan-value.ts';
import type { Estimator, LoopWishes } from './settings.ts';

/** Values of the circuit's inputs by name. */
export type ParameterValues = Readonly<Record<string, number>>;

/** What is to be evaluated with one circuit: an item of an execution. */
export interface Evaluations {
  /** One result for each. */
  readonly parameters: readonly ParameterValues[];
  /** 0: exact expectation values and no counts. */
  readonly shots: number;
  readonly seed: number;
  readonly observables: readonly Observable[];
  /** Of the first observable by every parameter. */
  readonly gradients: boolean;
}

/** The next step: an iteration of the search, from 1, or the evaluation at its end. */
export interface Step {
  readonly iteration?: number;
  readonly items: readonly Evaluations[];
}

/** What a hybrid program is run with. */
export interface RunTerms {
  readonly wishes: LoopWishes;
  readonly shots: number;
  /** Did somebody ask for these shots? Otherwise they are the default of the platform. */
  readonly shotsGiven: boolean;
  readonly seed: number;
  /** Values for parameters: the start of a search, or points to evaluate. */
  readonly parameters: readonly ParameterValues[];
  /** Observables that the job asks for at the end, beside that of the program. */
  readonly observables: readonly Observable[];
  /** Can the device give exact expectation values? */
  readonly exactValues: boolean;
}

/** A hybrid program on its way: a search, if it has one, and then an evaluation at what was found. */
export class HybridRun {
  readonly estimator: Estimator;
  readonly #plan: HybridPlan;
  readonly #terms: RunTerms;
  readonly #search: SearchLoop | undefined;
  /** Where the search begins, or what is evaluated without one. */
  readonly #begin: readonly Point[];
  #outcome: ItemResults | undefined;

  /** @throws QfsError JOB_SPEC_INVALID, PARAMETER_UNBOUND for terms that the plan cannot be run with */
  constructor(plan: HybridPlan, terms: RunTerms) {
    this.#plan = plan;
    this.#terms = terms;
    const { wishes, shots, seed, shotsGiven, exactValues } = terms;
    this.estimator = wishes.estimator ?? (!shotsGiven && exactValues ? 'exact' : 'sampled');
    const { minimisation } = plan;
    this.#begin = minimisation === undefined ? this.#givenPoints() : [this.#start(minimisation)];
    if (minimisation === undefined) return;
    const settings = searchSettings(minimisation, wishes, { estimator: this.estimator, shots, seed });
    this.#search = new SearchLoop(this.#begin[0]!, settings);
  }

  /**
   * The next step; undefined once there is an outcome.
   * @throws QfsError OPTIMISER_DIVERGED
   */
  next(): Step | undefined {
    if (this.#outcome !== undefined) return undefined;
    const search = this.#search;
    const round = search?.next();
    if (search === undefined || round === undefined) return { items: this.#atTheEnd(this.#finalPoints()) };
    const observables = this.#observables;
    const items = round.map((points) => this.#evaluations(points, observables));
    return { iteration: search.records.length + 1, items };
  }

  /** What its end would be if it ended now: for estimates. */
  get preview(): readonly Evaluations[] {
    return this.#atTheEnd(this.#search?.ending === undefined ? this.#begin : this.#finalPoints());
  }

  /** What the points of an iteration gave, in their order. */
  tell(measured: readonly Measured[]): IterationRecord {
    assert(this.#search !== undefined, 'the program searches');
    return this.#search.tell(measured);
  }

  /** What the evaluation at the end gave: a result per set of parameters of each of its items. */
  conclude(results: readonly CircuitResult[]): ItemResults {
    const sets = this.#finalPoints().length;
    const sampled = results.slice(0, sets);
    const exact = results.length > sets ? results.slice(sets) : undefined;
    const merged = sampled.map((result, k) => ({
      ...result,
      expectationValues: exact?.[k]?.expectationValues ?? result.expectationValues,
    }));
    const optimization = this.#optimization(sampled[0], exact?.[0]);
    const { outputs } = this.#plan;
    this.#outcome = {
      results: merged,
      ...(optimization === undefined ? {} : { optimization }),
      ...(outputs === undefined ? {} : { returned: this.#returned(outputs, optimization, merged) }),
    };
    return this.#outcome;
  }

  /** Every iteration so far. */
  get records(): readonly IterationRecord[] {
    return this.#search?.records ?? [];
  }

  /** 0 where nothing is searched. */
  get iterationsMax(): number {
    return this.#search?.settings.iterationsMax ?? 0;
  }

  /** How many evaluations the search takes at most, if it goes on as it does. */
  get evaluationsMax(): number {
    const [newest] = this.records.slice(-1);
    const next = this.#search?.next() ?? [];
    const points = next.reduce((sum, { points: { length } }) => sum + length, 0);
    return (newest?.evaluations ?? 0) + points * (this.iterationsMax - this.records.length);
  }

  /** Shots that the search takes at most, if it goes on as it does. */
  get shotsMax(): number {
    return this.estimator === 'exact' ? 0 : this.evaluationsMax * this.#terms.shots;
  }

  /** The values of the parameters at a point, by name. */
  named(point: Point): ParameterValues {
    return Object.fromEntries(this.#plan.parameters.map(({ name }, k) => [name, point[k]!]));
  }

  get #observables(): readonly Observable[] {
    return this.#plan.observable === undefined ? [] : [this.#plan.observable];
  }

  #evaluations(items: PointsToEvaluate, observables: readonly Observable[]): Evaluations {
    const { points, shots, seed, gradients } = items;
    return { parameters: points.map((point) => this.named(point)), shots, seed, gradients, observables };
  }

  /** Counts with the job's shots and seed, as of an ordinary job at these parameters; and exact values. */
  #atTheEnd(points: readonly Point[]): readonly Evaluations[] {
    const { shots, seed } = this.#terms;
    const observables = [...this.#observables, ...this.#terms.observables];
    const counted = this.#evaluations({ points, shots, seed, gradients: false }, observables);
    if (this.estimator === 'sampled' || observables.length === 0) return [counted];
    return [counted, { ...counted, shots: 0 }];
  }

  #finalPoints(): readonly Point[] {
    const search = this.#search;
    if (search === undefined) return this.#begin;
    if (search.ending === 'diverged' || search.answer === undefined) {
      throw new QfsError(
        'OPTIMISER_DIVERGED',
        `${search.settings.method} diverged in iteration ${search.records.length}: ` +
          'it went on to parameters, or met values, that are no numbers.',
        { metadata: { iteration: String(search.records.length), optimizer: search.settings.method } },
      );
    }
    return [search.answer];
  }

  #givenPoints(): readonly Point[] {
    const { parameters } = this.#terms;
    const initial = this.#plan.parameters.map((parameter) => parameter.initial);
    const sets = parameters.length === 0 ? [{}] : parameters;
    return sets.map((values) => this.#pointOf(values, initial));
  }

  #start({ start }: PlannedMinimisation): Point {
    const { parameters } = this.#terms;
    const [values = {}, ...others] = parameters;
    if (others.length === 0) return this.#pointOf(values, start);
    const description = `has ${parameters.length} sets; a search begins at one point, so give one set or none`;
    throw new QfsError('JOB_SPEC_INVALID', `parameters ${description}.`, {
      violations: [{ field: 'parameters', description }],
    });
  }

  /** Values by name in the order of the parameters. */
  #pointOf(values: ParameterValues, otherwise: readonly (number | undefined)[]): Point {
    const { parameters, entrypoint } = this.#plan;
    const known = new Set(parameters.map(({ name }) => name));
    for (const name of Object.keys(values)) {
      if (known.has(name)) continue;
      const names = parameters.length === 0 ? 'it has none' : `it has ${[...known].join(', ')}`;
      throw new QfsError('JOB_SPEC_INVALID', `${entrypoint} has no parameter "${name}"; ${names}.`);
    }
    return parameters.map(({ name }, k) => {
      const value = Object.hasOwn(values, name) ? values[name] : otherwise[k];
      if (value !== undefined) return value;
      throw new QfsError(
        'PARAMETER_UNBOUND',
        `The parameter "${name}" of ${entrypoint} has no value. Give "initial" in the program, or a value with the job.`,
      );
    });
  }

  #optimization(
    counted: CircuitResult | undefined,
    exact: CircuitResult | undefined,
  ): Optimization | undefined {
    const search = this.#search;
    const fromShots = counted?.expectationValues[0];
    const found = exact?.expectationValues[0] ?? fromShots;
    if (search === undefined || found === undefined || fromShots === undefined) return undefined;
    const { settings, records, startValue } = search;
    const { value, stdError } = fromShots;
    return {
      method: settings.method,
      ending: search.ending ?? 'iterations',
      iterations: records.length,
      evaluations: records.at(-1)?.evaluations ?? 0,
      parameters: new Map(Object.entries(this.named(search.answer ?? []))),
      value: found.value,
      stdError: found.stdError,
      exact: exact !== undefined,
      ...(startValue === undefined ? {} : { startValue }),
      ...(exact === undefined ? {} : { measured: { value, stdError } }),
    };
  }

  #returned(
    outputs: PlanValue,
    optimization: Optimization | undefined,
    results: readonly CircuitResult[],
  ): PlanValue {
    const terms = this.#plan.observable?.terms ?? [];
    const objective = terms.map(({ coefficient, paulis }) => ({ coefficient, paulis }));
    if (optimization === undefined) {
      // Nothing is searched: the value at each set of parameters, which is one unless the job says otherwise.
      const values = results.map(({ expectationValues }) => expectationValues[0]?.value ?? null);
      const [fun = null, ...others] = values;
      const [x = []] = this.#begin;
      return fillIn(outputs, {
        fun: others.length === 0 ? fun : values,
        x: [...x],
        ...{ objective, method: null, metadata: null },
      });
    }
    const { method, value, ending, iterations, evaluations } = optimization;
    return fillIn(outputs, {
      fun: value,
      x: [...optimization.parameters.values()],
      ...{ objective, method, metadata: { ending, iterations, evaluations } },
    });
  }
}
