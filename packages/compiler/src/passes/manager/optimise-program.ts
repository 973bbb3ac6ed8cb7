import type { CompileTarget, Program } from '@qfs/circuit';
import { ok, type Result } from '@qfs/core';
import { type CompileFailure, failure } from '../../languages.ts';
import type { OptimisedProgram, OptimiseOptions } from '../contract.ts';
import { extract, rebuild, relabel, withoutUncalled } from '../program/index.ts';
import { type Basis, basisOf } from '../target/basis.ts';
import { type Coupling, couplingOf } from '../target/coupling.ts';
import { routeCode } from '../target/route-code.ts';
import { translate } from '../target/translate.ts';
import { LEVELS } from './levels.ts';
import { Pipeline } from './pipeline.ts';
import { layoutRefusal } from './refusals.ts';

/**
 * The program with the passes of a level, for a target if there is one: a program on the qubits of the device,
 * with its gates, on coupled pairs. A pure function: equal programs and options give equal bytes.
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
  const program = withoutUncalled(whole);
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
  pipeline.optimise(LEVELS[level].before, undefined);
  const initial = Int32Array.from({ length: program.qubits }, (_, qubit) => qubit);
  const final = place(pipeline, target, couplingOf(target), initial, seed);
  toBasis(pipeline, target, basis.value);
  const placed: Program = {
    ...program,
    qubits: target.qubits,
    qubitRegisters: [{ name: 'q', offset: 0, size: target.qubits }],
  };
  return ok({
    program: rebuild(placed, pipeline.code),
    passes: pipeline.passes,
    layout: { initial: [...initial], final: [...final] },
  });
}

/** Puts the qubits of the program on those of the device; gives where each ends. */
function place(
  pipeline: Pipeline,
  target: CompileTarget,
  coupling: Coupling | undefined,
  initial: Int32Array,
  seed: number,
): Int32Array {
  pipeline.qubits = target.qubits;
  if (coupling === undefined) {
    pipeline.step('layout', relabel(pipeline.code, initial));
    return initial;
  }
  const routed = routeCode(pipeline.code, coupling, initial, {
    seed,
    trials: 4,
    weights: [{ absorption: 0 }, { absorption: 0.5 }],
  });
  pipeline.step('routing', routed.code);
  return routed.final;
}

function toBasis(pipeline: Pipeline, target: CompileTarget, basis: Basis): void {
  pipeline.rewrite('basis_translation', (run) => translate(run, basis));
  pipeline.optimise(LEVELS[pipeline.level].after, target);
  pipeline.rewrite('basis_translation', (run) => translate(run, basis));
}
