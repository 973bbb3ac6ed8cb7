import type { BinaryOperator, ClassicalType, UnaryOperator } from '@qfs/circuit';
import { acos, asin, atan, cos, exp, log, pow, sin, tan } from '@qfs/core/math';
import { convert, toNumber } from './conversions.ts';
import { hasCall } from './subroutines.ts';
import {
  angleFromUnits,
  angleUnits,
  BOOL,
  bitsValue,
  boolValue,
  COMPLEX,
  complexValue,
  FLOAT,
  floatValue,
  intValue,
  isConstant,
  isInteger,
  sameType,
  toBits,
  type Value,
} from './types.ts';

/** Either a value, or why there is none. */
export type Outcome = Value | { readonly problem: string; readonly code: 'QASM_TYPE' | 'QASM_VALUE' };

const problem = (text: string): Outcome => ({ problem: text, code: 'QASM_TYPE' });
const noValue = (text: string): Outcome => ({ problem: text, code: 'QASM_VALUE' });

/** Powers and shifts beyond this many bits are refused before they are computed. */
const FOLDED_BITS_MAX = 65_536;

const isLogical = (operator: BinaryOperator): boolean => operator === '&&' || operator === '||';
const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const BITWISE: ReadonlySet<BinaryOperator> = new Set(['&', '|', '^']);
const SHIFTS: ReadonlySet<BinaryOperator> = new Set(['<<', '>>']);

export function applyUnary(operator: UnaryOperator, operand: Value): Outcome {
  if (operator === '!') {
    const condition = convert(operand, BOOL);
    if (condition === undefined) return problem('`!` needs a truth value');
    if (condition.ir.kind === 'bool') return boolValue(!condition.ir.value);
    return { type: BOOL, ir: { kind: 'unary', operator, operand: condition.ir } };
  }
  const { kind } = operand.type;
  const isAllowed =
    operator === '~'
      ? kind === 'bit' || kind === 'uint' || kind === 'int' || kind === 'angle'
      : isInteger(operand.type) || kind === 'float' || kind === 'angle' || kind === 'complex';
  if (!isAllowed) return problem(`\`${operator}\` does not apply to this type`);
  if (!isConstant(operand.ir))
    return { type: operand.type, ir: { kind: 'unary', operator, operand: operand.ir } };
  return foldUnary(operator, operand);
}

function foldUnary(operator: UnaryOperator, { ir, type }: Value): Outcome {
  if (ir.kind === 'float') return floatValue(-ir.value, type);
  if (ir.kind === 'complex') return complexValue(-ir.re, -ir.im);
  if (ir.kind === 'int') return intValue(operator === '-' ? -ir.value : ~ir.value, type);
  if (ir.kind === 'bits') return bitsValue(toBits(~BigInt(`0b${ir.value}`), ir.value.length));
  if (type.kind !== 'angle') return problem(`\`${operator}\` does not apply to this type`);
  const units = angleUnits(ir);
  return angleFromUnits(operator === '-' ? -units : ~units, type.width);
}

/** The common type of two numbers: floats win, then width, then `uint` (as in C). */
function commonType(a: ClassicalType, b: ClassicalType): ClassicalType | undefined {
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
  if (isLogical(operator)) return applyLogical(operator, left, right);
  if (SHIFTS.has(operator)) return applyShift(operator, left, right);
  if (BITWISE.has(operator)) return applyBitwise(operator, left, right);
  if (left.type.kind === 'complex' || right.type.kind === 'complex')
    return applyComplex(operator, left, right);
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

/** Operands of one type: folded if both are constants. */
function combine(operator: BinaryOperator, left: Value, right: Value, type: ClassicalType): Outcome {
  if (!isConstant(left.ir) || !isConstant(right.ir)) {
    return { type, ir: { kind: 'binary', operator, left: left.ir, right: right.ir } };
  }
  if (left.ir.kind === 'int' && right.ir.kind === 'int')
    return foldIntegers(operator, left.ir.value, right.ir.value, type);
  if (left.ir.kind === 'float' && right.ir.kind === 'float')
    return foldFloats(operator, left.ir.value, right.ir.value, type);
  if (left.ir.kind === 'bits' && right.ir.kind === 'bits') {
    return foldIntegers(operator, BigInt(`0b${left.ir.value}`), BigInt(`0b${right.ir.value}`), type);
  }
  return foldIntegers(operator, angleUnits(left.ir), angleUnits(right.ir), type);
}

/**
 * Complex numbers are compared for equality only. Powers are left to run time, where their branch is
 * defined.
 */
function applyComplex(operator: BinaryOperator, left: Value, right: Value): Outcome {
  const isEquality = operator === '==' || operator === '!=';
  const isArithmetic = ['+', '-', '*', '/', '**'].includes(operator);
  const a = convert(left, COMPLEX);
  const b = convert(right, COMPLEX);
  if (!(isEquality || isArithmetic) || a === undefined || b === undefined)
    return problem(`\`${operator}\` does not apply to these types`);
  if (a.ir.kind !== 'complex' || b.ir.kind !== 'complex' || operator === '**') {
    const type = isEquality ? BOOL : COMPLEX;
    return { type, ir: { kind: 'binary', operator, left: a.ir, right: b.ir } };
  }
  if (isEquality) return boolValue((a.ir.re === b.ir.re && a.ir.im === b.ir.im) === (operator === '=='));
  const folded = foldComplex(operator, a.ir, b.ir);
  if (Number.isFinite(folded.re) && Number.isFinite(folded.im)) return complexValue(folded.re, folded.im);
  return noValue('the complex number is not finite');
}

interface Complex {
  readonly re: number;
  readonly im: number;
}

function foldComplex(operator: BinaryOperator, a: Complex, b: Complex): Complex {
  if (operator === '+') return { re: a.re + b.re, im: a.im + b.im };
  if (operator === '-') return { re: a.re - b.re, im: a.im - b.im };
  const [re, im] = [a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re];
  if (operator === '*') return { re, im };
  const norm = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / norm, im: (a.im * b.re - a.re * b.im) / norm };
}

/** The real or imaginary part, as a float. */
function applyPart(name: 'real' | 'imag', value: Value): Outcome {
  const z = convert(value, COMPLEX);
  if (z === undefined) return problem(`\`${name}\` needs a complex number`);
  if (z.ir.kind === 'complex') return floatValue(name === 'real' ? z.ir.re : z.ir.im);
  return { type: FLOAT, ir: { kind: 'builtin', name, arguments: [z.ir] } };
}

function applyLogical(operator: BinaryOperator, left: Value, right: Value): Outcome {
  const a = convert(left, BOOL);
  const b = convert(right, BOOL);
  if (a === undefined || b === undefined) return problem(`\`${operator}\` needs truth values`);
  if (a.ir.kind === 'bool' && b.ir.kind === 'bool') {
    return boolValue(operator === '&&' ? a.ir.value && b.ir.value : a.ir.value || b.ir.value);
  }
  return { type: BOOL, ir: { kind: 'binary', operator, left: a.ir, right: b.ir } };
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

function applyBitwise(operator: BinaryOperator, left: Value, right: Value): Outcome {
  const { kind } = left.type;
  const isBits = kind === 'bit' || kind === 'uint' || kind === 'int' || kind === 'angle' || kind === 'bool';
  const target = sameType(left.type, right.type)
    ? left.type
    : isConstant(right.ir)
      ? left.type
      : commonType(left.type, right.type);
  if (!isBits || target === undefined || target.kind === 'float' || target.kind === 'bool') {
    return problem(`\`${operator}\` needs bits or integers`);
  }
  const a = convert(left, target);
  const b = convert(right, target);
  if (a === undefined || b === undefined) return problem(`\`${operator}\` needs operands of one type`);
  return combine(operator, a, b, target);
}

function applyShift(operator: BinaryOperator, left: Value, right: Value): Outcome {
  const { kind } = left.type;
  if (kind !== 'bit' && kind !== 'uint' && kind !== 'int' && kind !== 'angle')
    return problem(`\`${operator}\` needs bits or an unsigned integer`);
  if (!isInteger(right.type)) return problem(`\`${operator}\` needs an integer on its right`);
  if (!isConstant(left.ir) || right.ir.kind !== 'int') {
    return { type: left.type, ir: { kind: 'binary', operator, left: left.ir, right: right.ir } };
  }
  const count = right.ir.value;
  if (count < 0n || count > BigInt(FOLDED_BITS_MAX)) return noValue(`a shift by ${count} cannot be computed`);
  const bits =
    left.ir.kind === 'int'
      ? left.ir.value
      : left.ir.kind === 'bits'
        ? BigInt(`0b${left.ir.value}`)
        : angleUnits(left.ir);
  return fromInteger(operator === '<<' ? bits << count : bits >> count, left.type);
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
  if (isConstant(left.ir) && isConstant(right.ir) && factor.ir.kind === 'int') {
    return foldIntegers(operator, angleUnits(angle.ir), factor.ir.value, angle.type);
  }
  return { type: angle.type, ir: { kind: 'binary', operator, left: left.ir, right: right.ir } };
}

function fromInteger(value: bigint, type: ClassicalType): Value {
  if (type.kind === 'bit') return { ...bitsValue(toBits(value, type.width)), type };
  if (type.kind === 'angle') return angleFromUnits(value, type.width);
  return intValue(value, type);
}

function foldIntegers(operator: BinaryOperator, a: bigint, b: bigint, type: ClassicalType): Outcome {
  const compared = compare(operator, a < b ? -1 : a > b ? 1 : 0);
  if (compared !== undefined) return boolValue(compared);
  switch (operator) {
    case '+':
      return fromInteger(a + b, type);
    case '-':
      return fromInteger(a - b, type);
    case '*':
      return fromInteger(a * b, type);
    case '/':
    case '%':
      if (b === 0n) return noValue('division by zero');
      return fromInteger(operator === '/' ? a / b : a % b, type);
    case '**':
      return foldPower(a, b, type);
    case '&':
      return fromInteger(a & b, type);
    case '|':
      return fromInteger(a | b, type);
    case '^':
      return fromInteger(a ^ b, type);
    default:
      return problem(`\`${operator}\` does not apply to these types`);
  }
}

function foldPower(base: bigint, exponent: bigint, type: ClassicalType): Outcome {
  if (exponent < 0n)
    return noValue('an integer power needs an exponent of at least 0; write the base as a float');
  const bits = base.toString(2).length;
  if (exponent > BigInt(FOLDED_BITS_MAX) || bits * Number(exponent) > FOLDED_BITS_MAX)
    return noValue('the power is too large to compute');
  return fromInteger(base ** exponent, type);
}

function foldFloats(operator: BinaryOperator, a: number, b: number, type: ClassicalType): Outcome {
  const compared =
    !Number.isNaN(a) && !Number.isNaN(b) ? compare(operator, a < b ? -1 : a > b ? 1 : 0) : undefined;
  if (compared !== undefined) return boolValue(compared);
  switch (operator) {
    case '+':
      return floatValue(a + b, type);
    case '-':
      return floatValue(a - b, type);
    case '*':
      return floatValue(a * b, type);
    case '/':
      return b === 0 ? noValue('division by zero') : floatValue(a / b, type);
    case '**':
      return floatValue(pow(a, b), type);
    default:
      return problem(`\`${operator}\` does not apply to these types`);
  }
}

function compare(operator: BinaryOperator, order: number): boolean | undefined {
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return undefined;
  }
}

/** Functions of real numbers, by their names in the specification ("Built-in constants and functions"). */
const REAL_FUNCTIONS: Readonly<Record<string, (...x: number[]) => number>> = {
  arccos: (x) => acos(x!),
  arcsin: (x) => asin(x!),
  arctan: (x) => atan(x!),
  ceiling: (x) => Math.ceil(x!),
  cos: (x) => cos(x!),
  exp: (x) => exp(x!),
  floor: (x) => Math.floor(x!),
  log: (x) => log(x!),
  mod: (x, y) => x! - y! * Math.floor(x! / y!),
  pow: (x, y) => pow(x!, y!),
  sin: (x) => sin(x!),
  sqrt: (x) => Math.sqrt(x!),
  tan: (x) => tan(x!),
};

export const BUILTIN_FUNCTIONS: readonly string[] = [
  ...Object.keys(REAL_FUNCTIONS),
  'imag',
  'popcount',
  'real',
  'rotl',
  'rotr',
  'sizeof',
].sort();
export const BUILTIN_CONSTANTS: Readonly<Record<string, number>> = {
  pi: Math.PI,
  π: Math.PI,
  tau: 2 * Math.PI,
  τ: 2 * Math.PI,
  euler: Math.E,
  ℇ: Math.E,
};

export const arityOf = (name: string): number =>
  name === 'mod' || name === 'pow' || name === 'rotl' || name === 'rotr' ? 2 : 1;

export function applyBuiltin(name: string, args: readonly Value[]): Outcome {
  if (name === 'pow') return applyBinary('**', args[0]!, args[1]!);
  if (name === 'real' || name === 'imag') return applyPart(name, args[0]!);
  if (name === 'popcount' || name === 'rotl' || name === 'rotr') return applyBitFunction(name, args);
  if (name === 'mod' && args.every(({ ir }) => ir.kind === 'int')) return foldModulus(args);
  const reals = args.map((value) => convert(value, FLOAT));
  if (!reals.every((value) => value !== undefined)) return problem(`\`${name}\` needs numbers`);
  if (reals.every(({ ir }) => isConstant(ir)))
    return floatValue(REAL_FUNCTIONS[name]!(...reals.map(toNumber)));
  return { type: FLOAT, ir: { kind: 'builtin', name, arguments: reals.map(({ ir }) => ir) } };
}

function foldModulus(args: readonly Value[]): Outcome {
  const [a, b] = args.map(({ ir }) => (ir.kind === 'int' ? ir.value : 0n)) as [bigint, bigint];
  if (b === 0n) return noValue('division by zero');
  const remainder = a % b;
  const isOpposite = remainder !== 0n && remainder < 0n !== b < 0n;
  return intValue(
    isOpposite ? remainder + b : remainder,
    commonType(args[0]!.type, args[1]!.type) ?? args[0]!.type,
  );
}

function applyBitFunction(name: 'popcount' | 'rotl' | 'rotr', args: readonly Value[]): Outcome {
  const bits = args[0]!;
  if (bits.type.kind !== 'bit') return problem(`\`${name}\` needs a bit register`);
  const type: ClassicalType = name === 'popcount' ? { kind: 'uint', width: 64 } : bits.type;
  const distance = args[1];
  if (distance !== undefined && !isInteger(distance.type))
    return problem(`\`${name}\` needs an integer distance`);
  if (bits.ir.kind !== 'bits' || (distance !== undefined && distance.ir.kind !== 'int')) {
    return { type, ir: { kind: 'builtin', name, arguments: args.map(({ ir }) => ir) } };
  }
  const text = bits.ir.value;
  if (distance?.ir.kind !== 'int') return intValue(BigInt(text.replaceAll('0', '').length), type);
  const turn = Number(
    ((distance.ir.value % BigInt(text.length)) + BigInt(text.length)) % BigInt(text.length),
  );
  const cut = name === 'rotl' ? turn : text.length - turn;
  return bitsValue(text.slice(cut) + text.slice(0, cut));
}
