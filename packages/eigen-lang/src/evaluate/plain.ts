import { EIGEN_DEPTH_MAX, EIGEN_OUTPUTS_MAX } from '@qfs/core';
import type { PlanValue } from '@qfs/hybrid';
import type { Given } from './arguments.ts';
import { Refusal } from './refusal.ts';
import { nameOf, type PauliTerm, type Value } from './value.ts';

/**
 * What a program returns as JSON holds it, with references to what the optimiser will have found; the
 * objective itself is its value. @throws Refusal
 */
export const plainOutputs = (
  { value, span }: Given,
  objective: readonly PauliTerm[] | undefined,
): PlanValue => new PlainValues(span, objective).plain(value, 0);

/** A dictionary, and nothing else. @throws Refusal */
export function plainDictionary({ value, span }: Given): Readonly<Record<string, PlanValue>> {
  if (value.kind !== 'dict') throw new Refusal(span, `A dictionary is expected, not ${nameOf(value)}.`);
  return new PlainValues(span, undefined).dictionary(value, 0);
}

/** Characters of a text that count as a value of their own. */
const TEXT_CHARS = 64;

/** A list may hold another one twice, and that one a third: values are counted as they are written out. */
class PlainValues {
  readonly #span: Given['span'];
  readonly #objective: readonly PauliTerm[] | undefined;
  #values = 0;

  constructor(span: Given['span'], objective: readonly PauliTerm[] | undefined) {
    this.#span = span;
    this.#objective = objective;
  }

  plain(value: Value, depth: number): PlanValue {
    this.#count(depth);
    switch (value.kind) {
      case 'none':
        return null;
      case 'bool':
        return value.value;
      case 'string':
        this.#count(depth, Math.floor(value.value.length / TEXT_CHARS));
        return value.value;
      case 'number':
        return Number(value.value);
      case 'list':
      case 'tuple':
        return value.elements.map((element) => this.plain(element, depth + 1));
      case 'dict':
        return this.dictionary(value, depth);
      case 'output':
        return { $optimum: value.name };
      case 'outcome':
        return this.#refuse('What is measured is in the counts; leave it out of what is returned.');
      case 'expectation':
        if (value.terms === this.#objective) return { $optimum: 'fun' };
        return this.#refuse('An expectation that is not what is minimised cannot be returned.');
      default:
        return this.#refuse(
          `${nameOf(value)} cannot be returned; return numbers, texts and parts of the optimum.`,
        );
    }
  }

  dictionary(
    { entries }: Extract<Value, { kind: 'dict' }>,
    depth: number,
  ): Readonly<Record<string, PlanValue>> {
    return Object.fromEntries(
      entries.map(([key, inner]) => [this.#keyText(key), this.plain(inner, depth + 1)]),
    );
  }

  #keyText(key: Value): string {
    if (key.kind === 'number') return String(key.value);
    if (key.kind !== 'string') return this.#refuse('The keys of a dictionary are texts or numbers.');
    if (key.value.startsWith('$')) return this.#refuse(`The key "${key.value}" begins with a dollar sign.`);
    return key.value;
  }

  #count(depth: number, values = 1): void {
    this.#values += values;
    if (this.#values > EIGEN_OUTPUTS_MAX) {
      const message = `There are more than ${EIGEN_OUTPUTS_MAX} values in it.`;
      throw new Refusal(this.#span, message, undefined, 'EIGEN_LIMIT');
    }
    if (depth < EIGEN_DEPTH_MAX) return;
    const message = `It is nested deeper than ${EIGEN_DEPTH_MAX} levels.`;
    throw new Refusal(this.#span, message, undefined, 'EIGEN_LIMIT');
  }

  #refuse(message: string): never {
    throw new Refusal(this.#span, message);
  }
}
