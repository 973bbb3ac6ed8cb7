import type { Given } from './arguments.ts';
import type { PlainValue } from './hybrid-program.ts';
import { Refusal } from './refusal.ts';
import { nameOf, type Value } from './value.ts';

/** A value as JSON holds it, with references to what the optimiser will have found. @throws Refusal */
export function plainValue({ value, span }: Given): PlainValue {
  const plain = (inner: Value): PlainValue => plainValue({ value: inner, span });
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
      return Object.fromEntries(value.entries.map(([key, inner]) => [keyText(key, span), plain(inner)]));
    case 'output':
      return { output: value.name };
    default:
      throw new Refusal(
        span,
        `${nameOf(value)} cannot be returned; return numbers, texts and parts of the optimum.`,
      );
  }
}

function keyText(key: Value, span: Given['span']): string {
  if (key.kind === 'string') return key.value;
  if (key.kind === 'number') return String(key.value);
  throw new Refusal(span, 'The keys of a dictionary are texts or numbers.');
}
