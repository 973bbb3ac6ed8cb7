import { convert } from './conversions.ts';
import {
  arrayOf,
  bits,
  bitsOf,
  elementType,
  Fault,
  type Type,
  typeOf,
  unsigned,
  type Value,
  whole,
  zero,
} from './values.ts';

/** Where a value is: a variable, a part of another place, or several places seen as one. */
export interface Place {
  readonly type: Type;
  read(): Value;
  /** Converts the value to the place's type. */
  write(value: Value): void;
}

export function variable(type: Type, initial: Value = zero(type)): Place {
  let value = convert(initial, type);
  return {
    type,
    read: () => value,
    write: (next) => {
      value = convert(next, type);
    },
  };
}

/** A value that is nowhere, so that parts of it can be read. */
export const temporary = (value: Value): Place => ({
  type: typeOf(value),
  read: () => value,
  write: () => {
    throw new Fault('this cannot be assigned to');
  },
});

export function lengthOf(type: Type): number {
  if (type.kind === 'array') return type.sizes[0]!;
  if (type.kind === 'bit' || type.kind === 'int' || type.kind === 'uint' || type.kind === 'angle')
    return type.width;
  throw new Fault('this has no elements');
}

/** Index −1 is the last element. */
export function normal(index: bigint, length: number): number {
  const place = index < 0n ? index + BigInt(length) : index;
  if (place < 0n || place >= BigInt(length)) throw new Fault(`index ${index} is out of range`);
  return Number(place);
}

/** One element of an array, or one bit. */
export function elementAt(place: Place, index: number): Place {
  const { type } = place;
  if (type.kind !== 'array') return bitsAt(place, [index]);
  const element = elementType(type);
  const items = (): readonly Value[] => (place.read() as Extract<Value, { kind: 'array' }>).items;
  return {
    type: element,
    read: () => items()[index]!,
    write: (value) => {
      const changed = items().with(index, convert(value, element));
      place.write({ kind: 'array', element, items: changed });
    },
  };
}

/** The bits of a register, integer or angle at these indices, as a register. */
export function bitsAt(place: Place, indices: readonly number[]): Place {
  const type: Type = { kind: 'bit', width: indices.length };
  return {
    type,
    read: () => bits(indices.map((index) => allBits(place.read())[index]!)),
    write: (value) => {
      const given = allBits(convert(value, type));
      const changed = [...allBits(place.read())];
      indices.forEach((index, at) => {
        changed[index] = given[at]!;
      });
      place.write(fromBits(place.type, changed));
    },
  };
}

function allBits(value: Value): readonly boolean[] {
  if (value.kind === 'bit') return value.bits;
  if (value.kind === 'int' || value.kind === 'uint' || value.kind === 'angle')
    return bitsOf(value.value, value.width);
  throw new Fault('this has no bits');
}

function fromBits(type: Type, list: readonly boolean[]): Value {
  if (type.kind === 'bit') return bits(list);
  if (type.kind === 'int' || type.kind === 'uint' || type.kind === 'angle')
    return whole(type.kind, type.width, unsigned(list));
  throw new Fault('this has no bits');
}

/** Places one after another: registers of bits as one register, arrays as one array. */
export function concatenation(parts: readonly Place[]): Place {
  return parts[0]!.type.kind === 'array' ? listed(parts.flatMap(elementsOf)) : register(parts);
}

const elementsOf = (place: Place): readonly Place[] =>
  Array.from({ length: lengthOf(place.type) }, (_, index) => elementAt(place, index));

function register(parts: readonly Place[]): Place {
  const all = parts.flatMap(elementsOf);
  return {
    type: { kind: 'bit', width: all.length },
    read: () => bits(all.map((place) => allBits(place.read())[0]!)),
    write: (value) => {
      const given = allBits(convert(value, { kind: 'bit', width: all.length }));
      all.forEach((place, at) => {
        place.write(bits([given[at]!]));
      });
    },
  };
}

/** Places as the elements of an array. All are read before any is written. */
export function listed(places: readonly Place[]): Place {
  const element = places[0]!.type;
  const type = arrayOf(element, places.length);
  return {
    type,
    read: () => ({ kind: 'array', element, items: places.map((place) => place.read()) }),
    write: (value) => {
      const { items } = convert(value, type) as Extract<Value, { kind: 'array' }>;
      places.forEach((place, at) => {
        place.write(items[at]!);
      });
    },
  };
}
