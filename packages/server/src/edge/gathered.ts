/** Gathers what is handed over in one turn of the event loop, and passes it on as one. */
export class Gathered<Item> {
  readonly #pass: (items: Item[]) => void;
  #items: Item[] = [];
  #isScheduled = false;

  constructor(pass: (items: Item[]) => void) {
    this.#pass = pass;
  }

  add(item: Item): void {
    this.#items.push(item);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  /** Passes on at once what there is. */
  flush(): void {
    this.#isScheduled = false;
    if (this.#items.length === 0) return;
    const items = this.#items;
    this.#items = [];
    this.#pass(items);
  }
}
