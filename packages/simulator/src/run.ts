import { type CircuitResult, type ExpectationValue, formatKey } from '@qfs/circuit';
import type { Value } from '@qfs/circuit/classical';
import { AssertionError, assert } from '@qfs/core';
import { deriveSeed, Prng } from '@qfs/core/math';
import { initialValues } from './binding.ts';
import { runDensity } from './density/run-density.ts';
import type { EngineOptions } from './engine-contract.ts';
import { ENGINE_NAME, ENGINE_VERSION } from './engine-version.ts';
import { GateCache } from './gate-cache.ts';
import { gradientsOf, tapeOf } from './gradients.ts';
import { bitOf, keyReader, measuredBits } from './keys.ts';
import { EndOfShot, Machine } from './machine.ts';
import { NOISELESS, type NoiseModel, noiseDigest } from './noise/noise-model.ts';
import { runNoisy } from './noise/run-noisy.ts';
import { type PlacedChannel, playChannels, TrajectoryNoise } from './noise/trajectory-noise.ts';
import { measureCopies, sampledExpectations } from './observables.ts';
import { coherencesOf, exactExpectations } from './pauli-sums.ts';
import { termsOf } from './pauli-terms.ts';
import { methodOf, type PreparedItem } from './prepare.ts';
import type { ResultsSize } from './results-size.ts';
import { sample } from './sampling.ts';
import { StateVector } from './state-vector.ts';
import { type Outcome, Tally } from './tally.ts';

const NOTHING_WRITTEN =
  'No statement of the program writes a classical bit that counts show, so the counts are empty.';

/** What the shots of one parameter set have in common. */
interface Execution {
  readonly prepared: PreparedItem;
  readonly shots: number;
  readonly range: ShotRange;
  readonly seed: number;
  /** The state and the variables after the part that is the same in every shot. */
  readonly state: StateVector;
  readonly variables: readonly Value[];
  /** The variables at the start. */
  readonly values: readonly Value[];
  readonly steps: number;
  readonly places: Int32Array;
  readonly noise: TrajectoryNoise | undefined;
}

/** Shots `from`…`to - 1` of a parameter set. */
export interface ShotRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Runs one parameter set of an item, and adds to `size` what its result takes. A part of the shots may be asked for
 * only where they are trajectories.
 */
export function runSet(
  prepared: PreparedItem,
  set: number,
  options: EngineOptions,
  size: ResultsSize,
  range: ShotRange,
): CircuitResult {
  const { item, read } = prepared;
  const { program, layout } = read;
  const seed = deriveSeed(item.seed, set);
  const places = new Int32Array(program.qubits).fill(-1);
  for (const [place, qubit] of prepared.activeQubits.entries()) places[qubit] = place;
  const values = initialValues(program, prepared.bindings[set]!);
  const tally = new Tally(prepared, size);
  const method = methodOf(options);
  const common = { prepared, values, seed, places, range, precision: options.precision };
  const outcome =
    method === 'density'
      ? runDensity({ ...common, noise: new TrajectoryNoise(options.noise ?? NOISELESS, places) }, tally)
      : runStateVector(common, options.noise, tally);
  return {
    ...outcome,
    shots: item.shots,
    seed,
    warnings: layout.written || item.shots === 0 ? [] : [NOTHING_WRITTEN],
    metadata: {
      method,
      precision: options.precision,
      fast: false,
      engine: ENGINE_NAME,
      engineVersion: ENGINE_VERSION,
      ...(options.noise && { noiseDigest: noiseDigest(options.noise) }),
      aqoDigest: read.aqoDigest,
      qubits: program.qubits,
    },
  };
}

type Common = Pick<Execution, 'prepared' | 'values' | 'seed' | 'places' | 'range'> & {
  readonly precision: EngineOptions['precision'];
};

function runStateVector(common: Common, noise: NoiseModel | undefined, tally: Tally): Outcome {
  if (noise === undefined) return runFromPrefix({ ...common, noise }, tally);
  const model = new TrajectoryNoise(noise, common.places);
  return common.prepared.structure.terminal
    ? runNoisy({ ...common, model }, tally)
    : runFromPrefix({ ...common, noise: model }, tally);
}

/** Runs the part that is the same in every shot, then the shots. */
function runFromPrefix(common: Common & Pick<Execution, 'noise'>, tally: Tally): Outcome {
  const { prepared, places, values, precision } = common;
  const { read, item, structure } = prepared;
  const { program } = read;
  const state = new StateVector(prepared.activeQubits.length, precision);
  const host = { state, places, uniform: neverRandom };
  const machine = new Machine(program, host, values, 0, read.gatesOn(places));
  const completion = machine.run(structure.prefix);
  assert(completion === 'normal', () => `the prefix ended with '${completion}'`);
  const execution = {
    ...common,
    shots: item.shots,
    state,
    variables: machine.globals,
    steps: machine.steps,
  };
  return structure.terminal ? runTerminal(execution, machine, tally) : runTrajectories(execution, tally);
}

function neverRandom(): never {
  throw new AssertionError('the part that is the same in every shot asked for a random number');
}

/** One final state: shots are samples of it, and measured bits are read from the sampled basis states. */
function runTerminal(execution: Execution, machine: Machine, tally: Tally): Outcome {
  const { prepared, shots, seed, state, places, variables } = execution;
  const { structure } = prepared;
  const { program, layout } = prepared.read;
  for (const instruction of structure.tail) if (instruction.kind !== 'measure') machine.run([instruction]);
  if (prepared.isCounted && shots > 0) {
    const measured = measuredBits(program, structure.tail);
    const positions = new Map(measured.map(({ bit, qubit }) => [bit, places[qubit]!]));
    const samples = sample(state, shots, new Prng(seed, 'sampling'));
    const read = keyReader(layout.characters, positions, variables);
    const keyOf = (basis: number): string => read((place) => place >= 0 && ((basis >>> place) & 1) === 1);
    for (const [basis, count] of samples.counts) tally.addKey(keyOf(basis), count);
    if (tally.memory)
      for (let shot = 0; shot < shots; shot += 1) tally.addMemory(keyOf(samples.ofShot(shot)));
  }
  tally.addOutputs(variables, shots);
  const outcome = tally.outcome(expectationsOf(execution));
  return prepared.item.gradients ? { ...outcome, gradients: gradientsIn(execution) } : outcome;
}

function gradientsIn({ prepared, values, state, places }: Execution): readonly (readonly number[])[] {
  const { read, structure, item } = prepared;
  const { program } = read;
  const inputs = program.variables.filter(({ role }) => role === 'input').length;
  return gradientsOf(tapeOf(program, structure, values), state, item.observables, { places, inputs });
}

function expectationsOf({ prepared, shots, seed, state, places }: Execution): readonly ExpectationValue[] {
  const { observables } = prepared.item;
  if (observables.length === 0) return [];
  return shots === 0
    ? exactExpectations(
        observables,
        termsOf(observables, places),
        state.qubits,
        coherencesOf(state.amplitudes),
      )
    : sampledExpectations(observables, places, shots, measureCopies(state, shots, seed));
}

/** Every shot runs the tail on its own, with random numbers keyed by seed and shot. */
function runTrajectories(execution: Execution, tally: Tally): Outcome {
  const { prepared, range, seed, state: start, variables, steps, places, noise: model } = execution;
  const { structure } = prepared;
  const { program, layout } = prepared.read;
  const state = new StateVector(start.qubits, start.precision);
  const gates = new GateCache();
  for (let shot = range.from; shot < range.to; shot += 1) {
    state.copyFrom(start);
    const random = new Prng(seed, 'trajectory', shot);
    const uniform = (): number => random.uniform();
    const play = (channels: readonly PlacedChannel[]): void => playChannels(channels, state, uniform);
    const host = { state, places, uniform, ...(model && { noise: { model, play } }) };
    const machine = new Machine(program, host, variables, steps, gates);
    try {
      machine.run(structure.tail);
    } catch (thrown) {
      if (!(thrown instanceof EndOfShot)) throw thrown;
    }
    const values = machine.globals;
    if (layout.written) {
      const key = formatKey(layout, (variable, bit) => bitOf(values, variable, bit));
      tally.addKey(key, 1);
      tally.addMemory(key);
    }
    tally.addOutputs(values, 1);
  }
  return tally.outcome([]);
}
