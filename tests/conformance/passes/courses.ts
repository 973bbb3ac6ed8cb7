import type { Program } from '@qfs/circuit';
import type { Binding } from '@qfs/simulator';
import { initialValues } from '../../../packages/simulator/src/binding.ts';
import { Machine } from '../../../packages/simulator/src/machine.ts';
import { StateVector } from '../../../packages/simulator/src/state-vector.ts';

/** The program has more courses than are worth following. */
export class TooManyCourses extends Error {}

/** What a course of a program leaves behind: its variables, and the state, as long as it is probable. */
export interface Course {
  readonly variables: string;
  readonly state: Float64Array;
}

/** Outcomes less probable than this are taken for impossible. */
const IMPOSSIBLE = 1e-13;

/** A state that does as it is told when it is measured, and keeps the length that is left. */
class DecidedState extends StateVector {
  readonly #decide: (one: number, zero: number) => boolean;

  constructor(qubits: number, input: Float64Array, decide: (one: number, zero: number) => boolean) {
    super(qubits);
    this.#decide = decide;
    this.amplitudes.set(input);
    this.touched = 2 ** qubits - 1;
  }

  override measure(place: number): 0 | 1 {
    const [zero, one] = this.weights(place);
    const outcome = this.#decide(one, zero) ? 1 : 0;
    const amplitudes = this.amplitudes;
    for (let at = 0; at < amplitudes.length; at += 1)
      if (((at >> (place + 1)) & 1) !== outcome) amplitudes[at] = 0;
    return outcome;
  }

  override reset(place: number): void {
    if (this.measure(place) === 1) this.flip(place);
  }
}

/**
 * Every course that a program can take from a state: each measurement and reset is followed to both outcomes,
 * so that the courses together are its channel. `places[q]` is the bit of qubit q in indices of the state, or -1.
 */
export function coursesOf(
  program: Program,
  places: Int32Array,
  input: Float64Array,
  binding: Binding,
  most: number,
): Course[] {
  const qubits = Math.log2(input.length) - 1;
  const found: Course[] = [];
  /** Decisions at the beginning of courses that are still to be followed. */
  const open: (readonly boolean[])[] = [[]];
  for (let begin = open.pop(); begin !== undefined; begin = open.pop()) {
    if (found.length === most) throw new TooManyCourses();
    const decisions = [...begin];
    let at = 0;
    const state = new DecidedState(qubits, input, (one, zero) => {
      if (one < IMPOSSIBLE || zero < IMPOSSIBLE) return one > zero;
      if (at === decisions.length) {
        open.push([...decisions, true]);
        decisions.push(false);
      }
      at += 1;
      return decisions[at - 1]!;
    });
    const machine = new Machine(
      program,
      { state, places, uniform: () => 0 },
      initialValues(program, binding),
    );
    machine.run(program.body);
    const variables = JSON.stringify(machine.globals, (_, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    found.push({ variables, state: state.amplitudes as Float64Array });
  }
  return found;
}
