import { type ClassicalType, type Expression, OPEN_LENGTH } from '@qfs/circuit';
import {
  bool,
  type Value as Constant,
  cast,
  complex,
  FEMTOSECONDS_PER_SECOND,
  fixed,
  float,
} from '@qfs/circuit/classical';
import { AssertionError } from '@qfs/core';

/** A classical value of the program: its type, and the IR expression that computes it. */
export interface Value {
  readonly type: ClassicalType;
  readonly ir: Expression;
}

/** Widths of types without a designator; the specification leaves them to the platform. */
export const WIDTH_DEFAULT = 64;

export const BOOL: ClassicalType = { kind: 'bool' };
export const FLOAT: ClassicalType = { kind: 'float', width: 64 };
export const INT: ClassicalType = { kind: 'int', width: WIDTH_DEFAULT };
export const COMPLEX: ClassicalType = { kind: 'complex', width: 64 };
export const UINT: ClassicalType = { kind: 'uint', width: WIDTH_DEFAULT };
export const DURATION: ClassicalType = { kind: 'duration' };
export const bitType = (width: number): ClassicalType => ({ kind: 'bit', width });

/** The length of an array behind a reference fits every length here: it is checked at run time. */
const fitsLength = (a: number, b: number): boolean => a === b || a === OPEN_LENGTH || b === OPEN_LENGTH;

export function sameType(a: ClassicalType, b: ClassicalType): boolean {
  if (a.kind === 'array' || b.kind === 'array') {
    return (
      a.kind === 'array' &&
      b.kind === 'array' &&
      sameType(a.element, b.element) &&
      a.dimensions.length === b.dimensions.length &&
      a.dimensions.every((size, at) => fitsLength(size, b.dimensions[at]!))
    );
  }
  const widthOf = (type: ClassicalType): number => ('width' in type ? type.width : 0);
  return a.kind === b.kind && widthOf(a) === widthOf(b);
}

export const isInteger = (type: ClassicalType): boolean => type.kind === 'int' || type.kind === 'uint';

/** How many elements an array has, or bits a register, integer or angle; `OPEN_LENGTH` if only the run knows. */
export function lengthOf(type: ClassicalType): number | undefined {
  if (type.kind === 'array') return type.dimensions[0];
  return 'width' in type && type.kind !== 'float' && type.kind !== 'complex' ? type.width : undefined;
}

/** What one of these elements is. */
export function elementOf(type: ClassicalType): ClassicalType | undefined {
  if (type.kind !== 'array') return lengthOf(type) === undefined ? undefined : bitType(1);
  const dimensions = type.dimensions.slice(1);
  return dimensions.length === 0 ? type.element : { ...type, dimensions };
}

/** The type as OpenQASM writes it. */
export function typeText(type: ClassicalType): string {
  switch (type.kind) {
    case 'bit':
      return type.width === 1 ? 'bit' : `bit[${type.width}]`;
    case 'int':
    case 'uint':
    case 'angle':
    case 'float':
      return `${type.kind}[${type.width}]`;
    case 'complex':
      return `complex[float[${type.width}]]`;
    case 'array':
      return `array[${typeText(type.element)}, ${dimensionsText(type.dimensions)}]`;
    default:
      return type.kind;
  }
}

const dimensionsText = (dimensions: readonly number[]): string =>
  dimensions.every((size) => size === OPEN_LENGTH)
    ? `#dim = ${dimensions.length}`
    : dimensions.map((size) => (size === OPEN_LENGTH ? '…' : size)).join(', ');

/**
 * Literals are constants; an angle constant is the cast of its bits, which the language itself defines, and
 * a duration that of its seconds.
 */
export function isConstant(ir: Expression): boolean {
  switch (ir.kind) {
    case 'int':
    case 'float':
    case 'bool':
    case 'bits':
    case 'complex':
      return true;
    case 'cast':
      return (
        (ir.type.kind === 'angle' && ir.operand.kind === 'bits') ||
        (ir.type.kind === 'duration' && ir.operand.kind === 'float')
      );
    default:
      return false;
  }
}

export const intValue = (value: bigint, type: ClassicalType): Value => ({
  type,
  ir: { kind: 'int', value: wrapInteger(value, type), type },
});

export const floatValue = (value: number, type: ClassicalType = FLOAT): Value => ({
  type,
  ir: { kind: 'float', value: type.kind === 'float' && type.width === 32 ? Math.fround(value) : value },
});

export const boolValue = (value: boolean): Value => ({ type: BOOL, ir: { kind: 'bool', value } });
export const bitsValue = (value: string): Value => ({
  type: bitType(value.length),
  ir: { kind: 'bits', value },
});

/** An integer literal: `int[64]` if it fits, else the next width that does. */
export function literalInteger(value: bigint): Value {
  if (BigInt.asIntN(WIDTH_DEFAULT, value) === value)
    return { type: INT, ir: { kind: 'int', value, type: INT } };
  return intValue(value, { kind: 'int', width: value.toString(2).length + 1 });
}

function wrapInteger(value: bigint, type: ClassicalType): bigint {
  if (type.kind === 'int') return BigInt.asIntN(type.width, value);
  if (type.kind === 'uint') return BigInt.asUintN(type.width, value);
  return value;
}

export const toBits = (value: bigint, width: number): string =>
  BigInt.asUintN(width, value).toString(2).padStart(width, '0');

const angleValue = (units: bigint, width: number): Value => {
  const type: ClassicalType = { kind: 'angle', width };
  return { type, ir: { kind: 'cast', type, operand: { kind: 'bits', value: toBits(units, width) } } };
};

/** What a constant is worth. */
export function constantOf({ ir, type }: Value): Constant {
  switch (ir.kind) {
    case 'int':
      return fixed(
        type.kind === 'uint' ? 'uint' : 'int',
        'width' in type ? type.width : WIDTH_DEFAULT,
        ir.value,
      );
    case 'float':
      return float(ir.value, type.kind === 'float' ? type.width : 64);
    case 'bool':
      return bool(ir.value);
    case 'bits':
      return fixed('bit', ir.value.length, BigInt(`0b${ir.value}`));
    case 'complex':
      return complex(ir.re, ir.im, type.kind === 'complex' ? type.width : 64);
    case 'cast':
      if (ir.operand.kind === 'bits' && type.kind === 'angle')
        return fixed('angle', type.width, BigInt(`0b${ir.operand.value}`));
      if (ir.operand.kind === 'float') return cast(float(ir.operand.value), ir.type);
  }
  throw new AssertionError('only literals and angles of bits are constants');
}

/** The literal of what was computed; undefined where there is none: for infinite numbers and arrays. */
export function literalOf(constant: Constant): Value | undefined {
  switch (constant.kind) {
    case 'int':
    case 'uint':
      return intValue(constant.value, { kind: constant.kind, width: constant.width });
    case 'bit':
      return bitsValue(toBits(constant.value, constant.width));
    case 'angle':
      return angleValue(constant.value, constant.width);
    case 'bool':
      return boolValue(constant.value);
    case 'float':
      return Number.isFinite(constant.value)
        ? floatValue(constant.value, { kind: 'float', width: constant.width })
        : undefined;
    case 'complex': {
      const { re, im, width } = constant;
      const isNumber = Number.isFinite(re) && Number.isFinite(im);
      return isNumber ? { type: { kind: 'complex', width }, ir: { kind: 'complex', re, im } } : undefined;
    }
    case 'duration':
      return secondsValue(constant.value / FEMTOSECONDS_PER_SECOND);
    default:
      return undefined;
  }
}

/** The duration of so many seconds. */
export const secondsValue = (seconds: number): Value => ({
  type: DURATION,
  ir: { kind: 'cast', type: DURATION, operand: { kind: 'float', value: seconds } },
});
