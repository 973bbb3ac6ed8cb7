import type { CompileTarget, Program } from '@qfs/circuit';
import { CIRCUIT_OPERATIONS_MAX, DEVICE_OPERATIONS_MAX, ok, type Result } from '@qfs/core';
import { type CompileFailure, failure } from '../../languages.ts';
import type { Layout, OptimisedProgram, OptimiseOptions } from '../contract.ts';
import {
  elideSwaps,
  expandChoices,
  extract,
  inlineCalls,
  rebuild,
  relabel,
  withoutUncalled,
} from '../program/index.ts';
import { type Basis, basisOf } from '../target/basis.ts';
import { couplingOf } from '../target/coupling.ts';
import { EFFORTS, findLayout, REFINED_FROM, ROUTER_WEIGHTS, refinedLayout } from '../target/layout.ts';
import { routeCode } from '../target/route-code.ts';
import { schedule } from '../target/schedule.ts';
import { translate } from '../target/translate.ts';
import { ErrorRates, usageOf } from '../target/usage.ts';
import { LEVELS, SCHEDULED_FROM } from './levels.ts';
import { Pipeline } from './pipeline.ts';
import { layoutRefusal, tooManyOperations } from './refusals.ts';

/**
 * The program with the passes of a level, for a target if there is one: a program on the qubits of the
 * device, with its gates, on coupled pairs. A pure function: equal programs and options give equal bytes.
 */
export function optimiseProgram(
  program: Program,
  options: OptimiseOptions,
): Result<OptimisedProgram, CompileFailure> {
  const { level, target } = options;
  if (target !== undefined) return compileTo(target, program, options);
  if (level === 0) return ok({ program, passes: [] });
  const pipeline = new Pipeline(program, extract(program, { expandControls: false }), level);
  pipeline.optimise(LEVELS[level].before, undefined);
  if (level >= SCHEDULED_FROM) pipeline.rewrite('scheduling', schedule);
  return ok({ program: rebuild(program, pipeline.code), passes: pipeline.passes });
}

function compileTo(
  target: CompileTarget,
  whole: Program,
  { level, seed = 0 }: OptimiseOptions,
): Result<OptimisedProgram, CompileFailure> {
  const basis = basisOf(target);
  if (!basis.ok) {
    return failure('TARGET_INVALID', `Nothing can be compiled for ${target.name}: ${basis.error}.`);
  }
  const program = expandChoices(withoutUncalled(inlineCalls(whole)));
  const code = extract(program, { expandControls: true });
  const refused = layoutRefusal(program, code, target.name);
  if (refused !== undefined) return { ok: false, error: refused };
  if (program.qubits > target.qubits) {
    return failure(
      'CIRCUIT_TOO_LARGE',
      `The program has ${program.qubits} qubits, ${target.name} has ${target.qubits}. Choose a larger device.`,
    );
  }
  const pipeline = new Pipeline(program, code, level);
  pipeline.local('unroll', undefined);
  const exchanged = level === 0 ? undefined : withoutSwaps(pipeline);
  pipeline.optimise(LEVELS[level].before, undefined);
  const layout = place(pipeline, target, seed);
  if (!layout.ok) return layout;
  if (!toBasis(pipeline, target, basis.value) || pipeline.size.gates > CIRCUIT_OPERATIONS_MAX) {
    return { ok: false, error: tooManyOperations(target.name) };
  }
  const refined = refine(pipeline, target, layout.value);
  const placed: Program = {
    ...program,
    qubits: target.qubits,
    qubitRegisters: [{ name: 'q', offset: 0, size: target.qubits }],
  };
  return ok({
    program: rebuild(placed, pipeline.code),
    passes: pipeline.passes,
    layout: exchanged === undefined ? refined : followed(refined, exchanged),
  });
}

/** Leaves swaps out; gives on which qubit each ends. */
function withoutSwaps(pipeline: Pipeline): Int32Array {
  const { code, final } = elideSwaps(pipeline.code, pipeline.qubits);
  pipeline.step('swapElision', code);
  return final;
}

/** The layout of a program whose qubits changed places before. */
const followed = ({ initial, final }: Layout, exchanged: Int32Array): Layout => ({
  initial,
  final: Array.from(exchanged, (qubit) => final[qubit]!),
});

/** Puts the qubits of the program on those of the device, with the swaps that it takes. */
function place(pipeline: Pipeline, target: CompileTarget, seed: number): Result<Layout, CompileFailure> {
  const { code, qubits } = pipeline;
  const coupling = couplingOf(target);
  const { active } = usageOf(code, qubits);
  const room = coupling?.connected.length ?? target.qubits;
  if (active.length > room) {
    return failure(
      'CIRCUIT_TOO_LARGE',
      `The program uses ${active.length} qubits; only ${room} of ${target.name} are connected with each other.`,
    );
  }
  const effort = EFFORTS[pipeline.level];
  const rates = new ErrorRates(target);
  const initial = findLayout({ code, qubits, coupling, rates, effort, seed });
  pipeline.qubits = target.qubits;
  pipeline.step('layout', relabel(code, initial));
  if (coupling === undefined) return ok({ initial: [...initial], final: [...initial] });
  const routed = routeCode(code, coupling, initial, {
    seed,
    trials: effort.routings,
    nodesMax: effort.pairsMax,
    weights: ROUTER_WEIGHTS,
  });
  pipeline.step('routing', routed.code);
  return ok({ initial: [...initial], final: [...routed.final] });
}

/** Moves the circuit as a whole to where the device errs less. */
function refine(pipeline: Pipeline, target: CompileTarget, layout: Layout): Layout {
  // Gates of a directed pair would have to be turned round.
  if (pipeline.level < REFINED_FROM || target.directed) return layout;
  const { code, level } = pipeline;
  const places = refinedLayout(code, couplingOf(target), new ErrorRates(target), EFFORTS[level]);
  if (places === undefined) return layout;
  pipeline.step('layoutRefinement', relabel(code, places));
  const moved = (qubits: readonly number[]): readonly number[] => qubits.map((qubit) => places[qubit]!);
  return { initial: moved(layout.initial), final: moved(layout.final) };
}

/** False where there would be more operations than can be worked on. */
function toBasis(pipeline: Pipeline, target: CompileTarget, basis: Basis): boolean {
  for (const name of LEVELS[pipeline.level].between) pipeline.local(name, undefined);
  let left = DEVICE_OPERATIONS_MAX;
  pipeline.rewrite('basisTranslation', (run) => {
    const translated = translate(run, basis, left);
    left -= translated.ops.length;
    return translated;
  });
  if (left < 0) return false;
  pipeline.optimise(LEVELS[pipeline.level].after, target);
  pipeline.rewrite('basisTranslation', (run) => translate(run, basis));
  if (pipeline.level >= SCHEDULED_FROM) pipeline.rewrite('scheduling', schedule);
  return true;
}
