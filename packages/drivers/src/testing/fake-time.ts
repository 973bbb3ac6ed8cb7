import type { Clock, Timers } from '@qfs/core';

/** Time that passes when the test says so. */
export class FakeTime implements Clock, Timers {
  #nowMs = 0;
  readonly #due = new Map<() => void, number>();

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = (): void => run();
    this.#due.set(timer, this.#nowMs + delayMs);
    return () => this.#due.delete(timer);
  }

  /** Lets what is pending settle, moves on, and lets what became due settle. */
  async pass(milliseconds: number): Promise<void> {
    await settle();
    this.#nowMs += milliseconds;
    for (const [timer, dueMs] of this.#due) {
      if (dueMs > this.#nowMs) continue;
      this.#due.delete(timer);
      timer();
    }
    await settle();
  }
}

/** One turn of the event loop runs every promise reaction that is ready. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
