import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type CircuitResult,
  type Instruction,
  type Observable,
  type Program,
  readResults,
} from '@qfs/circuit';
import { DENSITY_PATHS_MAX, DENSITY_QUBITS_MAX } from '@qfs/core';
import { Prng } from '@qfs/core/math';
import type { EngineItem, EngineOptions } from '../engine-contract.ts';
import { type NoiseModel, noiseDigest, readNoiseModel } from '../noise/noise-model.ts';
import { DEFAULT_OPTIONS, estimate, simulate } from '../simulate.ts';
import { densityExpectation, densityOf, noiseOf, outcomeProbabilities } from '../testing/density.ts';
import { bits, gate, isOne, item, measure, program, teleport } from '../testing/programs.ts';

const QUBITS = 3;
const DENSITY: EngineOptions = { ...DEFAULT_OPTIONS, method: 'density' };

/** Every channel, on one operand and on all, and uneven readout. */
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
    "*1": {"*": [{"channel": "phase_damping", "lambda": 0.3}]},
    "*3": {"*": [{"channel": "depolarizing", "probability": 0.3}]}
  },
  "readout": {"*": [[0.98, 0.02], [0.07, 0.93]], "1": [[1, 0], [0, 1]]}
}`);

const NAMES = ['h', 'x', 'sx', 't', 'ry', 'cx', 'cx', 'cz', 'swap', 'ccx', 'iswap'] as const;
const WIDTHS: Readonly<Record<string, number>> = { cx: 2, cz: 2, swap: 2, iswap: 2, ccx: 3 };

function randomGates(seed: number, length: number): Instruction[] {
  const random = new Prng(seed, 'density-programs');
  const below = (n: number): number => Math.floor(random.uniform() * n);
  return Array.from({ length }, () => {
    const name = NAMES[below(NAMES.length)]!;
    const start = below(QUBITS);
    const qubits = Array.from({ length: WIDTHS[name] ?? 1 }, (_, i) => (start + i) % QUBITS);
    return gate(name, qubits, ...(name === 'ry' ? [random.uniform() * 6] : []));
  });
}

const measuring = (gates: readonly Instruction[]): Program =>
  program(QUBITS, [bits('c', QUBITS)], [...gates, ...[0, 1, 2].map((q) => measure(q, 0, q))]);

const OBSERVABLES: readonly Observable[] = [
  {
    terms: [
      { coefficient: 1, paulis: 'IIZ' },
      { coefficient: -0.5, paulis: 'XYI' },
      { coefficient: 0.25, paulis: 'ZYZ' },
      { coefficient: 2, paulis: 'III' },
    ],
  },
  { terms: [{ coefficient: 1, paulis: 'YIX' }] },
];

function resultOf(one: EngineItem, noise: NoiseModel | undefined, options = DENSITY): CircuitResult {
  const read = readResults(simulate([one], noise === undefined ? options : { ...options, noise }));
  if (!read.ok) throw read.error;
  return read.value.items[0]!.results[0]!;
}

const MODELS = { 'depolarizing:0.08': readNoiseModel('depolarizing:0.08'), 'every channel': MIXED };

for (const [name, noise] of Object.entries(MODELS)) {
  const perfect: NoiseModel = { ...noise, readout: new Map() };

  test(`${name}: exact expectation values are those of the oracle`, () => {
    for (let seed = 1; seed <= 3; seed += 1) {
      const source = measuring(randomGates(seed, 10));
      const oracle = densityOf(source, perfect);
      const { expectationValues, metadata } = resultOf(
        item(source, { shots: 0, observables: OBSERVABLES }),
        perfect,
      );
      for (const [at, { value, stdError }] of expectationValues.entries()) {
        const expected = densityExpectation(oracle, OBSERVABLES[at]!);
        assert.ok(Math.abs(value - expected) < 1e-13, `seed ${seed}: ${value}, not ${expected}`);
        assert.equal(stdError, 0);
      }
      assert.deepEqual([metadata.method, metadata.noiseDigest], ['density', noiseDigest(perfect)]);
    }
  });

  test(`${name}: counts are drawn from the distribution of the oracle`, () => {
    for (let seed = 1; seed <= 3; seed += 1) {
      const source = measuring(randomGates(seed, 12));
      const probabilities = outcomeProbabilities(densityOf(source, noise), noise);
      const { counts } = resultOf(item(source, { shots: 6_000, seed }), noise);
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

  test(`${name}: exact values, estimates from shots and trajectories agree, readout errors included`, () => {
    for (let seed = 1; seed <= 2; seed += 1) {
      const source = measuring(randomGates(seed, 10));
      const exact = resultOf(item(source, { shots: 0, observables: OBSERVABLES }), noise).expectationValues;
      for (const options of [DENSITY, DEFAULT_OPTIONS]) {
        const asked = item(source, { shots: 4_000, seed, observables: OBSERVABLES });
        for (const [at, { value, stdError }] of resultOf(asked, noise, options).expectationValues.entries()) {
          const off = Math.abs(value - exact[at]!.value) / stdError;
          assert.ok(
            off < 4.5,
            `seed ${seed}, ${options.method}: ${value} is ${off} errors from ${exact[at]!.value}`,
          );
        }
      }
    }
  });
}

test('without noise the density matrix has the values of the state vector', () => {
  const source = measuring(randomGates(4, 20));
  const [mixed, pure] = [DENSITY, DEFAULT_OPTIONS].map(
    (options) =>
      resultOf(item(source, { shots: 0, observables: OBSERVABLES }), undefined, options).expectationValues,
  );
  for (const [at, { value }] of mixed!.entries()) assert.ok(Math.abs(value - pure![at]!.value) < 1e-13);
});

test('measurements in the middle, feed-forward and resets are followed on every path', () => {
  const { counts } = resultOf(item(teleport(0.7), { shots: 4_000 }), undefined);
  assert.deepEqual(
    [...counts.keys()].map((key) => key.split(' ')[0]).filter((bit) => bit !== '0'),
    [],
  );
  assert.equal(counts.size, 4);
  for (const count of counts.values()) assert.ok(Math.abs(count - 1_000) < 130);
  const misreading = noiseOf('{"convention":"uniform_pauli","gates":{},"readout":{"0":[[1,0],[0.25,0.75]]}}');
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
  const dynamic = resultOf(item(source, { shots: 8_000, memory: true }), misreading);
  assert.deepEqual([...dynamic.counts.keys()], ['00', '11']);
  assert.ok(Math.abs(dynamic.counts.get('00')! - 2_000) < 160);
  const first = resultOf(item(source, { shots: 30, memory: true }), misreading).memory!;
  assert.deepEqual(dynamic.memory!.slice(0, 30), first);
});

test('a loop until success is followed until what is left of it is nothing', () => {
  const untilOne = program(
    1,
    [bits('c', 1)],
    [
      gate('ry', [0], 2.5),
      measure(0, 0, 0),
      {
        kind: 'while',
        condition: { kind: 'unary', operator: '!', operand: isOne(0, 0) },
        body: [gate('ry', [0], 2.5), measure(0, 0, 0)],
      },
    ],
  );
  assert.deepEqual([...resultOf(item(untilOne, { shots: 100 }), undefined).counts], [['1', 100]]);
});

test('qubits and paths are taken up to their limits, and refused beyond with what to do', () => {
  const wide = (qubits: number): EngineItem =>
    item(
      program(
        qubits,
        [bits('c', 1)],
        [...Array.from({ length: qubits }, (_, q) => gate('h', [q])), measure(0, 0, 0)],
      ),
    );
  const { method, memoryBytes } = estimate([wide(DENSITY_QUBITS_MAX)], DENSITY);
  assert.equal(method, 'density');
  assert.ok(memoryBytes >= 16 * 4 ** DENSITY_QUBITS_MAX);
  assert.throws(() => estimate([wide(DENSITY_QUBITS_MAX + 1)], DENSITY), {
    code: 'CIRCUIT_TOO_LARGE',
    message: /acts on 13 qubits; a density matrix may have at most 12\. Leave the method out/,
  });
  const coins = (tosses: number): EngineItem =>
    item(
      program(
        1,
        [bits('c', tosses)],
        Array.from({ length: tosses }, (_, t) => [gate('h', [0]), measure(0, 0, t)]).flat(),
      ),
    );
  const tosses = Math.log2(DENSITY_PATHS_MAX);
  assert.equal(
    [...resultOf(coins(tosses), undefined).counts.values()].reduce((a, b) => a + b, 0),
    1024,
  );
  assert.throws(() => simulate([coins(tosses + 1)], DENSITY), {
    code: 'CIRCUIT_TOO_LARGE',
    message: /more than 4096 ways/,
  });
});

test('readout errors of many letters are refused when their terms become too many', () => {
  const noise = noiseOf('{"convention":"uniform_pauli","gates":{},"readout":{"*":[[0.9,0.1],[0.2,0.8]]}}');
  const source = program(
    8,
    [],
    Array.from({ length: 8 }, (_, q) => gate('h', [q])),
  );
  const terms = Array.from({ length: 4_000 }, () => ({ coefficient: 1e-3, paulis: 'X'.repeat(8) }));
  assert.throws(
    () => simulate([item(source, { shots: 0, observables: [{ terms }] })], { ...DENSITY, noise }),
    {
      code: 'CIRCUIT_TOO_LARGE',
      message: /more than 1000000 terms/,
    },
  );
});
