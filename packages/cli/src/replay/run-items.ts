import type { Observable } from '@qfs/circuit';
import type { Compiled } from '@qfs/compiler';
import {
  concludeAll,
  differentiatedIn,
  type Evaluations,
  type HybridPlan,
  HybridRun,
  layOut,
  type Measured,
  measuredIn,
  planOfCircuit,
  readLoopWishes,
  readPlan,
  ShiftedCircuit,
} from '@qfs/hybrid';
import { type Binding, type EngineItem, type EngineOptions, estimate, simulate } from '@qfs/simulator';
import type { Iteration } from '../loop/loop-view.ts';

/** An item of a job, compiled, with everything that it is run with. */
export interface ItemHere {
  readonly compiled: Compiled;
  /** Values that hold for every run of it. */
  readonly inputs: Binding;
  readonly parameters: readonly Readonly<Record<string, number>>[];
  readonly observables: readonly Observable[];
  readonly shots: number;
  /** Did somebody ask for these shots? */
  readonly shotsGiven: boolean;
  readonly seed: number;
  readonly memory: boolean;
}

/** What a job notes, and with it what it says of its searches. */
type Metadata = Readonly<Record<string, string>>;

/**
 * The results document of a job, as the platform makes it: the searches of hybrid programs first, one after
 * the other, and then all items in one execution.
 */
export function runItems(
  items: readonly ItemHere[],
  engine: EngineOptions,
  metadata: Metadata,
  onIteration: (iteration: Iteration) => void = () => undefined,
): Uint8Array {
  const runs = items.map((item) => hybridRun(item, engine, metadata));
  for (const [at, run] of runs.entries()) {
    for (let step = run?.next(); step?.iteration !== undefined; step = run?.next()) {
      const record = run!.tell(evaluated(items[at]!, step.items, engine));
      onIteration({ ...record, evaluationsMax: run!.evaluationsMax });
    }
  }
  const batch = items.flatMap((item, at) => {
    const step = runs[at]?.next();
    if (step === undefined) return [plain(item)];
    return step.items.map((evaluations) => evaluation(item, evaluations, item.memory));
  });
  const results = simulate(batch, engine);
  return runs.some((run) => run !== undefined) ? concludeAll(runs, results) : results;
}

/** @throws QfsError for an item that cannot be run: values that are missing, observables on other qubits */
export function checkItem(item: ItemHere, engine: EngineOptions, metadata: Metadata): void {
  if (hybridRun(item, engine, metadata) === undefined) estimate([plain(item)], engine);
}

/** One iteration; gradients come of values at shifted angles where the engine gives none. */
function evaluated(item: ItemHere, evaluations: readonly Evaluations[], engine: EngineOptions): Measured[] {
  const isShifted = engine.noise !== undefined || engine.method === 'density';
  if (!isShifted || evaluations.every(({ gradients }) => !gradients)) {
    return measuredIn(
      simulate(
        evaluations.map((each) => evaluation(item, each, false)),
        engine,
      ),
    );
  }
  const { parameters: inputs } = planOf(item)!;
  const circuit = new ShiftedCircuit(
    item.compiled.aqo,
    inputs.map(({ name }) => name),
  );
  const shifted = evaluations.map((each) => {
    const parameters = each.parameters.flatMap((values) => circuit.sets(values));
    return { ...evaluation(item, { ...each, parameters, gradients: false }, false), aqo: circuit.aqo };
  });
  const points = evaluations.flatMap(({ parameters }) => parameters);
  return differentiatedIn(simulate(shifted, engine), circuit, points);
}

function planOf({ compiled: { plan: bytes } }: ItemHere): HybridPlan | undefined {
  if (bytes === undefined) return undefined;
  const plan = readPlan(bytes);
  if (!plan.ok) throw plan.error;
  return plan.value;
}

function hybridRun(item: ItemHere, engine: EngineOptions, metadata: Metadata): HybridRun | undefined {
  const plan = planOf(item) ?? planOfCircuit(metadata.estimator, item);
  if (plan === undefined) return undefined;
  const wishes = readLoopWishes(metadata);
  const { shots, shotsGiven, seed, observables } = item;
  const parameters = startsOf(item, new Set(plan.parameters.map(({ name }) => name)));
  const exactValues = engine.noise === undefined;
  return new HybridRun(plan, {
    ...{ wishes, shots, shotsGiven, seed, parameters, observables, exactValues },
  });
}

/** Parameter sets, and inputs that are called like parameters. */
function startsOf({ inputs, parameters }: ItemHere, names: ReadonlySet<string>) {
  const shared: Record<string, number> = {};
  for (const [name, value] of inputs) {
    if (names.has(name) && typeof value === 'number') shared[name] = value;
  }
  if (parameters.length > 0) return parameters.map((values) => ({ ...shared, ...values }));
  return Object.keys(shared).length === 0 ? [] : [shared];
}

/** What each run of an item is bound to: the inputs alone, or with each parameter set. */
function bindingsOf({ inputs }: ItemHere, parameters: ItemHere['parameters']): Binding[] {
  if (parameters.length === 0) return inputs.size > 0 ? [inputs] : [];
  return parameters.map((set) => new Map([...inputs, ...Object.entries(set)]));
}

function laidOut({ compiled: { layout, program } }: ItemHere, observables: readonly Observable[]) {
  const named = observables.map(withoutEmptyName);
  if (layout === undefined) return named;
  return named.map((observable) => layOut(observable, layout.final, program.qubits));
}

/** Messages have an empty name where there is none; the results of the platform leave it out. */
const withoutEmptyName = ({ name, ...observable }: Observable): Observable =>
  name === undefined || name === '' ? observable : { ...observable, name };

function plain(item: ItemHere): EngineItem {
  const { compiled, shots, seed, memory } = item;
  const parameters = bindingsOf(item, item.parameters);
  return { aqo: compiled.aqo, parameters, shots, seed, memory, observables: laidOut(item, item.observables) };
}

const evaluation = (
  item: ItemHere,
  { parameters, observables, ...rest }: Evaluations,
  memory: boolean,
): EngineItem => ({
  ...rest,
  aqo: item.compiled.aqo,
  parameters: bindingsOf(item, parameters),
  observables: laidOut(item, observables),
  memory: memory && rest.shots > 0,
});
