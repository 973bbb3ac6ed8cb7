import { exp } from '@qfs/core/math';
import type { StateVector } from '../state-vector.ts';
import type { Channel, GateNoise, NoiseConvention, NoiseModel } from './noise-model.ts';

/** A channel on places of the state vector, in the form in which a trajectory plays it. */
export type PlacedChannel =
  /** With this probability a uniformly chosen Pauli operator other than the identity. */
  | { readonly kind: 'pauli'; readonly probability: number; readonly places: readonly number[] }
  | { readonly kind: 'phase_flip'; readonly probability: number; readonly place: number }
  | { readonly kind: 'damping'; readonly gamma: number; readonly place: number };

/** A noise model on the qubits of one program. */
export class TrajectoryNoise {
  readonly #model: NoiseModel;
  readonly #places: Int32Array;

  /** `places`: the place of every program qubit in the state vector. */
  constructor(model: NoiseModel, places: Int32Array) {
    this.#model = model;
    this.#places = places;
  }

  /** What follows a gate on these program qubits. `gate` is undefined for one that controls were added to. */
  channelsAfter(gate: string | undefined, qubits: readonly number[]): readonly PlacedChannel[] {
    const { gates, convention } = this.#model;
    const named = gate === undefined ? undefined : gates.get(gate);
    const noise = named ?? gates.get(`*${qubits.length}`) ?? gates.get('*');
    const places = qubits.map((qubit) => this.#places[qubit]!);
    return channelsOn(noise, qubits).flatMap((channel) => place(channel, places, convention));
  }

  /**
   * The outcome that is reported for a measured qubit. Qubits with perfect readout ask for no random number.
   */
  report(qubit: number, outcome: 0 | 1, uniform: () => number): 0 | 1 {
    const flips = this.misread(qubit)[outcome];
    if (flips === 0) return outcome;
    return uniform() < flips ? (outcome === 0 ? 1 : 0) : outcome;
  }

  /** How likely 0 is read as 1, and 1 as 0. */
  misread(qubit: number): readonly [zero: number, one: number] {
    const { readout } = this.#model;
    const confusion = readout.get(String(qubit)) ?? readout.get('*');
    return [confusion?.[0]?.[1] ?? 0, confusion?.[1]?.[0] ?? 0];
  }
}

const channelsOn = (noise: GateNoise | undefined, qubits: readonly number[]): readonly Channel[] =>
  noise?.get(qubits.join(',')) ?? noise?.get('*') ?? [];

function place(channel: Channel, places: readonly number[], convention: NoiseConvention): PlacedChannel[] {
  if (channel.kind === 'depolarizing') {
    const probability = pauliProbability(channel.probability, places.length, convention);
    return probability === 0 ? [] : [{ kind: 'pauli', probability, places }];
  }
  const operands =
    channel.operand === undefined ? places : places.slice(channel.operand, channel.operand + 1);
  const { gamma, flip } = decay(channel);
  return operands.flatMap((operand): PlacedChannel[] => [
    ...(gamma === 0 ? [] : [{ kind: 'damping', gamma, place: operand } as const]),
    ...(flip === 0 ? [] : [{ kind: 'phase_flip', probability: flip, place: operand } as const]),
  ]);
}

/** Probability of a Pauli operator other than the identity, for a gate on `qubits` qubits. */
function pauliProbability(strength: number, qubits: number, convention: NoiseConvention): number {
  const operators = 4 ** qubits;
  return convention === 'uniform_pauli' ? strength : (strength * (operators - 1)) / operators;
}

/**
 * A channel of one qubit as amplitude damping followed by a phase flip. Phase damping is a phase flip with
 * probability (1 - √(1 - λ))/2. Relaxation keeps e^{-t/T1} of the population and e^{-t/T2} of the coherence,
 * of which damping alone keeps e^{-t/(2 T1)}.
 */
function decay(channel: Exclude<Channel, { kind: 'depolarizing' }>): { gamma: number; flip: number } {
  switch (channel.kind) {
    case 'amplitude_damping':
      return { gamma: channel.gamma, flip: 0 };
    case 'phase_damping':
      return { gamma: 0, flip: (1 - Math.sqrt(1 - channel.lambda)) / 2 };
    case 'thermal_relaxation': {
      const { t1, t2, duration } = channel;
      const dephasing = Math.max(0, 1 / t2 - 1 / (2 * t1));
      return { gamma: 1 - exp(-duration / t1), flip: (1 - exp(-duration * dephasing)) / 2 };
    }
  }
}

/** Plays channels on a state, drawing from `uniform` what happens. */
export function playChannels(
  channels: readonly PlacedChannel[],
  state: StateVector,
  uniform: () => number,
): void {
  for (const channel of channels) {
    const share = eventShare(channel, state);
    if (share === 0) continue;
    if (uniform() < share) playEvent(channel, share, state, uniform);
    else playNoEvent(channel, share, state);
  }
}

/**
 * How likely it is, in this state, that the channel does something. No random number is drawn where it is 0.
 */
export function eventShare(channel: PlacedChannel, state: StateVector): number {
  if (channel.kind !== 'damping') return channel.probability;
  const [zero, one] = state.weights(channel.place);
  return one === 0 ? 0 : (channel.gamma * one) / (zero + one);
}

/** The channel does what it does: a Pauli operator, or a decay. */
export function playEvent(
  channel: PlacedChannel,
  share: number,
  state: StateVector,
  uniform: () => number,
): void {
  switch (channel.kind) {
    case 'pauli':
      applyRandomPauli(channel.places, state, uniform);
      break;
    case 'phase_flip':
      state.flipPhase(channel.place);
      break;
    case 'damping':
      state.scale(channel.place, 0, Math.sqrt(channel.gamma / share));
      state.flip(channel.place);
  }
}

/** That no decay is seen makes |0⟩ more likely; that no operator was applied changes nothing. */
export function playNoEvent(channel: PlacedChannel, share: number, state: StateVector): void {
  if (channel.kind !== 'damping') return;
  const factor = 1 / Math.sqrt(1 - share);
  state.scale(channel.place, factor, factor * Math.sqrt(1 - channel.gamma));
}

/** One letter per place, drawn again while all are the identity. */
function applyRandomPauli(places: readonly number[], state: StateVector, uniform: () => number): void {
  let letters: number[];
  do letters = places.map(() => Math.floor(4 * uniform()));
  while (!letters.some((letter) => letter > 0));
  for (const [i, letter] of letters.entries()) {
    // 0 to 3 are I, X, Z and Y, which is X and Z but for a global phase.
    if (letter & 1) state.flip(places[i]!);
    if (letter & 2) state.flipPhase(places[i]!);
  }
}
