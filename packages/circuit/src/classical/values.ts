import { TAU } from '@qfs/core/math';
import { OPEN_LENGTH } from '../constants.ts';
import type { ClassicalType } from '../ir.ts';
import { fault } from './fault.ts';

/**
 * A classical value while a shot runs. Bits, integers and angles are unsigned or two's-complement numbers of
 * a fixed width (OpenQASM 3, "Types and Casting"); an angle counts units of 2π/2^width.
 */
export type Value =
  | { readonly kind: 'bit' | 'uint' | 'int' | 'angle'; readonly width: number; readonly value: bigint }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'float'; readonly width: 32 | 64; readonly value: number }
  | { readonly kind: 'complex'; readonly width: 32 | 64; readonly re: number; readonly im: number }
  /** A whole number of femtoseconds. */
  | { readonly kind: 'duration'; readonly value: number }
  /** Elements are assigned in place; a whole array is copied when it is assigned. */
  | { readonly kind: 'array'; readonly items: Value[] };

export type WidthKind = 'bit' | 'uint' | 'int' | 'angle';

/** The value of this kind whose low `width` bits are those of `value`. */
export function fixed(kind: WidthKind, width: number, value: bigint): Value {
  return { kind, width, value: kind === 'int' ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value) };
}

export const bool = (value: boolean): Value => ({ kind: 'bool', value });
export const float = (value: number, width: 32 | 64 = 64): Value => ({
  kind: 'float',
  width,
  value: width === 32 ? Math.fround(value) : value,
});
/** Without negative zeros, which no literal can write: what is computed early is as the rest. */
export const complex = (re: number, im: number, width: 32 | 64 = 64): Value =>
  width === 32
    ? { kind: 'complex', width, re: Math.fround(re) + 0, im: Math.fround(im) + 0 }
    : { kind: 'complex', width, re: re + 0, im: im + 0 };

export const FEMTOSECONDS_PER_SECOND = 1e15;

/** The nearest duration that is a whole number of femtoseconds. */
export function duration(femtoseconds: number): Value {
  if (!Number.isFinite(femtoseconds)) throw fault(`A duration cannot be ${femtoseconds} s.`);
  return { kind: 'duration', value: Math.round(femtoseconds) + 0 };
}

/** What a variable holds before anything is assigned to it: all bits zero. */
export function zeroOf(type: ClassicalType): Value {
  switch (type.kind) {
    case 'bit':
    case 'int':
    case 'uint':
    case 'angle':
      return { kind: type.kind, width: type.width, value: 0n };
    case 'bool':
      return bool(false);
    case 'float':
      return float(0, type.width);
    case 'complex':
      return complex(0, 0, type.width);
    case 'duration':
    case 'stretch':
      return { kind: 'duration', value: 0 };
    case 'array': {
      const [length = 0, ...rest] = type.dimensions;
      const element = rest.length === 0 ? type.element : { ...type, dimensions: rest };
      return { kind: 'array', items: Array.from({ length }, () => zeroOf(element)) };
    }
  }
}

/** The value as a number: angles in radians in [0, 2π). */
export function toNumber(value: Value): number {
  switch (value.kind) {
    case 'bit':
    case 'uint':
    case 'int':
      return Number(value.value);
    case 'angle':
      return angleToRadians(value.value, value.width);
    case 'bool':
      return value.value ? 1 : 0;
    case 'float':
    case 'duration':
      return value.value;
    default:
      throw fault(`${describe(value)} cannot be used as a number.`);
  }
}

/** Bits of an angle beyond these are below the precision of every double, and 2 to their power is one. */
const ANGLE_BITS_KEPT = 1000;

function angleToRadians(units: bigint, width: number): number {
  const kept = Math.min(width, ANGLE_BITS_KEPT);
  // Number() rounds to 53 bits and the division is by a power of two: two roundings with the product.
  return (Number(units >> BigInt(width - kept)) / 2 ** kept) * TAU;
}

/** The nearest angle of this width, modulo 2π; of two equally near ones the one whose lowest bit is 0. */
function radiansToAngle(radians: number, width: number): Value {
  if (!Number.isFinite(radians)) throw fault(`${radians} is not an angle.`);
  const turns = radians / TAU;
  // A product with a power of two is exact, as long as it is no larger than floats can be.
  const kept = Math.min(width, ANGLE_BITS_KEPT);
  const units = (turns - Math.floor(turns)) * 2 ** kept;
  const lower = Math.floor(units);
  const rest = units - lower;
  const isUp = rest > 0.5 || (rest === 0.5 && lower % 2 === 1);
  return fixed('angle', width, (BigInt(lower) + (isUp ? 1n : 0n)) << BigInt(width - kept));
}

/** The value as a truth value: everything that is not zero is true. */
export function toBoolean(value: Value): boolean {
  switch (value.kind) {
    case 'bool':
      return value.value;
    case 'bit':
    case 'uint':
    case 'int':
    case 'angle':
      return value.value !== 0n;
    case 'float':
    case 'duration':
      return value.value !== 0;
    default:
      throw fault(`${describe(value)} cannot be used as a condition.`);
  }
}

/** The value as an integer; floats are truncated towards zero. */
export function toInteger(value: Value): bigint {
  switch (value.kind) {
    case 'bit':
    case 'uint':
    case 'int':
      return value.value;
    case 'bool':
      return value.value ? 1n : 0n;
    case 'float':
      if (!Number.isFinite(value.value)) throw fault(`${value.value} cannot be cast to an integer.`);
      return BigInt(Math.trunc(value.value));
    default:
      throw fault(`${describe(value)} cannot be used as an integer.`);
  }
}

/** Casts by the table of the OpenQASM 3 specification, "Casting specifics". */
export function cast(value: Value, type: ClassicalType): Value {
  switch (type.kind) {
    case 'bit':
      return castToBits(value, type.width);
    case 'int':
    case 'uint':
      return fixed(type.kind, type.width, toInteger(value));
    case 'bool':
      return bool(toBoolean(value));
    case 'float':
      return float(toNumber(value), type.width);
    case 'complex':
      return value.kind === 'complex'
        ? complex(value.re, value.im, type.width)
        : complex(toNumber(value), 0, type.width);
    case 'angle':
      return castToAngle(value, type.width);
    case 'duration':
    case 'stretch':
      return value.kind === 'duration' ? value : duration(toNumber(value) * FEMTOSECONDS_PER_SECOND);
    case 'array':
      return castArray(value, type);
  }
}

function castToBits(value: Value, width: number): Value {
  if (value.kind === 'angle') return { kind: 'bit', width, value: resize(value.value, value.width, width) };
  return fixed('bit', width, toInteger(value));
}

function castToAngle(value: Value, width: number): Value {
  switch (value.kind) {
    case 'angle':
      return { kind: 'angle', width, value: resize(value.value, value.width, width) };
    case 'bit':
      return fixed('angle', width, value.value);
    default:
      return radiansToAngle(toNumber(value), width);
  }
}

/** Angles are fractions of a turn: width changes keep the high bits. */
function resize(units: bigint, from: number, to: number): bigint {
  return to >= from ? units << BigInt(to - from) : units >> BigInt(from - to);
}

function castArray(value: Value, type: Extract<ClassicalType, { kind: 'array' }>): Value {
  const [length = OPEN_LENGTH, ...rest] = type.dimensions;
  if (value.kind !== 'array' || (length !== OPEN_LENGTH && value.items.length !== length)) {
    throw fault(`${describe(value)} cannot be used as an array of ${length} elements.`);
  }
  const element = rest.length === 0 ? type.element : { ...type, dimensions: rest };
  return { kind: 'array', items: value.items.map((item) => cast(item, element)) };
}

/** How messages name a value. */
export function describe(value: Value): string {
  switch (value.kind) {
    case 'array':
      return `An array of ${value.items.length} elements`;
    case 'complex':
      return `The complex number ${value.re} + ${value.im}im`;
    case 'duration':
      return `The duration ${value.value / FEMTOSECONDS_PER_SECOND} s`;
    case 'bool':
    case 'float':
      return `The ${value.kind} ${value.value}`;
    default:
      return `The ${value.kind}[${value.width}] ${value.value}`;
  }
}
