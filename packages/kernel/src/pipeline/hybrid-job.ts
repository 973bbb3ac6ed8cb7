import { HYBRID_ITEMS_MAX, HYBRID_ITERATIONS_MAX, QfsError } from '@qfs/core';
import { jcs } from '@qfs/core/json';
import {
  concludeAll,
  differentiatedIn,
  type Evaluations,
  type HybridPlan,
  HybridRun,
  type IterationRecord,
  type LoopWishes,
  type Measured,
  measuredIn,
  readLoopWishes,
  ShiftedCircuit,
} from '@qfs/hybrid';
import { CircuitFormat } from '@qfs/rpc/internal';
import type { DeviceFacts } from '../devices.ts';
import { type ItemSpec, type JobSpec, totalShots } from '../spec/job-spec.ts';
import type { IteratedArgument } from '../store/operations.ts';
import type { IterationRow } from '../store/rows.ts';
import type { Circuit, CompiledFacts, CompiledJob } from './compile-job.ts';
import type { CountedCircuits } from './counted-circuits.ts';
import { type ExecutionItemMessage, executionItem } from './submit-job.ts';

/** Parameters up to which the events of iterations name their values; artifacts always do. */
const EVENT_PARAMETERS_MAX = 64;

/** One iteration of one item that the device is to evaluate. */
export interface AskedIteration {
  readonly item: number;
  /** From 1. */
  readonly iteration: number;
  readonly executions: readonly ExecutionItemMessage[];
  /** Present where gradients come of values at shifted angles. */
  readonly shifted?: {
    readonly circuit: ShiftedCircuit;
    readonly points: Evaluations['parameters'];
  };
}

type Iterated = IteratedArgument['iterations'][number];

/**
 * A job of which at least one program is hybrid: the searches of its items one after the other, then one
 * execution for what all of them, and its plain circuits, come to.
 */
export class HybridJob {
  readonly #spec: JobSpec;
  readonly #seed: number;
  readonly #facts: readonly CompiledFacts[];
  readonly #runs: readonly (HybridRun | undefined)[];
  readonly #counted: readonly (CountedCircuits | undefined)[];
  /** Does the device give gradients in this job? */
  readonly #givesGradients: boolean;
  readonly #shifted = new Map<number, ShiftedCircuit>();

  /**
   * @param earlier what the searches were told by an earlier process or attempt
   * @param counted how objectives are found on a device that counts and nothing more
   * @throws QfsError JOB_SPEC_INVALID, PARAMETER_UNBOUND for a job that cannot be run
   */
  constructor(
    { spec, seed, device }: { readonly spec: JobSpec; readonly seed: number; readonly device: DeviceFacts },
    { items }: Pick<CompiledJob, 'items'>,
    earlier: readonly IterationRow[] = [],
    counted: readonly (CountedCircuits | undefined)[] = [],
  ) {
    this.#counted = counted;
    this.#spec = spec;
    this.#seed = seed;
    this.#facts = items;
    const wishes = readLoopWishes(spec.metadata);
    if (!device.observables) this.#checkCountable(wishes);
    const { method, noise_model: noise } = spec.options;
    const exactValues = device.exactValues && noise === undefined;
    this.#givesGradients = device.gradients && noise === undefined && method !== 'density';
    this.#runs = spec.items.map((item, index) => {
      const plan = items[index]?.plan;
      if (plan === undefined) return undefined;
      return new HybridRun(plan, {
        wishes,
        shots: item.shots,
        shotsGiven: item.shotsByDefault !== true,
        seed,
        parameters: valuesOf(item, plan),
        observables: item.observables,
        exactValues,
      });
    });
    this.#checkBounds();
    for (const { item, told } of earlier) this.#runs[item]?.tell(JSON.parse(told) as Measured[]);
  }

  /** The next iteration that a device is to evaluate; undefined once every search has ended. */
  next(circuits: readonly Circuit[]): AskedIteration | undefined {
    for (const [item, run] of this.#runs.entries()) {
      const step = run?.next();
      if (step?.iteration === undefined) continue;
      const { iteration, items } = step;
      if (!this.#givesGradients && items.some(({ gradients }) => gradients)) {
        return { item, iteration, ...this.#shiftedExecution(item, circuits, items) };
      }
      const executions = items.flatMap((evaluations) => {
        if (this.#counted[item] === undefined)
          return [{ ...this.#execution(item, circuits, evaluations), expectationsOnly: true }];
        return this.#countings(item, evaluations);
      });
      return { item, iteration, executions };
    }
    return undefined;
  }

  /** What the execution of an iteration gave, as it is kept and told. */
  tell({ item, shifted }: AskedIteration, results: Uint8Array): Iterated {
    const run = this.#runs[item]!;
    const measured =
      shifted === undefined
        ? measuredIn(results, this.#counted[item]?.objective)
        : differentiatedIn(results, shifted.circuit, shifted.points);
    return this.#iterated(item, run, measured, run.tell(measured));
  }

  /** The execution at the end, in the order of the items. */
  final(circuits: readonly Circuit[]): readonly ExecutionItemMessage[] {
    return this.#spec.items.flatMap((item, index) => {
      const run = this.#runs[index];
      if (run === undefined) return [executionItem(item, circuits[index], this.#seed, this.#facts[index])];
      const evaluations = run.next()?.items ?? run.preview;
      return evaluations.flatMap((each) => {
        const isCounted = this.#counted[index] !== undefined;
        const observables = isCounted ? [] : each.observables;
        const own = this.#execution(index, circuits, { ...each, observables }, item.memory);
        return isCounted ? [own, ...this.#countings(index, each)] : [own];
      });
    });
  }

  /** As `final`, of a job that has not begun. */
  preview(circuits: readonly Circuit[]): readonly ExecutionItemMessage[] {
    return this.#runs.flatMap((run, index) =>
      run === undefined
        ? [executionItem(this.#spec.items[index]!, circuits[index], this.#seed, this.#facts[index])]
        : run.preview.map((each) => this.#execution(index, circuits, each)),
    );
  }

  /** The results of the job, from those of the execution at the end. */
  conclude(results: Uint8Array): Uint8Array {
    const objectives = this.#counted.map((counted) => counted?.objective);
    return concludeAll(this.#runs, results, objectives);
  }

  #execution(
    index: number,
    circuits: Readonly<Record<number, Circuit>>,
    { parameters, observables, shots, seed, gradients }: Evaluations,
    memory = false,
  ): ExecutionItemMessage {
    const { inputs } = this.#spec.items[index]!;
    const item = { parameters, observables, shots, memory: memory && shots > 0, inputs };
    return { ...executionItem(item, circuits[index], seed, this.#facts[index]), gradients };
  }

  /** Values at all the shifted angles that the gradients of some points take. */
  #shiftedExecution(index: number, circuits: readonly Circuit[], items: readonly Evaluations[]) {
    const { plan } = this.#facts[index]!;
    const { format, data } = circuits[index]!;
    if (format !== CircuitFormat.AQO_JSON) {
      throw new QfsError(
        'GRADIENT_UNAVAILABLE',
        'The device gives no gradients and takes text alone; use an optimiser that needs none, for example COBYLA.',
      );
    }
    const names = plan?.parameters.map(({ name }) => name) ?? [];
    const circuit = this.#shifted.get(index) ?? new ShiftedCircuit(data, names);
    this.#shifted.set(index, circuit);
    const executions = items.map((each) => {
      const parameters = each.parameters.flatMap((values) => circuit.sets(values));
      const evaluations = { ...each, parameters, gradients: false };
      return this.#execution(index, { [index]: { format, data: circuit.aqo } }, evaluations);
    });
    return { executions, shifted: { circuit, points: items.flatMap(({ parameters }) => parameters) } };
  }

  /** The circuits that measure the objective of an item. */
  #countings(index: number, evaluations: Evaluations): ExecutionItemMessage[] {
    const { inputs } = this.#spec.items[index]!;
    const { objective, circuits } = this.#counted[index]!;
    return objective.items(evaluations).map(({ seed, ...each }, group) => {
      const item = { ...each, observables: [], memory: false, inputs };
      return executionItem(item, circuits[group], seed);
    });
  }

  #iterated(item: number, run: HybridRun, measured: readonly Measured[], record: IterationRecord): Iterated {
    const { point, gradientNorm, iteration, evaluations, value, stdError, best } = record;
    const parameters = run.named(point);
    const several = this.#runs.length > 1 ? ` of item ${item}` : '';
    return {
      item,
      iteration,
      told: JSON.stringify(measured),
      record: jcs({
        iteration,
        evaluations,
        parameters,
        value,
        std_error: stdError,
        best,
        ...(gradientNorm === undefined ? {} : { gradient_norm: gradientNorm }),
      }),
      event: {
        iteration,
        evaluations,
        evaluationsMax: run.evaluationsMax,
        value,
        stdError,
        best,
        parameters: point.length > EVENT_PARAMETERS_MAX ? {} : parameters,
      },
      message: `Iteration ${iteration}${several}: ${value}.`,
      progress: this.#progress,
    };
  }

  /** Iterations that were, of those that may be. */
  get #progress(): number {
    let were = 0;
    let mayBe = 0;
    for (const run of this.#runs) {
      were += run?.records.length ?? 0;
      mayBe += run?.iterationsMax ?? 0;
    }
    return mayBe === 0 ? 0 : were / mayBe;
  }

  /** What a device that counts and nothing more cannot give. */
  #checkCountable({ estimator }: LoopWishes): void {
    const { items } = this.#spec;
    const more = items.findIndex((item, at) => this.#facts[at]?.plan && item.observables.length > 0);
    const field = more < 0 ? 'metadata.estimator' : `items[${more}].observables`;
    if (more < 0 && estimator !== 'exact') return;
    const description =
      'asks for expectation values that the device does not give; the objective of the program alone is ' +
      'estimated there, from counts';
    throw new QfsError('JOB_SPEC_INVALID', `${field} ${description}.`, {
      violations: [{ field, description }],
    });
  }

  #checkBounds(): void {
    const hybrid = this.#runs.filter((run) => run !== undefined);
    bound('hybrid programs', hybrid.length, HYBRID_ITEMS_MAX, 'Submit them as several jobs.');
    const iterations = hybrid.reduce((sum, { iterationsMax }) => sum + iterationsMax, 0);
    bound('iterations', iterations, HYBRID_ITERATIONS_MAX, 'Set "max_iters", or submit several jobs.');
    this.#checkShots(hybrid);
  }

  /** The shots of searches count too where the tenant may not have as many as it likes. */
  #checkShots(runs: readonly HybridRun[]): void {
    const { items, shotsMax = Number.POSITIVE_INFINITY } = this.#spec;
    const shots = runs.reduce((sum, run) => sum + run.shotsMax, totalShots(items));
    if (shots <= shotsMax) return;
    throw new QfsError(
      'CIRCUIT_TOO_LARGE',
      `The job may take ${shots} shots over all evaluations of its searches; its tenant may have ${shotsMax} ` +
        'in one job. Ask for fewer shots, or set "max_iters".',
      { metadata: { shots: String(shots), shots_max: String(shotsMax) } },
    );
  }
}

/** Is any program of the job hybrid? */
export const isHybrid = ({ items }: Pick<CompiledJob, 'items'>): boolean =>
  items.some(({ plan }) => plan !== undefined);

/** Values for the parameters of a program: parameter sets, and inputs that are called like parameters. */
function valuesOf({ parameters, inputs }: ItemSpec, plan: HybridPlan): readonly Record<string, number>[] {
  const named = new Set(plan.parameters.map(({ name }) => name));
  const shared: Record<string, number> = {};
  for (const [name, input] of Object.entries(inputs)) {
    if (!named.has(name)) continue;
    if ('number' in input) shared[name] = input.number;
    if ('integer' in input) shared[name] = Number(input.integer);
  }
  if (parameters.length > 0) return parameters.map((values) => ({ ...shared, ...values }));
  return Object.keys(shared).length === 0 ? [] : [shared];
}

function bound(what: string, count: number, max: number, advice: string): void {
  if (count <= max) return;
  const description = `has ${count} ${what} over all items; at most ${max} are allowed. ${advice}`;
  throw new QfsError('JOB_SPEC_INVALID', `The job ${description}`, {
    violations: [{ field: 'items', description }],
  });
}
