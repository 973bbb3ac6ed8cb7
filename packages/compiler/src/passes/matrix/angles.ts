import type { Expression, Parameter } from '@qfs/circuit';

/**
 * The one tolerance of the passes, in radians and in entries of unitaries: what is smaller is rounding.
 * Angles this near to a multiple of their period are dropped, products this near to a known gate are taken
 * for it.
 */
export const ANGLE_TOLERANCE = 1e-11;

/** A sum of multiples of expressions and a constant. */
interface Linear {
  /** By the text of the expression, in the order in which they were met. */
  readonly terms: Map<string, { readonly expression: Expression; factor: number }>;
  constant: number;
}

export const addAngles = (left: Parameter, right: Parameter): Parameter =>
  typeof left === 'number' && typeof right === 'number' ? left + right : combine(left, 1, right, 1);

export const subtractAngles = (left: Parameter, right: Parameter): Parameter =>
  typeof left === 'number' && typeof right === 'number' ? left - right : combine(left, 1, right, -1);

export const scaleAngle = (angle: Parameter, factor: number): Parameter =>
  typeof angle === 'number' ? angle * factor : combine(angle, factor, 0, 1);

/** The angle plus a whole number of periods, in (−period/2, period/2]; 0 within the tolerance. */
export function wrapAngle(angle: number, period: number): number {
  const wrapped = angle - period * Math.round(angle / period);
  if (Math.abs(wrapped) < ANGLE_TOLERANCE) return 0;
  return wrapped <= -period / 2 + ANGLE_TOLERANCE ? period / 2 : wrapped;
}

function combine(left: Parameter, leftFactor: number, right: Parameter, rightFactor: number): Parameter {
  const linear: Linear = { terms: new Map(), constant: 0 };
  collect(left, leftFactor, linear);
  collect(right, rightFactor, linear);
  return written(linear);
}

function collect(angle: Parameter, factor: number, into: Linear): void {
  if (typeof angle === 'number') {
    into.constant += factor * angle;
    return;
  }
  if (angle.kind === 'float') {
    into.constant += factor * angle.value;
    return;
  }
  if (angle.kind === 'unary' && angle.operator === '-') {
    collect(angle.operand, -factor, into);
    return;
  }
  if (angle.kind === 'binary') {
    const { operator, left, right } = angle;
    if (operator === '+' || operator === '-') {
      collect(left, factor, into);
      collect(right, operator === '+' ? factor : -factor, into);
      return;
    }
    if (operator === '*' && left.kind === 'float') {
      collect(right, factor * left.value, into);
      return;
    }
    if (operator === '*' && right.kind === 'float') {
      collect(left, factor * right.value, into);
      return;
    }
    if (operator === '/' && right.kind === 'float' && right.value !== 0) {
      collect(left, factor / right.value, into);
      return;
    }
  }
  const key = textOf(angle);
  const term = into.terms.get(key);
  if (term === undefined) into.terms.set(key, { expression: angle, factor });
  else term.factor += factor;
}

function written({ terms, constant }: Linear): Parameter {
  let expression: Expression | undefined;
  for (const term of terms.values()) {
    if (Math.abs(term.factor) < ANGLE_TOLERANCE) continue;
    const next = multiple(term.expression, Math.abs(term.factor));
    if (expression !== undefined)
      expression = { kind: 'binary', operator: term.factor < 0 ? '-' : '+', left: expression, right: next };
    else expression = term.factor < 0 ? { kind: 'unary', operator: '-', operand: next } : next;
  }
  if (expression === undefined) return constant;
  if (Math.abs(constant) < ANGLE_TOLERANCE) return expression;
  const value: Expression = { kind: 'float', value: Math.abs(constant) };
  return { kind: 'binary', operator: constant < 0 ? '-' : '+', left: expression, right: value };
}

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
