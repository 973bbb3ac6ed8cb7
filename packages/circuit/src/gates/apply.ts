import { assert } from '@qfs/core';
import type { GateInstruction, GphaseInstruction, Parameter, QubitOperand } from '../ir.ts';
import type { Gate } from './gate.ts';
import { controlled } from './matrix.ts';
import { angleOf, type GateStep } from './step.ts';
import { gateByName } from './table.ts';

/** The table row of a gate instruction, which must name a gate of the table. */
export function gateOf(instruction: GateInstruction): Gate {
  const gate = gateByName(instruction.gate);
  assert(gate !== undefined, () => `no gate '${instruction.gate}' in the gate table`);
  return gate;
}

/**
 * The unitary of a gate for numeric parameters (radians) with controls put before its qubits: row-major,
 * real and imaginary parts interleaved, operand 0 (the first control) the most significant bit of the
 * index.
 */
export function gateMatrix(
  gate: Gate,
  parameters: readonly number[],
  controls: readonly boolean[] = [],
): Float64Array {
  return controls.reduceRight<Float64Array>(
    (matrix, polarity) => controlled(matrix, polarity),
    gate.matrix(parameters),
  );
}

/** The inverse of a gate or global phase, again one instruction of the table; controls stay as they are. */
export function inverseOf(
  instruction: GateInstruction | GphaseInstruction,
): GateInstruction | GphaseInstruction {
  const gate = instruction.kind === 'gphase' ? gateByName('gphase') : gateOf(instruction);
  assert(gate !== undefined, 'the gate table has gphase');
  return applyStep(gate.inverse, instruction);
}

/**
 * The gate in terms of simpler ones, in order of application and equal to it including the global phase;
 * undefined for the primitives `U`, `gphase` and `cx`.
 */
export function decompositionOf(
  instruction: GateInstruction,
): readonly (GateInstruction | GphaseInstruction)[] | undefined {
  return gateOf(instruction).decomposition?.map((step) => applyStep(step, instruction));
}

function applyStep(
  step: GateStep,
  within: GateInstruction | GphaseInstruction,
): GateInstruction | GphaseInstruction {
  const outer = within.controls ?? [];
  const operands: readonly QubitOperand[] = within.qubits ?? [];
  const parameters: readonly Parameter[] = within.kind === 'gphase' ? [within.angle] : within.parameters;
  const controls = step.controlled ? [...outer, true] : outer;
  const qubits = [
    ...operands.slice(0, outer.length),
    ...step.qubits.map((operand) => operands[outer.length + operand] as QubitOperand),
  ];
  const angles = step.parameters.map((form) => angleOf(form, parameters));
  const controlled = controls.length > 0 && { controls };
  return step.gate === 'gphase'
    ? { kind: 'gphase', angle: angles[0] as Parameter, ...controlled, ...(qubits.length > 0 && { qubits }) }
    : { kind: 'gate', gate: step.gate, parameters: angles, ...controlled, qubits };
}
