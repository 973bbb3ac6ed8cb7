import { type CompileTarget, gateByName } from '@qfs/circuit';
import { err, ok, type Result } from '@qfs/core';
import { type Entangler, entanglerOf } from '../matrix/synthesis.ts';
import { type TurnFamily, turnFamilyOf } from './one-qubit.ts';

/** The gates of a target, and how others are written with them. */
export interface Basis {
  readonly gates: ReadonlySet<string>;
  readonly turns: TurnFamily;
  /**
   * Gates on two qubits that make every other, in the order of the target; empty for a device of one qubit.
   */
  readonly entanglers: readonly Entangler[];
  /** May the gate act on the pair in this order? */
  isAllowed(first: number, second: number): boolean;
}

/** The basis of a target, or why nothing can be compiled for it. */
export function basisOf(target: CompileTarget): Result<Basis, string> {
  const { basisGates, qubits, coupling, directed } = target;
  const unknown = basisGates.find((gate) => gateByName(gate)?.name !== gate);
  if (unknown !== undefined) return err(`the basis gate '${unknown}' is no gate of the gate table`);
  const outside = coupling?.find((pair) => pair.some((qubit) => qubit >= qubits));
  if (outside) return err(`its coupling names the pair ${outside.join(', ')}, but it has ${qubits} qubits`);
  const same = coupling?.find(([a, b]) => a === b);
  if (same) return err(`its coupling names qubit ${same[0]} as a neighbour of itself`);

  const gates = new Set(basisGates);
  const turns = turnFamilyOf(gates);
  if (turns === undefined) {
    return err(`its basis (${basisGates.join(', ')}) does not make every gate on one qubit, as rz and sx do`);
  }
  const entanglers = basisGates.flatMap((name) => entanglerOf(gateByName(name)!) ?? []);
  if (entanglers.length === 0 && qubits > 1) {
    return err(`its basis (${basisGates.join(', ')}) has no gate that entangles two qubits, as cx or cz do`);
  }
  return ok({ gates, turns, entanglers, isAllowed: orders(coupling, directed) });
}

function orders(coupling: CompileTarget['coupling'], directed: boolean): Basis['isAllowed'] {
  if (!directed || coupling === undefined) return () => true;
  const allowed = new Set(coupling.map(([a, b]) => `${a},${b}`));
  return (first, second) => allowed.has(`${first},${second}`) || !allowed.has(`${second},${first}`);
}
