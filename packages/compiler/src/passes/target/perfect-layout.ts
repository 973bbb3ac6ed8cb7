import type { Coupling } from './coupling.ts';
import type { ErrorRates, Usage } from './usage.ts';

/**
 * Places for the qubits of a circuit on which all pairs that interact are neighbours, so that no swap is
 * needed; undefined where none was found within the steps. Of those found, the one with the fewest expected
 * errors: a search for subgraphs (as VF2; Cordella, Foggia, Sansone, Vento 2004) that gives up a branch as
 * soon as it errs more than the best.
 * @param bound only layouts with fewer expected errors are of interest
 */
export function perfectLayout(
  usage: Usage,
  coupling: Coupling | undefined,
  rates: ErrorRates,
  stepsMax: number,
  bound = Number.POSITIVE_INFINITY,
): Int32Array | undefined {
  return new LayoutSearch(usage, coupling, rates, stepsMax, bound).run();
}

interface Bond {
  readonly other: number;
  readonly gates: number;
}

class LayoutSearch {
  readonly #usage: Usage;
  readonly #coupling: Coupling | undefined;
  readonly #rates: ErrorRates;
  readonly #bonds: readonly Bond[][];
  /** Qubits in the order in which they are placed: each next to one that is placed, where there is one. */
  readonly #order: readonly number[];
  readonly #places: Int32Array;
  readonly #isTaken: Uint8Array;
  readonly #deviceQubits: readonly number[];
  #steps: number;
  #best: Int32Array | undefined;
  #bound: number;

  constructor(
    usage: Usage,
    coupling: Coupling | undefined,
    rates: ErrorRates,
    stepsMax: number,
    bound: number,
  ) {
    this.#usage = usage;
    this.#coupling = coupling;
    this.#rates = rates;
    this.#steps = stepsMax;
    this.#bound = bound;
    const bonds: Bond[][] = Array.from({ length: usage.qubits }, () => []);
    for (const { a, b, gates } of usage.pairs) {
      bonds[a]!.push({ other: b, gates });
      bonds[b]!.push({ other: a, gates });
    }
    this.#bonds = bonds;
    this.#order = placementOrder(usage, bonds);
    this.#places = new Int32Array(usage.qubits).fill(-1);
    const size = rates.qubits;
    this.#isTaken = new Uint8Array(size);
    this.#deviceQubits = coupling?.connected ?? Array.from({ length: size }, (_, place) => place);
  }

  run(): Int32Array | undefined {
    if (this.#order.length <= this.#deviceQubits.length) this.#place(0, 0);
    return this.#best;
  }

  #place(depth: number, errors: number): void {
    if (depth === this.#order.length) {
      this.#bound = errors;
      this.#best = this.#places.slice();
      return;
    }
    const qubit = this.#order[depth]!;
    for (const { place, added } of this.#candidates(qubit)) {
      if (this.#steps <= 0) return;
      if (errors + added >= this.#bound) break;
      this.#steps -= 1;
      this.#places[qubit] = place;
      this.#isTaken[place] = 1;
      this.#place(depth + 1, errors + added);
      this.#isTaken[place] = 0;
      this.#places[qubit] = -1;
      if (!this.#rates.isKnown && this.#best !== undefined) return;
    }
  }

  /** Free places next to those of all placed partners, those with fewer expected errors first. */
  #candidates(qubit: number): readonly { readonly place: number; readonly added: number }[] {
    const placed = this.#bonds[qubit]!.filter(({ other }) => this.#places[other]! >= 0);
    const first = placed[0];
    const around =
      this.#coupling === undefined || first === undefined
        ? this.#deviceQubits
        : this.#coupling.neighbours[this.#places[first.other]!]!;
    const found: { place: number; added: number }[] = [];
    for (const place of around) {
      if (this.#isTaken[place] === 1 || !this.#fits(qubit, place, placed)) continue;
      let added = this.#rates.alone(this.#usage, qubit, place);
      for (const { other, gates } of placed) added += gates * this.#rates.pair(place, this.#places[other]!);
      found.push({ place, added });
    }
    return this.#rates.isKnown ? found.sort((a, b) => a.added - b.added || a.place - b.place) : found;
  }

  #fits(qubit: number, place: number, placed: readonly Bond[]): boolean {
    const coupling = this.#coupling;
    if (coupling === undefined) return true;
    if (coupling.neighbours[place]!.length < this.#bonds[qubit]!.length) return false;
    return placed.every(
      ({ other }) => coupling.distance[place * coupling.qubits + this.#places[other]!] === 1,
    );
  }
}

/**
 * Qubits with most partners first, then always the one with most partners placed; those without partners
 * last.
 */
function placementOrder({ active, qubits }: Usage, bonds: readonly Bond[][]): readonly number[] {
  const order: number[] = [];
  const isPlaced = new Uint8Array(qubits);
  const placedPartners = new Int32Array(qubits);
  const isBefore = (a: number, b: number): boolean => {
    if (placedPartners[a] !== placedPartners[b]) return placedPartners[a]! > placedPartners[b]!;
    return bonds[a]!.length > bonds[b]!.length;
  };
  while (order.length < active.length) {
    let next = -1;
    for (const qubit of active) {
      if (isPlaced[qubit] === 0 && (next < 0 || isBefore(qubit, next))) next = qubit;
    }
    order.push(next);
    isPlaced[next] = 1;
    for (const { other } of bonds[next]!) placedPartners[other]! += 1;
  }
  return order;
}
