import { pow } from '@qfs/core/math';
import type { BinaryOperatorText, UnaryOperatorText } from '@qfs/qasm';
import { convert, integerOf, isTrue, numberOf } from './conversions.ts';
import {
  bits,
  bitsOf,
  boolean,
  complex,
  Fault,
  float,
  type Type,
  typeOf,
  unsigned,
  type Value,
  type Whole,
  type WidthKind,
  whole,
} from './values.ts';

export function unary(operator: UnaryOperatorText, value: Value): Value {
  if (operator === '!') return boolean(!isTrue(value));
  if (operator === '~') {
    if (value.kind === 'bit') return bits(value.bits.map((bit) => !bit));
    if (isWhole(value)) return whole(value.kind, value.width, ~value.value);
    throw new Fault('`~` needs bits');
  }
  if (value.kind === 'float') return float(-value.value, value.width);
  if (value.kind === 'complex') return complex(-value.re, -value.im, value.width);
  if (isWhole(value)) return whole(value.kind, value.width, -value.value);
  throw new Fault('`-` needs a number');
}

const isWhole = (value: Value): value is Whole =>
  value.kind === 'int' || value.kind === 'uint' || value.kind === 'angle';

/** `&&` and `||` are not here: whether their right side is evaluated depends on the left one. */
export function binary(operator: BinaryOperatorText, left: Value, right: Value): Value {
  switch (operator) {
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

/** Bits that are shifted out are lost, and zeros come in; `>>` of a negative number brings in its sign. */
function shift(operator: '<<' | '>>', left: Value, right: Value): Value {
  const places = integerOf(right);
  if (places < 0n) throw new Fault('a shift by a negative number');
  const width = left.kind === 'bit' ? left.bits.length : isWhole(left) ? left.width : 0;
  // Shifting further than the width gives what shifting by the width gives.
  const by = places > BigInt(width) ? BigInt(width) : places;
  const from = integerOf(left);
  const shifted = operator === '<<' ? from << by : from >> by;
  return isWhole(left) ? whole(left.kind, left.width, shifted) : bits(bitsOf(shifted, width));
}

/** Bit by bit between operands of one type; integers of different types are brought to one first. */
function bitwise(operator: '&' | '|' | '^', left: Value, right: Value): Value {
  const combine = (a: boolean, b: boolean): boolean =>
    operator === '&' ? a && b : operator === '|' ? a || b : a !== b;
  if (left.kind === 'bool' && right.kind === 'bool') return boolean(combine(left.value, right.value));
  if (left.kind === 'bit' && right.kind === 'bit') {
    if (left.bits.length !== right.bits.length) throw new Fault('the widths differ');
    return bits(left.bits.map((bit, place) => combine(bit, right.bits[place]!)));
  }
  if (!isWhole(left) || !isWhole(right)) throw new Fault(`\`${operator}\` needs bits`);
  const type = left.kind === 'angle' ? typeOf(left) : commonInteger(left, right);
  const [a, b] = [convert(left, type) as Whole, convert(right, type) as Whole];
  const theirs = bitsOf(b.value, b.width);
  return whole(
    a.kind,
    a.width,
    unsigned(bitsOf(a.value, a.width).map((bit, place) => combine(bit, theirs[place]!))),
  );
}

/** C99 6.3.1.8: the wider integer type wins, and the unsigned one of two equally wide ones. */
function commonInteger(left: Whole, right: Whole): { readonly kind: WidthKind; readonly width: number } {
  if (left.width !== right.width) {
    const { kind, width } = left.width > right.width ? left : right;
    return { kind, width };
  }
  return { kind: left.kind === 'uint' || right.kind === 'uint' ? 'uint' : 'int', width: left.width };
}

type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

function compare(operator: Comparison, left: Value, right: Value): Value {
  if (left.kind === 'complex' || right.kind === 'complex') {
    const [a, b] = [asComplex(left), asComplex(right)];
    return boolean((a.re === b.re && a.im === b.im) === (operator === '=='));
  }
  const [a, b] = comparable(left, right);
  switch (operator) {
    case '==':
      return boolean(a === b);
    case '!=':
      return boolean(a !== b);
    case '<':
      return boolean(a < b);
    case '<=':
      return boolean(a <= b);
    case '>':
      return boolean(a > b);
    case '>=':
      return boolean(a >= b);
  }
}

function comparable(left: Value, right: Value): readonly [number, number] | readonly [bigint, bigint] {
  if (left.kind === 'angle' || right.kind === 'angle') {
    const [a, b] = asAngles(left, right);
    return [a.value, b.value];
  }
  if (left.kind === 'float' || right.kind === 'float') return [numberOf(left), numberOf(right)];
  if (isWhole(left) && isWhole(right)) {
    const type = commonInteger(left, right);
    return [integerOf(convert(left, type)), integerOf(convert(right, type))];
  }
  // Registers and truth values are compared as unsigned numbers.
  return [integerOf(left), integerOf(right)];
}

/** Two angles of one width; a number beside an angle is taken as radians. */
function asAngles(left: Value, right: Value): readonly [Whole, Whole] {
  const widthOf = (value: Value): number => (value.kind === 'angle' ? value.width : 0);
  const type: Type = { kind: 'angle', width: Math.max(widthOf(left), widthOf(right)) };
  return [convert(left, type) as Whole, convert(right, type) as Whole];
}

type Arithmetic = '+' | '-' | '*' | '/' | '%' | '**';

function arithmetic(operator: BinaryOperatorText, left: Value, right: Value): Value {
  const chosen = operator as Arithmetic;
  if (left.kind === 'complex' || right.kind === 'complex') return complexArithmetic(chosen, left, right);
  if (left.kind === 'angle' || right.kind === 'angle') return angleArithmetic(chosen, left, right);
  if (left.kind === 'float' || right.kind === 'float') {
    const isWide = [left, right].some((value) => value.kind === 'float' && value.width === 64);
    return float(onNumbers(chosen, numberOf(left), numberOf(right)), isWide ? 64 : 32);
  }
  if (!isWhole(left) || !isWhole(right)) throw new Fault(`\`${operator}\` needs numbers`);
  const type = commonInteger(left, right);
  const [a, b] = [integerOf(convert(left, type)), integerOf(convert(right, type))];
  return whole(type.kind, type.width, onIntegers(chosen, a, b));
}

function onNumbers(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '**':
      return pow(a, b);
    case '%':
      throw new Fault('`%` needs integers');
  }
}

/** Division cuts off towards zero, and the remainder has the sign of the dividend, as in C. */
function onIntegers(operator: Arithmetic, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0n) throw new Fault('division by zero');
      return operator === '/' ? a / b : a % b;
    case '**':
      if (b < 0n) throw new Fault('a negative power of an integer');
      return a ** b;
  }
}

/** "Angles": the bits of the results are those of unsigned integers of the same size. */
function angleArithmetic(operator: Arithmetic, left: Value, right: Value): Value {
  if (operator === '*' || operator === '/') {
    if (left.kind === 'angle' && (right.kind === 'int' || right.kind === 'uint'))
      return whole('angle', left.width, onIntegers(operator, left.value, right.value));
    if (operator === '*' && right.kind === 'angle' && (left.kind === 'int' || left.kind === 'uint'))
      return whole('angle', right.width, onIntegers('*', left.value, right.value));
    if (operator === '/' && left.kind === 'angle' && right.kind === 'angle') {
      const [a, b] = asAngles(left, right);
      return whole('uint', a.width, onIntegers('/', a.value, b.value));
    }
  }
  if (operator !== '+' && operator !== '-') throw new Fault(`\`${operator}\` does not apply to angles`);
  const [a, b] = asAngles(left, right);
  return whole('angle', a.width, onIntegers(operator, a.value, b.value));
}

type Complex = Extract<Value, { kind: 'complex' }>;

const asComplex = (value: Value): Complex =>
  convert(value, { kind: 'complex', width: value.kind === 'complex' ? value.width : 64 }) as Complex;

function complexArithmetic(operator: Arithmetic, left: Value, right: Value): Value {
  const [a, b] = [asComplex(left), asComplex(right)];
  const isNarrow = [left, right].every(
    (value) => (value.kind !== 'complex' && value.kind !== 'float') || value.width === 32,
  );
  const width = isNarrow ? 32 : 64;
  // Every operation on the components is one of their type, and rounds.
  const round = (x: number): number => (isNarrow ? Math.fround(x) : x);
  const by = (x: number, y: number): number => round(x * y);
  switch (operator) {
    case '+':
      return complex(a.re + b.re, a.im + b.im, width);
    case '-':
      return complex(a.re - b.re, a.im - b.im, width);
    case '*':
      return complex(by(a.re, b.re) - by(a.im, b.im), by(a.re, b.im) + by(a.im, b.re), width);
    case '/': {
      const norm = round(by(b.re, b.re) + by(b.im, b.im));
      const re = round(by(a.re, b.re) + by(a.im, b.im));
      const im = round(by(a.im, b.re) - by(a.re, b.im));
      return complex(re / norm, im / norm, width);
    }
    default:
      throw new Fault(`\`${operator}\` does not apply to complex numbers here`);
  }
}
