import type { Expression, Parameter } from '@qfs/circuit';
import { atan2, cos, sin } from '@qfs/core/math';

/**
 * The one tolerance of the passes, in radians and in entries of unitaries: what is smaller is rounding.
 * Angles this near to a multiple of their period are dropped, products this near to a known gate are taken
 * for it.
 */
export const ANGLE_TOLERANCE = 1e-11;

export const addAngles = (left: Parameter, right: Parameter): Parameter =>
  typeof left === 'number' && typeof right === 'number'
    ? left + right
    : new AngleSum(left).add(right).value();

export const subtractAngles = (left: Parameter, right: Parameter): Parameter =>
  typeof left === 'number' && typeof right === 'number'
    ? left - right
    : new AngleSum(left).add(right, -1).value();

export const scaleAngle = (angle: Parameter, factor: number): Parameter =>
  typeof angle === 'number' ? angle * factor : new AngleSum(0).add(angle, factor).value();

/** Beyond this an angle has fewer exact digits than sums and multiples of it need. */
const NEAR_MAX = 1000;

/** The same angle modulo 4π, the period of every gate of the table, within 2π where it was far away. */
export const nearAngle = (angle: Parameter): Parameter =>
  typeof angle !== 'number' || Math.abs(angle) <= NEAR_MAX
    ? angle
    : 2 * atan2(sin(angle / 2), cos(angle / 2));

/** Rotations whose sum has more different expressions stay apart: such an angle is no easier to evaluate. */
export const TERMS_MERGED_MAX = 32;

/** The angle of two rotations in one; undefined where it has too many terms. */
export function mergedAngle(left: Parameter, right: Parameter): Parameter | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  const sum = new AngleSum(left).add(right);
  return sum.terms > TERMS_MERGED_MAX ? undefined : sum.value();
}

/** The angle plus a whole number of periods, in (−period/2, period/2]; 0 within the tolerance. */
export function wrapAngle(angle: number, period: number): number {
  const wrapped = angle - period * Math.round(angle / period);
  if (Math.abs(wrapped) < ANGLE_TOLERANCE) return 0;
  return wrapped <= -period / 2 + ANGLE_TOLERANCE ? period / 2 : wrapped;
}

/** A multiple of an expression in a sum. */
interface Term {
  readonly expression: Expression;
  factor: number;
}

/**
 * A sum of multiples of expressions and a constant, in which equal expressions are one term. Adding takes
 * time for what is added alone, and the sum is written no deeper than it has to be, so that thousands of
 * terms do no harm.
 */
export class AngleSum {
  /** By the text of the expression, in the order in which they were met. */
  readonly #terms = new Map<string, Term>();
  #constant = 0;

  constructor(angle: Parameter) {
    this.add(angle);
  }

  /** How many different expressions have been added. */
  get terms(): number {
    return this.#terms.size;
  }

  add(angle: Parameter, factor = 1): this {
    if (typeof angle === 'number') this.#constant += factor * angle;
    else this.#collect(angle, factor);
    return this;
  }

  #collect(angle: Expression, factor: number): void {
    const parts = partsOf(angle);
    if (typeof parts === 'number') this.#constant += factor * parts;
    else if (parts !== undefined)
      for (const part of parts) this.#collect(part.expression, factor * part.factor);
    else {
      const key = textOf(angle);
      const term = this.#terms.get(key);
      if (term === undefined) this.#terms.set(key, { expression: angle, factor });
      else term.factor += factor;
    }
  }

  value(): Parameter {
    const terms = [...this.#terms.values()].filter(({ factor }) => Math.abs(factor) >= ANGLE_TOLERANCE);
    if (terms.length === 0) return this.#constant;
    if (Math.abs(this.#constant) >= ANGLE_TOLERANCE) {
      const constant: Expression = { kind: 'float', value: Math.abs(this.#constant) };
      terms.push({ expression: constant, factor: this.#constant < 0 ? -1 : 1 });
    }
    return written(terms);
  }
}

/** The constant that an expression is, or what it is a sum of; undefined for what is taken as a whole. */
function partsOf(angle: Expression): number | readonly Term[] | undefined {
  if (angle.kind === 'float') return angle.value;
  if (angle.kind === 'unary' && angle.operator === '-') return [{ expression: angle.operand, factor: -1 }];
  if (angle.kind !== 'binary') return undefined;
  const { operator, left, right } = angle;
  if (operator === '+' || operator === '-') {
    return [
      { expression: left, factor: 1 },
      { expression: right, factor: operator === '+' ? 1 : -1 },
    ];
  }
  if (operator === '*' && left.kind === 'float') return [{ expression: right, factor: left.value }];
  if (operator === '*' && right.kind === 'float') return [{ expression: left, factor: right.value }];
  if (operator === '/' && right.kind === 'float' && right.value !== 0)
    return [{ expression: left, factor: 1 / right.value }];
  return undefined;
}

/** Terms up to this are written one after the other; more in halves, whose depth grows with the logarithm. */
const TERMS_IN_A_ROW = 8;

function written(terms: readonly Term[]): Expression {
  if (terms.length > TERMS_IN_A_ROW) {
    const half = terms.length >> 1;
    return sum('+', written(terms.slice(0, half)), written(terms.slice(half)));
  }
  const [first, ...rest] = terms;
  const start = multiple(first!.expression, Math.abs(first!.factor));
  return rest.reduce<Expression>(
    (whole, { expression, factor }) =>
      sum(factor < 0 ? '-' : '+', whole, multiple(expression, Math.abs(factor))),
    first!.factor < 0 ? { kind: 'unary', operator: '-', operand: start } : start,
  );
}

const sum = (operator: '+' | '-', left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
});

const multiple = (expression: Expression, factor: number): Expression =>
  factor === 1
    ? expression
    : { kind: 'binary', operator: '*', left: { kind: 'float', value: factor }, right: expression };

const TEXTS = new WeakMap<Expression, string>();

/** Equal for equal expressions and only for these. */
function textOf(expression: Expression): string {
  let text = TEXTS.get(expression);
  if (text === undefined) {
    text = JSON.stringify(expression, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
    TEXTS.set(expression, text);
  }
  return text;
}
