import { type ExpectationValue, formatKey } from '@qfs/circuit';
import type { Value } from '@qfs/circuit/classical';
import { DENSITY_PATHS_MAX, QfsError } from '@qfs/core';
import { Prng } from '@qfs/core/math';
import { GateCache } from '../gate-cache.ts';
import { bitOf, keyReader, measuredBits } from '../keys.ts';
import { EndOfShot, Machine } from '../machine.ts';
import type { TrajectoryNoise } from '../noise/trajectory-noise.ts';
import { rotateToBasis, sampledExpectations } from '../observables.ts';
import { exactExpectations } from '../pauli-sums.ts';
import { termsOf } from '../pauli-terms.ts';
import type { PreparedItem } from '../prepare.ts';
import type { QuantumHost } from '../quantum-host.ts';
import { sampleWeights } from '../sampling.ts';
import type { Outcome, Tally } from '../tally.ts';
import { DensityMatrix } from './density-matrix.ts';
import { readoutTerms } from './readout-terms.ts';

interface DensityExecution {
  readonly prepared: PreparedItem;
  /** The program's variables at its start. */
  readonly values: readonly Value[];
  readonly seed: number;
  readonly places: Int32Array;
  readonly noise: TrajectoryNoise;
  readonly precision: 'double' | 'single';
}

/**
 * Runs a program on a density matrix: noise acts on it exactly, and shots are drawn from the exact
 * distribution.
 */
export function runDensity(execution: DensityExecution, tally: Tally): Outcome {
  const { prepared, places, noise, precision, values } = execution;
  const { program } = prepared.read;
  const state = new DensityMatrix(prepared.activeQubits.length, precision);
  const gates = new GateCache();
  const paths = new Paths();
  const machine = new Machine(program, hostOf(state, paths, { places, noise }), values, 0, gates);
  machine.run(prepared.structure.prefix);
  const variables = machine.globals;
  if (!prepared.structure.terminal) {
    const own = new DensityMatrix(state.qubits, precision);
    const leaves = paths.all(() => {
      own.copyFrom(state);
      const host = hostOf(own, paths, { places, noise });
      return leafOf(prepared, new Machine(program, host, variables, machine.steps, gates), own, host.readout);
    });
    tallyLeaves(execution, leaves, tally);
    return tally.outcome([]);
  }
  for (const instruction of prepared.structure.tail)
    if (instruction.kind !== 'measure') machine.run([instruction]);
  tallyFinal(execution, state, variables, tally);
  return tally.outcome(expectationsOf(execution, state));
}

/** Where one way through the program ends, and how likely it is. */
interface Leaf {
  readonly weight: number;
  readonly variables: readonly Value[];
}

function leafOf(
  { structure }: PreparedItem,
  machine: Machine,
  state: DensityMatrix,
  readout: { readonly weight: number },
): Leaf {
  try {
    machine.run(structure.tail);
  } catch (thrown) {
    if (!(thrown instanceof EndOfShot)) throw thrown;
  }
  const trace = state.populations().reduce((sum, weight) => sum + weight, 0);
  return { weight: trace * readout.weight, variables: machine.globals };
}

function tallyLeaves({ prepared, seed }: DensityExecution, leaves: readonly Leaf[], tally: Tally): void {
  const { item, read } = prepared;
  const { layout } = read;
  const weights = Float64Array.from(leaves, ({ weight }) => weight);
  const samples = sampleWeights(weights, uniforms(item.shots, new Prng(seed, 'sampling')));
  const keys = leaves.map(({ variables }) =>
    formatKey(layout, (variable, bit) => bitOf(variables, variable, bit)),
  );
  for (const [leaf, count] of samples.counts) {
    if (layout.written) tally.addKey(keys[leaf]!, count);
    tally.addOutputs(leaves[leaf]!.variables, count);
  }
  if (tally.memory === undefined) return;
  for (let shot = 0; shot < item.shots; shot += 1) tally.addMemory(keys[samples.ofShot(shot)]!);
}

/** Shots of a program that measures at its end only. */
function tallyFinal(
  { prepared, seed, places, noise }: DensityExecution,
  state: DensityMatrix,
  variables: readonly Value[],
  tally: Tally,
): void {
  const { structure, item, read } = prepared;
  const { program, layout } = read;
  tally.addOutputs(variables, item.shots);
  if (!prepared.isCounted || item.shots === 0) return;
  const measured = measuredBits(program, structure.tail);
  const positions = new Map(measured.map(({ bit }, position) => [bit, position]));
  const keyOf = keyReader(layout.characters, positions, variables);
  const samples = sampleWeights(state.populations(), uniforms(item.shots, new Prng(seed, 'sampling')));
  const outcomes = new Uint8Array(measured.length);
  for (let shot = 0; shot < item.shots; shot += 1) {
    const basis = samples.ofShot(shot);
    const random = new Prng(seed, 'readout', shot);
    for (const [position, { qubit }] of measured.entries()) {
      outcomes[position] = noise.report(qubit, bitAt(basis, places[qubit]!), () => random.uniform());
    }
    const key = keyOf((position) => outcomes[position] === 1);
    tally.addKey(key, 1);
    tally.addMemory(key);
  }
}

const uniforms = (count: number, random: Prng): Float64Array =>
  Float64Array.from({ length: count }, () => random.uniform());

const bitAt = (basis: number, place: number): 0 | 1 => (place >= 0 && (basis >>> place) & 1 ? 1 : 0);

/** Exact without shots; otherwise each group of terms is measured in shots of its own, as on a device. */
function expectationsOf(
  { prepared, seed, places, noise, precision }: DensityExecution,
  state: DensityMatrix,
): readonly ExpectationValue[] {
  const { item, activeQubits } = prepared;
  const { observables, shots } = item;
  if (observables.length === 0) return [];
  if (shots === 0) {
    const terms = readoutTerms(termsOf(observables, places), noise, activeQubits);
    return exactExpectations(observables, terms, state.qubits, state.coherences());
  }
  const rotated = new DensityMatrix(state.qubits, precision);
  return sampledExpectations(observables, places, shots, (group, index) => {
    rotated.copyFrom(state);
    rotateToBasis(rotated, group);
    const drawn = uniforms(shots, new Prng(seed, 'observables', index));
    const samples = sampleWeights(rotated.populations(), drawn);
    const counts = new Map<number, number>();
    for (let shot = 0; shot < shots; shot += 1) {
      const random = new Prng(seed, `readout of observables ${index}`, shot);
      let basis = samples.ofShot(shot);
      for (const [place, qubit] of activeQubits.entries()) {
        const outcome = bitAt(basis, place);
        if (noise.report(qubit, outcome, () => random.uniform()) !== outcome) basis ^= 1 << place;
      }
      counts.set(basis, (counts.get(basis) ?? 0) + 1);
    }
    return counts;
  });
}

/** Outcomes that are less likely than this are rounding. */
const WEIGHT_MIN = 1e-14;

/**
 * Goes through every sequence of outcomes that a program can have, one run for each: a run follows the
 * sequence that
 * it is given, and where that ends takes the first possible outcome and leaves the other to a later run.
 */
class Paths {
  readonly #pending: (readonly (0 | 1)[])[] = [[]];
  #path: (0 | 1)[] = [];
  #given: readonly (0 | 1)[] = [];

  all<Leaf>(run: () => Leaf): Leaf[] {
    const leaves: Leaf[] = [];
    for (let given = this.#pending.pop(); given !== undefined; given = this.#pending.pop()) {
      if (leaves.length === DENSITY_PATHS_MAX) throw tooManyPaths();
      this.#given = given;
      this.#path = [];
      leaves.push(run());
    }
    return leaves;
  }

  /** Which of two outcomes with these weights this run takes. */
  take(zero: number, one: number): 0 | 1 {
    const given = this.#given[this.#path.length];
    const least = WEIGHT_MIN * (zero + one);
    if (given === undefined && zero > least && one > least) this.#pending.push([...this.#path, 1]);
    const outcome = given ?? (zero > least ? 0 : 1);
    this.#path.push(outcome);
    return outcome;
  }
}

const tooManyPaths = (): QfsError =>
  new QfsError(
    'CIRCUIT_TOO_LARGE',
    `The program can take more than ${DENSITY_PATHS_MAX} ways through its measurements before the end, which the ` +
      'method density follows one by one. Leave the method out: trajectories draw one way per shot.',
  );

/**
 * The machine's view of a density matrix on one path; `weight` gathers what readout errors make of its
 * probability.
 */
function hostOf(
  state: DensityMatrix,
  paths: Paths,
  { places, noise }: { readonly places: Int32Array; readonly noise: TrajectoryNoise },
): QuantumHost & { readonly readout: { weight: number } } {
  const readout = { weight: 1 };
  const measure = (place: number): 0 | 1 => {
    const weights = [0, 0] as [number, number];
    for (const [basis, weight] of state.populations().entries())
      weights[(basis >>> place) & 1 ? 1 : 0] += weight;
    const outcome = paths.take(...weights);
    state.project(place, outcome);
    return outcome;
  };
  const report = (qubit: number, outcome: 0 | 1): 0 | 1 => {
    const flips = noise.misread(qubit)[outcome];
    const wrong = flips === 0 ? 0 : paths.take(1 - flips, flips);
    readout.weight *= wrong === 1 ? flips : 1 - flips;
    return wrong === 1 ? (outcome === 0 ? 1 : 0) : outcome;
  };
  return {
    readout,
    state: {
      apply: (gate) => state.apply(gate),
      applyPhase: (angle, controls, on) => state.applyPhase(angle, controls, on),
      reset: (place) => state.reset(place),
      measure,
    },
    places,
    uniform: () => 0,
    noise: {
      model: { channelsAfter: (gate, qubits) => noise.channelsAfter(gate, qubits), report },
      play: (channels) => state.play(channels),
    },
  };
}
