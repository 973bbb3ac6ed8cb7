import type { PlanValue } from '@qfs/hybrid';
import type { Given } from './arguments.ts';
import { Refusal } from './refusal.ts';
import { nameOf, type PauliTerm, type Value } from './value.ts';

/**
 * A value as JSON holds it, with references to what the optimiser will have found; the objective itself is
 * its value. @throws Refusal
 */
export function plainValue({ value, span }: Given, objective?: readonly PauliTerm[]): PlanValue {
  const plain = (inner: Value): PlanValue => plainValue({ value: inner, span }, objective);
  switch (value.kind) {
    case 'none':
      return null;
    case 'bool':
    case 'string':
      return value.value;
    case 'number':
      return Number(value.value);
    case 'list':
    case 'tuple':
      return value.elements.map(plain);
    case 'dict':
      return plainDictionary({ value, span }, objective);
    case 'outcome':
      throw new Refusal(span, 'What is measured is in the counts; leave it out of what is returned.');
    case 'expectation':
      if (value.terms === objective) return { $optimum: 'fun' };
      throw new Refusal(span, 'An expectation that is not what is minimised cannot be returned.');
    case 'output':
      return { $optimum: value.name };
    default:
      throw new Refusal(
        span,
        `${nameOf(value)} cannot be returned; return numbers, texts and parts of the optimum.`,
      );
  }
}

/** A dictionary, and nothing else. @throws Refusal */
export function plainDictionary(
  { value, span }: Given,
  objective?: readonly PauliTerm[],
): Readonly<Record<string, PlanValue>> {
  if (value.kind !== 'dict') throw new Refusal(span, `A dictionary is expected, not ${nameOf(value)}.`);
  return Object.fromEntries(
    value.entries.map(([key, inner]) => [keyText(key, span), plainValue({ value: inner, span }, objective)]),
  );
}

function keyText(key: Value, span: Given['span']): string {
  if (key.kind === 'number') return String(key.value);
  if (key.kind !== 'string') throw new Refusal(span, 'The keys of a dictionary are texts or numbers.');
  if (key.value.startsWith('$')) throw new Refusal(span, `The key "${key.value}" begins with a dollar sign.`);
  return key.value;
}
