import type { BinaryOperator, ClassicalType, UnaryOperator } from '@qfs/circuit';
import { type Expression, OPEN_LENGTH } from '@qfs/circuit';
import { binary, unary } from '@qfs/circuit/classical';
import { ARRAY_ELEMENTS_MAX, CLASSICAL_BITS_MAX, INTEGER_WIDTH_MAX } from '@qfs/core';
import { convert, toNumber } from './conversions.ts';
import { folded, noValue, type Outcome, problem } from './folding.ts';
import { hasCall } from './subroutines.ts';
import {
  BOOL,
  bitsValue,
  bitType,
  boolValue,
  constantOf,
  DURATION,
  FLOAT,
  isConstant,
  isInteger,
  sameType,
  toBits,
  type Value,
} from './types.ts';

const isLogical = (operator: BinaryOperator): boolean => operator === '&&' || operator === '||';
const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const BITWISE: ReadonlySet<BinaryOperator> = new Set(['&', '|', '^']);
const SHIFTS: ReadonlySet<BinaryOperator> = new Set(['<<', '>>']);

export function applyUnary(operator: UnaryOperator, operand: Value): Outcome {
  if (operator === '!') {
    const condition = convert(operand, BOOL);
    return condition === undefined ? problem('`!` needs a truth value') : unaryValue(operator, condition);
  }
  const { kind } = operand.type;
  const isAllowed =
    operator === '~'
      ? kind === 'bit' || kind === 'uint' || kind === 'int' || kind === 'angle'
      : isInteger(operand.type) || SIGNED.has(kind);
  return isAllowed ? unaryValue(operator, operand) : problem(`\`${operator}\` does not apply to this type`);
}

/** Besides integers. */
const SIGNED: ReadonlySet<ClassicalType['kind']> = new Set(['float', 'angle', 'complex', 'duration']);

function unaryValue(operator: UnaryOperator, operand: Value): Outcome {
  if (isConstant(operand.ir)) return folded(() => unary(operator, constantOf(operand)));
  return { type: operand.type, ir: { kind: 'unary', operator, operand: operand.ir } };
}

/** The common type of two numbers: floats win, then width, then `uint` (as in C). */
export function commonType(a: ClassicalType, b: ClassicalType): ClassicalType | undefined {
  const ranks = ['bool', 'bit', 'int', 'uint', 'float'];
  if (!ranks.includes(a.kind) || !ranks.includes(b.kind)) return a.kind === b.kind ? wider(a, b) : undefined;
  if (a.kind === 'float' || b.kind === 'float') {
    // A register of bits is no number.
    if (a.kind === 'bit' || b.kind === 'bit') return undefined;
    if (a.kind === b.kind) return wider(a, b);
    return a.kind === 'float' ? a : b;
  }
  const width = (type: ClassicalType): number => ('width' in type ? type.width : 1);
  const widest = Math.max(width(a), width(b));
  const isSigned = (type: ClassicalType): boolean => type.kind === 'int' && width(type) === widest;
  const isUnsigned = (type: ClassicalType): boolean => type.kind !== 'int' && width(type) === widest;
  if (isSigned(a) || isSigned(b))
    return { kind: isUnsigned(a) || isUnsigned(b) ? 'uint' : 'int', width: widest };
  return { kind: 'uint', width: widest };
}

const wider = (a: ClassicalType, b: ClassicalType): ClassicalType =>
  'width' in a && 'width' in b && b.width > a.width ? b : a;

export function applyBinary(operator: BinaryOperator, left: Value, right: Value): Outcome {
  if (operator === '++') return applyConcatenation(left, right);
  if (isLogical(operator)) return applyLogical(operator, left, right);
  if (SHIFTS.has(operator)) return applyShift(operator, left, right);
  if (BITWISE.has(operator)) return applyBitwise(operator, left, right);
  if (left.type.kind === 'complex' || right.type.kind === 'complex')
    return applyComplex(operator, left, right);
  if (left.type.kind === 'duration' || right.type.kind === 'duration')
    return applyDuration(operator, left, right);
  if (left.type.kind === 'angle' || right.type.kind === 'angle') return applyAngle(operator, left, right);
  if (COMPARISONS.has(operator)) {
    const asBits = compareBits(operator, left, right);
    if (asBits !== undefined) return asBits;
  }
  const type = commonType(left.type, right.type);
  if (type === undefined) return problem(`\`${operator}\` does not apply to these types`);
  if (operator === '%' && type.kind === 'float') return problem('`%` needs integers');
  const a = convert(left, type);
  const b = convert(right, type);
  if (a === undefined || b === undefined) return problem(`\`${operator}\` does not apply to these types`);
  return combine(operator, a, b, COMPARISONS.has(operator) ? BOOL : type);
}

/** Operands that fit: folded if both are constants. */
function combine(operator: BinaryOperator, left: Value, right: Value, type: ClassicalType): Outcome {
  if (isConstant(left.ir) && isConstant(right.ir)) {
    if ((operator === '/' || operator === '%') && toNumber(right) === 0) return noValue('division by zero');
    return folded(() => binary(operator, constantOf(left), constantOf(right)));
  }
  const width = isInteger(left.type) && 'width' in left.type ? left.type.width : 0;
  if (width > INTEGER_WIDTH_MAX)
    return problem(
      `\`${operator}\` needs an integer of ${width} bits, and ${INTEGER_WIDTH_MAX} are the most`,
    );
  return { type, ir: { kind: 'binary', operator, left: operandOf(left), right: operandOf(right) } };
}

/** Literals of floats have 64 bits, so a narrower one says so where its width decides the arithmetic. */
function operandOf({ type, ir }: Value): Expression {
  const isNarrow = (type.kind === 'float' || type.kind === 'complex') && type.width === 32;
  return isNarrow && isConstant(ir) ? { kind: 'cast', type, operand: ir } : ir;
}

/** Complex numbers are compared for equality only. */
function applyComplex(operator: BinaryOperator, left: Value, right: Value): Outcome {
  const isEquality = operator === '==' || operator === '!=';
  const type = complexType(left.type, right.type);
  const a = convert(left, type);
  const b = convert(right, type);
  if (!(isEquality || COMPLEX_ARITHMETIC.has(operator)) || a === undefined || b === undefined)
    return problem(`\`${operator}\` does not apply to these types`);
  return combine(operator, a, b, isEquality ? BOOL : type);
}

const COMPLEX_ARITHMETIC: ReadonlySet<BinaryOperator> = new Set(['+', '-', '*', '/', '**']);

/** The parts are as wide as the widest part or float among the operands; integers have no say. */
function complexType(a: ClassicalType, b: ClassicalType): ClassicalType {
  const isWide = (type: ClassicalType): boolean =>
    (type.kind === 'complex' || type.kind === 'float') && type.width === 64;
  return { kind: 'complex', width: isWide(a) || isWide(b) ? 64 : 32 };
}

/** Bits of two registers, those of the left one first; or copies of the elements of two arrays. */
function applyConcatenation(left: Value, right: Value): Outcome {
  const [a, b] = [left.type, right.type];
  if (a.kind === 'bit' && b.kind === 'bit') {
    const width = a.width + b.width;
    if (width > CLASSICAL_BITS_MAX) return noValue(`a register has at most ${CLASSICAL_BITS_MAX} bits`);
    return combine('++', left, right, bitType(width));
  }
  if (a.kind !== 'array' || b.kind !== 'array') return problem('`++` joins bit registers, or arrays');
  const [first, ...inner] = a.dimensions as [number, ...number[]];
  const other = b.dimensions[0]!;
  if (!sameType(a, { ...b, dimensions: [first, ...b.dimensions.slice(1)] }))
    return problem('`++` joins arrays whose elements have one type');
  const length = first === OPEN_LENGTH || other === OPEN_LENGTH ? OPEN_LENGTH : first + other;
  if (inner.reduce((product, size) => product * size, length) > ARRAY_ELEMENTS_MAX)
    return noValue(`arrays have at most ${ARRAY_ELEMENTS_MAX} elements`);
  return combine('++', left, right, { ...a, dimensions: [length, ...inner] });
}

function applyLogical(operator: BinaryOperator, left: Value, right: Value): Outcome {
  const a = convert(left, BOOL);
  const b = convert(right, BOOL);
  if (a === undefined || b === undefined) return problem(`\`${operator}\` needs truth values`);
  return combine(operator, a, b, BOOL);
}

/** Equality of a bit register and an integer constant becomes equality with a bit string. */
function compareBits(operator: BinaryOperator, left: Value, right: Value): Outcome | undefined {
  if (operator !== '==' && operator !== '!=') return undefined;
  if (left.type.kind !== 'bit')
    return right.type.kind === 'bit' ? compareBits(operator, right, left) : undefined;
  if (sameType(left.type, right.type)) return combine(operator, left, right, BOOL);
  const width = left.type.width;
  const constant =
    right.ir.kind === 'bool'
      ? right.ir.value
        ? 1n
        : 0n
      : right.ir.kind === 'int'
        ? right.ir.value
        : undefined;
  if (constant === undefined || hasCall(left.ir)) return undefined;
  if (constant < 0n || constant >> BigInt(width) !== 0n) return boolValue(operator === '!=');
  return combine(operator, left, { ...bitsValue(toBits(constant, width)), type: left.type }, BOOL);
}

/** The common type; an integer constant beside a register is written as a register of that size. */
function bitwiseType(left: Value, right: Value): ClassicalType | undefined {
  if (sameType(left.type, right.type)) return left.type;
  if (left.type.kind === 'bit' && right.ir.kind === 'int') return left.type;
  if (right.type.kind === 'bit' && left.ir.kind === 'int') return right.type;
  return commonType(left.type, right.type);
}

function applyBitwise(operator: BinaryOperator, left: Value, right: Value): Outcome {
  const { kind } = left.type;
  const isBits = kind === 'bit' || kind === 'uint' || kind === 'int' || kind === 'angle' || kind === 'bool';
  const target = bitwiseType(left, right);
  if (!isBits || target === undefined || target.kind === 'float' || target.kind === 'bool') {
    return problem(`\`${operator}\` needs bits or integers`);
  }
  const a = convert(left, target);
  const b = convert(right, target);
  const areRegisters = left.type.kind === 'bit' && right.type.kind === 'bit';
  if (a === undefined || b === undefined || (areRegisters && target.kind !== 'bit'))
    return problem(`\`${operator}\` needs operands of one size`);
  return combine(operator, a, b, target);
}

function applyShift(operator: BinaryOperator, left: Value, right: Value): Outcome {
  const { kind } = left.type;
  if (kind !== 'bit' && kind !== 'uint' && kind !== 'int' && kind !== 'angle')
    return problem(`\`${operator}\` needs bits or an unsigned integer`);
  if (!isInteger(right.type)) return problem(`\`${operator}\` needs an integer on its right`);
  return combine(operator, left, right, left.type);
}

/**
 * Angles add, and are multiplied and divided by integers, modulo 2π. A float constant that is added to an
 * angle is an angle; beside any other float an angle is its radians.
 */
function applyAngle(operator: BinaryOperator, left: Value, right: Value): Outcome {
  const isAdditive = operator === '+' || operator === '-' || COMPARISONS.has(operator);
  if (isAdditive && left.type.kind === 'angle' && right.ir.kind === 'float') {
    return applyAngle(operator, left, convert(right, left.type) ?? right);
  }
  if (isAdditive && right.type.kind === 'angle' && left.ir.kind === 'float') {
    return applyAngle(operator, convert(left, right.type) ?? left, right);
  }
  if (left.type.kind === 'float' || right.type.kind === 'float') {
    const a = convert(left, FLOAT);
    const b = convert(right, FLOAT);
    if (a === undefined || b === undefined) return problem(`\`${operator}\` does not apply to these types`);
    return applyBinary(operator, a, b);
  }
  if (left.type.kind === 'angle' && right.type.kind === 'angle') {
    const type = wider(left.type, right.type);
    if (operator === '*' || operator === '%' || operator === '**')
      return problem(`\`${operator}\` does not apply to two angles`);
    const result: ClassicalType = COMPARISONS.has(operator)
      ? BOOL
      : operator === '/' && 'width' in type
        ? { kind: 'uint', width: type.width }
        : type;
    return combine(operator, convert(left, type) ?? left, convert(right, type) ?? right, result);
  }
  const [angle, factor] = left.type.kind === 'angle' ? [left, right] : [right, left];
  const isScaling = isInteger(factor.type) && (operator === '*' || (operator === '/' && angle === left));
  if (!isScaling) return problem(`\`${operator}\` does not apply to these types`);
  return combine(operator, left, right, angle.type);
}

/** Durations add, compare, have a ratio, and are multiplied and divided by numbers. */
function applyDuration(operator: BinaryOperator, left: Value, right: Value): Outcome {
  const isDuration = (value: Value): boolean => value.type.kind === 'duration';
  const isNumber = ({ type }: Value): boolean => isInteger(type) || type.kind === 'float';
  if (isDuration(left) && isDuration(right)) {
    if (COMPARISONS.has(operator)) return combine(operator, left, right, BOOL);
    if (operator === '+' || operator === '-') return combine(operator, left, right, DURATION);
    if (operator === '/') return combine(operator, left, right, FLOAT);
  } else if (operator === '*' && (isNumber(left) || isNumber(right))) {
    return combine(operator, left, right, DURATION);
  } else if (operator === '/' && isDuration(left) && isNumber(right)) {
    return combine(operator, left, right, DURATION);
  }
  return problem(`\`${operator}\` does not apply to these types`);
}
