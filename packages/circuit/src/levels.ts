/**
 * The level up to which each of `size` places is in use, where levels only rise: maximum over a range and raising a
 * range (ranges are never empty), both in logarithmic time (a segment tree without push-down).
 */
export class Levels {
  readonly #leaves: number;
  /** Per node: the level that its whole range was raised to. */
  readonly #raised: Int32Array;
  /** Per node: the highest level of any place below it. */
  readonly #highest: Int32Array;

  constructor(size: number) {
    this.#leaves = 2 ** (32 - Math.clz32(Math.max(1, size) - 1));
    this.#raised = new Int32Array(2 * this.#leaves);
    this.#highest = new Int32Array(2 * this.#leaves);
  }

  /** The level of one place. */
  at(place: number): number {
    let node = this.#leaves + place;
    let level = this.#highest[node] as number;
    for (node >>= 1; node > 0; node >>= 1) level = Math.max(level, this.#raised[node] as number);
    return level;
  }

  /** Raises one place to a level that it does not exceed. */
  raiseAt(place: number, level: number): void {
    let node = this.#leaves + place;
    this.#raised[node] = level;
    for (; node > 0; node >>= 1) this.#highest[node] = Math.max(this.#highest[node] as number, level);
  }

  /** The highest level among `from` … `to - 1`. */
  highest(from: number, to: number, node = 1, start = 0, length = this.#leaves): number {
    if (to <= start || from >= start + length) return 0;
    if (from <= start && to >= start + length) return this.#highest[node] as number;
    const half = length / 2;
    return Math.max(
      this.#raised[node] as number,
      this.highest(from, to, 2 * node, start, half),
      this.highest(from, to, 2 * node + 1, start + half, half),
    );
  }

  /** Raises `from` … `to - 1` to a level that none of them exceeds. */
  raise(from: number, to: number, level: number, node = 1, start = 0, length = this.#leaves): void {
    if (to <= start || from >= start + length) return;
    this.#highest[node] = Math.max(this.#highest[node] as number, level);
    if (from <= start && to >= start + length) {
      this.#raised[node] = level;
      return;
    }
    const half = length / 2;
    this.raise(from, to, level, 2 * node, start, half);
    this.raise(from, to, level, 2 * node + 1, start + half, half);
  }
}
