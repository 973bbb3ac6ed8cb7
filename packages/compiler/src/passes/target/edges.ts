import type { Coupling } from './coupling.ts';

/** The coupled pairs of a device as flat arrays, for loops that run many million times. */
export class Edges {
  readonly count: number;
  /** The qubits of edge e, `first[e]` < `second[e]`. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** The edges at qubit p and the qubits they lead to: entries `start[p]` to `start[p + 1]` of both lists. */
  readonly start: Int32Array;
  readonly at: Int32Array;
  readonly other: Int32Array;
  readonly distance: Uint16Array;
  readonly size: number;

  constructor({ qubits, neighbours, distance }: Coupling) {
    const degrees = neighbours.reduce((sum, { length }) => sum + length, 0);
    this.size = qubits;
    this.distance = distance;
    this.count = degrees / 2;
    this.first = new Int32Array(this.count);
    this.second = new Int32Array(this.count);
    this.start = new Int32Array(qubits + 1);
    this.at = new Int32Array(degrees);
    this.other = new Int32Array(degrees);
    const numbers = new Map<number, number>();
    let entry = 0;
    for (let p = 0; p < qubits; p++) {
      for (const q of neighbours[p]!) {
        const key = Math.min(p, q) * qubits + Math.max(p, q);
        const edge = numbers.get(key) ?? numbers.size;
        numbers.set(key, edge);
        this.first[edge] = Math.min(p, q);
        this.second[edge] = Math.max(p, q);
        this.at[entry] = edge;
        this.other[entry++] = q;
      }
      this.start[p + 1] = entry;
    }
  }

  /** Adds to each edge how many steps a gate between p and q would gain by a swap on it, so often. */
  addGains(gains: Int32Array, p: number, q: number, times: 1 | -1): void {
    this.#addMoves(gains, p, q, times);
    this.#addMoves(gains, q, p, times);
  }

  /** The gains of moving what is at `from`; exchanging both qubits of the gate changes nothing. */
  #addMoves(gains: Int32Array, from: number, to: number, times: 1 | -1): void {
    const { distance, other, at, size } = this;
    const row = to * size;
    const now = distance[row + from]!;
    for (let entry = this.start[from]!, end = this.start[from + 1]!; entry < end; entry++) {
      const next = other[entry]!;
      if (next !== to) gains[at[entry]!]! += times * (distance[row + next]! - now);
    }
  }
}
