import type { ClassicalType } from '../ir.ts';
import { fault, malformed } from './fault.ts';
import { cast, describe, fixed, toInteger, type Value } from './values.ts';

/** An index as the language means it: −1 is the last element. */
export function position(index: bigint, length: number): number {
  const place = index < 0n ? index + BigInt(length) : index;
  if (place < 0n || place >= BigInt(length)) {
    throw fault(`Index ${index} is outside of 0 to ${length - 1}.`);
  }
  return Number(place);
}

function lengthOf(value: Value): number {
  if (value.kind === 'array') return value.items.length;
  if (value.kind === 'bit' || value.kind === 'uint' || value.kind === 'int' || value.kind === 'angle') {
    return value.width;
  }
  throw fault(`${describe(value)} has no elements.`);
}

const bitAt = (bits: bigint, place: number): bigint => (bits >> BigInt(place)) & 1n;

/** One element of an array, or one bit of a register, integer or angle. */
export function elementOf(value: Value, index: bigint): Value {
  const place = position(index, lengthOf(value));
  if (value.kind === 'array') return value.items[place]!;
  return { kind: 'bit', width: 1, value: bitAt((value as { value: bigint }).value, place) };
}

/** A selector whose indices are known. */
export type Picked =
  | { readonly kind: 'index'; readonly index: bigint }
  | { readonly kind: 'range'; readonly start?: bigint; readonly step?: bigint; readonly stop?: bigint }
  | { readonly kind: 'set'; readonly indices: readonly bigint[] };

/** The places of several elements, in the order in which they are picked. */
function placesOf(picked: Exclude<Picked, { kind: 'index' }>, length: number): number[] {
  if (picked.kind === 'set') return picked.indices.map((index) => position(index, length));
  const step = Number(picked.step ?? 1n);
  if (step === 0) throw fault('A range cannot have step 0.');
  const bound = (index: bigint | undefined, otherwise: number): number =>
    index === undefined ? otherwise : position(index, length);
  const first = bound(picked.start, step > 0 ? 0 : length - 1);
  const last = bound(picked.stop, step > 0 ? length - 1 : 0);
  const places: number[] = [];
  for (let at = first; step > 0 ? at <= last : at >= last; at += step) places.push(at);
  return places;
}

/** What a selector picks of a value: where, and whether the parts make bits or an array. */
export function elementsOf(
  value: Value,
  picked: Exclude<Picked, { kind: 'index' }>,
): { readonly places: readonly number[]; readonly isBits: boolean } {
  return { places: placesOf(picked, lengthOf(value)), isBits: value.kind !== 'array' };
}

/** The part of a value that selectors pick, one per dimension from the outermost. */
export function selectFrom(value: Value, selectors: readonly Picked[]): Value {
  const [first, ...rest] = selectors;
  if (first === undefined) return value;
  if (first.kind === 'index') return selectFrom(elementOf(value, first.index), rest);
  const { places, isBits } = elementsOf(value, first);
  return joined(
    places.map((place) => selectFrom(elementOf(value, BigInt(place)), rest)),
    isBits,
  );
}

/** Elements as an array, or single bits as a register whose bit 0 is the first. */
export function joined(items: readonly Value[], isBits: boolean): Value {
  if (!isBits) return { kind: 'array', items: [...items] };
  let bits = 0n;
  for (const item of items.toReversed()) bits = (bits << 1n) | toInteger(item);
  return fixed('bit', items.length, bits);
}

/** The value after `value` was stored at these indices of `current`, which has the given type. */
export function store(type: ClassicalType, current: Value, indices: readonly bigint[], value: Value): Value {
  const [index, ...rest] = indices;
  if (index === undefined) {
    const stored = cast(value, type);
    requireSameLengths(current, stored);
    return stored;
  }
  const place = position(index, lengthOf(current));
  if (type.kind === 'array' && current.kind === 'array') {
    const dimensions = type.dimensions.slice(1);
    const element = dimensions.length === 0 ? type.element : { ...type, dimensions };
    current.items[place] = store(element, current.items[place]!, rest, value);
    return current;
  }
  if (
    current.kind === 'array' ||
    !('width' in current) ||
    typeof (current as { value?: unknown }).value !== 'bigint'
  ) {
    throw malformed(`${describe(current)} has no element ${index}.`);
  }
  const { kind, width, value: bits } = current as Extract<Value, { value: bigint }>;
  const mask = 1n << BigInt(place);
  const bit = toInteger(cast(value, { kind: 'bit', width: 1 }));
  return fixed(kind, width, bit === 1n ? bits | mask : bits & ~mask);
}

/** An array behind a reference keeps the lengths that it has, whatever its type there leaves open. */
function requireSameLengths(current: Value, stored: Value): void {
  if (current.kind !== 'array' || stored.kind !== 'array') return;
  if (current.items.length !== stored.items.length)
    throw fault(`${describe(stored)} cannot be used as an array of ${current.items.length} elements.`);
  if (current.items.length > 0) requireSameLengths(current.items[0]!, stored.items[0]!);
}
