import { Prng } from '@qfs/core/math';
import type { OptimisationLevel } from '../contract.ts';
import type { Code } from '../program/index.ts';
import type { Coupling } from './coupling.ts';
import { type Interactions, pairsOf, reversed } from './interactions.ts';
import { perfectLayout } from './perfect-layout.ts';
import { type RouterWeights, route } from './router.ts';
import { type ErrorRates, type Usage, usageOf } from './usage.ts';

/** How hard a level looks for a layout and for swaps. */
export interface Effort {
  /** Placements that the search for a layout without swaps tries. */
  readonly perfectSteps: number;
  /** Layouts that are begun with, and how often each goes through the circuit forth and back. */
  readonly layouts: number;
  readonly rounds: number;
  /** Ways through the circuit that are tried from the best layouts. */
  readonly routings: number;
  /** Pairs that are routed in all, so that long circuits take no longer than they must. */
  readonly pairsMax: number;
}

export const EFFORTS: Readonly<Record<OptimisationLevel, Effort>> = {
  0: { perfectSteps: 0, layouts: 0, rounds: 0, routings: 1, pairsMax: 0 },
  1: { perfectSteps: 2_000, layouts: 6, rounds: 1, routings: 4, pairsMax: 30_000 },
  2: { perfectSteps: 20_000, layouts: 12, rounds: 2, routings: 8, pairsMax: 100_000 },
  3: { perfectSteps: 100_000, layouts: 30, rounds: 3, routings: 20, pairsMax: 400_000 },
};

export const ROUTER_WEIGHTS: readonly RouterWeights[] = [{ absorption: 0 }, { absorption: 0.5 }];

export interface LayoutRequest {
  readonly code: Code;
  readonly qubits: number;
  readonly coupling: Coupling | undefined;
  readonly rates: ErrorRates;
  readonly effort: Effort;
  readonly seed: number;
}

/** Where every qubit of the program begins, those that nothing acts on at places that nobody else needs. */
export function findLayout(request: LayoutRequest): Int32Array {
  const { code, qubits, coupling, rates, effort } = request;
  const usage = usageOf(code, qubits);
  const inOrder = completed(new Int32Array(qubits).fill(-1), rates.qubits, coupling, usage.active);
  if (effort.perfectSteps === 0) return inOrder;
  const perfect = perfectLayout(usage, coupling, rates, effort.perfectSteps);
  if (perfect !== undefined) return completed(perfect, rates.qubits, coupling);
  if (coupling === undefined) return inOrder;
  return new LayoutTrials(request, coupling, usage, inOrder).best();
}

/** Gives qubits without a place one each, in their order: `first` the best connected ones, others what is left. */
function completed(
  places: Int32Array,
  size: number,
  coupling: Coupling | undefined,
  first: readonly number[] = [],
): Int32Array {
  const isTaken = new Uint8Array(size);
  for (const place of places) if (place >= 0) isTaken[place] = 1;
  const connected = coupling?.connected ?? [];
  const free = [...new Set([...connected, ...Array.from({ length: size }, (_, place) => place)])].filter(
    (place) => isTaken[place] === 0,
  );
  const result = places.slice();
  const rest = Array.from(places.keys()).filter((qubit) => !first.includes(qubit));
  let next = 0;
  for (const qubit of [...first, ...rest]) if (result[qubit]! < 0) result[qubit] = free[next++]!;
  return result;
}

class LayoutTrials {
  readonly #request: LayoutRequest;
  readonly #coupling: Coupling;
  readonly #usage: Usage;
  readonly #inOrder: Int32Array;
  readonly #forth: Interactions;
  readonly #back: Interactions;

  constructor(request: LayoutRequest, coupling: Coupling, usage: Usage, inOrder: Int32Array) {
    this.#request = request;
    this.#coupling = coupling;
    this.#usage = usage;
    this.#inOrder = inOrder;
    this.#forth = pairsOf(request.code, request.qubits);
    this.#back = reversed(this.#forth);
  }

  /** The layout from which the circuit is routed with the least that swaps add (SABRE's forth and back). */
  best(): Int32Array {
    const { effort, rates, seed } = this.#request;
    const pairs = Math.max(1, this.#forth.nodes.length);
    const affordable = Math.floor(effort.pairsMax / (pairs * (2 * effort.rounds + 1)));
    const trials = Math.max(2, Math.min(effort.layouts, affordable));
    let best = this.#inOrder;
    let bestCost = Number.POSITIVE_INFINITY;
    let bestErrors = Number.POSITIVE_INFINITY;
    for (let trial = 0; trial < trials; trial++) {
      const random = new Prng(seed, 'layout', trial);
      const weights = ROUTER_WEIGHTS[trial % ROUTER_WEIGHTS.length]!;
      const places = this.#start(trial, random);
      for (let round = 0; round < effort.rounds; round++) {
        route(this.#forth, this.#coupling, places, random, weights);
        route(this.#back, this.#coupling, places, random, weights);
      }
      const { cost } = route(this.#forth, this.#coupling, places.slice(), random, weights);
      const errors = rates.isKnown ? rates.ofLayout(this.#usage, places) : 0;
      if (cost > bestCost || (cost === bestCost && errors >= bestErrors)) continue;
      best = places;
      bestCost = cost;
      bestErrors = errors;
    }
    return best;
  }

  /** In order, then neighbourhoods of some device qubit and the whole device in turn, at random. */
  #start(trial: number, random: Prng): Int32Array {
    if (trial === 0) return this.#inOrder.slice();
    const { connected } = this.#coupling;
    const { active } = this.#usage;
    const region =
      trial % 4 === 3
        ? [...connected]
        : neighbourhood(this.#coupling, connected[random.word() % connected.length]!, active.length);
    shuffle(region, random);
    const places = new Int32Array(this.#request.qubits).fill(-1);
    active.forEach((qubit, at) => {
      places[qubit] = region[at]!;
    });
    return completed(places, this.#coupling.qubits, this.#coupling);
  }
}

/** So many device qubits around one. */
function neighbourhood({ neighbours }: Coupling, middle: number, count: number): number[] {
  const found = new Set([middle]);
  for (const place of found) {
    for (const next of neighbours[place]!) if (found.size < count) found.add(next);
  }
  return [...found];
}

/** Fisher and Yates. */
function shuffle(list: number[], random: Prng): void {
  for (let at = list.length - 1; at > 0; at--) {
    const other = random.word() % (at + 1);
    [list[at], list[other]] = [list[other]!, list[at]!];
  }
}
