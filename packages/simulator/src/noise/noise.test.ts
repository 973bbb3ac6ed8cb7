import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CircuitResult,
  type Instruction,
  type Observable,
  type Program,
  readResults,
} from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import { Prng } from '@qfs/core/math';
import type { EngineItem } from '../engine-contract.ts';
import { DEFAULT_OPTIONS, estimate, simulate } from '../simulate.ts';
import { densityExpectation, densityOf, noiseOf, outcomeProbabilities } from '../testing/density.ts';
import { bits, gate, isOne, item, measure, program } from '../testing/programs.ts';
import { type NoiseModel, noiseDigest, readNoiseModel } from './noise-model.ts';

const QUBITS = 3;

/**
 * Half of the conventions, every channel, entries for a gate, a pair and everything else, and uneven readout.
 */
const MIXED = noiseOf(`{
  "convention": "maximally_mixed",
  "gates": {
    "h": {"*": [{"channel": "amplitude_damping", "gamma": 0.1}], "1": []},
    "cx": {
      "0,1": [{"channel": "depolarizing", "probability": 0.2}],
      "*": [
        {"channel": "thermal_relaxation", "t1": 5e-5, "t2": 2e-5, "duration": 4e-6, "operand": 0},
        {"channel": "amplitude_damping", "gamma": 0.15, "operand": 1}
      ]
    },
    "*1": {"*": [{"channel": "phase_damping", "lambda": 0.3}]}
  },
  "readout": {"*": [[0.98, 0.02], [0.07, 0.93]], "1": [[1, 0], [0, 1]]}
}`);

const MODELS: Readonly<Record<string, NoiseModel>> = {
  'depolarizing:0.08': readNoiseModel('depolarizing:0.08'),
  'every channel': MIXED,
};

const NAMES = ['h', 'x', 'sx', 't', 'ry', 'cx', 'cx', 'cz', 'swap'] as const;

function randomGates(seed: number, length: number): Instruction[] {
  const random = new Prng(seed, 'noisy-programs');
  const below = (n: number): number => Math.floor(random.uniform() * n);
  return Array.from({ length }, () => {
    const name = NAMES[below(NAMES.length)]!;
    const first = below(QUBITS);
    const second = (first + 1 + below(QUBITS - 1)) % QUBITS;
    const qubits = ['cx', 'cz', 'swap'].includes(name) ? [first, second] : [first];
    return gate(name, qubits, ...(name === 'ry' ? [random.uniform() * 6] : []));
  });
}

const measuring = (gates: readonly Instruction[]): Program =>
  program(QUBITS, [bits('c', QUBITS)], [...gates, ...[0, 1, 2].map((q) => measure(q, 0, q))]);

function noisyResult(one: EngineItem, noise: NoiseModel): CircuitResult {
  const read = readResults(simulate([one], { ...DEFAULT_OPTIONS, noise }));
  if (!read.ok) throw read.error;
  return read.value.items[0]!.results[0]!;
}

for (const [name, noise] of Object.entries(MODELS)) {
  test(`${name}: trajectories of random circuits have the distribution of the density matrix`, () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const source = measuring(randomGates(seed, 12));
      const probabilities = outcomeProbabilities(densityOf(source, noise), noise);
      const { counts } = noisyResult(item(source, { shots: 6_000, seed }), noise);
      let value = 0;
      for (const [outcome, probability] of probabilities.entries()) {
        const found = counts.get(outcome.toString(2).padStart(QUBITS, '0')) ?? 0;
        if (probability < 1e-12) assert.equal(found, 0);
        else value += (found - 6_000 * probability) ** 2 / (6_000 * probability);
      }
      // 7 degrees of freedom: 29.9 is exceeded once in ten thousand.
      assert.ok(value < 29.9, `seed ${seed}: chi-square ${value}`);
    }
  });

  test(`${name}: estimated expectation values are those of the density matrix`, () => {
    const observable: Observable = {
      terms: [
        { coefficient: 1, paulis: 'IIZ' },
        { coefficient: -0.5, paulis: 'XYI' },
        { coefficient: 0.25, paulis: 'ZZZ' },
        { coefficient: 2, paulis: 'III' },
      ],
    };
    // Readout acts on letters, not on the state, so it is left out here.
    const perfect: NoiseModel = { ...noise, readout: new Map() };
    for (let seed = 1; seed <= 4; seed += 1) {
      const source = measuring(randomGates(seed, 10));
      const exact = densityExpectation(densityOf(source, perfect), observable);
      const { expectationValues } = noisyResult(
        item(source, { shots: 4_000, seed, observables: [observable] }),
        perfect,
      );
      const { value, stdError } = expectationValues[0]!;
      assert.ok(Math.abs(value - exact) < 4 * stdError, `seed ${seed}: ${value} ± ${stdError}, not ${exact}`);
    }
  });
}

test('readout errors shrink the expectation value of Z, of qubits at rest too', () => {
  const noise = noiseOf('{"convention":"uniform_pauli","gates":{},"readout":{"*":[[0.9,0.1],[0.2,0.8]]}}');
  const source = program(2, [bits('c', 1)], [gate('x', [0]), measure(0, 0, 0)]);
  const observables: Observable[] = [
    { terms: [{ coefficient: 1, paulis: 'IZ' }] },
    { terms: [{ coefficient: 1, paulis: 'ZI' }] },
  ];
  const { expectationValues, counts } = noisyResult(item(source, { shots: 20_000, observables }), noise);
  assert.ok(Math.abs(expectationValues[0]!.value + 0.6) < 0.03);
  assert.ok(Math.abs(expectationValues[1]!.value - 0.8) < 0.03);
  assert.ok(Math.abs(counts.get('0')! / 20_000 - 0.2) < 0.015);
});

test('a measurement in the middle, feed-forward and resets see noise as they happen', () => {
  const noise = noiseOf('{"convention":"uniform_pauli","gates":{},"readout":{"0":[[1,0],[0.25,0.75]]}}');
  const source = program(
    2,
    [bits('c', 2)],
    [
      gate('x', [0]),
      measure(0, 0, 0),
      { kind: 'if', condition: isOne(0, 0), body: [gate('x', [1])] },
      { kind: 'reset', qubit: 0 },
      measure(1, 0, 1),
    ],
  );
  const { counts } = noisyResult(item(source, { shots: 8_000 }), noise);
  assert.deepEqual([...counts.keys()], ['00', '11']);
  assert.ok(Math.abs(counts.get('00')! - 2_000) < 160);
});

test('identities and controlled phases are gates that noise follows; barriers and global phases are none', () => {
  const flipping = readNoiseModel('depolarizing:1');
  const quiet = program(
    1,
    [bits('c', 1)],
    [{ kind: 'barrier', qubits: [0] }, gate('h', [0]), measure(0, 0, 0)],
  );
  const never = noiseOf('{"convention":"uniform_pauli","gates":{"x":{"*":[]}},"readout":{}}');
  assert.equal(noisyResult(item(quiet), never).counts.size, 2);
  const phase: Instruction = { kind: 'gphase', angle: 0.3, controls: [true], qubits: [0] };
  for (const instruction of [gate('id', [0]), phase]) {
    const source = program(1, [bits('c', 1)], [instruction, measure(0, 0, 0)]);
    const { counts } = noisyResult(item(source, { shots: 3_000 }), flipping);
    // X and Y of three letters flip the qubit.
    assert.ok(Math.abs(counts.get('1')! - 2_000) < 120, JSON.stringify([...counts]));
  }
  const global = program(1, [bits('c', 1)], [{ kind: 'gphase', angle: 0.3 }, measure(0, 0, 0)]);
  assert.deepEqual([...noisyResult(item(global), flipping).counts], [['0', 1024]]);
});

test('fewer shots are the first of more, results repeat, and the model is named in the result', () => {
  const source = measuring(randomGates(9, 10));
  const memoryOf = (shots: number) => noisyResult(item(source, { shots, memory: true }), MIXED).memory!;
  assert.deepEqual(memoryOf(40).slice(0, 15), memoryOf(15));
  assert.equal(noisyResult(item(source), MIXED).metadata.noiseDigest, noiseDigest(MIXED));
});

test('noise of strength 0 changes no distribution', () => {
  const source = measuring(randomGates(5, 10));
  const none = readNoiseModel('depolarizing:0');
  const ideal = outcomeProbabilities(densityOf(source, none), none);
  const { counts } = noisyResult(item(source, { shots: 6_000 }), none);
  for (const [outcome, probability] of ideal.entries()) {
    const found = counts.get(outcome.toString(2).padStart(QUBITS, '0')) ?? 0;
    assert.ok(Math.abs(found / 6_000 - probability) < 0.03);
  }
});

test('exact expectation values with noise are refused by name; the work of all shots is estimated', () => {
  const observables: Observable[] = [{ terms: [{ coefficient: 1, paulis: 'ZZZ' }] }];
  const source = measuring(randomGates(1, 10));
  assert.throws(
    () => noisyResult(item(source, { shots: 0, observables }), MIXED),
    (thrown) =>
      thrown instanceof QfsError &&
      thrown.code === 'OBSERVABLE_INVALID' &&
      /give the number/.test(thrown.message),
  );
  const ideal = estimate([item(source)], DEFAULT_OPTIONS).operations;
  assert.ok(estimate([item(source)], { ...DEFAULT_OPTIONS, noise: MIXED }).operations > 500 * ideal);
});
