import type { Prng } from '@qfs/core/math';
import type { QuantumState } from '../quantum-host.ts';
import type { ShotRange } from '../run.ts';
import { sampleAt } from '../sampling.ts';
import { type PlacedGate, StateVector } from '../state-vector.ts';
import { eventShare, type PlacedChannel, playChannels, playEvent, playNoEvent } from './trajectory-noise.ts';

/** One thing that happens to the state of every shot. */
export type Step =
  | { readonly kind: 'gate'; readonly gate: PlacedGate }
  | {
      readonly kind: 'phase';
      readonly angle: number;
      readonly controls: readonly boolean[];
      readonly places: readonly number[];
    }
  | { readonly kind: 'noise'; readonly channels: readonly PlacedChannel[] };

/** Stands for the state while a program is run once to learn what it does. */
export class Recorder implements QuantumState {
  readonly steps: Step[] = [];

  apply(gate: PlacedGate): void {
    this.steps.push({ kind: 'gate', gate });
  }

  applyPhase(angle: number, controls: readonly boolean[], places: readonly number[]): void {
    this.steps.push({ kind: 'phase', angle, controls, places });
  }

  play(channels: readonly PlacedChannel[]): void {
    this.steps.push({ kind: 'noise', channels });
  }

  /** Qubits that are measured or reset before anything acts on them are |0⟩. */
  measure(): 0 {
    return 0;
  }

  reset(): void {}
}

/** Shots that are taken through the program together. */
const TOGETHER_MAX = 4_096;

/** Where a shot leaves the others. */
interface Event {
  readonly channel: PlacedChannel;
  readonly share: number;
  /** Channels after the same gate. */
  readonly rest: readonly PlacedChannel[];
  /** The step after it. */
  readonly from: number;
}

/** What one shot ended with, and its random numbers as far as they are not used. */
type EachShot = (shot: number, basis: number, random: Prng) => void;

/**
 * Takes shots through steps that are the same for all. As long as nothing goes wrong in a shot, its state is
 * that of all others like it, so it is computed once; a shot in which something happens goes on alone from
 * there. Each shot draws the same random numbers, and ends the same, as it would on its own.
 */
export class SharedTrajectories {
  readonly #steps: readonly Step[];
  readonly #common: StateVector;
  readonly #own: StateVector;
  readonly #turn: (state: StateVector) => void;

  /** `turn` is applied before a shot is read out. */
  constructor(
    steps: readonly Step[],
    qubits: number,
    precision: 'double' | 'single',
    turn: (state: StateVector) => void = () => undefined,
  ) {
    this.#steps = steps;
    this.#common = new StateVector(qubits, precision);
    this.#own = new StateVector(qubits, precision);
    this.#turn = turn;
  }

  run({ from: first, to }: ShotRange, randomOf: (shot: number) => Prng, each: EachShot): void {
    for (let from = first; from < to; from += TOGETHER_MAX) {
      const count = Math.min(TOGETHER_MAX, to - from);
      const random = Array.from({ length: count }, (_, at) => randomOf(from + at));
      const basis = this.#together(random);
      for (let at = 0; at < count; at += 1) each(from + at, basis[at]!, random[at]!);
    }
  }

  /** The basis state that each shot is read out as. */
  #together(random: readonly Prng[]): Int32Array {
    const basis = new Int32Array(random.length);
    const common = this.#common;
    common.clear();
    let alike = random.map((_, at) => at);
    for (const [at, step] of this.#steps.entries()) {
      if (step.kind !== 'noise') {
        act(step, common);
        continue;
      }
      for (const [index, channel] of step.channels.entries()) {
        const share = eventShare(channel, common);
        if (share === 0) continue;
        const still: number[] = [];
        for (const shot of alike) {
          if (random[shot]!.uniform() < share) {
            const rest = step.channels.slice(index + 1);
            basis[shot] = this.#alone({ channel, share, rest, from: at + 1 }, random[shot]!);
          } else still.push(shot);
        }
        alike = still;
        if (alike.length === 0) return basis;
        playNoEvent(channel, share, common);
      }
    }
    this.#turn(common);
    const samples = sampleAt(
      common,
      Float64Array.from(alike, (shot) => random[shot]!.uniform()),
    );
    for (const [at, shot] of alike.entries()) basis[shot] = samples.ofShot(at);
    return basis;
  }

  /** Goes on from the common state after something happened in a channel. */
  #alone({ channel, share, rest, from }: Event, random: Prng): number {
    const own = this.#own;
    const uniform = (): number => random.uniform();
    own.copyFrom(this.#common);
    playEvent(channel, share, own, uniform);
    playChannels(rest, own, uniform);
    for (let at = from; at < this.#steps.length; at += 1) {
      const step = this.#steps[at]!;
      if (step.kind === 'noise') playChannels(step.channels, own, uniform);
      else act(step, own);
    }
    this.#turn(own);
    return sampleAt(own, Float64Array.of(random.uniform())).ofShot(0);
  }
}

function act(step: Exclude<Step, { kind: 'noise' }>, state: StateVector): void {
  if (step.kind === 'gate') state.apply(step.gate);
  else state.applyPhase(step.angle, step.controls, step.places);
}
