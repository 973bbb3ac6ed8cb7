import { gateByName } from '@qfs/circuit';
import { couplingOf, type DeviceDescription, pairKey, type QubitCalibration } from '@qfs/circuit/device';
import { exp, pow } from '@qfs/core/math';
import type { Channel, Confusion, NoiseModel } from '@qfs/simulator';

/** Gates on one qubit that are virtual wherever `rz` is: changes of the frame, or nothing at all. */
const FRAME_CHANGES = ['id', 'p', 'rz', 's', 'sdg', 't', 'tdg', 'z'] as const;
/** Gates on two qubits that one on more is made of, as the Toffoli gate is. */
const PAIR_GATES_IN_LARGER = 6;

/**
 * The noise of a device from its calibration. After every gate that takes time its qubits relax for as long,
 * and depolarizing noise makes up the rest of the gate's measured error. A gate outside the basis lasts as
 * long as the slowest basis gate on as many qubits; one on a pair that is not coupled has the mean error of
 * the pairs, one on more than two qubits that of six such gates. Undefined for a device without calibration:
 * it is ideal.
 */
export function deviceNoise(device: DeviceDescription): NoiseModel | undefined {
  const { calibration, durations } = device;
  if (calibration === undefined) return undefined;
  const { qubits, pairs } = calibration;
  const errors = new Map(pairs.map((pair) => [pairKey(pair.qubits), pair.gateError]));
  const mean = pairs.reduce((sum, { gateError }) => sum + gateError, 0) / Math.max(1, pairs.length);
  const after = (on: readonly number[], error: number): readonly Channel[] =>
    channelsAfter(
      on.map((at) => qubits[at]!),
      longest(device, on.length),
      error,
    );
  const coupled = couplingOf(device).flatMap(([first = 0, second = 0]) => [
    [first, second],
    [second, first],
  ]);
  const virtual = [...durations].filter(([, duration]) => duration === 0).map(([gate]) => gate);
  if (virtual.includes('rz')) virtual.push(...FRAME_CHANGES);
  return {
    convention: 'uniform_pauli',
    gates: new Map<string, ReadonlyMap<string, readonly Channel[]>>([
      ...virtual.filter((name) => name !== 'measure').map((gate) => [gate, new Map()] as const),
      ['*1', new Map(qubits.map(({ gateError }, at) => [String(at), after([at], gateError)]))],
      [
        '*2',
        new Map([
          ...coupled.map((on) => [on.join(','), after(on, errors.get(pairKey(on)) ?? mean)] as const),
          ['*', depolarizing(pauliProbability(mean, 2))],
        ]),
      ],
      ['*', new Map([['*', depolarizing(1 - pow(1 - pauliProbability(mean, 2), PAIR_GATES_IN_LARGER))]])],
    ]),
    readout: new Map(qubits.map(({ readoutError }, at) => [String(at), confusion(readoutError)])),
  };
}

/** Of the basis gates on so many qubits; in seconds. */
const longest = ({ basisGates, durations }: DeviceDescription, qubits: number): number =>
  basisGates
    .filter((gate) => gateByName(gate)?.qubits === qubits)
    .reduce((most, gate) => Math.max(most, durations.get(gate) ?? 0), 0);

/** Average infidelity r of a gate as the probability of a Pauli error: r (d + 1) / d, where d = 2^n. */
const pauliProbability = (infidelity: number, qubits: number): number =>
  Math.min(1, (infidelity * (2 ** qubits + 1)) / 2 ** qubits);

/** Relaxation of each qubit, then what depolarizing noise must add until the whole has the measured error. */
function channelsAfter(
  qubits: readonly QubitCalibration[],
  duration: number,
  infidelity: number,
): readonly Channel[] {
  const relaxation = qubits.map(
    ({ t1, t2 }, operand) => ({ kind: 'thermal_relaxation', t1, t2, duration, operand }) as const,
  );
  const kept = qubits.reduce(
    (product, { t1, t2 }) => (product * (1 + 2 * exp(-duration / t2) + exp(-duration / t1))) / 4,
    1,
  );
  const wanted = 1 - pauliProbability(infidelity, qubits.length);
  return [...(duration === 0 ? [] : relaxation), ...depolarizing(Math.max(0, 1 - wanted / kept))];
}

const depolarizing = (probability: number): readonly Channel[] =>
  probability === 0 ? [] : [{ kind: 'depolarizing', probability }];

const confusion = ([zero = 0, one = 0]: readonly number[]): Confusion => [
  [1 - zero, zero],
  [one, 1 - one],
];
