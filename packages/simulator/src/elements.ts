import type { ClassicalType } from '@qfs/circuit';
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

/** The elements from `start` to `stop`, both included. */
export function sliceOf(value: Value, start: bigint, step: bigint, stop: bigint): Value {
  if (step === 0n) throw fault('A slice cannot have step 0.');
  const length = lengthOf(value);
  const places: number[] = [];
  const first = BigInt(position(start, length));
  const last = BigInt(position(stop, length));
  for (let at = first; step > 0n ? at <= last : at >= last; at += step) places.push(Number(at));
  if (value.kind === 'array') return { kind: 'array', items: places.map((place) => value.items[place]!) };
  const bits = (value as { value: bigint }).value;
  const text = places.map((place) => bitAt(bits, place)).reverse();
  return fixed('bit', places.length, text.length === 0 ? 0n : BigInt(`0b${text.join('')}`));
}

/** The value after `value` was stored at these indices of `current`, which has the given type. */
export function store(type: ClassicalType, current: Value, indices: readonly bigint[], value: Value): Value {
  const [index, ...rest] = indices;
  if (index === undefined) return cast(value, type);
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
