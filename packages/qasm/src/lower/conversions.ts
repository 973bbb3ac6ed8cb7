import type { ClassicalType } from '@qfs/circuit';
import {
  angleFromRadians,
  angleFromUnits,
  angleRadians,
  angleUnits,
  BOOL,
  bitsValue,
  boolValue,
  complexValue,
  floatValue,
  intValue,
  isConstant,
  sameType,
  toBits,
  type Value,
} from './types.ts';

type Kind = ClassicalType['kind'];

/**
 * Which kinds may become which (specification, "Allowed casts"). One entry goes beyond it: an angle becomes a float, its
 * value in radians, so that an angle may meet a float inside a gate parameter.
 */
const CASTS: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
  bool: ['bool', 'int', 'uint', 'float', 'angle', 'bit'],
  int: ['bool', 'int', 'uint', 'float', 'bit'],
  uint: ['bool', 'int', 'uint', 'float', 'bit'],
  float: ['bool', 'int', 'uint', 'float', 'angle'],
  angle: ['float', 'angle', 'bit'],
  bit: ['bool', 'int', 'uint', 'bit', 'angle'],
  complex: ['int', 'uint', 'float', 'complex'],
};

export function canCast(from: ClassicalType, to: ClassicalType): boolean {
  if (!CASTS[to.kind]?.includes(from.kind)) return false;
  // Bits are reinterpreted, so nothing may be cut off or invented.
  const isReinterpreted =
    (from.kind === 'bit' && (to.kind === 'bit' || to.kind === 'angle')) ||
    (from.kind === 'angle' && to.kind === 'bit');
  return !isReinterpreted || ('width' in from && 'width' in to && from.width === to.width);
}

/** The value as another type; constants are folded. Undefined if the language has no such cast. */
export function convert(value: Value, type: ClassicalType): Value | undefined {
  if (sameType(value.type, type)) return { type, ir: value.ir };
  if (!canCast(value.type, type)) return undefined;
  if (!isConstant(value.ir)) return { type, ir: { kind: 'cast', type, operand: value.ir } };
  return foldCast(value, type);
}

function foldCast(value: Value, type: ClassicalType): Value | undefined {
  switch (type.kind) {
    case 'bool':
      return boolValue(truth(value));
    case 'int':
    case 'uint': {
      const integer = toInteger(value);
      return integer === undefined ? undefined : intValue(integer, type);
    }
    case 'float':
      return floatValue(toNumber(value), type);
    case 'angle':
      if (value.ir.kind === 'bits') return angleFromUnits(BigInt(`0b${value.ir.value}`), type.width);
      if (value.type.kind === 'angle') return resizeAngle(value, value.type.width, type.width);
      return Number.isFinite(toNumber(value)) ? angleFromRadians(toNumber(value), type.width) : undefined;
    case 'bit':
      return { ...bitsValue(toBits(toInteger(value) ?? 0n, type.width)), type };
    case 'complex':
      return complexValue(toNumber(value), 0);
    default:
      return undefined;
  }
}

/** Widening appends zeros, narrowing drops the lowest bits, as the specification says. */
function resizeAngle(value: Value, from: number, to: number): Value {
  const units = angleUnits(value.ir);
  return angleFromUnits(to >= from ? units << BigInt(to - from) : units >> BigInt(from - to), to);
}

function truth({ ir, type }: Value): boolean {
  if (ir.kind === 'int') return ir.value !== 0n;
  if (ir.kind === 'float') return ir.value !== 0;
  if (ir.kind === 'bool') return ir.value;
  if (ir.kind === 'bits') return ir.value.includes('1');
  return type.kind === 'angle' && angleUnits(ir) !== 0n;
}

/** The integer behind a constant; undefined for a float that has none. Fractions are cut off towards zero. */
function toInteger({ ir }: Value): bigint | undefined {
  if (ir.kind === 'int') return ir.value;
  if (ir.kind === 'bool') return ir.value ? 1n : 0n;
  if (ir.kind === 'bits') return BigInt(`0b${ir.value}`);
  if (ir.kind === 'float') return Number.isFinite(ir.value) ? BigInt(Math.trunc(ir.value)) : undefined;
  return angleUnits(ir);
}

/** The real number behind a constant; radians for an angle. */
export function toNumber({ ir, type }: Value): number {
  if (ir.kind === 'int') return Number(ir.value);
  if (ir.kind === 'float') return ir.value;
  if (ir.kind === 'bool') return ir.value ? 1 : 0;
  if (ir.kind === 'bits') return Number(BigInt(`0b${ir.value}`));
  return type.kind === 'angle' ? angleRadians(ir, type.width) : Number.NaN;
}

/** The condition that a value stands for. */
export const toCondition = (value: Value): Value | undefined => convert(value, BOOL);
