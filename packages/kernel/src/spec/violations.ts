import { QfsError } from '@qfs/core';

/** Gathers every fault of a submission, so that one answer names them all. */
export class Violations {
  readonly #list: { field: string; description: string }[] = [];

  add(field: string, description: string): void {
    this.#list.push({ field, description });
  }

  range(field: string, value: number, min: number, max: number): void {
    if (Number.isSafeInteger(value) && value >= min && value <= max) return;
    this.add(field, `is ${value}; whole numbers from ${min} to ${max} are allowed`);
  }

  finite(field: string, value: number): void {
    if (!Number.isFinite(value)) this.add(field, `is ${value}, which is not a finite number`);
  }

  text(field: string, value: string, charsMax: number, forbidden: RegExp): void {
    if (value.length > charsMax)
      this.add(field, `has ${value.length} characters; at most ${charsMax} are allowed`);
    if (forbidden.test(value)) this.add(field, 'contains control characters');
  }

  pattern(field: string, value: string, pattern: RegExp, expected: string): void {
    if (!pattern.test(value)) this.add(field, `is "${value.slice(0, 64)}"; expected ${expected}`);
  }

  /** @throws QfsError JOB_SPEC_INVALID naming every violation. */
  throwIfAny(): void {
    const [first] = this.#list;
    if (first === undefined) return;
    const more = this.#list.length === 1 ? '' : ` (and ${this.#list.length - 1} more)`;
    throw new QfsError('JOB_SPEC_INVALID', `${first.field} ${first.description}${more}.`, {
      violations: this.#list,
    });
  }
}
