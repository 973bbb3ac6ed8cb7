import { CodeBuilder } from '../program/index.ts';
import type { Coupling } from './coupling.ts';

/** Writes code on device qubits and keeps account of where the program's qubits are. */
export class Replay {
  readonly builder = new CodeBuilder();
  readonly places: Int32Array;
  readonly #holds: Int32Array;
  readonly #coupling: Coupling;
  readonly #size: number;

  /** @param places where the qubits of the program are; changed by every swap */
  constructor(coupling: Coupling, places: Int32Array) {
    this.#coupling = coupling;
    this.#size = coupling.qubits;
    this.places = places;
    this.#holds = new Int32Array(this.#size).fill(-1);
    places.forEach((place, qubit) => {
      this.#holds[place] = qubit;
    });
  }

  /** A swap as the router writes it. */
  swapEvent(event: number): void {
    const pair = -1 - event;
    const q = pair % this.#size;
    this.#swap((pair - q) / this.#size, q);
  }

  /** Brings every qubit to its place in `home`: by swaps that bring two nearer, then one qubit after the other. */
  returnTo(home: Int32Array): void {
    const wanted = new Int32Array(this.#size).fill(-1);
    home.forEach((place, qubit) => {
      wanted[place] = qubit;
    });
    if (home.every((place, qubit) => this.places[qubit] === place)) return;
    while (this.#swapNearer(home));
    // The last places of a breadth-first order first: what remains stays connected.
    const open = new Set(breadthFirst(this.#coupling));
    for (const place of [...open].reverse()) {
      const qubit = wanted[place]!;
      const way = this.#way(place, (at) => this.#holds[at] === qubit, open);
      for (let step = way.length - 1; step > 0; step--) this.#swap(way[step]!, way[step - 1]!);
      open.delete(place);
    }
  }

  /** One swap after which both qubits are nearer to their places, or one is and the other has none. */
  #swapNearer(home: Int32Array): boolean {
    const { neighbours } = this.#coupling;
    for (let p = 0; p < this.#size; p++) {
      for (const q of neighbours[p]!) {
        const first = this.#gain(p, q, home);
        const second = this.#gain(q, p, home);
        if (q < p || first < 0 || second < 0 || first + second === 0) continue;
        this.#swap(p, q);
        return true;
      }
    }
    return false;
  }

  /** Steps that the qubit at `from` comes nearer to its place by going to `to`. */
  #gain(from: number, to: number, home: Int32Array): number {
    const qubit = this.#holds[from]!;
    if (qubit < 0) return 0;
    const { distance } = this.#coupling;
    const place = home[qubit]!;
    return distance[from * this.#size + place]! - distance[to * this.#size + place]!;
  }

  /** The shortest way from a place through open ones to one that is as asked, both ends included. */
  #way(from: number, isEnd: (place: number) => boolean, open: ReadonlySet<number>): readonly number[] {
    const before = new Map<number, number>([[from, -1]]);
    for (const place of before.keys()) {
      if (isEnd(place)) {
        const way = [place];
        for (let at = before.get(place)!; at >= 0; at = before.get(at)!) way.unshift(at);
        return way;
      }
      for (const next of this.#coupling.neighbours[place]!) {
        if (open.has(next) && !before.has(next)) before.set(next, place);
      }
    }
    return [from];
  }

  #swap(p: number, q: number): void {
    this.builder.gate({ gate: 'swap', parameters: [], qubits: [Math.min(p, q), Math.max(p, q)] }, true);
    const a = this.#holds[p]!;
    const b = this.#holds[q]!;
    this.#holds[p] = b;
    this.#holds[q] = a;
    if (a >= 0) this.places[a] = q;
    if (b >= 0) this.places[b] = p;
  }
}

/** Qubits of the largest connected part, nearer ones to the first before farther ones. */
function breadthFirst({ connected, neighbours }: Coupling): readonly number[] {
  const order = new Set([connected[0]!]);
  for (const place of order) for (const next of neighbours[place]!) order.add(next);
  return [...order];
}
