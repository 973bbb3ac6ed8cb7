import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateByName } from '@qfs/circuit';
import { Prng } from '@qfs/core/math';
import { sampleAt } from '../sampling.ts';
import { placeGate, StateVector } from '../state-vector.ts';
import { noiseOf } from '../testing/density.ts';
import { readNoiseModel } from './noise-model.ts';
import { SharedTrajectories, type Step } from './shared-trajectories.ts';
import { playChannels, TrajectoryNoise } from './trajectory-noise.ts';

const QUBITS = 3;
const NAMES = ['h', 'sx', 't', 'x', 'cx', 'cz'] as const;

const MODELS = {
  'depolarizing:0.02': readNoiseModel('depolarizing:0.02'),
  'damping and dephasing': noiseOf(`{
    "convention": "uniform_pauli",
    "gates": {"*": {"*": [
      {"channel": "amplitude_damping", "gamma": 0.04},
      {"channel": "phase_damping", "lambda": 0.05},
      {"channel": "depolarizing", "probability": 0.01}
    ]}},
    "readout": {}
  }`),
  'damping without end': noiseOf(`{
    "convention": "uniform_pauli",
    "gates": {"*": {"*": [{"channel": "amplitude_damping", "gamma": 1}]}},
    "readout": {}
  }`),
};

/** Random gates, each with the noise that follows it. */
function stepsOf(model: TrajectoryNoise, seed: number): Step[] {
  const random = new Prng(seed, 'steps');
  const below = (n: number): number => Math.floor(n * random.uniform());
  return Array.from({ length: 25 }, (): Step[] => {
    const gate = gateByName(NAMES[below(NAMES.length)]!)!;
    const first = below(QUBITS);
    const qubits = gate.qubits === 1 ? [first] : [first, (first + 1 + below(QUBITS - 1)) % QUBITS];
    return [
      { kind: 'gate', gate: placeGate(gate, [], [], qubits) },
      { kind: 'noise', channels: model.channelsAfter(gate.name, qubits) },
    ];
  }).flat();
}

/** One shot on its own, as nothing but the definition has it: its end, and its next random number. */
function alone(steps: readonly Step[], random: Prng): readonly number[] {
  const state = new StateVector(QUBITS);
  for (const step of steps) {
    if (step.kind === 'gate') state.apply(step.gate);
    if (step.kind === 'noise') playChannels(step.channels, state, () => random.uniform());
  }
  return [sampleAt(state, Float64Array.of(random.uniform())).ofShot(0), random.word()];
}

for (const [name, noise] of Object.entries(MODELS)) {
  test(`${name}: every shot ends as it does on its own, also beyond those that go together`, () => {
    const model = new TrajectoryNoise(
      noise,
      Int32Array.from({ length: QUBITS }, (_, at) => at),
    );
    const shots = 4_100;
    for (let seed = 1; seed <= 3; seed += 1) {
      const steps = stepsOf(model, seed);
      const seen: (readonly number[])[] = [];
      new SharedTrajectories(steps, QUBITS, 'double').run(
        { from: 0, to: shots },
        (shot) => new Prng(seed, 'trajectory', shot),
        (shot, basis, random) => {
          assert.equal(shot, seen.length);
          seen.push([basis, random.word()]);
        },
      );
      for (let shot = 0; shot < shots; shot += 1) {
        if (shot > 300 && shot < 4_090) continue;
        assert.deepEqual(
          seen[shot],
          alone(steps, new Prng(seed, 'trajectory', shot)),
          `seed ${seed}, shot ${shot}`,
        );
      }
    }
  });
}
