import { activeQubits, isStatic, type Program } from '@qfs/circuit';
import { Prng } from '@qfs/core/math';
import type { Binding } from '@qfs/simulator';
import type { Layout } from '../../../packages/compiler/src/passes/contract.ts';
import { type Course, coursesOf } from './courses.ts';

/** A random state of so many qubits; almost every one tells any two channels apart. */
export function randomState(qubits: number, seed: number): Float64Array {
  const random = new Prng(seed, 'random-state');
  const state = Float64Array.from({ length: 2 ** (qubits + 1) }, () => random.uniform() - 0.5);
  const norm = Math.sqrt(state.reduce((sum, entry) => sum + entry * entry, 0));
  return state.map((entry) => entry / norm);
}

interface Wires {
  /** Bit of each qubit of a program in the indices of its state. */
  readonly places: Int32Array;
  readonly count: number;
}

/** A program as it was given: every qubit has its own number. */
const ownWires = ({ qubits }: Program): Wires => ({
  places: Int32Array.from({ length: qubits }, (_, qubit) => qubit),
  count: qubits,
});

/** Those qubits of a device that hold one of the program's, or that a gate acts on. */
function deviceWires(program: Program, layout: Layout): Wires {
  const used = new Set([...layout.initial, ...layout.final, ...activeQubits(program)]);
  const places = new Int32Array(program.qubits).fill(-1);
  [...used]
    .filter((qubit) => qubit >= 0)
    .sort((a, b) => a - b)
    .forEach((qubit, at) => {
      places[qubit] = at;
    });
  return { places, count: used.size };
}

/** Where bit q of an index goes, for `positions[q]`. */
const moved = (index: number, positions: readonly number[]): number =>
  positions.reduce((sum, position, bit) => sum + (((index >> bit) & 1) << position), 0);

/** The state with its qubits at these positions, and all others |0⟩. */
function placed(state: Float64Array, positions: readonly number[], count: number): Float64Array {
  const result = new Float64Array(2 ** (count + 1));
  for (let index = 0; 2 * index < state.length; index += 1)
    result.set(state.subarray(2 * index, 2 * index + 2), 2 * moved(index, positions));
  return result;
}

/** Reads the qubits at these positions; the others must be |0⟩, or undefined is given. */
function taken(state: Float64Array, positions: readonly number[]): Float64Array | undefined {
  const result = new Float64Array(2 ** (positions.length + 1));
  let weight = 0;
  for (let index = 0; 2 * index < result.length; index += 1) {
    const from = 2 * moved(index, positions);
    result.set(state.subarray(from, from + 2), 2 * index);
    weight += state[from]! ** 2 + state[from + 1]! ** 2;
  }
  const whole = state.reduce((sum, entry) => sum + entry * entry, 0);
  return Math.abs(whole - weight) > TOLERANCE ? undefined : result;
}

const TOLERANCE = 1e-9;

/** By the variables' values: the density matrix that all courses with these values have together. */
function densities(courses: readonly Course[]): Map<string, Float64Array> {
  const found = new Map<string, Float64Array>();
  for (const { variables, state } of courses) {
    const size = state.length / 2;
    const density = found.get(variables) ?? new Float64Array(2 * size * size);
    found.set(variables, density);
    for (let row = 0; row < size; row += 1) {
      const [a, b] = [state[2 * row]!, state[2 * row + 1]!];
      if (a === 0 && b === 0) continue;
      for (let column = 0; column < size; column += 1) {
        const [c, d] = [state[2 * column]!, state[2 * column + 1]!];
        density[2 * (row * size + column)]! += a * c + b * d;
        density[2 * (row * size + column) + 1]! += b * c - a * d;
      }
    }
  }
  return found;
}

const furthest = (left: Float64Array, right: Float64Array): number =>
  left.reduce((most, entry, at) => Math.max(most, Math.abs(entry - right[at]!)), 0);

/** How two channels differ on the state they were given; undefined if they do not. */
function difference(expected: readonly Course[], actual: readonly Course[]): string | undefined {
  const [before, after] = [densities(expected), densities(actual)];
  for (const variables of new Set([...before.keys(), ...after.keys()])) {
    const [left, right] = [before.get(variables), after.get(variables)];
    const zero = new Float64Array((left ?? right)!.length);
    const distance = furthest(left ?? zero, right ?? zero);
    if (distance > TOLERANCE) return `densities differ by ${distance} where variables are ${variables}`;
  }
  return undefined;
}

/**
 * Subroutines that are written out for a device bring variables of their own, behind those of the program.
 */
const firstOf = (variables: string, count: number): string =>
  JSON.stringify((JSON.parse(variables) as unknown[]).slice(0, count));

export interface Optimised {
  readonly program: Program;
  readonly layout?: Layout | undefined;
}

/** How many courses are followed before a program is given up. */
const COURSES_MAX = 256;

/**
 * Do a program and what was made of it do the same to a random state: the same density matrix for each
 * outcome, and the same state with its phase where nothing is measured? Undefined if they do, else how they
 * differ.
 */
export function channelDifference(
  source: Program,
  { program, layout }: Optimised,
  seed: number,
  binding: Binding = new Map(),
): string | undefined {
  const input = randomState(source.qubits, seed);
  const own = ownWires(source);
  const expected = coursesOf(source, own.places, input, binding, COURSES_MAX);
  const wires = layout === undefined ? own : deviceWires(program, layout);
  const at = (positions: readonly number[]): number[] => positions.map((qubit) => wires.places[qubit]!);
  const initial = layout === undefined ? undefined : at(layout.initial);
  const final = layout === undefined ? undefined : at(layout.final);
  const begin = initial === undefined ? input : placed(input, initial, wires.count);
  const ended = coursesOf(program, wires.places, begin, binding, COURSES_MAX);
  const actual: Course[] = [];
  for (const course of ended) {
    const state = final === undefined ? course.state : taken(course.state, final);
    if (state === undefined) return 'a qubit that holds none of the program is not |0⟩ in the end';
    actual.push({ variables: firstOf(course.variables, source.variables.length), state });
  }
  if (isStatic(source) && expected.length === 1 && actual.length === 1) {
    const distance = furthest(expected[0]!.state, actual[0]!.state);
    return distance > TOLERANCE ? `states differ by ${distance}` : undefined;
  }
  return difference(expected, actual);
}
