import type { Clock, Timers } from '@qfs/core';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time that passes only when a test says so; wall time may also jump. */
export class FakeTime implements Clock {
  #nowMs = 1_700_000_000_000;
  #monotonicMs = 0;
  #timers = new Set<Timer>();
  #order = 0;

  nowMs = (): number => this.#nowMs;
  monotonicMs = (): number => this.#monotonicMs;

  /** Timers of one process: they end with it. */
  process(): Timers & { kill(): void } {
    const own = new Set<Timer>();
    return {
      after: (delayMs, run) => {
        const timer = { dueMs: this.#monotonicMs + delayMs, order: this.#order++, run };
        own.add(timer);
        this.#timers.add(timer);
        return () => this.#timers.delete(timer);
      },
      kill: () => {
        for (const timer of own) this.#timers.delete(timer);
      },
    };
  }

  jumpWallClock(byMs: number): void {
    this.#nowMs += byMs;
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Lets a span of time pass, with everything that becomes due in it, in order. */
  async pass(spanMs: number): Promise<void> {
    const endMs = this.#monotonicMs + spanMs;
    await settled();
    for (let next = this.#next(endMs); next !== undefined; next = this.#next(endMs)) {
      this.#advanceTo(next.dueMs);
      this.#timers.delete(next);
      next.run();
      await settled();
    }
    this.#advanceTo(endMs);
    await settled();
  }

  #next(endMs: number): Timer | undefined {
    const due = [...this.#timers].filter(({ dueMs }) => dueMs <= endMs);
    return due.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)[0];
  }

  #advanceTo(monotonicMs: number): void {
    this.#nowMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}

/** Turns of the event loop after which nothing that a test started is still under way. */
const TURNS = 12;

/** Waits until promises and the inline writer have nothing left to do without time passing. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate);
}
