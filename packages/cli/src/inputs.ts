import { QfsError } from '@qfs/core';
import type { OptionRow } from './command.ts';

/**
 * Values of a program's inputs by name: a number, a truth value, bits as text with the highest one first, or an array
 * as the JSON text of a list. Digits that no number keeps, such as 0110 and integers beyond 2^53, stay text.
 */
export type Inputs = ReadonlyMap<string, number | boolean | string>;

export const INPUT_OPTION: OptionRow = {
  flags: '-i, --input <name=value>',
  help: 'value of an input, once for each: theta=0.5, flag=true, word=0110 for bits, angles=[0.1,0.2] for an array',
  parse: addInput,
};

function addInput(text: string, earlier: unknown = new Map()): Inputs {
  const { name, value } = /^(?<name>[^=\s]+)=(?<value>.+)$/.exec(text)?.groups ?? {};
  if (name !== undefined && value !== undefined) {
    const parsed = parseValue(value);
    if (parsed !== undefined) return new Map([...(earlier as Inputs), [name, parsed]]);
  }
  throw new QfsError(
    'REQUEST_INVALID',
    `--input is "${text}"; write NAME=VALUE with a number, true, false, bits as in word=0110, or a list as in angles=[0.1,0.2].`,
  );
}

function parseValue(text: string): number | boolean | string | undefined {
  if (text === 'true' || text === 'false') return text === 'true';
  const bits = /^"(?<bits>[01]+)"$/.exec(text)?.groups?.bits;
  if (bits !== undefined) return bits;
  if (/^0[01]+$/.test(text) || (/^-?\d{16,}$/.test(text) && String(Number(text)) !== text)) return text;
  if (/^\[.*\]$/.test(text)) return text;
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Inputs in the form that a submission has. */
export const inputMessages = (inputs: Inputs) =>
  Object.fromEntries([...inputs].map(([name, value]) => [name, { value: messageOf(value) }]));

function messageOf(value: number | boolean | string) {
  if (typeof value === 'boolean') return { case: 'boolean', value } as const;
  if (typeof value === 'string') return { case: 'bits', value } as const;
  if (Number.isSafeInteger(value)) return { case: 'integer', value: BigInt(value) } as const;
  return { case: 'number', value } as const;
}
