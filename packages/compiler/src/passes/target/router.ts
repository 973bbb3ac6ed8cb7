import type { Prng } from '@qfs/core/math';
import type { Coupling } from './coupling.ts';
import { Edges } from './edges.ts';
import type { Interactions } from './interactions.ts';

/**
 * Gates beyond the front layer that a swap is judged by (SABRE; Li, Ding, Xie 2019): so many, and more for
 * each gate of the front, because a wide front would else be judged by the futures of a few of its qubits.
 */
const LOOKAHEAD = 20;
const LOOKAHEAD_PER_FRONT = 2;
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
 * Brings the qubits of each pair next to each other by swaps: among those at the front layer it takes the
 * swap after which the front and the next gates are nearest (SABRE, with the relative scores of LightSABRE;
 * Zou, Treinish, Hartman, Ivrii, Lishman 2024), where a swap that gates beside it absorb is cheaper (Liu, Li,
 * Zhou 2022). What each swap would gain is kept up to date gate by gate and not computed anew. A router goes
 * as many ways through its circuit as it is asked to, in the same memory.
 */
export class Router {
  readonly #interactions: Interactions;
  /** Nodes that come after node i: entries `nextStart[i]` to `nextStart[i + 1]` of the list. */
  readonly #nextStart: Int32Array;
  readonly #next: Int32Array;
  readonly #edges: Edges;
  readonly #size: number;
  /** Device qubit of each qubit of the program, and the other way round (-1: none). */
  #places: Int32Array = new Int32Array(0);
  readonly #holds: Int32Array;
  readonly #waits: Int32Array;
  #events: number[] = [];
  #tail: number[] = [];
  readonly #ready: Int32Array;
  #readyCount = 0;
  /** Pairs that wait for a swap, and where each stands in that list. */
  readonly #front: Int32Array;
  readonly #frontAt: Int32Array;
  #frontCount = 0;
  /** The front gate on a device qubit, and the device qubit that it has to reach; -1: none. */
  readonly #frontNode: Int32Array;
  readonly #partner: Int32Array;
  /** The places of the gates of the lookahead. */
  readonly #aheadFirst: Int32Array;
  readonly #aheadSecond: Int32Array;
  #aheadCount = 0;
  /** Steps that a swap on each edge adds to all gates of the front and of the lookahead. */
  readonly #frontGains: Int32Array;
  readonly #aheadGains: Int32Array;
  readonly #decay: Float64Array;
  readonly #ties: Int32Array;
  /** What the last gate on a device qubit was with, what that block is worth, and whether it was a swap. */
  readonly #lastWith: Int32Array;
  readonly #lastCost: Uint8Array;
  readonly #isSwapped: Uint8Array;
  /** Layers of CNOTs that the blocks on each device qubit are deep. */
  readonly #depths: Int32Array;
  readonly #seen: Int32Array;
  readonly #queue: Int32Array;
  #round = 0;
  #swaps = 0;
  #cost = 0;
  #sinceGate = 0;

  constructor(interactions: Interactions, coupling: Coupling) {
    const { next } = interactions;
    const nodes = next.length;
    const size = coupling.qubits;
    this.#interactions = interactions;
    this.#nextStart = new Int32Array(nodes + 1);
    next.forEach(({ length }, at) => {
      this.#nextStart[at + 1] = this.#nextStart[at]! + length;
    });
    this.#next = Int32Array.from(next.flat());
    this.#edges = new Edges(coupling);
    this.#size = size;
    this.#waits = new Int32Array(nodes);
    this.#ready = new Int32Array(nodes);
    this.#frontAt = new Int32Array(nodes);
    this.#seen = new Int32Array(nodes);
    this.#queue = new Int32Array(nodes);
    this.#holds = new Int32Array(size);
    this.#front = new Int32Array(size);
    this.#aheadFirst = new Int32Array(LOOKAHEAD + LOOKAHEAD_PER_FRONT * size);
    this.#aheadSecond = new Int32Array(LOOKAHEAD + LOOKAHEAD_PER_FRONT * size);
    this.#frontNode = new Int32Array(size);
    this.#partner = new Int32Array(size);
    this.#lastWith = new Int32Array(size);
    this.#lastCost = new Uint8Array(size);
    this.#isSwapped = new Uint8Array(size);
    this.#depths = new Int32Array(size);
    this.#decay = new Float64Array(size);
    this.#frontGains = new Int32Array(this.#edges.count);
    this.#aheadGains = new Int32Array(this.#edges.count);
    this.#ties = new Int32Array(this.#edges.count);
  }

  /** One way through the circuit. `places` says where each qubit is; it is changed to where each ends. */
  route(places: Int32Array, random: Prng, weights: RouterWeights): Routed {
    this.#begin(places);
    this.#advance();
    const patience = 3 * this.#size + 10;
    while (this.#frontCount > 0) {
      this.#lookAhead();
      this.#sinceGate = 0;
      while (this.#readyCount === 0) {
        if (this.#sinceGate > patience) this.#walk();
        else this.#swapBest(random, weights);
      }
      this.#decay.fill(0);
      this.#advance();
    }
    for (const node of this.#tail.sort((a, b) => a - b)) this.#events.push(node);
    let depth = 0;
    for (const one of this.#depths) depth = Math.max(depth, one);
    return { events: this.#events, swaps: this.#swaps, cost: this.#cost, depth };
  }

  #begin(places: Int32Array): void {
    this.#places = places;
    this.#holds.fill(-1);
    places.forEach((place, qubit) => {
      this.#holds[place] = qubit;
    });
    this.#waits.set(this.#interactions.waits);
    this.#events = [];
    this.#tail = [];
    this.#readyCount = this.#frontCount = this.#aheadCount = this.#swaps = this.#cost = 0;
    this.#partner.fill(-1);
    this.#lastWith.fill(-1);
    for (const list of [this.#lastCost, this.#isSwapped, this.#depths, this.#decay]) list.fill(0);
    for (const gains of [this.#frontGains, this.#aheadGains]) gains.fill(0);
    for (let node = 0; node < this.#waits.length; node++)
      if (this.#waits[node] === 0) this.#ready[this.#readyCount++] = node;
  }

  /** Lets everything happen that can. */
  #advance(): void {
    const { pairs, isTail } = this.#interactions;
    for (let head = 0; head < this.#readyCount; head++) {
      const node = this.#ready[head]!;
      const a = pairs[2 * node]!;
      if (a >= 0 && !this.#happens(node, this.#places[a]!, this.#places[pairs[2 * node + 1]!]!)) continue;
      if (isTail[node] === 1) this.#tail.push(node);
      else this.#events.push(node);
      for (let at = this.#nextStart[node]!; at < this.#nextStart[node + 1]!; at++) {
        const after = this.#next[at]!;
        this.#waits[after]! -= 1;
        if (this.#waits[after] === 0) this.#ready[this.#readyCount++] = after;
      }
    }
    this.#readyCount = 0;
  }

  /** Puts the pair into the front layer unless its qubits are neighbours. */
  #happens(node: number, p: number, q: number): boolean {
    if (this.#edges.distance[p * this.#size + q] !== 1) {
      this.#frontAt[node] = this.#frontCount;
      this.#front[this.#frontCount++] = node;
      this.#partner[p] = q;
      this.#partner[q] = p;
      this.#frontNode[p] = this.#frontNode[q] = node;
      this.#edges.addGains(this.#frontGains, p, q, 1);
      return false;
    }
    const cost = this.#interactions.costs[node]!;
    const joined = this.#joined(p, q);
    this.#charge(p, q, joined === SWAP_ALONE ? WITH_SWAP[cost as 1] : Math.min(3, joined + cost), 0);
    return true;
  }

  #joined(p: number, q: number): number {
    return this.#lastWith[p] === q && this.#lastWith[q] === p ? this.#lastCost[p]! : 0;
  }

  /** The block on the pair is worth this much from now on. */
  #charge(p: number, q: number, worth: number, isSwap: 0 | 1): void {
    const added = Math.min(3, worth) - Math.min(3, this.#joined(p, q));
    this.#cost += added;
    this.#depths[p] = this.#depths[q] = Math.max(this.#depths[p]!, this.#depths[q]!) + added;
    this.#lastWith[p] = q;
    this.#lastWith[q] = p;
    this.#lastCost[p] = this.#lastCost[q] = worth;
    this.#isSwapped[p] = this.#isSwapped[q] = isSwap;
  }

  #lookAhead(): void {
    const { pairs } = this.#interactions;
    const queue = this.#queue;
    if (this.#aheadCount > 0) this.#aheadGains.fill(0);
    this.#aheadCount = 0;
    this.#round += 1;
    const most = LOOKAHEAD + LOOKAHEAD_PER_FRONT * this.#frontCount;
    let tail = 0;
    for (; tail < this.#frontCount; tail++) {
      const node = this.#front[tail]!;
      this.#seen[node] = this.#round;
      queue[tail] = node;
    }
    for (let head = 0; head < tail; head++) {
      const node = queue[head]!;
      for (let at = this.#nextStart[node]!; at < this.#nextStart[node + 1]!; at++) {
        const after = this.#next[at]!;
        if (this.#seen[after] === this.#round) continue;
        this.#seen[after] = this.#round;
        queue[tail++] = after;
        const a = pairs[2 * after]!;
        if (a < 0) continue;
        const [p, q] = [this.#places[a]!, this.#places[pairs[2 * after + 1]!]!];
        this.#aheadFirst[this.#aheadCount] = p;
        this.#aheadSecond[this.#aheadCount++] = q;
        this.#edges.addGains(this.#aheadGains, p, q, 1);
        if (this.#aheadCount === most) return;
      }
    }
  }

  #swapBest(random: Prng, { absorption, lookahead }: RouterWeights): void {
    const { first, second, count } = this.#edges;
    const partner = this.#partner;
    const share = this.#aheadCount === 0 ? 0 : (this.#frontCount * lookahead) / this.#aheadCount;
    let best = Number.POSITIVE_INFINITY;
    let ties = 0;
    for (let edge = 0; edge < count; edge++) {
      const p = first[edge]!;
      const q = second[edge]!;
      if (partner[p]! < 0 && partner[q]! < 0) continue;
      const score =
        this.#frontGains[edge]! +
        share * this.#aheadGains[edge]! +
        Math.max(this.#decay[p]!, this.#decay[q]!) +
        (absorption * this.#added(p, q)) / 3;
      if (score < best - TIE) {
        best = score;
        this.#ties[0] = edge;
        ties = 1;
      } else if (score <= best + TIE) this.#ties[ties++] = edge;
    }
    const chosen = this.#ties[ties === 1 ? 0 : random.word() % ties]!;
    this.#swap(first[chosen]!, second[chosen]!);
  }

  /** CNOTs that a swap on the pair costs; one after another swap on the pair is no bargain. */
  #added(p: number, q: number): number {
    const worth = this.#joined(p, q);
    return worth === 0 || this.#isSwapped[p] === 1 ? 3 : WITH_SWAP[worth as 1] - worth;
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
    this.#moveAhead(p, q);
    this.#moveFront(p, q);
    if (this.#sinceGate % DECAY_RESET === 0) this.#decay.fill(0);
    else {
      this.#decay[p]! += DECAY;
      this.#decay[q]! += DECAY;
    }
    this.#release(p);
    this.#release(q);
  }

  #moveAhead(p: number, q: number): void {
    const [first, second] = [this.#aheadFirst, this.#aheadSecond];
    for (let at = 0; at < this.#aheadCount; at++) {
      const from = first[at]!;
      const to = second[at]!;
      const newFrom = from === p ? q : from === q ? p : from;
      const newTo = to === p ? q : to === q ? p : to;
      if (newFrom === from && newTo === to) continue;
      this.#edges.addGains(this.#aheadGains, from, to, -1);
      this.#edges.addGains(this.#aheadGains, newFrom, newTo, 1);
      first[at] = newFrom;
      second[at] = newTo;
    }
  }

  /** Front gates are never on neighbours, so that none is on both of these. */
  #moveFront(p: number, q: number): void {
    const partner = this.#partner;
    const ofP = partner[p]!;
    const ofQ = partner[q]!;
    if (ofP >= 0) this.#edges.addGains(this.#frontGains, p, ofP, -1);
    if (ofQ >= 0) this.#edges.addGains(this.#frontGains, q, ofQ, -1);
    partner[p] = ofQ;
    partner[q] = ofP;
    const node = this.#frontNode[p]!;
    this.#frontNode[p] = this.#frontNode[q]!;
    this.#frontNode[q] = node;
    if (ofP >= 0) {
      partner[ofP] = q;
      this.#edges.addGains(this.#frontGains, q, ofP, 1);
    }
    if (ofQ >= 0) {
      partner[ofQ] = p;
      this.#edges.addGains(this.#frontGains, p, ofQ, 1);
    }
  }

  /** The front gate on this device qubit can happen when it is next to its partner now. */
  #release(place: number): void {
    const other = this.#partner[place]!;
    if (other < 0 || this.#edges.distance[place * this.#size + other] !== 1) return;
    this.#edges.addGains(this.#frontGains, place, other, -1);
    this.#partner[place] = this.#partner[other] = -1;
    const node = this.#frontNode[place]!;
    this.#frontCount -= 1;
    const last = this.#front[this.#frontCount]!;
    const at = this.#frontAt[node]!;
    this.#front[at] = last;
    this.#frontAt[last] = at;
    this.#ready[this.#readyCount++] = node;
  }

  /** The way out when no swap helps for long: the front gate with the shortest way goes it. */
  #walk(): void {
    const { distance, other, start } = this.#edges;
    const { pairs } = this.#interactions;
    const stepsOf = (node: number): number =>
      distance[this.#places[pairs[2 * node]!]! * this.#size + this.#places[pairs[2 * node + 1]!]!]!;
    const waiting = this.#front.subarray(0, this.#frontCount);
    const nearest = waiting.reduce((best, node) => (stepsOf(node) < stepsOf(best) ? node : best));
    const [a = 0, b = 0] = pairs.subarray(2 * nearest, 2 * nearest + 2);
    while (stepsOf(nearest) > 1) {
      const from = this.#places[a]!;
      const to = this.#places[b]! * this.#size;
      let entry = start[from]!;
      while (distance[to + other[entry]!]! >= distance[to + from]!) entry++;
      this.#swap(from, other[entry]!);
    }
  }
}
