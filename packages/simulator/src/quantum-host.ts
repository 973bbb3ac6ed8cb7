import type { PlacedChannel, TrajectoryNoise } from './noise/trajectory-noise.ts';
import type { PlacedGate } from './state-vector.ts';

/** What quantum instructions act on. */
export interface QuantumState {
  apply(gate: PlacedGate): void;
  applyPhase(angle: number, controls: readonly boolean[], places: readonly number[]): void;
  measure(place: number, uniform: () => number): 0 | 1;
  reset(place: number, uniform: () => number): void;
}

/** What the machine acts on. */
export interface QuantumHost {
  readonly state: QuantumState;
  /** Place of every qubit in the state vector; -1 for qubits no gate ever acts on, which stay |0⟩. */
  readonly places: Int32Array;
  /** Uniform random numbers of the running shot. */
  readonly uniform: () => number;
  /** What a real device does besides. */
  readonly noise?: {
    readonly model: Pick<TrajectoryNoise, 'channelsAfter' | 'report'>;
    /** Plays what follows a gate. */
    readonly play: (channels: readonly PlacedChannel[]) => void;
  };
}
