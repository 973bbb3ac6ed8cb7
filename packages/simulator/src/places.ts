import { type ClassicalType, OPEN_LENGTH } from '@qfs/circuit';
import {
  elementOf,
  elementsOf,
  fault,
  joined,
  type Picked,
  position,
  store,
  type Value,
} from '@qfs/circuit/classical';

/** Storage of one variable; references to it share the cell. */
export interface Cell {
  value: Value;
}

/** Where something is stored: in one part of a variable, or in several parts, in order. */
export type Place =
  | {
      readonly kind: 'part';
      readonly cell: Cell;
      readonly type: ClassicalType;
      readonly path: readonly bigint[];
    }
  | { readonly kind: 'parts'; readonly parts: readonly Place[]; readonly isBits: boolean };

/** The part of a place that selectors pick, one per dimension from the outermost. */
export function partOf(place: Place, selectors: readonly Picked[]): Place {
  const [first, ...rest] = selectors;
  if (first === undefined) return place;
  if (first.kind === 'index') return partOf(elementAt(place, first.index), rest);
  const { places, isBits } = elementsOf(valueAt(place), first);
  return {
    kind: 'parts',
    isBits,
    parts: places.map((at) => partOf(elementAt(place, BigInt(at)), rest)),
  };
}

const elementAt = (place: Place, index: bigint): Place =>
  place.kind === 'part'
    ? { ...place, path: [...place.path, index] }
    : place.parts[position(index, place.parts.length)]!;

export function valueAt(place: Place): Value {
  return place.kind === 'part'
    ? place.path.reduce(elementOf, place.cell.value)
    : joined(place.parts.map(valueAt), place.isBits);
}

/** Stores a value: into parts its elements, of which there must be as many. */
export function write(place: Place, value: Value): void {
  if (place.kind === 'part') {
    place.cell.value = store(place.type, place.cell.value, place.path, value);
    return;
  }
  const length = value.kind === 'array' ? value.items.length : 'width' in value ? value.width : 1;
  if (length !== place.parts.length)
    throw fault(`${length} elements cannot be assigned to ${place.parts.length}.`);
  place.parts.forEach((part, at) => {
    write(part, elementOf(value, BigInt(at)));
  });
}

/** Refuses a value that is no array of the lengths that the type names. */
export function requireShape(value: Value, type: ClassicalType): void {
  if (type.kind !== 'array') return;
  let part: Value | undefined = value;
  for (const length of type.dimensions) {
    if (part?.kind !== 'array') return;
    if (length !== OPEN_LENGTH && part.items.length !== length)
      throw fault(`An array of ${part.items.length} elements is given where one of ${length} is needed.`);
    part = part.items[0];
  }
}

/** Elements of all dimensions of an array; none for anything else. */
export function elementCount(value: Value): number {
  if (value.kind !== 'array') return 0;
  const [first] = value.items;
  if (first?.kind !== 'array') return value.items.length;
  return value.items.length * elementCount(first);
}

export const elementsOfType = (type: ClassicalType): number =>
  type.kind === 'array' ? type.dimensions.reduce((product, size) => product * size, 1) : 0;
