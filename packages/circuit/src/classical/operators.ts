import { ARRAY_ELEMENTS_MAX, CLASSICAL_BITS_MAX } from '@qfs/core';
import { atan2, cos, exp, hypot, log, pow, sin } from '@qfs/core/math';
import type { BinaryOperator, UnaryOperator } from '../ir.ts';
import { fault } from './fault.ts';
import {
  bool,
  cast,
  complex,
  describe,
  duration,
  fixed,
  float,
  toBoolean,
  toInteger,
  toNumber,
  type Value,
} from './values.ts';

type Fixed = Extract<Value, { kind: 'bit' | 'uint' | 'int' | 'angle' }>;

const isFixed = (value: Value): value is Fixed =>
  value.kind === 'bit' || value.kind === 'uint' || value.kind === 'int' || value.kind === 'angle';

export function unary(operator: UnaryOperator, operand: Value): Value {
  if (operator === '!') return bool(!toBoolean(operand));
  if (operator === '~') {
    if (operand.kind === 'bool') return bool(!operand.value);
    if (!isFixed(operand)) throw fault(`${describe(operand)} has no bits to invert.`);
    return fixed(operand.kind, operand.width, ~operand.value);
  }
  if (operand.kind === 'float') return float(-operand.value, operand.width);
  if (operand.kind === 'complex') return complex(-operand.re, -operand.im, operand.width);
  if (operand.kind === 'duration') return duration(-operand.value);
  if (isFixed(operand)) return fixed(operand.kind, operand.width, -operand.value);
  throw fault(`${describe(operand)} has no negative.`);
}

export function binary(operator: BinaryOperator, left: Value, right: Value): Value {
  switch (operator) {
    case '&&':
      return bool(toBoolean(left) && toBoolean(right));
    case '||':
      return bool(toBoolean(left) || toBoolean(right));
    case '++':
      return concatenate(left, right);
    case '<<':
    case '>>':
      return shift(operator, left, right);
    case '&':
    case '|':
    case '^':
      return bitwise(operator, left, right);
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(operator, left, right);
    default:
      return arithmetic(operator, left, right);
  }
}

function concatenate(left: Value, right: Value): Value {
  if (left.kind === 'array' && right.kind === 'array') {
    const length = left.items.length + right.items.length;
    if (length > ARRAY_ELEMENTS_MAX) throw fault(`${length} elements are more than an array may have.`);
    return { kind: 'array', items: [...left.items, ...right.items] };
  }
  if (left.kind !== 'bit' || right.kind !== 'bit') {
    throw fault(`${describe(left)} and ${describe(right)} cannot be joined; registers and arrays can.`);
  }
  const width = left.width + right.width;
  if (width > CLASSICAL_BITS_MAX) throw fault(`${width} bits are more than a register may have.`);
  // Bit 0 of the whole is bit 0 of the left register, as an alias of the two has it.
  return fixed('bit', width, (right.value << BigInt(left.width)) | left.value);
}

function shift(operator: '<<' | '>>', left: Value, right: Value): Value {
  const places = toInteger(right);
  if (!isFixed(left) || places < 0n) throw fault(`${describe(left)} cannot be shifted by ${places} places.`);
  if (places >= BigInt(left.width))
    return fixed(left.kind, left.width, left.value < 0n && operator === '>>' ? -1n : 0n);
  return fixed(left.kind, left.width, operator === '<<' ? left.value << places : left.value >> places);
}

function bitwise(operator: '&' | '|' | '^', left: Value, right: Value): Value {
  if (left.kind === 'bool' && right.kind === 'bool') {
    if (operator === '^') return bool(left.value !== right.value);
    return bool(operator === '&' ? left.value && right.value : left.value || right.value);
  }
  const [a, b] = [toFixed(left), toFixed(right)];
  const width = Math.max(a.width, b.width);
  const kind = a.kind === b.kind ? a.kind : a.kind === 'bit' || b.kind === 'bit' ? 'bit' : 'uint';
  const value =
    operator === '&' ? a.value & b.value : operator === '|' ? a.value | b.value : a.value ^ b.value;
  return fixed(kind, width, value);
}

function toFixed(value: Value): Fixed {
  if (isFixed(value)) return value;
  if (value.kind === 'bool') return { kind: 'bit', width: 1, value: value.value ? 1n : 0n };
  throw fault(`${describe(value)} has no bits to combine.`);
}

type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

function compare(operator: Comparison, left: Value, right: Value): Value {
  if (left.kind === 'complex' || right.kind === 'complex') {
    const [a, b] = [asComplex(left, right), asComplex(right, left)];
    const equal = a.re === b.re && a.im === b.im;
    if (operator === '==' || operator === '!=') return bool(equal === (operator === '=='));
    throw fault('Complex numbers have no order.');
  }
  if (
    left.kind === 'float' ||
    right.kind === 'float' ||
    left.kind === 'duration' ||
    right.kind === 'duration'
  ) {
    return bool(ordered(operator, toNumber(left), toNumber(right)));
  }
  if (left.kind === 'angle' || right.kind === 'angle') {
    const [a, b] = asAngles(left, right);
    return bool(ordered(operator, a.value, b.value));
  }
  return bool(ordered(operator, toInteger(left), toInteger(right)));
}

function ordered<T extends number | bigint>(operator: Comparison, left: T, right: T): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

type Arithmetic = '+' | '-' | '*' | '/' | '%' | '**';

/** The usual arithmetic conversions of C99 6.3.1.8, with angles and durations as units of their own. */
function arithmetic(operator: Arithmetic, left: Value, right: Value): Value {
  if (left.kind === 'complex' || right.kind === 'complex') {
    return complexArithmetic(operator, asComplex(left, right), asComplex(right, left));
  }
  if (left.kind === 'duration' || right.kind === 'duration') return durations(operator, left, right);
  if (left.kind === 'angle' || right.kind === 'angle') return angles(operator, left, right);
  if (left.kind === 'float' || right.kind === 'float') {
    const single = [left, right].every((value) => value.kind !== 'float' || value.width === 32);
    return float(realArithmetic(operator, toNumber(left), toNumber(right)), single ? 32 : 64);
  }
  return integerArithmetic(operator, left, right);
}

function realArithmetic(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '**':
      return pow(a, b);
  }
}

function integerArithmetic(operator: Arithmetic, left: Value, right: Value): Value {
  const [a, b] = [toInteger(left), toInteger(right)];
  const [lw, rw] = [widthOf(left), widthOf(right)];
  const width = Math.max(lw, rw);
  // The wider type wins; of two equally wide ones the unsigned.
  const signed =
    (left.kind === 'int' && lw >= rw && !(lw === rw && isUnsigned(right))) ||
    (right.kind === 'int' && rw >= lw && !(lw === rw && isUnsigned(left)));
  return fixed(signed ? 'int' : 'uint', width, integerResult(operator, a, b, width));
}

const isUnsigned = (value: Value): boolean => value.kind === 'uint';
const widthOf = (value: Value): number => (isFixed(value) ? value.width : 1);

function integerResult(operator: Arithmetic, a: bigint, b: bigint, width: number): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0n) throw fault(`${a} ${operator} 0: an integer cannot be divided by zero.`);
      return operator === '/' ? a / b : a % b;
    case '**':
      if (b < 0n) throw fault(`${a} ** ${b}: an integer power needs an exponent of at least 0.`);
      return powerModulo(a, b, width);
  }
}

/** a^b modulo 2^width, so that no intermediate value grows. */
function powerModulo(a: bigint, b: bigint, width: number): bigint {
  let result = 1n;
  let base = BigInt.asUintN(width, a);
  for (let rest = b; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asUintN(width, result * base);
    base = BigInt.asUintN(width, base * base);
  }
  return result;
}

function asAngles(left: Value, right: Value): [Fixed, Fixed] {
  const width = Math.max(left.kind === 'angle' ? left.width : 0, right.kind === 'angle' ? right.width : 0);
  const type = { kind: 'angle', width } as const;
  return [cast(left, type) as Fixed, cast(right, type) as Fixed];
}

function angles(operator: Arithmetic, left: Value, right: Value): Value {
  const scalable = (value: Value): boolean =>
    value.kind === 'uint' || value.kind === 'int' || value.kind === 'bit';
  if (operator === '*' || operator === '/') {
    if (left.kind === 'angle' && scalable(right)) {
      return fixed('angle', left.width, integerResult(operator, left.value, toInteger(right), left.width));
    }
    if (operator === '*' && right.kind === 'angle' && scalable(left)) {
      return fixed('angle', right.width, toInteger(left) * right.value);
    }
  }
  const [a, b] = asAngles(left, right);
  if (operator === '/' || operator === '%') {
    return fixed(
      operator === '/' ? 'uint' : 'angle',
      a.width,
      integerResult(operator, a.value, b.value, a.width),
    );
  }
  if (operator === '+' || operator === '-') {
    return fixed('angle', a.width, integerResult(operator, a.value, b.value, a.width));
  }
  throw fault(`Angles cannot be combined by '${operator}'.`);
}

function durations(operator: Arithmetic, left: Value, right: Value): Value {
  const value = realArithmetic(operator, toNumber(left), toNumber(right));
  const ratio = operator === '/' && left.kind === 'duration' && right.kind === 'duration';
  return ratio ? float(value) : duration(value);
}

type Complex = Extract<Value, { kind: 'complex' }>;

/** The number as a complex one: floats keep their width, integers take that of the number beside them. */
function asComplex(value: Value, beside: Value): Complex {
  if (value.kind === 'complex') return value;
  const width = value.kind === 'float' ? value.width : beside.kind === 'complex' ? beside.width : 64;
  return complex(toNumber(value), 0, width) as Complex;
}

/** Every step is rounded to the width of the parts. */
function complexArithmetic(operator: Arithmetic, a: Complex, b: Complex): Value {
  const width = Math.max(a.width, b.width) as 32 | 64;
  const to = width === 32 ? Math.fround : (x: number): number => x;
  switch (operator) {
    case '+':
      return complex(a.re + b.re, a.im + b.im, width);
    case '-':
      return complex(a.re - b.re, a.im - b.im, width);
    case '*':
      return complex(to(a.re * b.re) - to(a.im * b.im), to(a.re * b.im) + to(a.im * b.re), width);
    case '/': {
      const norm = to(to(b.re * b.re) + to(b.im * b.im));
      const re = to(to(a.re * b.re) + to(a.im * b.im));
      const im = to(to(a.im * b.re) - to(a.re * b.im));
      return complex(re / norm, im / norm, width);
    }
    case '**':
      return complexPower(a, b, width);
    case '%':
      throw fault('Complex numbers have no remainder.');
  }
}

/** a^b = e^{b·ln a} on the principal branch. */
function complexPower(a: Complex, b: Complex, width: 32 | 64): Value {
  if (a.re === 0 && a.im === 0) return complex(b.re === 0 && b.im === 0 ? 1 : 0, 0, width);
  const modulus = log(hypot(a.re, a.im));
  const argument = atan2(a.im, a.re);
  const size = exp(b.re * modulus - b.im * argument);
  const angle = b.re * argument + b.im * modulus;
  return complex(size * cos(angle), size * sin(angle), width);
}
