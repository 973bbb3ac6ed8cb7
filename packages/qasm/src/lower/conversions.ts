import type { ClassicalType } from '@qfs/circuit';
import { cast, toNumber as realOf } from '@qfs/circuit/classical';
import { folded } from './folding.ts';
import { BOOL, constantOf, FLOAT, isConstant, sameType, type Value } from './types.ts';

type Kind = ClassicalType['kind'];

/**
 * Which kinds may become which (specification, "Allowed casts"). One entry goes beyond its table, as its
 * examples do: an angle becomes a float, its value in radians, so that the two may meet in a gate parameter.
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
  return CASTS[to.kind]?.includes(from.kind) === true && keepsBits(from, to);
}

/**
 * Bits are reinterpreted, so a cast neither cuts any off nor invents some: the widths are equal. A register
 * may become a wider integer, which is as unambiguous; `int(c)` needs it, as `int` has a width of the machine.
 */
function keepsBits(from: ClassicalType, to: ClassicalType): boolean {
  const width = (type: ClassicalType): number => ('width' in type ? type.width : 1);
  if (from.kind === 'bit' && (to.kind === 'int' || to.kind === 'uint')) return width(from) <= width(to);
  const isReinterpreted = to.kind === 'bit' || (from.kind === 'bit' && to.kind === 'angle');
  return !isReinterpreted || width(from) === width(to);
}

/** The value as another type; constants are folded. Undefined if the language has no such cast. */
export function convert(value: Value, type: ClassicalType): Value | undefined {
  if (sameType(value.type, type)) return { type, ir: value.ir };
  const { ir } = value;
  if (ir.kind === 'int' && type.kind === 'angle')
    return foldCast({ type: FLOAT, ir: { kind: 'float', value: Number(ir.value) } }, type);
  const isNumberOfBits = ir.kind === 'int' && type.kind === 'bit' && ir.value >> BigInt(type.width) === 0n;
  if (!isNumberOfBits && !canCast(value.type, type)) return undefined;
  return isConstant(ir) ? foldCast(value, type) : { type, ir: { kind: 'cast', type, operand: ir } };
}

function foldCast(value: Value, type: ClassicalType): Value | undefined {
  const outcome = folded(() => cast(constantOf(value), type));
  return 'problem' in outcome ? undefined : outcome;
}

/** The real number behind a constant; radians for an angle. */
export const toNumber = (value: Value): number =>
  value.type.kind === 'complex' ? Number.NaN : realOf(constantOf(value));

/** The condition that a value stands for. */
export const toCondition = (value: Value): Value | undefined => convert(value, BOOL);
