/**
 * Work that may still be done on programs, in steps: a statement, an expression in an expression, an
 * operation, each as often as it is looked at, a microsecond or less. One budget may serve several
 * programs.
 */
export class Budget {
  #left: number;

  /** Without a number of steps there is no end of it. */
  constructor(steps = Number.POSITIVE_INFINITY) {
    this.#left = steps;
  }

  get left(): number {
    return this.#left;
  }

  /** @throws BudgetSpent when less than that is left. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new BudgetSpent();
  }
}

/** Ends the lowering of a program that takes more; it leaves this room as an answer, not as an error. */
export class BudgetSpent extends Error {
  constructor() {
    super('the budget is spent');
  }
}
