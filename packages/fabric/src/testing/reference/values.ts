/** Checks of bodies for the reference: one word of LOG-35 each. */
import type { CborInput, CborValue } from '@qfs/core/exact';

export type Check = (value: CborValue) => boolean;
/** A body or a value of the state, with maps as objects. */
export type Plain = { readonly [field: string]: CborInput };

export const MAX = 2 ** 53 - 1;

export const int =
  (min: number, max: number = MAX): Check =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max;

export const text =
  (pattern: string): Check =>
  (value) =>
    typeof value === 'string' && new RegExp(`^(?:${pattern})$`).test(value);

export const blob =
  (min: number, max: number = min): Check =>
  (value) =>
    value instanceof Uint8Array && value.length >= min && value.length <= max;

/** @param key a field by which no two items may be the same, or nothing for items that are texts */
export const list =
  (item: Check, min: number, max: number, key?: string): Check =>
  (value) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return false;
    const names = value.map((one) => (one instanceof Map ? one.get(key ?? '') : one));
    return value.every(item) && new Set(names).size === names.length;
  };

/** A map with these fields and no others; a question mark ends the name of a field that may be absent. */
export const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (!(value instanceof Map)) return false;
    const names = Object.keys(checks).map((name) => name.replace('?', ''));
    for (const name of value.keys()) if (!names.includes(name)) return false;
    return Object.entries(checks).every(([name, check]) => {
      const item = value.get(name.replace('?', ''));
      return item === undefined ? name.endsWith('?') : check(item);
    });
  };

export function plain(value: CborValue): CborInput {
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([name, item]) => [name, plain(item)]));
  }
  return Array.isArray(value) ? value.map(plain) : (value as CborInput);
}
