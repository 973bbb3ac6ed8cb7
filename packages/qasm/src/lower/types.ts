import type { ClassicalType, Expression } from '@qfs/circuit';

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
export const bitType = (width: number): ClassicalType => ({ kind: 'bit', width });

export function sameType(a: ClassicalType, b: ClassicalType): boolean {
  if (a.kind === 'array' || b.kind === 'array') {
    return (
      a.kind === 'array' &&
      b.kind === 'array' &&
      sameType(a.element, b.element) &&
      a.dimensions.length === b.dimensions.length &&
      a.dimensions.every((size, at) => size === b.dimensions[at])
    );
  }
  const widthOf = (type: ClassicalType): number => ('width' in type ? type.width : 0);
  return a.kind === b.kind && widthOf(a) === widthOf(b);
}

export const isInteger = (type: ClassicalType): boolean => type.kind === 'int' || type.kind === 'uint';

/** How many elements an array has, or bits a register, integer or angle. */
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
      return `array[${typeText(type.element)}, ${type.dimensions.join(', ')}]`;
    default:
      return type.kind;
  }
}

/** Literals are constants; an angle constant is the cast of its bits, which the language itself defines. */
export function isConstant(ir: Expression): boolean {
  switch (ir.kind) {
    case 'int':
    case 'float':
    case 'bool':
    case 'bits':
    case 'complex':
      return true;
    case 'cast':
      return ir.type.kind === 'angle' && ir.operand.kind === 'bits';
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

/** Without negative zeros, which no literal can write. */
export const complexValue = (re: number, im: number): Value => ({
  type: COMPLEX,
  ir: { kind: 'complex', re: re + 0, im: im + 0 },
});

export const boolValue = (value: boolean): Value => ({ type: BOOL, ir: { kind: 'bool', value } });
export const bitsValue = (value: string): Value => ({
  type: bitType(value.length),
  ir: { kind: 'bits', value },
});

/** An integer literal: `int[64]` if it fits, else the next width that does. */
export function literalInteger(value: bigint): Value {
  const bits = value.toString(2).length + 1;
  return intValue(value, bits <= WIDTH_DEFAULT ? INT : { kind: 'int', width: bits });
}

function wrapInteger(value: bigint, type: ClassicalType): bigint {
  if (type.kind === 'int') return BigInt.asIntN(type.width, value);
  if (type.kind === 'uint') return BigInt.asUintN(type.width, value);
  return value;
}

export const toBits = (value: bigint, width: number): string =>
  BigInt.asUintN(width, value).toString(2).padStart(width, '0');

/** The angle constant whose radian value is nearest to `radians`: a multiple of 2π / 2^width. */
export function angleFromRadians(radians: number, width: number): Value {
  const turns = radians / (2 * Math.PI);
  const fraction = turns - Math.floor(turns);
  return angleFromUnits(BigInt(Math.round(fraction * powerOfTwo(width))), width);
}

export const angleFromUnits = (units: bigint, width: number): Value => {
  const type: ClassicalType = { kind: 'angle', width };
  return { type, ir: { kind: 'cast', type, operand: { kind: 'bits', value: toBits(units, width) } } };
};

export function angleUnits(ir: Expression): bigint {
  return ir.kind === 'cast' && ir.operand.kind === 'bits' ? BigInt(`0b${ir.operand.value}`) : 0n;
}

export const angleRadians = (ir: Expression, width: number): number =>
  (Number(angleUnits(ir)) / powerOfTwo(width)) * (2 * Math.PI);

/** Angles wider than a double's exponent range are refused where types are read. */
export const ANGLE_WIDTH_MAX = 1000;

const powerOfTwo = (exponent: number): number => Number(1n << BigInt(exponent));
