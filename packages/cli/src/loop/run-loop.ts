import { type CircuitResult, type ItemResults, readResults } from '@qfs/circuit';
import { type Evaluations, HybridRun, type RunTerms, readPlan, runHybrid } from '@qfs/hybrid';
import { type EngineOptions, simulate } from '@qfs/simulator';
import type { Iteration } from './loop-view.ts';

interface LoopHere {
  /** The compiled circuit, and the plan that came of the same program. */
  readonly aqo: Uint8Array;
  readonly plan: Uint8Array;
  readonly terms: Omit<RunTerms, 'exactValues'>;
  readonly engine: EngineOptions;
  readonly onIteration: (iteration: Iteration) => void;
}

/** Runs a hybrid program in this process, the loop and its circuits; the results are those of a server. */
export async function runLoop({ aqo, engine, onIteration, plan, terms }: LoopHere): Promise<ItemResults> {
  const read = readPlan(plan);
  if (!read.ok) throw read.error;
  const run = new HybridRun(read.value, { ...terms, exactValues: engine.noise === undefined });
  const { evaluationsMax } = run;
  return runHybrid(
    run,
    async (items) => items.flatMap((item) => evaluate(aqo, item, engine)),
    (record) => onIteration({ ...record, evaluationsMax }),
  );
}

function evaluate(aqo: Uint8Array, item: Evaluations, engine: EngineOptions): readonly CircuitResult[] {
  const parameters = item.parameters.map((values) => new Map(Object.entries(values)));
  const read = readResults(simulate([{ ...item, aqo, parameters, memory: false }], engine));
  if (!read.ok) throw read.error;
  return read.value.items[0]!.results;
}
