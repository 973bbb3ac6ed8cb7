import type { TrajectoryNoise } from './noise/trajectory-noise.ts';
import type { StateVector } from './state-vector.ts';

/** What the machine acts on. */
export interface QuantumHost {
  readonly state: StateVector;
  /** Place of every qubit in the state vector; -1 for qubits no gate ever acts on, which stay |0⟩. */
  readonly places: Int32Array;
  /** Uniform random numbers of the running shot. */
  readonly uniform: () => number;
  /** What a real device does besides. */
  readonly noise?: TrajectoryNoise;
}
