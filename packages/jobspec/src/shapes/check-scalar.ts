import { nearestName } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import type { InputValue } from '../contract.ts';
import type { ProblemCode } from '../problems.ts';
import type { ScalarTree } from '../yaml/tree.ts';
import type { Shape } from './shape.ts';

/** A value, or what follows "… is 5" in the message that says what is wrong with it. */
export type ScalarRead =
  | { readonly value: unknown }
  | { readonly but: string; readonly hint?: string; readonly code?: ProblemCode };

/** Reads a scalar of a shape that has scalars. */
export function checkScalar(tree: ScalarTree, shape: Shape): ScalarRead {
  switch (shape.kind) {
    case 'text':
      return textOf(tree, shape);
    case 'choice':
      return wordOf(tree, shape);
    case 'integer':
    case 'number':
      return numberOf(tree, shape);
    case 'boolean':
      return truthOf(tree);
    case 'input':
      return inputOf(tree);
    case 'note':
    case 'json':
      return noteOf(tree, shape.bytesMax);
    default:
      return { but: '; it must be a mapping or a list' };
  }
}

function textOf(
  { value }: ScalarTree,
  { bytesMax, expected, pattern }: Shape & { kind: 'text' },
): ScalarRead {
  if (typeof value !== 'string') {
    const hint = value === null ? undefined : 'Put it between quotation marks.';
    return { but: `; it must be ${expected}`, ...(hint && { hint }) };
  }
  const bytes = bytesMax === undefined ? 0 : utf8(value).length;
  if (bytesMax !== undefined && bytes > bytesMax)
    return { but: `, ${bytes} bytes; at most ${bytesMax} are allowed` };
  return pattern.test(value) ? { value } : { but: `; it must be ${expected}` };
}

function wordOf({ value }: ScalarTree, { hint, words }: Shape & { kind: 'choice' }): ScalarRead {
  const known = Object.keys(words);
  if (typeof value !== 'string' || !Object.hasOwn(words, value)) {
    const nearest = typeof value === 'string' ? nearestName(value, known) : undefined;
    const advice = nearest === undefined ? hint : `Did you mean ${nearest}?`;
    return { but: `; known are ${known.join(', ')}`, ...(advice && { hint: advice }) };
  }
  const { refused } = words[value]!;
  return refused === undefined
    ? { value }
    : { code: 'JOB_UNSUPPORTED', but: `, which QFS does not do: ${refused}` };
}

function numberOf(
  { value }: ScalarTree,
  { kind, max, min }: Shape & { kind: 'integer' | 'number' },
): ScalarRead {
  const allowed = kind === 'integer' ? `a whole number from ${min} to ${max}` : 'a finite number';
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    const isQuoted = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
    return { but: `; it must be ${allowed}`, ...(isQuoted && { hint: 'Write it without quotation marks.' }) };
  }
  const number = Number(value);
  const isKind = kind === 'integer' ? Number.isSafeInteger(number) : Number.isFinite(number);
  const isWithin = number >= (min ?? Number.NEGATIVE_INFINITY) && number <= (max ?? Number.POSITIVE_INFINITY);
  if (isKind && isWithin) return { value: kind === 'integer' ? number + 0 : number };
  return { but: `; it must be ${allowed}` };
}

function truthOf({ value }: ScalarTree): ScalarRead {
  if (typeof value === 'boolean') return { value };
  const isMeant = typeof value === 'string' && /^(?:yes|no|on|off)$/i.test(value);
  return {
    but: '; it must be true or false',
    ...(isMeant && { hint: 'In YAML 1.2 yes, no, on and off are text.' }),
  };
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** Whole numbers beyond 64 bits can only have been meant as floats: no device takes such integers. */
function inputOf({ value }: ScalarTree): ScalarRead & { readonly value?: InputValue } {
  if (value === null) return { but: '; give it a value' };
  if (typeof value === 'bigint' && (value < INT64_MIN || value > INT64_MAX)) return { value: Number(value) };
  if (typeof value === 'number' && !Number.isFinite(value)) return { but: '; it must be finite' };
  return { value };
}

function noteOf({ source, value }: ScalarTree, bytesMax: number): ScalarRead {
  if (value === null) return { but: '; write text, or "" for none' };
  const text = typeof value === 'string' ? value : typeof value === 'bigint' ? String(value) : source;
  const { length } = utf8(text);
  return length <= bytesMax ? { value: text } : { but: `, ${length} bytes; at most ${bytesMax} are allowed` };
}
