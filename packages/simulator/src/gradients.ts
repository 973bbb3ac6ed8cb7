import {
  type GateInstruction,
  type Instruction,
  inverseOf,
  type Observable,
  type Parameter,
  type Program,
} from '@qfs/circuit';
import type { Value } from '@qfs/circuit/classical';
import { assert } from '@qfs/core';
import type { EngineItem, EngineOptions } from './engine-contract.ts';
import type { GateStructure } from './gate-structure.ts';
import { overlap } from './kernels.ts';
import { Machine } from './machine.ts';
import { Recorder } from './noise/shared-trajectories.ts';
import { applyTerms } from './pauli-sums.ts';
import { termsOf } from './pauli-terms.ts';
import { Differentiator, type Slopes, unavailable } from './slopes.ts';
import { placeGate, StateVector, tableGate } from './state-vector.ts';
import type { Structure } from './structure.ts';

/** A gate that was applied, with numbers as parameters, and the derivatives of these. */
export interface TapedGate {
  readonly gate: GateInstruction & { readonly parameters: readonly number[] };
  readonly slopes: readonly Slopes[];
}

/**
 * The gates of a program in order, from inputs with these values.
 * @throws QfsError GRADIENT_UNAVAILABLE for what cannot be differentiated
 */
export function tapeOf(program: Program, structure: Structure, values: readonly Value[]): TapedGate[] {
  const host = { state: new Recorder(), places: new Int32Array(program.qubits), uniform: () => 0 };
  const machine = new Machine(program, host, values);
  const differentiator = new Differentiator(program, machine);
  const slopesOf = (parameter: Parameter): Slopes =>
    typeof parameter === 'number' ? new Map() : differentiator.slopes(parameter);
  const gates: TapedGate[] = [];
  const take = (instruction: Instruction): void => {
    switch (instruction.kind) {
      case 'gate':
      case 'gphase': {
        const gate = asGate(instruction);
        if (gate.qubits.some((qubit) => typeof qubit !== 'number')) {
          throw unavailable('a gate acts on a qubit that is chosen as the program runs');
        }
        const parameters = gate.parameters.map((parameter) => machine.parameter(parameter));
        gates.push({ gate: { ...gate, parameters }, slopes: gate.parameters.map(slopesOf) });
        return;
      }
      case 'assign':
        if (instruction.target.kind !== 'variable') break;
        differentiator.assign(instruction.target.variable, instruction.value);
        machine.run([instruction]);
        return;
      case 'barrier':
      case 'delay':
      case 'measure':
      case 'reset':
        return;
    }
    throw unavailable(`the program has a statement '${instruction.kind}' besides gates`);
  };
  for (const instruction of [...structure.prefix, ...structure.tail]) take(instruction);
  return gates;
}

/** A global phase is a gate too, on no qubits. */
function asGate(instruction: Extract<Instruction, { kind: 'gate' | 'gphase' }>): GateInstruction {
  if (instruction.kind === 'gate') return instruction;
  const { angle, controls, qubits = [] } = instruction;
  return { kind: 'gate', gate: 'gphase', parameters: [angle], qubits, ...(controls && { controls }) };
}

/**
 * Derivatives of ⟨ψ|O|ψ⟩ by the program's inputs for each observable O, by the adjoint method: two
 * states go back
 * through the gates together, |ψ⟩ and O|ψ⟩, and each gate adds 2 Re⟨λ|∂U|ψ⟩ between them (T. Jones and
 * J. Gacon,
 * "Efficient calculation of gradients in classical simulations of variational quantum algorithms", 2020).
 */
export function gradientsOf(
  tape: readonly TapedGate[],
  final: StateVector,
  observables: readonly Observable[],
  { places, inputs }: { readonly places: Int32Array; readonly inputs: number },
): number[][] {
  const terms = Map.groupBy(termsOf(observables, places), ({ observable }) => observable);
  const [psi, lambda] = [0, 1].map(() => new StateVector(final.qubits, final.precision));
  assert(psi !== undefined && lambda !== undefined, 'two states were made');
  // Before the first gate that depends on an input there is nothing to add.
  const first = tape.findIndex(({ slopes }) => slopes.some(({ size }) => size > 0));
  return observables.map((_, index) => {
    const gradient = new Array<number>(inputs).fill(0);
    if (first < 0) return gradient;
    psi.copyFrom(final);
    applyTerms(terms.get(index) ?? [], psi.amplitudes, lambda.amplitudes);
    for (let at = tape.length - 1; at >= first; at -= 1)
      stepBack(tape[at]!, { psi, lambda, places }, gradient);
    return gradient;
  });
}

function stepBack(
  { gate, slopes }: TapedGate,
  { psi, lambda, places }: { psi: StateVector; lambda: StateVector; places: Int32Array },
  gradient: number[],
): void {
  const { controls = [], parameters } = gate;
  const operands = gate.qubits.map((qubit) => places[qubit as number]!);
  const inverse = asGate(inverseOf(gate) as GateInstruction);
  const undo = placeGate(
    tableGate(inverse.gate),
    inverse.parameters as readonly number[],
    inverse.controls ?? [],
    inverse.qubits.map((qubit) => places[qubit as number]!),
  );
  psi.apply(undo);
  for (const [index, slope] of slopes.entries()) {
    if (slope.size === 0) continue;
    const { structure, selection, offsets } = placeGate(tableGate(gate.gate), parameters, controls, operands);
    const derivative = matrixDerivative(structure, parameters, index);
    const change =
      2 * overlap(lambda.amplitudes, psi.amplitudes, selection, offsets, structure.rows, derivative);
    for (const [place, factor] of slope) gradient[place]! += factor * change;
  }
  lambda.apply(undo);
}

/** Derivatives by an angle are sums over so many values around it. */
const SHIFTS = 4;

/**
 * Derivative of a gate's matrix by one parameter. Every entry of every matrix of the gate table is a
 * trigonometric
 * polynomial of half the parameter, of degree 2 at most, so that its derivative is a weighted sum of 4
 * of its values
 * (M. Riesz, "Eine trigonometrische Interpolationsformel", 1914).
 */
export function matrixDerivative(
  { matrix }: GateStructure,
  parameters: readonly number[],
  index: number,
): Float64Array {
  const result = matrix(parameters).map(() => 0);
  for (let shift = 0; shift < SHIFTS; shift += 1) {
    const moved = [...parameters];
    moved[index] = parameters[index]! + ANGLES[shift]!;
    const values = matrix(moved);
    for (let at = 0; at < result.length; at += 1) result[at]! += WEIGHTS[shift]! * values[at]!;
  }
  return result;
}

/**
 * Half angles (2k − 1)π/4; of their weights (−1)^{k−1}/(8 sin²) one half, which the half of the angle
 * brings.
 */
const ANGLES = [1, 3, 5, 7].map((odd) => (odd * Math.PI) / 2);
const [NEAR, FAR] = [(2 + Math.SQRT2) / 8, (2 - Math.SQRT2) / 8];
const WEIGHTS = [NEAR, -FAR, FAR, -NEAR];

/** Refuses what has no exact expectation values to differentiate. */
export function checkGradients({ observables, shots }: EngineItem, { noise, method }: EngineOptions): void {
  if (observables.length === 0) throw unavailable('there are no observables');
  if (shots > 0) throw unavailable(`they are those of exact values, but shots is ${shots}; give 0`);
  if (noise !== undefined) throw unavailable('there is a noise model');
  if (method === 'density') throw unavailable('the method is density, and not state_vector');
}
