import { activeQubits, type CompileTarget } from '@qfs/circuit';
import type { OptimisedProgram } from '../../../packages/compiler/src/passes/contract.ts';
import { channelDifference } from '../../../tests/conformance/passes/comparison.ts';
import { nativeProblem } from '../../../tests/conformance/passes/native.ts';
import type { Case } from './cases.ts';

/** State vectors of so many qubits are computed to compare a circuit with what was made of it. */
const COMPARED_QUBITS_MAX = 12;
const SEED = 5;
/** Values of the inputs of symbolic circuits. */
const ANGLE = 0.37;

/** What a case is compiled for. */
export const targetOf = ({ lattice: { name, qubits, pairs }, basis }: Case): CompileTarget => ({
  name,
  qubits,
  ...(pairs && { coupling: pairs }),
  directed: false,
  basisGates: basis,
});

/** What is wrong with a compiled circuit: a gate or pair that the target does not have, another unitary. */
export function problemOf(one: Case, { program, layout }: OptimisedProgram): string | undefined {
  const foreign = nativeProblem(program, targetOf(one));
  if (foreign !== undefined) return `the target does not have ${foreign}`;
  const used = new Set([...activeQubits(program), ...(layout?.initial ?? [])]);
  if (used.size > COMPARED_QUBITS_MAX) return undefined;
  const inputs = one.program.variables.map(({ name }, at): [string, number] => [name, ANGLE * (at + 1)]);
  return channelDifference(one.program, { program, layout }, SEED, new Map(inputs));
}
