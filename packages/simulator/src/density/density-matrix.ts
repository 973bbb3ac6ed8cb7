import type { PlacedChannel } from '../noise/trajectory-noise.ts';
import { type Coherences, highestBit, numbered } from '../pauli-sums.ts';
import type { QuantumState } from '../quantum-host.ts';
import { type PlacedGate, StateVector } from '../state-vector.ts';

/**
 * A mixed state of n qubits, |0…0⟩⟨0…0| at first: the state vector of 2n qubits of which the first n
 * number the rows
 * and the others the columns. Its trace is the probability of the outcomes that it was projected on.
 */
export class DensityMatrix implements Omit<QuantumState, 'measure'> {
  readonly qubits: number;
  readonly #entries: StateVector;

  constructor(qubits: number, precision: 'double' | 'single') {
    this.qubits = qubits;
    this.#entries = new StateVector(2 * qubits, precision);
  }

  copyFrom(other: DensityMatrix): void {
    this.#entries.copyFrom(other.#entries);
  }

  /** U ρ U†. */
  apply(gate: PlacedGate): void {
    this.#entries.apply(gate);
    const { matrix, mask, offsets, selection } = gate;
    const { fixedBits, value } = selection;
    const size = 2 ** this.qubits;
    this.#entries.apply({
      structure: gate.structure,
      matrix: matrix.map((part, at) => (at % 2 === 0 ? part : -part)),
      selection: { fixedBits: fixedBits.map((bit) => bit * size), value: value * size },
      offsets: offsets.map((offset) => offset * size),
      mask: mask * size,
    });
  }

  applyPhase(angle: number, controls: readonly boolean[], places: readonly number[]): void {
    this.#entries.applyPhase(angle, controls, places);
    const columns = places.map((place) => place + this.qubits);
    this.#entries.applyPhase(-angle, controls, columns);
  }

  reset(place: number): void {
    this.#decay(place, 1, 0);
  }

  play(channels: readonly PlacedChannel[]): void {
    for (const channel of channels) {
      switch (channel.kind) {
        case 'pauli':
          this.#depolarize(channel.places, channel.probability);
          break;
        case 'phase_flip':
          this.#decay(channel.place, 0, 1 - 2 * channel.probability);
          break;
        case 'damping':
          this.#decay(channel.place, channel.gamma, Math.sqrt(1 - channel.gamma));
      }
    }
  }

  /** Leaves the part in which the qubit is `outcome`. */
  project(place: number, outcome: 0 | 1): void {
    const [row, column] = this.#bits(place);
    const kept = outcome === 1 ? row + column : 0;
    const a = this.#entries.amplitudes;
    for (let at = 0; at < a.length / 2; at += 1) {
      if ((at & (row + column)) === kept) continue;
      a[2 * at] = 0;
      a[2 * at + 1] = 0;
    }
  }

  /** Probabilities of the basis states, which add up to the trace. */
  populations(): Float64Array {
    const size = 2 ** this.qubits;
    const a = this.#entries.amplitudes;
    // What is left of an impossible state by rounding may lie below 0.
    return Float64Array.from({ length: size }, (_, j) => Math.max(0, a[2 * (j + j * size)]!));
  }

  coherences(): Coherences {
    const size = 2 ** this.qubits;
    const a = this.#entries.amplitudes;
    return (part, x, from, count, to) => {
      const bit = highestBit(x);
      for (let i = 0; i < count; i += 1) {
        const j = numbered(from + i, bit);
        to[i] = a[2 * (j + (j ^ x) * size) + (part === 'real' ? 0 : 1)]!;
      }
    };
  }

  /** |1⟩ goes to |0⟩ with probability `gamma`, and so much is kept of what lies between them. */
  #decay(place: number, gamma: number, kept: number): void {
    const [row, column] = this.#bits(place);
    const a = this.#entries.amplitudes;
    for (let k = 0; k < a.length / 8; k += 1) {
      const zero = 2 * numbered(numbered(k, row), column);
      const one = zero + 2 * (row + column);
      for (let part = 0; part < 2; part += 1) {
        a[zero + part] = a[zero + part]! + gamma * a[one + part]!;
        a[one + part] = (1 - gamma) * a[one + part]!;
        a[zero + 2 * row + part] = kept * a[zero + 2 * row + part]!;
        a[zero + 2 * column + part] = kept * a[zero + 2 * column + part]!;
      }
    }
  }

  /**
   * With this probability one of the d² − 1 Pauli operators other than the identity. All d² with equal
   * weights would
   * leave the qubits maximally mixed, so this is to mix them so with d²/(d² − 1) of the probability.
   */
  #depolarize(places: readonly number[], probability: number): void {
    const a = this.#entries.amplitudes;
    const dimension = 2 ** places.length;
    const mixed = (probability * dimension * dimension) / (dimension * dimension - 1);
    const offsets = Array.from({ length: dimension }, (_, basis) =>
      places.reduce((sum, place, i) => ((basis >> i) & 1 ? sum + 2 ** place : sum), 0),
    );
    const fixed = places.flatMap((place) => this.#bits(place)).sort((first, second) => first - second);
    for (let k = 0; k < a.length / 2 / (dimension * dimension); k += 1) {
      const start = fixed.reduce(numbered, k);
      for (let part = 0; part < 2; part += 1) this.#mix(2 * start + part, offsets, mixed);
    }
  }

  /** Mixes the block of one part of the entries that starts here. */
  #mix(start: number, offsets: readonly number[], mixed: number): void {
    const a = this.#entries.amplitudes;
    const size = 2 ** this.qubits;
    let trace = 0;
    for (const offset of offsets) trace += a[start + 2 * (offset + offset * size)]!;
    for (const row of offsets) {
      for (const column of offsets) {
        const at = start + 2 * (row + column * size);
        a[at] = (1 - mixed) * a[at]! + (row === column ? (mixed * trace) / offsets.length : 0);
      }
    }
  }

  #bits(place: number): [row: number, column: number] {
    return [2 ** place, 2 ** (place + this.qubits)];
  }
}
