import type { ExpectationValue } from '@qfs/circuit';
import type { Value } from '@qfs/circuit/classical';
import { Prng } from '@qfs/core/math';
import { keyReader, measuredBits } from '../keys.ts';
import { Machine } from '../machine.ts';
import { type Group, rotateToBasis, sampledExpectations } from '../observables.ts';
import type { PreparedItem } from '../prepare.ts';
import type { ShotRange } from '../run.ts';
import type { Outcome, Tally } from '../tally.ts';
import { Recorder, SharedTrajectories, type Step } from './shared-trajectories.ts';
import type { TrajectoryNoise } from './trajectory-noise.ts';

interface NoisyExecution {
  readonly prepared: PreparedItem;
  /** The program's variables at its start. */
  readonly values: readonly Value[];
  readonly seed: number;
  readonly range: ShotRange;
  readonly places: Int32Array;
  readonly model: TrajectoryNoise;
  readonly precision: 'double' | 'single';
}

/** A program that measures at its end only, with noise: every shot is a trajectory, read out at its end. */
export function runNoisy(execution: NoisyExecution, tally: Tally): Outcome {
  const { prepared, seed, places, model, range } = execution;
  const { structure } = prepared;
  const { program, layout } = prepared.read;
  const { steps, variables } = record(execution);
  if (prepared.isCounted && range.to > range.from) {
    const measured = measuredBits(program, structure.tail);
    const positions = new Map(measured.map(({ bit }, position) => [bit, position]));
    const keyOf = keyReader(layout.characters, positions, variables);
    const outcomes = new Uint8Array(measured.length);
    trajectories(execution, steps).run(
      range,
      (shot) => new Prng(seed, 'trajectory', shot),
      (_, basis, random) => {
        for (const [position, { qubit }] of measured.entries()) {
          const outcome = bitAt(basis, places[qubit]!);
          outcomes[position] = model.report(qubit, outcome, () => random.uniform());
        }
        const key = keyOf((position) => outcomes[position] === 1);
        tally.addKey(key, 1);
        tally.addMemory(key);
      },
    );
  }
  tally.addOutputs(variables, range.to - range.from);
  return tally.outcome(noisyExpectations(execution, steps));
}

const bitAt = (basis: number, place: number): 0 | 1 => (place >= 0 && (basis >>> place) & 1 ? 1 : 0);

/** What the program does before it measures, and the values of its variables then. */
function record({ prepared, values, places, model }: NoisyExecution): {
  readonly steps: readonly Step[];
  readonly variables: readonly Value[];
} {
  const { structure } = prepared;
  const { program } = prepared.read;
  const recorder = new Recorder();
  const noise = { model, play: recorder.play.bind(recorder) };
  const machine = new Machine(program, { state: recorder, places, uniform: () => 0, noise }, values);
  machine.run(structure.prefix);
  const variables = machine.globals;
  for (const instruction of structure.tail) if (instruction.kind !== 'measure') machine.run([instruction]);
  return { steps: recorder.steps, variables };
}

const trajectories = ({ prepared, precision }: NoisyExecution, steps: readonly Step[], group?: Group) =>
  new SharedTrajectories(steps, prepared.activeQubits.length, precision, (state) => {
    if (group !== undefined) rotateToBasis(state, group);
  });

/**
 * Each group of terms is measured in shots of its own, as on a device: the program, the turn to the group's basis,
 * one outcome, its readout.
 */
function noisyExpectations(execution: NoisyExecution, steps: readonly Step[]): readonly ExpectationValue[] {
  const { prepared, seed, places, model } = execution;
  const { observables, shots } = prepared.item;
  if (observables.length === 0) return [];
  return sampledExpectations(observables, places, shots, (group, index) => {
    const counts = new Map<number, number>();
    trajectories(execution, steps, group).run(
      { from: 0, to: shots },
      (shot) => new Prng(seed, `trajectory of observables ${index}`, shot),
      (_, basis, random) => {
        let read = basis;
        for (const [place, qubit] of prepared.activeQubits.entries()) {
          const outcome = bitAt(basis, place);
          if (model.report(qubit, outcome, () => random.uniform()) !== outcome) read ^= 1 << place;
        }
        counts.set(read, (counts.get(read) ?? 0) + 1);
      },
    );
    return counts;
  });
}
