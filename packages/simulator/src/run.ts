import {
  type Block,
  type CircuitResult,
  constantBit,
  type ExpectationValue,
  formatKey,
  type KeyCharacter,
  type Program,
} from '@qfs/circuit';
import type { Value } from '@qfs/circuit/classical';
import { AssertionError, assert } from '@qfs/core';
import { deriveSeed, Prng } from '@qfs/core/math';
import { initialValues, outputText } from './binding.ts';
import type { EngineOptions } from './engine-contract.ts';
import { ENGINE_NAME, ENGINE_VERSION } from './engine-version.ts';
import { GateCache } from './gate-cache.ts';
import { EndOfShot, Machine } from './machine.ts';
import { noiseDigest } from './noise/noise-model.ts';
import { TrajectoryNoise } from './noise/trajectory-noise.ts';
import {
  exactExpectations,
  type Group,
  measureCopies,
  rotateToBasis,
  sampledExpectations,
} from './observables.ts';
import type { PreparedItem } from './prepare.ts';
import type { ResultsSize } from './results-size.ts';
import { sample } from './sampling.ts';
import { StateVector } from './state-vector.ts';

const NOTHING_WRITTEN =
  'No statement of the program writes a classical bit that counts show, so the counts are empty.';

/** What the shots of one parameter set have in common. */
interface Execution {
  readonly prepared: PreparedItem;
  readonly shots: number;
  readonly seed: number;
  /** The state and the variables after the part that is the same in every shot. */
  readonly state: StateVector;
  readonly variables: readonly Value[];
  readonly steps: number;
  readonly places: Int32Array;
  readonly noise: TrajectoryNoise | undefined;
}

type Outcome = Pick<CircuitResult, 'counts' | 'outputs' | 'memory' | 'expectationValues'>;

/** Runs one parameter set of an item, and adds to `size` what its result takes. */
export function runSet(
  prepared: PreparedItem,
  set: number,
  options: EngineOptions,
  size: ResultsSize,
): CircuitResult {
  const { program, item, layout, structure } = prepared;
  const seed = deriveSeed(item.seed, set);
  const places = new Int32Array(program.qubits).fill(-1);
  for (const [place, qubit] of prepared.activeQubits.entries()) places[qubit] = place;
  const state = new StateVector(prepared.activeQubits.length, options.precision);
  const machine = new Machine(
    program,
    { state, places, uniform: neverRandom },
    initialValues(program, prepared.bindings[set]!),
  );
  const completion = machine.run(structure.prefix);
  assert(completion === 'normal', () => `the prefix ended with '${completion}'`);
  const execution: Execution = {
    prepared,
    shots: item.shots,
    seed,
    state,
    variables: machine.globals,
    steps: machine.steps,
    places,
    noise: options.noise && new TrajectoryNoise(options.noise, places),
  };
  const tally = new Tally(prepared, size);
  const outcome = structure.terminal
    ? runTerminal(execution, machine, tally)
    : runTrajectories(execution, tally);
  return {
    ...outcome,
    shots: item.shots,
    seed,
    warnings: layout.written || item.shots === 0 ? [] : [NOTHING_WRITTEN],
    metadata: {
      method: 'state_vector',
      precision: options.precision,
      fast: false,
      engine: ENGINE_NAME,
      engineVersion: ENGINE_VERSION,
      ...(options.noise && { noiseDigest: noiseDigest(options.noise) }),
      aqoDigest: prepared.aqoDigest,
      qubits: program.qubits,
    },
  };
}

function neverRandom(): never {
  throw new AssertionError('the part that is the same in every shot asked for a random number');
}

/** Counts shots per key and per value of each output. */
class Tally {
  readonly counts = new Map<string, number>();
  readonly outputs: Map<string, Map<string, number>>;
  readonly memory: string[] | undefined;
  readonly #program: Program;
  readonly #size: ResultsSize;

  constructor({ program, item, layout }: PreparedItem, size: ResultsSize) {
    this.#program = program;
    this.#size = size;
    this.memory = item.memory && layout.written ? [] : undefined;
    const shown = program.variables.filter(({ role, type }) => role === 'output' && type.kind !== 'bit');
    this.outputs = new Map(shown.map(({ name }) => [name, new Map()]));
  }

  addKey(key: string, shots: number): void {
    this.#count(this.counts, key, shots);
  }

  addMemory(key: string): void {
    if (this.memory === undefined) return;
    this.#size.addEntry(key);
    this.memory.push(key);
  }

  #count(entries: Map<string, number>, text: string, shots: number): void {
    const before = entries.get(text);
    if (before === undefined) this.#size.addEntry(text);
    entries.set(text, (before ?? 0) + shots);
  }

  addOutputs(variables: readonly Value[], shots: number): void {
    if (this.outputs.size === 0 || shots === 0) return;
    for (const [index, { name }] of this.#program.variables.entries()) {
      const values = this.outputs.get(name);
      if (values === undefined) continue;
      this.#count(values, outputText(variables[index]!), shots);
    }
  }

  outcome(expectationValues: readonly ExpectationValue[]): Outcome {
    return {
      counts: this.counts,
      outputs: this.outputs,
      ...(this.memory && { memory: this.memory }),
      expectationValues,
    };
  }
}

/** One final state: shots are samples of it, and measured bits are read from the sampled basis states. */
function runTerminal(execution: Execution, machine: Machine, tally: Tally): Outcome {
  const { prepared, shots, seed, state, places, variables } = execution;
  const { program, structure, layout } = prepared;
  const measured = new Map<string, number>();
  for (const instruction of structure.tail) {
    if (instruction.kind !== 'measure') machine.run([instruction]);
    else if (instruction.target && typeof instruction.qubit === 'number') {
      const bit = constantBit(program, instruction.target);
      assert(bit !== undefined, 'a terminal measurement has a constant target');
      measured.set(`${bit.variable}.${bit.bit}`, places[instruction.qubit]!);
    }
  }
  if (layout.written && shots > 0) {
    const samples = sample(state, shots, new Prng(seed, 'sampling'));
    const keyOf = keyReader(layout.characters, measured, variables);
    for (const [basis, count] of samples.counts) tally.addKey(keyOf(basis), count);
    if (tally.memory)
      for (let shot = 0; shot < shots; shot += 1) tally.addMemory(keyOf(samples.ofShot(shot)));
  }
  tally.addOutputs(variables, shots);
  return tally.outcome(expectationsOf(execution));
}

function expectationsOf({ prepared, shots, seed, state, places }: Execution): readonly ExpectationValue[] {
  const { observables } = prepared.item;
  if (observables.length === 0) return [];
  return shots === 0
    ? exactExpectations(state, observables, places)
    : sampledExpectations(observables, places, shots, measureCopies(state, shots, seed));
}

const bitOf = (variables: readonly Value[], variable: number, bit: number): boolean =>
  (((variables[variable] as { value: bigint }).value >> BigInt(bit)) & 1n) === 1n;

/** Makes keys of basis states; bits that no measurement wrote keep the value of their variable. */
function keyReader(
  characters: readonly KeyCharacter[],
  measured: ReadonlyMap<string, number>,
  variables: readonly Value[],
): (basis: number) => string {
  const parts = characters.map((character) => {
    if (character === ' ') return ' ';
    const place = measured.get(`${character.variable}.${character.bit}`);
    if (place === undefined) return bitOf(variables, character.variable, character.bit) ? '1' : '0';
    return place < 0 ? '0' : place;
  });
  return (basis) => {
    let key = '';
    for (const part of parts) key += typeof part === 'string' ? part : (basis >>> part) & 1 ? '1' : '0';
    return key;
  };
}

/** Every shot runs the tail on its own, with random numbers keyed by seed and shot. */
function runTrajectories(execution: Execution, tally: Tally): Outcome {
  const { prepared, shots, seed } = execution;
  const { structure, layout } = prepared;
  const play = trajectoryPlayer(execution, structure.tail);
  for (let shot = 0; shot < shots; shot += 1) {
    const values = play(new Prng(seed, 'trajectory', shot)).globals;
    if (layout.written) {
      const key = formatKey(layout, (variable, bit) => bitOf(values, variable, bit));
      tally.addKey(key, 1);
      tally.addMemory(key);
    }
    tally.addOutputs(values, 1);
  }
  return tally.outcome(noisyExpectations(execution));
}

/** Runs a block from the common start, with the random numbers of one shot. */
function trajectoryPlayer(
  { prepared, state: start, variables, steps, places, noise }: Execution,
  block: Block,
): (random: Prng) => { readonly globals: readonly Value[]; readonly state: StateVector } {
  const state = new StateVector(start.qubits, start.precision);
  const gates = new GateCache();
  return (random) => {
    state.copyFrom(start);
    const host = { state, places, uniform: () => random.uniform(), ...(noise && { noise }) };
    const machine = new Machine(prepared.program, host, variables, steps, gates);
    try {
      machine.run(block);
    } catch (thrown) {
      if (!(thrown instanceof EndOfShot)) throw thrown;
    }
    return { globals: machine.globals, state };
  };
}

/**
 * Expectation values of a program that measures at its end only. Each group of terms is measured in shots of its own,
 * as on a device: the program without its measurements, the turn to the group's basis, one outcome, its readout.
 */
function noisyExpectations(execution: Execution): readonly ExpectationValue[] {
  const { prepared, shots, seed, places, noise } = execution;
  const { observables } = prepared.item;
  if (observables.length === 0 || noise === undefined) return [];
  const gates = prepared.structure.tail.filter(({ kind }) => kind !== 'measure');
  const play = trajectoryPlayer(execution, gates);
  return sampledExpectations(observables, places, shots, (group: Group, index) => {
    const counts = new Map<number, number>();
    for (let shot = 0; shot < shots; shot += 1) {
      const random = new Prng(seed, `trajectory of observables ${index}`, shot);
      const { state } = play(random);
      rotateToBasis(state, group);
      let basis = sample(state, 1, random).ofShot(0);
      for (const [place, qubit] of prepared.activeQubits.entries()) {
        const outcome = (basis >> place) & 1 ? 1 : 0;
        if (noise.report(qubit, outcome, () => random.uniform()) !== outcome) basis ^= 1 << place;
      }
      counts.set(basis, (counts.get(basis) ?? 0) + 1);
    }
    return counts;
  });
}
