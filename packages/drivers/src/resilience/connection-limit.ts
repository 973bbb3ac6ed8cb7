/** Lets so many calls run at once; the others wait in order. */
export class ConnectionLimit {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #active = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#active >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#active += 1;
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      // The place goes from one to the next, so that nobody comes in between.
      if (next === undefined) this.#active -= 1;
      else next();
    }
  }
}
