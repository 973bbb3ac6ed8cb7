import { type Gate, gateByName } from '@qfs/circuit';
import { assert } from '@qfs/core';
import { cos, sin } from '@qfs/core/math';
import { type GateStructure, structureOf } from './gate-structure.ts';
import {
  type Amplitudes,
  applyDense1,
  applySparse,
  exchange,
  multiplySelected,
  type Selection,
} from './kernels.ts';
import type { PlacedChannel } from './noise/trajectory-noise.ts';

/** A gate with its parameters and places in the state vector. */
export interface PlacedGate {
  readonly structure: GateStructure;
  /** The matrix without its controls: row-major, real and imaginary parts interleaved. */
  readonly matrix: Float64Array;
  readonly selection: Selection;
  /** What each basis state of the targets adds to an amplitude's index; operand 0 is its highest bit. */
  readonly offsets: Int32Array;
  /** Every qubit that takes part, as a bit mask. */
  readonly mask: number;
  /** Noise that follows the gate. */
  readonly channels?: readonly PlacedChannel[];
}

/**
 * Prepares a gate for amplitudes. `places[i]` is the state-vector qubit of operand i, controls first; `controls` are
 * the polarities of the controls that were put before the gate's own operands.
 */
export function placeGate(
  gate: Gate,
  parameters: readonly number[],
  controls: readonly boolean[],
  places: readonly number[],
): PlacedGate {
  const structure = structureOf(gate);
  const bits = places.map((place) => 1 << place);
  const controlling = controls.length + structure.controls;
  let value = 0;
  for (let i = 0; i < controlling; i += 1) if (controls[i] ?? true) value |= bits[i]!;
  return {
    structure,
    matrix: structure.matrix(parameters),
    selection: { fixedBits: [...bits].sort((a, b) => a - b), value },
    offsets: targetOffsets(bits.slice(controlling)),
    mask: bits.reduce((mask, bit) => mask | bit, 0),
  };
}

/** A pure state of up to 27 qubits, |0…0⟩ at first. */
export class StateVector {
  readonly qubits: number;
  readonly precision: 'double' | 'single';
  readonly amplitudes: Amplitudes;
  /** Qubits that may be in another state than |0⟩, as a bit mask. */
  touched = 0;

  constructor(qubits: number, precision: 'double' | 'single' = 'double') {
    this.qubits = qubits;
    this.precision = precision;
    this.amplitudes =
      precision === 'double' ? new Float64Array(2 * 2 ** qubits) : new Float32Array(2 * 2 ** qubits);
    this.amplitudes[0] = 1;
  }

  /** Back to |0…0⟩. */
  clear(): void {
    this.amplitudes.fill(0);
    this.amplitudes[0] = 1;
    this.touched = 0;
  }

  copyFrom(other: StateVector): void {
    this.amplitudes.set(other.amplitudes);
    this.touched = other.touched;
  }

  apply(gate: PlacedGate): void {
    const { structure, matrix, selection, offsets } = gate;
    const { action, rows } = structure;
    const a = this.amplitudes;
    this.touched |= gate.mask;
    switch (action) {
      case 'identity':
        return;
      case 'diagonal':
        for (const row of rows.rows) {
          const entry = 2 * (row * offsets.length + row);
          const { fixedBits, value } = selection;
          const state = { fixedBits, value: value | offsets[row]! };
          multiplySelected(a, state, matrix[entry]!, matrix[entry + 1]!);
        }
        return;
      case 'exchange':
        exchange(a, selection, offsets[rows.rows[0]!]!, offsets[rows.rows[1]!]!);
        return;
      case 'dense':
        applyDense1(a, selection, offsets[1]!, matrix);
        return;
      case 'sparse':
        applySparse(a, selection, offsets, rows, matrix);
    }
  }

  /** Multiplies by e^{i·angle} where all controls have their polarity. */
  applyPhase(angle: number, controls: readonly boolean[], places: readonly number[]): void {
    const bits = places.map((place) => 1 << place);
    const value = bits.reduce((sum, bit, i) => (controls[i] ? sum | bit : sum), 0);
    const selection = { fixedBits: bits.sort((a, b) => a - b), value };
    multiplySelected(this.amplitudes, selection, cos(angle), sin(angle));
    for (const bit of bits) this.touched |= bit;
  }

  /** Of every basis state, not normalised. */
  probabilities(): Float64Array {
    const a = this.amplitudes;
    const result = new Float64Array(a.length / 2);
    for (let j = 0; j < result.length; j += 1)
      result[j] = a[2 * j]! * a[2 * j]! + a[2 * j + 1]! * a[2 * j + 1]!;
    return result;
  }

  /** The probabilities of 0 and 1, not normalised. */
  weights(place: number): readonly [number, number] {
    const a = this.amplitudes;
    const bit = 1 << place;
    const sums: [number, number] = [0, 0];
    for (let start = 0; start < a.length; start += 2 * bit) {
      let sum = 0;
      for (let i = start; i < start + 2 * bit; i += 1) sum += a[i]! * a[i]!;
      sums[start & (2 * bit) ? 1 : 0] += sum;
    }
    return sums;
  }

  /**
   * Measures one qubit and leaves the state that belongs to the outcome. `uniform` is asked for a number in [0, 1)
   * unless the qubit was never touched.
   */
  measure(place: number, uniform: () => number): 0 | 1 {
    if ((this.touched & (1 << place)) === 0) return 0;
    const [zero, one] = this.weights(place);
    const outcome = uniform() * (zero + one) < one ? 1 : 0;
    this.project(place, outcome, 1 / Math.sqrt(outcome === 1 ? one : zero));
    return outcome;
  }

  /** Brings one qubit to |0⟩ by measuring it and flipping a 1. */
  reset(place: number, uniform: () => number): void {
    const bit = 1 << place;
    if ((this.touched & bit) === 0) return;
    if (this.measure(place, uniform) === 1) this.flip(place);
    this.touched &= ~bit;
  }

  /** Exchanges |0⟩ and |1⟩ of one qubit. */
  flip(place: number): void {
    const bit = 1 << place;
    this.touched |= bit;
    exchange(this.amplitudes, { fixedBits: [bit], value: 0 }, 0, bit);
  }

  /** Changes the sign of |1⟩ of one qubit. */
  flipPhase(place: number): void {
    const bit = 1 << place;
    multiplySelected(this.amplitudes, { fixedBits: [bit], value: bit }, -1, 0);
  }

  /** Multiplies |0⟩ and |1⟩ of one qubit by real factors. */
  scale(place: number, zero: number, one: number): void {
    const bit = 1 << place;
    multiplySelected(this.amplitudes, { fixedBits: [bit], value: 0 }, zero, 0);
    multiplySelected(this.amplitudes, { fixedBits: [bit], value: bit }, one, 0);
  }

  private project(place: number, outcome: 0 | 1, factor: number): void {
    const bit = 1 << place;
    const kept = outcome === 1 ? bit : 0;
    multiplySelected(this.amplitudes, { fixedBits: [bit], value: kept }, factor, 0);
    multiplySelected(this.amplitudes, { fixedBits: [bit], value: bit - kept }, 0, 0);
  }
}

function targetOffsets(bits: readonly number[]): Int32Array {
  return Int32Array.from({ length: 2 ** bits.length }, (_, state) =>
    bits.reduce((sum, bit, i) => ((state >> (bits.length - 1 - i)) & 1 ? sum + bit : sum), 0),
  );
}

/** The gate of the table that has this name, which is known to exist. */
export function tableGate(name: string): Gate {
  const gate = gateByName(name);
  assert(gate !== undefined, () => `no gate '${name}' in the gate table`);
  return gate;
}
