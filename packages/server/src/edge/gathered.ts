/** Together with the last item that is added, what is passed on as one. */
export const GATHERED_BYTES_MAX = 4 * 1024 * 1024;

/** Gathers what is handed over in one turn of the event loop, and passes it on as one. */
export class Gathered<Item> {
  readonly #pass: (items: Item[]) => void;
  #items: Item[] = [];
  #bytes = 0;
  #isScheduled = false;

  constructor(pass: (items: Item[]) => void) {
    this.#pass = pass;
  }

  /** `bytes`: how large it is, about. */
  add(item: Item, bytes = 0): void {
    this.#items.push(item);
    this.#bytes += bytes;
    if (this.#bytes >= GATHERED_BYTES_MAX) {
      this.flush();
      return;
    }
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }

  /** Passes on at once what there is. */
  flush(): void {
    if (this.#items.length === 0) return;
    const items = this.#items;
    this.#items = [];
    this.#bytes = 0;
    this.#pass(items);
  }
}
