import { Prng } from '@qfs/core/math';
import type { OptimisationLevel } from '../contract.ts';
import type { Code } from '../program/index.ts';
import type { Coupling } from './coupling.ts';
import { pairsOf, reversed } from './interactions.ts';
import { alongPath } from './long-path.ts';
import { perfectLayout } from './perfect-layout.ts';
import { Router, type RouterWeights } from './router.ts';
import { type ErrorRates, type Usage, usageOf } from './usage.ts';

/** How hard a level looks for a layout and for swaps. */
export interface Effort {
  /** Placements that the search for a layout without swaps tries. */
  readonly perfectSteps: number;
  /**
   * Layouts that are begun with; how many of them go on, and how often these go through the circuit forth and
   * back.
   */
  readonly layouts: number;
  readonly finalists: number;
  readonly rounds: number;
  /** Ways through the circuit that are tried from the layout that was found. */
  readonly routings: number;
  /** Pairs that are routed in all, so that long circuits take no longer than they must. */
  readonly pairsMax: number;
}

export const EFFORTS: Readonly<Record<OptimisationLevel, Effort>> = {
  0: { perfectSteps: 0, layouts: 0, finalists: 0, rounds: 0, routings: 1, pairsMax: 0 },
  1: { perfectSteps: 2_000, layouts: 4, finalists: 1, rounds: 1, routings: 3, pairsMax: 20_000 },
  2: { perfectSteps: 20_000, layouts: 10, finalists: 3, rounds: 1, routings: 6, pairsMax: 60_000 },
  3: { perfectSteps: 100_000, layouts: 32, finalists: 6, rounds: 3, routings: 10, pairsMax: 400_000 },
};

/** The first level at which a circuit that is laid out is moved to better qubits. */
export const REFINED_FROM: OptimisationLevel = 2;

/** No one way of judging swaps is best for every circuit: trials take them in turn. */
export const ROUTER_WEIGHTS: readonly RouterWeights[] = [
  { absorption: 2, lookahead: 0.5 },
  { absorption: 1, lookahead: 0.25 },
  { absorption: 0.5, lookahead: 0.5 },
];

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

/**
 * Where the qubits of a device had better be, for a circuit that is laid out on it already: the same circuit
 * on neighbours that err less. Undefined where nothing better was found, or errors are not known.
 */
export function refinedLayout(
  code: Code,
  coupling: Coupling | undefined,
  rates: ErrorRates,
  effort: Effort,
): Int32Array | undefined {
  if (!rates.isKnown) return undefined;
  const usage = usageOf(code, rates.qubits, rates.free);
  const bound = rates.ofLayout(
    usage,
    Int32Array.from({ length: rates.qubits }, (_, place) => place),
  );
  const found = perfectLayout(usage, coupling, rates, effort.perfectSteps, bound);
  return found && completed(found, rates.qubits, coupling);
}

/**
 * Gives qubits without a place one each, in their order: `first` the best connected ones, others what is
 * left.
 */
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

/**
 * Trials that begin along a path, many circuits being chains: in order, and the last along a path of their
 * own.
 */
const PATH_TRIALS = 2;

interface Trial {
  readonly random: Prng;
  readonly weights: RouterWeights;
  /** Where the qubits are after the last way through the circuit. */
  readonly places: Int32Array;
  best: Int32Array;
  cost: number;
  depth: number;
  errors: number;
}

/** Fewer CNOTs, then fewer expected errors, then fewer layers. */
const byCost = (a: Trial, b: Trial): number => a.cost - b.cost || a.errors - b.errors || a.depth - b.depth;

class LayoutTrials {
  readonly #request: LayoutRequest;
  readonly #coupling: Coupling;
  readonly #usage: Usage;
  readonly #inOrder: Int32Array;
  readonly #pairs: number;
  readonly #forth: Router;
  readonly #back: Router;

  constructor(request: LayoutRequest, coupling: Coupling, usage: Usage, inOrder: Int32Array) {
    this.#request = request;
    this.#coupling = coupling;
    this.#usage = usage;
    this.#inOrder = inOrder;
    const forth = pairsOf(request.code, request.qubits);
    this.#pairs = forth.nodes.length;
    this.#forth = new Router(forth, coupling);
    this.#back = new Router(reversed(forth), coupling);
  }

  /** The layout from which the circuit is routed with the least that swaps add (SABRE's forth and back). */
  best(): Int32Array {
    const { effort } = this.#request;
    const affordable = Math.floor(effort.pairsMax / (3 * Math.max(1, this.#pairs)));
    const trials = Math.max(2, Math.min(effort.layouts, affordable));
    const began = Array.from({ length: trials }, (_, trial) => this.#begin(trial));
    for (const trial of began) this.#round(trial);
    const finalists = began.sort(byCost).slice(0, Math.min(effort.finalists, Math.ceil(trials / 3)));
    for (let round = 0; round < effort.rounds; round++) for (const trial of finalists) this.#round(trial);
    return finalists.sort(byCost)[0]!.best;
  }

  #begin(trial: number): Trial {
    const random = new Prng(this.#request.seed, 'layout', trial);
    const places = this.#start(trial, random);
    const weights = ROUTER_WEIGHTS[trial % ROUTER_WEIGHTS.length]!;
    const begun: Trial = {
      random,
      weights,
      places,
      best: places,
      cost: Infinity,
      depth: Infinity,
      errors: Infinity,
    };
    this.#measure(begun);
    return begun;
  }

  /** Back to the beginning, from where the last way ended, and forth again. */
  #round(trial: Trial): void {
    this.#back.route(trial.places, trial.random, trial.weights);
    this.#measure(trial);
  }

  /** Forth; the layout it began with is kept if it is the best of the trial. */
  #measure(trial: Trial): void {
    const { rates } = this.#request;
    const start = trial.places.slice();
    const { cost, depth } = this.#forth.route(trial.places, trial.random, trial.weights);
    const errors = rates.isKnown ? rates.ofLayout(this.#usage, start) : 0;
    const found = { ...trial, best: start, cost, depth, errors };
    if (byCost(found, trial) < 0) Object.assign(trial, { best: start, cost, depth, errors });
  }

  /** In order, along a path, then around some device qubit and on the whole device in turn, at random. */
  #start(trial: number, random: Prng): Int32Array {
    if (trial === 0) return this.#inOrder.slice();
    const { connected, neighbours } = this.#coupling;
    const { active } = this.#usage;
    const isPath = trial <= PATH_TRIALS;
    const region = isPath
      ? alongPath(neighbours, connected, active.length, random)
      : trial % 2 === 1
        ? [...connected]
        : neighbourhood(this.#coupling, connected[random.word() % connected.length]!, active.length);
    if (!isPath) shuffle(region, random);
    const places = new Int32Array(this.#request.qubits).fill(-1);
    const order = trial === PATH_TRIALS ? inChain(this.#usage, random) : active;
    order.forEach((qubit, at) => {
      places[qubit] = region[at]!;
    });
    return completed(places, this.#coupling.qubits, this.#coupling);
  }
}

/** Active qubits along a long path of interactions, those that it does not come by at the end. */
function inChain({ active, pairs, qubits }: Usage, random: Prng): readonly number[] {
  const neighbours = Array.from({ length: qubits }, (): number[] => []);
  for (const { a, b } of pairs) {
    neighbours[a]!.push(b);
    neighbours[b]!.push(a);
  }
  return [...new Set([...alongPath(neighbours, active, active.length, random), ...active])];
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
