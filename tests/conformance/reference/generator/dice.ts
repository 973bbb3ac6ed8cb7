import { Prng } from '@qfs/core/math';

/** Random choices from a seed. */
export class Dice {
  readonly #random: Prng;

  constructor(seed: number) {
    this.#random = new Prng(seed, 'random-programs');
  }

  /** An integer from 0 to `count` − 1. */
  below(count: number): number {
    return Math.floor(this.#random.uniform() * count);
  }

  /** An integer from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.#random.uniform() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Some of a list, in random order. */
  some<T>(list: readonly T[], count: number): T[] {
    const rest = [...list];
    return Array.from(
      { length: Math.min(count, list.length) },
      () => rest.splice(this.below(rest.length), 1)[0]!,
    );
  }
}
