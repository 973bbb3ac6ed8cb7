import type { Expression as CircuitExpression, BinaryOperator as CircuitOperator } from '@qfs/circuit';
import { EIGEN_ANGLE_NODES_MAX } from '@qfs/core';
import { pow } from '@qfs/core/math';
import type { BinaryOperator, Comparison } from '../ast.ts';
import type { Value } from './value.ts';

/** Whole numbers beyond are refused, so that no power fills the memory. */
const INTEGER_MAX = 2n ** 63n - 1n;

/** A value, or why there is none. */
export type Folded = Value | Fault;

interface Fault {
  readonly kind: 'fault';
  readonly message: string;
  readonly isLimit?: boolean;
}

const tooLong = (): Fault => ({
  kind: 'fault',
  message: `An angle has at most ${EIGEN_ANGLE_NODES_MAX} operators and parameters.`,
  isLimit: true,
});

const nodesOf = (value: Value): number => (value.kind === 'angle' ? value.nodes : 0);

const fault = (message: string): Folded => ({ kind: 'fault', message });
const whole = (value: bigint): Folded =>
  value > INTEGER_MAX || value < -INTEGER_MAX
    ? fault('The number is larger than programs may hold.')
    : { kind: 'number', value };
const real = (value: number): Folded =>
  Number.isFinite(value) ? { kind: 'number', value } : fault('The number is larger than every float.');

/** `left operator right` as Python computes it on whole numbers and floats; on parameters, an expression. */
export function fold(operator: BinaryOperator, left: Value, right: Value): Folded {
  if (left.kind === 'angle' || right.kind === 'angle') return symbolic(operator, left, right);
  if (left.kind !== 'number' || right.kind !== 'number') {
    return fault(`The operator ${operator} takes numbers.`);
  }
  const [a, b] = [left.value, right.value];
  if ((operator === '/' || operator === '//' || operator === '%') && Number(b) === 0) {
    return fault('The number is divided by zero.');
  }
  return typeof a === 'bigint' && typeof b === 'bigint'
    ? foldIntegers(operator, a, b)
    : foldFloats(operator, Number(a), Number(b));
}

function foldIntegers(operator: BinaryOperator, a: bigint, b: bigint): Folded {
  switch (operator) {
    case '+':
      return whole(a + b);
    case '-':
      return whole(a - b);
    case '*':
      return whole(a * b);
    case '/':
      return real(Number(a) / Number(b));
    case '//':
      return whole(floorDivided(a, b));
    case '%':
      return whole(a - b * floorDivided(a, b));
    case '**':
      return integerPower(a, b);
  }
}

/** Python rounds quotients down, where truncation rounds them towards zero. */
const floorDivided = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
};

function integerPower(base: bigint, exponent: bigint): Folded {
  if (exponent < 0n) return foldFloats('**', Number(base), Number(exponent));
  const size = base < 0n ? -base : base;
  // Anything but 0 and 1 is too large from its sixty-fourth power on.
  if (size > 1n && exponent >= 64n) return whole(INTEGER_MAX + 1n);
  if (size <= 1n && exponent > 2n) return whole(base ** (exponent % 2n === 0n ? 2n : 1n));
  return whole(base ** exponent);
}

function foldFloats(operator: BinaryOperator, a: number, b: number): Folded {
  switch (operator) {
    case '+':
      return real(a + b);
    case '-':
      return real(a - b);
    case '*':
      return real(a * b);
    case '/':
      return real(a / b);
    case '//':
      return real(Math.floor(a / b));
    case '%':
      return real(a - b * Math.floor(a / b));
    case '**':
      if (a === 0 && b < 0) return fault('The number is divided by zero.');
      if (a < 0 && !Number.isInteger(b)) return fault('A negative number has no real power of a fraction.');
      return real(pow(a, b));
  }
}

const CIRCUIT_OPERATORS: Readonly<Partial<Record<BinaryOperator, CircuitOperator>>> = {
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
};

function symbolic(operator: BinaryOperator, left: Value, right: Value): Folded {
  const known = CIRCUIT_OPERATORS[operator];
  const [a, b] = [circuitExpression(left), circuitExpression(right)];
  if (known === undefined) return fault(`Parameters take + - * and /, not ${operator}.`);
  if (a === undefined || b === undefined)
    return fault(`The operator ${operator} takes numbers and parameters.`);
  if (known === '/' && right.kind === 'number' && Number(right.value) === 0) {
    return fault('The number is divided by zero.');
  }
  const nodes = nodesOf(left) + nodesOf(right) + 1;
  if (nodes > EIGEN_ANGLE_NODES_MAX) return tooLong();
  return { kind: 'angle', expression: { kind: 'binary', operator: known, left: a, right: b }, nodes };
}

/** A number or a value of parameters as circuits hold it. */
function circuitExpression(value: Value): CircuitExpression | undefined {
  if (value.kind === 'angle') return value.expression;
  if (value.kind === 'number') return { kind: 'float', value: Number(value.value) };
  return undefined;
}

export function negated(value: Value): Folded {
  if (value.kind === 'number') return { kind: 'number', value: -value.value };
  if (value.kind !== 'angle') return fault('The sign - takes a number.');
  const expression = { kind: 'unary', operator: '-', operand: value.expression } as const;
  return value.nodes < EIGEN_ANGLE_NODES_MAX
    ? { kind: 'angle', expression, nodes: value.nodes + 1 }
    : tooLong();
}

/** Whether the comparison holds; undefined for values that cannot be compared. */
export function compare(comparison: Comparison, left: Value, right: Value): boolean | undefined {
  const [a, b] = [comparable(left), comparable(right)];
  if (a === undefined || b === undefined) return undefined;
  if (comparison === '==' || comparison === '!=') {
    // Whole numbers and floats are compared by value, as Python does.
    const equal = typeof a === 'string' || typeof b === 'string' ? a === b : !(a < b) && !(a > b);
    return (comparison === '==') === equal;
  }
  if ((typeof a === 'string') !== (typeof b === 'string')) return undefined;
  switch (comparison) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

function comparable(value: Value): number | bigint | string | undefined {
  if (value.kind === 'number' || value.kind === 'string') return value.value;
  return value.kind === 'bool' ? Number(value.value) : undefined;
}

/** What Python takes for true; undefined for what is known only when the program runs. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'bool':
      return value.value;
    case 'number':
      return Number(value.value) !== 0;
    case 'string':
      return value.value !== '';
    case 'none':
      return false;
    case 'list':
    case 'tuple':
      return value.elements.length > 0;
    case 'dict':
      return value.entries.length > 0;
    default:
      return undefined;
  }
}
