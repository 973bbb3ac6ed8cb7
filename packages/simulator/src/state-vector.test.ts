import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GATES, type Gate } from '@qfs/circuit';
import { Prng } from '@qfs/core/math';
import { placeGate, StateVector, tableGate } from './state-vector.ts';
import { applyOracle, distance, type State } from './testing/oracle.ts';

const random = new Prng(31, 'state-vector-test');
const angle = (): number => (random.uniform() - 0.5) * 12;
const anglesFor = (gate: Gate): number[] => gate.parameters.map(angle);
const below = (n: number): number => Math.floor(random.uniform() * n);

function randomState(qubits: number): { vector: StateVector; oracle: State } {
  const vector = new StateVector(qubits);
  const raw = Array.from({ length: 2 * 2 ** qubits }, () => random.uniform() - 0.5);
  const norm = Math.sqrt(raw.reduce((sum, x) => sum + x * x, 0));
  vector.amplitudes.set(raw.map((x) => x / norm));
  const oracle = Array.from(
    { length: 2 ** qubits },
    (_, j) => [raw[2 * j]! / norm, raw[2 * j + 1]! / norm] as const,
  );
  return { vector, oracle };
}

function shuffled(qubits: number): number[] {
  const order = Array.from({ length: qubits }, (_, q) => q);
  for (let i = qubits - 1; i > 0; i -= 1) {
    const j = below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

const unitaryGates = GATES.filter((gate) => gate.qubits > 0);

test('every gate of the table, plain and controlled, agrees with the dense oracle on random states', () => {
  for (const gate of unitaryGates) {
    for (let round = 0; round < 6; round += 1) {
      const controls = Array.from({ length: round % 3 }, () => random.uniform() < 0.5);
      const qubits = gate.qubits + controls.length + (round % 2);
      const operands = shuffled(qubits).slice(0, gate.qubits + controls.length);
      const parameters = anglesFor(gate);
      const { vector, oracle } = randomState(qubits);
      vector.apply(placeGate(gate, parameters, controls, operands));
      const error = distance(
        applyOracle(oracle, gate.matrix(parameters), controls, operands),
        vector.amplitudes,
      );
      assert.ok(
        error < 1e-14,
        `${gate.name}(${parameters}) on ${operands} with controls ${controls}: ${error}`,
      );
    }
  }
});

test('parameters at which a gate degenerates take the same path and give the right state', () => {
  for (const gate of unitaryGates.filter(({ parameters }) => parameters.length > 0)) {
    for (const value of [0, Math.PI / 2, Math.PI, 2 * Math.PI, -Math.PI]) {
      const parameters = gate.parameters.map(() => value);
      const operands = shuffled(gate.qubits);
      const { vector, oracle } = randomState(gate.qubits);
      vector.apply(placeGate(gate, parameters, [], operands));
      assert.ok(
        distance(applyOracle(oracle, gate.matrix(parameters), [], operands), vector.amplitudes) < 1e-14,
      );
    }
  }
});

test('random circuits agree with the oracle and keep the norm', () => {
  for (let circuit = 0; circuit < 20; circuit += 1) {
    const qubits = 2 + (circuit % 4);
    const vector = new StateVector(qubits);
    let oracle: State = Array.from({ length: 2 ** qubits }, (_, j) => [j === 0 ? 1 : 0, 0] as const);
    for (let step = 0; step < 40; step += 1) {
      const fitting = unitaryGates.filter((gate) => gate.qubits <= qubits);
      const gate = fitting[below(fitting.length)]!;
      const operands = shuffled(qubits).slice(0, gate.qubits);
      const parameters = anglesFor(gate);
      vector.apply(placeGate(gate, parameters, [], operands));
      oracle = applyOracle(oracle, gate.matrix(parameters), [], operands);
    }
    assert.ok(distance(oracle, vector.amplitudes) < 1e-13);
    const norm = [...vector.amplitudes].reduce((sum, x) => sum + x * x, 0);
    assert.ok(Math.abs(norm - 1) < 1e-13);
  }
});

test('a controlled phase agrees with the oracle, with and without qubits', () => {
  for (const controls of [[], [true], [false], [true, false], [false, true, true]]) {
    const { vector, oracle } = randomState(3);
    const operands = shuffled(3).slice(0, controls.length);
    vector.applyPhase(0.7, controls, operands);
    const phase = [Math.cos(0.7), Math.sin(0.7)];
    assert.ok(distance(applyOracle(oracle, phase, controls, operands), vector.amplitudes) < 1e-15);
  }
});

test('a Fourier transform of a basis state has equal weights and the phases of its number', () => {
  const qubits = 4;
  for (const input of [0, 1, 5, 15]) {
    const state = new StateVector(qubits);
    const apply = (name: string, operands: number[], ...parameters: number[]): void =>
      state.apply(placeGate(tableGate(name), parameters, [], operands));
    for (let q = 0; q < qubits; q += 1) if ((input >> q) & 1) apply('x', [q]);
    for (let q = qubits - 1; q >= 0; q -= 1) {
      apply('h', [q]);
      for (let lower = q - 1; lower >= 0; lower -= 1) apply('cp', [lower, q], Math.PI / 2 ** (q - lower));
    }
    apply('swap', [0, 3]);
    apply('swap', [1, 2]);
    const expected = Array.from({ length: 16 }, (_, j) => {
      const turn = (2 * Math.PI * ((input * j) % 16)) / 16;
      return [Math.cos(turn) / 4, Math.sin(turn) / 4] as const;
    });
    assert.ok(distance(expected, state.amplitudes) < 1e-15, `input ${input}`);
  }
});

test('measuring leaves the state that belongs to the outcome, with norm one', () => {
  for (const uniform of [0, 0.999]) {
    const { vector, oracle } = randomState(3);
    vector.touched = 7;
    const outcome = vector.measure(1, () => uniform);
    const kept = oracle.filter((_, j) => ((j >> 1) & 1) === outcome);
    const norm = Math.sqrt(kept.reduce((sum, [re, im]) => sum + re * re + im * im, 0));
    const expected = oracle.map(([re, im], j) =>
      ((j >> 1) & 1) === outcome ? ([re / norm, im / norm] as const) : ([0, 0] as const),
    );
    assert.ok(distance(expected, vector.amplitudes) < 1e-15);
  }
});

test('resetting brings a qubit to |0⟩ and asks for no random number where nothing happened', () => {
  const { vector } = randomState(3);
  vector.touched = 7;
  vector.reset(2, () => 0);
  assert.ok([...vector.amplitudes.subarray(8)].every((x) => x === 0));
  const fail = (): number => assert.fail('an untouched qubit needs no random number');
  vector.reset(2, fail);
  assert.equal(new StateVector(2).measure(0, fail), 0);
});

test('single precision agrees with double precision to seven digits', () => {
  const [single, double] = [new StateVector(4, 'single'), new StateVector(4)];
  for (const state of [single, double]) {
    for (let q = 0; q < 4; q += 1) state.apply(placeGate(tableGate('ry'), [0.3 + q], [], [q]));
    for (let q = 0; q < 3; q += 1) state.apply(placeGate(tableGate('cx'), [], [], [q, q + 1]));
  }
  assert.ok(single.amplitudes.every((x, i) => Math.abs(x - double.amplitudes[i]!) < 1e-7));
  assert.notDeepEqual([...single.amplitudes], [...double.amplitudes]);
});
