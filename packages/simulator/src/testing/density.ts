import { type Gate, gateByName, type Instruction, type Observable, type Program } from '@qfs/circuit';
import { Reader } from '@qfs/circuit/codec';
import { type Channel, type Confusion, NOISE_MODEL, type NoiseModel } from '../noise/noise-model.ts';
import { applyOracle, type State } from './oracle.ts';

/**
 * The slow oracle of noise: whole density matrices, channels by their definitions. A matrix of n qubits is a
 * state of 2n: the first n are its rows, the others its columns. It shares no code with the trajectories.
 */
export interface Density {
  readonly qubits: number;
  readonly entries: State;
}

const initial = (qubits: number): Density => ({
  qubits,
  entries: Array.from({ length: 4 ** qubits }, (_, at) => [at === 0 ? 1 : 0, 0] as const),
});

const conjugate = (matrix: ArrayLike<number>): number[] =>
  Array.from(matrix, (value, at) => (at % 2 === 0 ? value : -value));

/** M ρ M†, for any matrix on these qubits. */
function sandwich(
  { qubits, entries }: Density,
  matrix: ArrayLike<number>,
  operands: readonly number[],
): Density {
  const rows = applyOracle(entries, matrix, [], operands);
  const columns = operands.map((operand) => operand + qubits);
  return { qubits, entries: applyOracle(rows, conjugate(matrix), [], columns) };
}

const mixture = (parts: readonly (readonly [weight: number, part: Density])[]): Density => ({
  qubits: parts[0]![1].qubits,
  entries: parts[0]![1].entries.map((_, at) =>
    parts.reduce<readonly [number, number]>(
      ([re, im], [weight, { entries }]) => [re + weight * entries[at]![0], im + weight * entries[at]![1]],
      [0, 0],
    ),
  ),
});

const PAULI_NAMES = ['id', 'x', 'y', 'z'];
const matrixOf = (name: string): Float64Array => (gateByName(name) as Gate).matrix([]);

function depolarized(
  density: Density,
  strength: number,
  operands: readonly number[],
  mixed: boolean,
): Density {
  const operators = 4 ** operands.length;
  const each = mixed ? strength / operators : strength / (operators - 1);
  const parts = Array.from({ length: operators }, (_, index) => {
    const part = operands.reduce(
      (sum, operand, at) => sandwich(sum, matrixOf(PAULI_NAMES[(index >> (2 * at)) & 3]!), [operand]),
      density,
    );
    return [index === 0 ? 1 - each * (operators - 1) : each, part] as const;
  });
  return mixture(parts);
}

/** Kraus operators of a channel on one qubit; of relaxation, those of decay after those of dephasing. */
function krausSets(channel: Exclude<Channel, { kind: 'depolarizing' }>): number[][][] {
  const dephasing = (kept: number): number[][] => [
    [1, 0, 0, 0, 0, 0, kept, 0],
    [0, 0, 0, 0, 0, 0, Math.sqrt(1 - kept * kept), 0],
  ];
  const decay = (gamma: number): number[][] => [
    [1, 0, 0, 0, 0, 0, Math.sqrt(1 - gamma), 0],
    [0, 0, Math.sqrt(gamma), 0, 0, 0, 0, 0],
  ];
  switch (channel.kind) {
    case 'amplitude_damping':
      return [decay(channel.gamma)];
    case 'phase_damping':
      return [dephasing(Math.sqrt(1 - channel.lambda))];
    case 'thermal_relaxation': {
      const { t1, t2, duration } = channel;
      return [decay(1 - Math.exp(-duration / t1)), dephasing(Math.exp(-duration / t2 + duration / (2 * t1)))];
    }
  }
}

function afterChannel(
  density: Density,
  channel: Channel,
  operands: readonly number[],
  mixed: boolean,
): Density {
  if (channel.kind === 'depolarizing') return depolarized(density, channel.probability, operands, mixed);
  const on = channel.operand === undefined ? operands : [operands[channel.operand]!];
  let result = density;
  for (const qubit of on) {
    for (const kraus of krausSets(channel)) {
      result = mixture(kraus.map((operator) => [1, sandwich(result, operator, [qubit])] as const));
    }
  }
  return result;
}

const isGate = (instruction: Instruction): instruction is Extract<Instruction, { kind: 'gate' }> =>
  instruction.kind === 'gate';

/** The state of a program of plain gates with numbers as parameters, before its measurements. */
export function densityOf(program: Program, noise: NoiseModel): Density {
  let density = initial(program.qubits);
  for (const { gate, parameters, qubits } of program.body.filter(isGate)) {
    const operands = qubits as number[];
    density = sandwich(density, (gateByName(gate) as Gate).matrix(parameters as number[]), operands);
    const table = noise.gates.get(gate) ?? noise.gates.get(`*${operands.length}`) ?? noise.gates.get('*');
    const channels = table?.get(operands.join(',')) ?? table?.get('*') ?? [];
    for (const channel of channels)
      density = afterChannel(density, channel, operands, noise.convention === 'maximally_mixed');
  }
  return density;
}

const PERFECT: Confusion = [
  [1, 0],
  [0, 1],
];

/** Probability of each outcome when every qubit is read; bit q of the index is qubit q. */
export function outcomeProbabilities({ qubits, entries }: Density, noise: NoiseModel): number[] {
  const size = 2 ** qubits;
  const diagonal = Array.from({ length: size }, (_, at) => entries[at * size + at]![0]);
  const reported = (truth: number, seen: number): number => {
    let product = 1;
    for (let qubit = 0; qubit < qubits; qubit += 1) {
      const confusion = noise.readout.get(String(qubit)) ?? noise.readout.get('*') ?? PERFECT;
      product *= confusion[(truth >> qubit) & 1]![(seen >> qubit) & 1]!;
    }
    return product;
  };
  return diagonal.map((_, seen) =>
    diagonal.reduce((sum, weight, truth) => sum + weight * reported(truth, seen), 0),
  );
}

/** Expectation value of an observable whose letters are read without errors. */
export function densityExpectation(density: Density, { terms }: Observable): number {
  const size = 2 ** density.qubits;
  return terms.reduce((sum, { coefficient, paulis }) => {
    const rows = [...paulis].reduce((entries, letter, at) => {
      const name = { I: 'id', X: 'x', Y: 'y', Z: 'z' }[letter]!;
      return applyOracle(entries, matrixOf(name), [], [density.qubits - 1 - at]);
    }, density.entries);
    let trace = 0;
    for (let at = 0; at < size; at += 1) trace += rows[at * size + at]![0];
    return sum + coefficient * trace;
  }, 0);
}

/** A noise model as its JSON says it. */
export const noiseOf = (json: string): NoiseModel => NOISE_MODEL.read(JSON.parse(json), new Reader(1));
