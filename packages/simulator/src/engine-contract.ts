import type { Observable } from '@qfs/circuit';
import type { NoiseModel } from './noise/noise-model.ts';

/**
 * `auto` lets the circuit's structure choose, never the load or the memory of the machine; it is a state vector.
 * `density`: a density matrix, on which noise acts exactly.
 */
export type SimulationMethod = 'auto' | 'state_vector' | 'density';
export type Precision = 'double' | 'single';

export interface EngineOptions {
  readonly method: SimulationMethod;
  readonly precision: Precision;
  /** Allows results that differ in the last bits between machines; such results are marked. */
  readonly fast: boolean;
  /** Noise that every shot plays on its own; absent: an ideal machine. */
  readonly noise?: NoiseModel;
}

export interface EngineCapabilities {
  readonly engine: string;
  readonly version: string;
  /** `exact`: equal seeds give equal bytes everywhere. `statistical`: equal distributions only. */
  readonly reproducibility: 'exact' | 'statistical';
  readonly methods: readonly SimulationMethod[];
  readonly qubitsMax: number;
}

export interface EngineEstimate {
  /** The method that will be used, as results name it. */
  readonly method: Exclude<SimulationMethod, 'auto'>;
  readonly memoryBytes: number;
  /** Gate applications on amplitudes, summed over shots; a unit of work, not of time. */
  readonly operations: number;
  /** Items whose shots are trajectories and enough work for several threads. */
  readonly apart?: readonly number[];
  /** The whole batch is certainly done in about a millisecond. */
  readonly brief?: boolean;
}

/** What ends work before it is done. */
export interface EngineControl {
  readonly signal?: AbortSignal;
  /** Counts from the moment a thread takes the work up; brief work is not watched. */
  readonly timeLimitMs?: number;
}

/**
 * The value of an input: angles in radians, bits as text, integers too large for a number as decimal text,
 * arrays as lists, or as the JSON text of one.
 */
export type InputValue = number | string | boolean | readonly InputValue[];

/** Values for the program's inputs, by name. */
export type Binding = ReadonlyMap<string, InputValue>;

/** One batch item: a compiled circuit and everything its result depends on. */
export interface EngineItem {
  /** AQO bytes, canonical or not. */
  readonly aqo: Uint8Array;
  /** One result per binding; an empty list stands for one empty binding. */
  readonly parameters: readonly Binding[];
  /** 0 is allowed with observables only: exact expectation values. */
  readonly shots: number;
  /** Seed of the first parameter set; set k uses `deriveSeed(seed, k)` of `@qfs/core/math`. */
  readonly seed: number;
  readonly observables: readonly Observable[];
  /** Also report the outcome of every shot. */
  readonly memory: boolean;
  /** Also the derivatives of every exact expectation value by the program's inputs, in their order. */
  readonly gradients?: boolean;
  /** Where there are observables, counts are not wanted, and no shots are taken for them. */
  readonly expectationsOnly?: boolean;
}

export interface ExecutedBatch {
  /** As `run` gives them. */
  readonly results: Uint8Array;
  readonly method: EngineEstimate['method'];
}

export interface EngineHandle {
  readonly id: string;
}

/**
 * The simulator as everybody else sees it: asynchronous and by bytes. The TypeScript engine behind it runs
 * in its own process; a native or GPU engine is another process that passes the same conformance cases.
 */
export interface Engine {
  capabilities(): Promise<EngineCapabilities>;
  /** Admission: refuses with CIRCUIT_TOO_LARGE before anything is reserved. */
  estimate(items: readonly EngineItem[], options: EngineOptions): Promise<EngineEstimate>;
  /** Keeps the batch until it is disposed of. Without an `estimate` of the same batch it makes one. */
  prepare(
    items: readonly EngineItem[],
    options: EngineOptions,
    estimate?: EngineEstimate,
  ): Promise<EngineHandle>;
  /**
   * Runs the whole batch and returns the canonical bytes of the results document (`@qfs/circuit`
   * `writeResults`). An abort or an exceeded `timeLimitMs` ends the engine process; other batches are re-run
   * by the host unseen.
   */
  run(handle: EngineHandle, control: EngineControl): Promise<Uint8Array>;
  /** Admits a batch and runs it in one call, for work that nobody has to know the price of first. */
  execute(
    items: readonly EngineItem[],
    options: EngineOptions,
    control: EngineControl,
  ): Promise<ExecutedBatch>;
  dispose(handle: EngineHandle): Promise<void>;
  close(): Promise<void>;
}
