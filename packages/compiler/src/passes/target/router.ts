import type { Prng } from '@qfs/core/math';
import type { Coupling } from './coupling.ts';
import type { Interactions } from './interactions.ts';

/** Gates beyond the front layer that a swap is judged by, and how much they count (SABRE; Li, Ding, Xie 2019). */
const LOOKAHEAD = 20;
/** Swapping the same qubits again and again becomes dearer by this much, until so many swaps or a gate. */
const DECAY = 0.001;
const DECAY_RESET = 5;
const TIE = 1e-10;

/** CNOTs that a block worth 0, 1, 2 or 3 is worth together with a swap on the same pair. */
const WITH_SWAP = [3, 2, 3, 3] as const;
/** A swap on its own, as a worth of its own: what comes next on the pair joins it. */
const SWAP_ALONE = 4;

export interface RouterWeights {
  /** How much dearer a swap is that nothing beside it absorbs, in steps of the front layer. */
  readonly absorption: number;
  /** How much the gates behind the front layer count. */
  readonly lookahead: number;
}

export interface Routed {
  /** Nodes in the order in which they happen; a swap of device qubits p < q is `-1 - (p * qubits + q)`. */
  readonly events: readonly number[];
  readonly swaps: number;
  /** CNOTs that all gates on pairs are worth, when those in a row on a pair are made into one. */
  readonly cost: number;
  /** Layers of such CNOTs, one after the other. */
  readonly depth: number;
}

/**
 * Brings the qubits of each pair next to each other by swaps: among those at the front layer it takes the swap
 * after which the front and the next gates are nearest (SABRE, with the relative scores of LightSABRE; Zou,
 * Treinish, Hartman, Ivrii, Lishman 2024), where a swap that gates beside it absorb is cheaper (Liu, Li, Zhou
 * 2022). `places` says where each qubit is; it is changed to where each ends.
 */
export function route(
  interactions: Interactions,
  coupling: Coupling,
  places: Int32Array,
  random: Prng,
  weights: RouterWeights,
): Routed {
  return new Router(interactions, coupling, places, random, weights).run();
}

class Router {
  readonly #interactions: Interactions;
  readonly #coupling: Coupling;
  readonly #size: number;
  /** Device qubit of each qubit of the program, and the other way round (-1: none). */
  readonly #places: Int32Array;
  readonly #holds: Int32Array;
  readonly #random: Prng;
  readonly #weights: RouterWeights;
  readonly #waits: Int32Array;
  readonly #events: number[] = [];
  readonly #ready: number[] = [];
  readonly #tail: number[] = [];
  /** Pairs that wait for a swap. */
  #front: number[] = [];
  /** The device qubit that the front gate on a device qubit needs to reach; -1: none. */
  readonly #partner: Int32Array;
  /** The gates of the lookahead, by device qubit. */
  readonly #ahead: number[] = [];
  readonly #aheadOf: number[][];
  readonly #decay: Float64Array;
  /** What the last gate on a device qubit was with, and what that block is worth. */
  readonly #lastWith: Int32Array;
  readonly #lastCost: Uint8Array;
  readonly #isSwapped: Uint8Array;
  readonly #seen: Int32Array;
  readonly #queue: Int32Array;
  /** Layers of CNOTs that the blocks on each device qubit are deep. */
  readonly #depths: Int32Array;
  #round = 0;
  #swaps = 0;
  #cost = 0;
  #sinceGate = 0;

  constructor(
    interactions: Interactions,
    coupling: Coupling,
    places: Int32Array,
    random: Prng,
    weights: RouterWeights,
  ) {
    const size = coupling.qubits;
    this.#interactions = interactions;
    this.#coupling = coupling;
    this.#size = size;
    this.#places = places;
    this.#holds = new Int32Array(size).fill(-1);
    places.forEach((place, qubit) => {
      this.#holds[place] = qubit;
    });
    this.#random = random;
    this.#weights = weights;
    this.#waits = interactions.waits.slice();
    this.#partner = new Int32Array(size).fill(-1);
    this.#aheadOf = Array.from({ length: size }, () => []);
    this.#decay = new Float64Array(size).fill(1);
    this.#lastWith = new Int32Array(size).fill(-1);
    this.#lastCost = new Uint8Array(size);
    this.#isSwapped = new Uint8Array(size);
    this.#seen = new Int32Array(interactions.nodes.length).fill(-1);
    this.#queue = new Int32Array(interactions.nodes.length);
    this.#depths = new Int32Array(size);
  }

  run(): Routed {
    const { nodes } = this.#interactions;
    for (let at = 0; at < nodes.length; at++) if (this.#waits[at] === 0) this.#ready.push(at);
    this.#advance();
    const patience = 3 * this.#size + 10;
    while (this.#front.length > 0) {
      this.#lookAhead();
      this.#sinceGate = 0;
      while (this.#ready.length === 0) {
        if (this.#sinceGate > patience) this.#walk();
        else this.#swapBest();
      }
      this.#decay.fill(1);
      this.#advance();
    }
    this.#events.push(...this.#tail.sort((a, b) => a - b));
    return { events: this.#events, swaps: this.#swaps, cost: this.#cost, depth: this.#deepest() };
  }

  #deepest(): number {
    let depth = 0;
    for (const one of this.#depths) depth = Math.max(depth, one);
    return depth;
  }

  /** Lets everything happen that can. */
  #advance(): void {
    const { pairs, next, isTail } = this.#interactions;
    const ready = this.#ready;
    for (let head = 0; head < ready.length; head++) {
      const node = ready[head]!;
      const a = pairs[2 * node]!;
      if (a >= 0 && !this.#happens(node, this.#places[a]!, this.#places[pairs[2 * node + 1]!]!)) continue;
      if (isTail[node] === 1) this.#tail.push(node);
      else this.#events.push(node);
      for (const after of next[node]!) {
        this.#waits[after]! -= 1;
        if (this.#waits[after] === 0) ready.push(after);
      }
    }
    ready.length = 0;
  }

  /** Puts the pair into the front layer unless its qubits are neighbours. */
  #happens(node: number, p: number, q: number): boolean {
    if (this.#coupling.distance[p * this.#size + q] !== 1) {
      this.#front.push(node);
      this.#partner[p] = q;
      this.#partner[q] = p;
      return false;
    }
    const cost = this.#interactions.costs[node]!;
    this.#charge(
      p,
      q,
      this.#joined(p, q) === SWAP_ALONE ? WITH_SWAP[cost as 1] : Math.min(3, this.#worth(p, q) + cost),
      0,
    );
    return true;
  }

  #isOpen(p: number, q: number): boolean {
    return this.#lastWith[p] === q && this.#lastWith[q] === p;
  }

  #joined(p: number, q: number): number {
    return this.#isOpen(p, q) ? this.#lastCost[p]! : 0;
  }

  #worth(p: number, q: number): number {
    return Math.min(3, this.#joined(p, q));
  }

  /** The block on the pair is worth this much from now on. */
  #charge(p: number, q: number, worth: number, isSwap: 0 | 1): void {
    const added = Math.min(3, worth) - this.#worth(p, q);
    this.#cost += added;
    this.#depths[p] = this.#depths[q] = Math.max(this.#depths[p]!, this.#depths[q]!) + added;
    this.#lastWith[p] = q;
    this.#lastWith[q] = p;
    this.#lastCost[p] = worth;
    this.#lastCost[q] = worth;
    this.#isSwapped[p] = this.#isSwapped[q] = isSwap;
  }

  #lookAhead(): void {
    const { next, pairs } = this.#interactions;
    for (const node of this.#ahead) {
      this.#aheadOf[this.#places[pairs[2 * node]!]!]!.length = 0;
      this.#aheadOf[this.#places[pairs[2 * node + 1]!]!]!.length = 0;
    }
    this.#ahead.length = 0;
    const queue = this.#queue;
    let tail = 0;
    this.#round += 1;
    for (const node of this.#front) {
      this.#seen[node] = this.#round;
      queue[tail++] = node;
    }
    for (let head = 0; head < tail && this.#ahead.length < LOOKAHEAD; head++) {
      for (const after of next[queue[head]!]!) {
        if (this.#seen[after] === this.#round) continue;
        this.#seen[after] = this.#round;
        queue[tail++] = after;
        const a = pairs[2 * after]!;
        if (a < 0) continue;
        this.#ahead.push(after);
        this.#aheadOf[this.#places[a]!]!.push(after);
        this.#aheadOf[this.#places[pairs[2 * after + 1]!]!]!.push(after);
        if (this.#ahead.length === LOOKAHEAD) break;
      }
    }
  }

  #swapBest(): void {
    let best = Number.POSITIVE_INFINITY;
    let chosen = -1;
    let ties = 0;
    const { neighbours } = this.#coupling;
    for (const node of this.#front) {
      for (let side = 0; side < 2; side++) {
        const p = this.#places[this.#interactions.pairs[2 * node + side]!]!;
        for (const q of neighbours[p]!) {
          // A swap between two front qubits is met twice; once is enough.
          if (this.#partner[q]! >= 0 && q < p) continue;
          const score = this.#score(p, q);
          if (score < best - TIE) {
            best = score;
            chosen = p * this.#size + q;
            ties = 1;
          } else if (score <= best + TIE) {
            ties += 1;
            if (this.#random.word() % ties === 0) chosen = p * this.#size + q;
          }
        }
      }
    }
    const q = chosen % this.#size;
    this.#swap((chosen - q) / this.#size, q);
  }

  /** How much worse a swap leaves the front and the lookahead, in mean steps per gate. */
  #score(p: number, q: number): number {
    const front = this.#change(p, q, this.#partner[p]!) + this.#change(q, p, this.#partner[q]!);
    let ahead = 0;
    for (const node of this.#aheadOf[p]!) ahead += this.#change(p, q, this.#otherPlace(node, p));
    for (const node of this.#aheadOf[q]!) ahead += this.#change(q, p, this.#otherPlace(node, q));
    const share =
      this.#ahead.length === 0 ? 0 : (this.#front.length * this.#weights.lookahead) / this.#ahead.length;
    const decay = Math.max(this.#decay[p]!, this.#decay[q]!);
    return front + share * ahead + (decay - 1) + this.#weights.absorption * (this.#added(p, q) / 3);
  }

  /** CNOTs that a swap on the pair costs; one after another swap on the pair is no bargain. */
  #added(p: number, q: number): number {
    const worth = this.#joined(p, q);
    return worth === 0 || this.#isSwapped[p] === 1 ? 3 : WITH_SWAP[worth as 1] - worth;
  }

  /** Steps that a gate between `from` and `partner` gains when its qubit moves from `from` to `to`. */
  #change(from: number, to: number, partner: number): number {
    if (partner < 0 || partner === to) return 0;
    const { distance } = this.#coupling;
    return distance[to * this.#size + partner]! - distance[from * this.#size + partner]!;
  }

  #otherPlace(node: number, place: number): number {
    const { pairs } = this.#interactions;
    const first = this.#places[pairs[2 * node]!]!;
    return first === place ? this.#places[pairs[2 * node + 1]!]! : first;
  }

  #swap(p: number, q: number): void {
    this.#events.push(-1 - (Math.min(p, q) * this.#size + Math.max(p, q)));
    this.#swaps += 1;
    this.#sinceGate += 1;
    const worth = this.#joined(p, q);
    this.#charge(p, q, worth === SWAP_ALONE ? 0 : worth === 0 ? SWAP_ALONE : WITH_SWAP[worth as 1], 1);
    const a = this.#holds[p]!;
    const b = this.#holds[q]!;
    this.#holds[p] = b;
    this.#holds[q] = a;
    if (a >= 0) this.#places[a] = q;
    if (b >= 0) this.#places[b] = p;
    const lists = this.#aheadOf;
    [lists[p], lists[q]] = [lists[q]!, lists[p]!];
    this.#movePartners(p, q);
    if (this.#sinceGate % DECAY_RESET === 0) this.#decay.fill(1);
    else {
      this.#decay[p]! += DECAY;
      this.#decay[q]! += DECAY;
    }
    this.#releaseNear(p, q);
  }

  #movePartners(p: number, q: number): void {
    const partnerOfP = this.#partner[p]!;
    const partnerOfQ = this.#partner[q]!;
    if (partnerOfP === q) return;
    this.#partner[p] = partnerOfQ;
    this.#partner[q] = partnerOfP;
    if (partnerOfQ >= 0) this.#partner[partnerOfQ] = p;
    if (partnerOfP >= 0) this.#partner[partnerOfP] = q;
  }

  /** Front gates on these device qubits that are next to their partners now can happen. */
  #releaseNear(p: number, q: number): void {
    for (const place of [p, q]) {
      const partner = this.#partner[place]!;
      if (partner < 0 || this.#coupling.distance[place * this.#size + partner] !== 1) continue;
      const { pairs } = this.#interactions;
      const at = this.#front.findIndex((node) => {
        const first = this.#places[pairs[2 * node]!]!;
        return first === place || first === partner;
      });
      this.#ready.push(this.#front[at]!);
      this.#front.splice(at, 1);
      this.#partner[place] = -1;
      this.#partner[partner] = -1;
    }
  }

  /** The way out when no swap helps for long: the front gate with the shortest way goes it. */
  #walk(): void {
    const { distance, neighbours } = this.#coupling;
    const { pairs } = this.#interactions;
    const stepsOf = (node: number): number =>
      distance[this.#places[pairs[2 * node]!]! * this.#size + this.#places[pairs[2 * node + 1]!]!]!;
    const nearest = this.#front.reduce((best, node) => (stepsOf(node) < stepsOf(best) ? node : best));
    const [a = 0, b = 0] = pairs.subarray(2 * nearest, 2 * nearest + 2);
    while (stepsOf(nearest) > 1) {
      const from = this.#places[a]!;
      const to = this.#places[b]!;
      const step = neighbours[from]!.find(
        (place) => distance[place * this.#size + to]! < distance[from * this.#size + to]!,
      )!;
      this.#swap(from, step);
    }
  }
}
