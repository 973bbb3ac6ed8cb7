/**
 * Classical values as the OpenQASM 3 specification describes them ("Types and Casting"), written for clarity: every
 * value carries its type, integers are BigInts wrapped to their width, bit registers are lists of booleans.
 */
export type WidthKind = 'int' | 'uint' | 'angle';

export type Type =
  | { readonly kind: 'bool' }
  | { readonly kind: 'bit'; readonly width: number }
  | { readonly kind: WidthKind; readonly width: number }
  | { readonly kind: 'float' | 'complex'; readonly width: 32 | 64 }
  | ArrayType;

export interface ArrayType {
  readonly kind: 'array';
  readonly element: Type;
  readonly sizes: readonly number[];
}

export type Value =
  | { readonly kind: 'bool'; readonly value: boolean }
  /** Bit 0, the least significant one, comes first. */
  | { readonly kind: 'bit'; readonly bits: readonly boolean[] }
  /** An angle counts units of 2π/2^width. */
  | { readonly kind: WidthKind; readonly width: number; readonly value: bigint }
  | { readonly kind: 'float'; readonly width: 32 | 64; readonly value: number }
  | { readonly kind: 'complex'; readonly width: 32 | 64; readonly re: number; readonly im: number }
  | { readonly kind: 'array'; readonly element: Type; readonly items: readonly Value[] };

export type Whole = Extract<Value, { kind: WidthKind }>;

/** The program cannot go on with the values it has met. */
export class Fault extends Error {}

/** Sizes of types without one, which the specification leaves to the platform. */
const WIDTH_OF_PLATFORM = 64;
export const INT: Type = { kind: 'int', width: WIDTH_OF_PLATFORM };
export const FLOAT: Type = { kind: 'float', width: 64 };
const BOOL: Type = { kind: 'bool' };

export const boolean = (value: boolean): Value => ({ kind: 'bool', value });
export const bits = (list: readonly boolean[]): Value => ({ kind: 'bit', bits: list });

/** The value of this width whose lowest bits are those of `value`. */
export const whole = (kind: WidthKind, width: number, value: bigint): Whole => ({
  kind,
  width,
  value: kind === 'int' ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value),
});

const rounded = (value: number, width: 32 | 64): number => (width === 32 ? Math.fround(value) : value);

export const float = (value: number, width: 32 | 64 = 64): Value => ({
  kind: 'float',
  width,
  value: rounded(value, width),
});

export const complex = (re: number, im: number, width: 32 | 64 = 64): Value => ({
  kind: 'complex',
  width,
  re: rounded(re, width),
  im: rounded(im, width),
});

export const bitsOf = (value: bigint, width: number): readonly boolean[] =>
  Array.from({ length: width }, (_, place) => ((value >> BigInt(place)) & 1n) === 1n);

export const unsigned = (list: readonly boolean[]): bigint =>
  list.reduce((sum, bit, place) => (bit ? sum + 2n ** BigInt(place) : sum), 0n);

export function typeOf(value: Value): Type {
  switch (value.kind) {
    case 'bool':
      return BOOL;
    case 'bit':
      return { kind: 'bit', width: value.bits.length };
    case 'array':
      return arrayOf(value.element, value.items.length);
    case 'float':
    case 'complex':
      return { kind: value.kind, width: value.width };
    default:
      return { kind: value.kind, width: value.width };
  }
}

/** An array of so many elements, which may be arrays themselves. */
export const arrayOf = (element: Type, size: number): ArrayType =>
  element.kind === 'array'
    ? { kind: 'array', element: element.element, sizes: [size, ...element.sizes] }
    : { kind: 'array', element, sizes: [size] };

/** What one of an array's elements is. */
export const elementType = ({ element, sizes }: ArrayType): Type =>
  sizes.length === 1 ? element : { kind: 'array', element, sizes: sizes.slice(1) };

/** What a variable holds before anything was assigned to it; the platform defines it as zero. */
export function zero(type: Type): Value {
  switch (type.kind) {
    case 'bool':
      return boolean(false);
    case 'bit':
      return bits(bitsOf(0n, type.width));
    case 'float':
      return float(0, type.width);
    case 'complex':
      return complex(0, 0, type.width);
    case 'array': {
      const element = elementType(type);
      return {
        kind: 'array',
        element,
        items: Array.from({ length: type.sizes[0] ?? 0 }, () => zero(element)),
      };
    }
    default:
      return whole(type.kind, type.width, 0n);
  }
}

export const radians = (angle: Whole): number =>
  (Number(angle.value) / Number(2n ** BigInt(angle.width))) * (2 * Math.PI);

/** The value as results show it. */
export function textOf(value: Value): string {
  switch (value.kind) {
    case 'bit':
      return [...value.bits]
        .reverse()
        .map((bit) => (bit ? '1' : '0'))
        .join('');
    case 'angle':
      return String(radians(value));
    case 'complex':
      return `${value.re}${value.im < 0 ? '' : '+'}${value.im}im`;
    case 'array':
      return `{${value.items.map(textOf).join(', ')}}`;
    default:
      return String(value.value);
  }
}
