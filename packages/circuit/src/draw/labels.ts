import { DRAWING_LABEL_CHARS_MAX } from '@qfs/core';
import { OPEN_LENGTH } from '../constants.ts';
import type { ClassicalType, Expression, ForRange, Parameter, Program, Selector, Target } from '../ir.ts';

/** Turns parts of a program into short text; with `ascii` no character is outside ASCII. */
export interface Labels {
  readonly ascii: boolean;
  readonly program: Program;
}

const DENOMINATORS = [1, 2, 3, 4, 6, 8, 16];
const NUMERATOR_MAX = 16;
const TOLERANCE = 1e-10;
const SIGNIFICANT_DIGITS = 4;

/** `π/2`, `-3π/4`, or four significant digits for what is no simple multiple of π. */
export function angleText(angle: number, ascii: boolean): string {
  const pi = ascii ? 'pi' : 'π';
  for (const denominator of DENOMINATORS) {
    const numerator = (angle / Math.PI) * denominator;
    const whole = Math.round(numerator);
    if (whole === 0 || Math.abs(whole) > NUMERATOR_MAX || Math.abs(numerator - whole) > TOLERANCE) continue;
    const factor = Math.abs(whole) === 1 ? '' : ascii ? `${Math.abs(whole)}*` : `${Math.abs(whole)}`;
    return `${whole < 0 ? '-' : ''}${factor}${pi}${denominator === 1 ? '' : `/${denominator}`}`;
  }
  return String(Number(angle.toPrecision(SIGNIFICANT_DIGITS)));
}

export const parameterText = (parameter: Parameter, labels: Labels): string =>
  typeof parameter === 'number' ? angleText(parameter, labels.ascii) : expressionText(parameter, labels);

/** A label of bounded length in the allowed characters. */
export function shorten(text: string, { ascii }: Labels): string {
  const allowed = ascii ? text.replace(/[^\x20-\x7e]/gu, '?') : text;
  const characters = [...allowed];
  if (characters.length <= DRAWING_LABEL_CHARS_MAX) return allowed;
  const mark = ascii ? '...' : '…';
  return characters.slice(0, DRAWING_LABEL_CHARS_MAX - mark.length).join('') + mark;
}

const nameOf = (variable: number, { program }: Labels): string =>
  program.variables[variable]?.name ?? `v${variable}`;

export function targetText(target: Target, labels: Labels): string {
  switch (target.kind) {
    case 'variable':
      return nameOf(target.variable, labels);
    case 'index':
      return `${targetText(target.base, labels)}[${expressionText(target.index, labels)}]`;
    case 'select':
      return `${targetText(target.base, labels)}[${selectorsText(target.selectors, labels)}]`;
    case 'join':
      return `(${target.parts.map((part) => targetText(part, labels)).join(' ++ ')})`;
  }
}

const selectorsText = (selectors: readonly Selector[], labels: Labels): string =>
  selectors.map((selector) => selectorText(selector, labels)).join(', ');

function selectorText(selector: Selector, labels: Labels): string {
  const text = (expression?: Expression): string =>
    expression === undefined ? '' : expressionText(expression, labels);
  switch (selector.kind) {
    case 'index':
      return text(selector.index);
    case 'range': {
      const step = selector.step === undefined ? '' : `${text(selector.step)}:`;
      return `${text(selector.start)}:${step}${text(selector.stop)}`;
    }
    case 'set':
      return `{${selector.indices.map(text).join(', ')}}`;
  }
}

function typeText(type: ClassicalType): string {
  if (type.kind === 'array') {
    const sizes = type.dimensions.map((size) => (size === OPEN_LENGTH ? '?' : size)).join(', ');
    return `array[${typeText(type.element)}, ${sizes}]`;
  }
  return 'width' in type ? `${type.kind}[${type.width}]` : type.kind;
}

/** Operators bind from loosest to tightest as in OpenQASM 3. */
const PRECEDENCE: readonly (readonly string[])[] = [
  ['++'],
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
  ['**'],
];
const UNARY = PRECEDENCE.length;

const bindingOf = (expression: Expression): number => {
  if (expression.kind === 'unary') return UNARY;
  if (expression.kind !== 'binary') return UNARY + 1;
  return PRECEDENCE.findIndex((operators) => operators.includes(expression.operator));
};

/** Without the casts that a compiler puts in: to bool, and of a value that has been cast already. */
function withoutImplicitCasts(expression: Expression): Expression {
  if (expression.kind !== 'cast') return expression;
  const { type, operand } = expression;
  return type.kind === 'bool' || operand.kind === 'cast' ? withoutImplicitCasts(operand) : expression;
}

/** The expression as OpenQASM writes it, with only the brackets that it needs and without implicit casts. */
export function expressionText(whole: Expression, labels: Labels): string {
  const expression = withoutImplicitCasts(whole);
  const text = (inner: Expression): string => expressionText(inner, labels);
  const within = (inner: Expression, binding: number): string =>
    bindingOf(withoutImplicitCasts(inner)) < binding ? `(${text(inner)})` : text(inner);
  switch (expression.kind) {
    case 'int':
      return expression.value.toString();
    case 'float':
      return angleText(expression.value, labels.ascii);
    case 'bool':
      return String(expression.value);
    case 'bits':
      return `"${expression.value}"`;
    case 'complex':
      return `${expression.re}+${expression.im}im`;
    case 'variable':
      return nameOf(expression.variable, labels);
    case 'index':
      return `${within(expression.base, UNARY + 1)}[${text(expression.index)}]`;
    case 'slice': {
      const range = [expression.start, expression.step, expression.stop].map(text).join(':');
      return `${within(expression.base, UNARY + 1)}[${range}]`;
    }
    case 'select':
      return `${within(expression.base, UNARY + 1)}[${selectorsText(expression.selectors, labels)}]`;
    case 'unary':
      return `${expression.operator}${within(expression.operand, UNARY)}`;
    case 'binary': {
      const binding = bindingOf(expression);
      const { left, operator, right } = expression;
      return `${within(left, binding)} ${operator} ${within(right, binding + 1)}`;
    }
    case 'cast':
      return `${typeText(expression.type)}(${text(expression.operand)})`;
    case 'builtin':
      return `${expression.name}(${expression.arguments.map(text).join(', ')})`;
    case 'call':
      return `${labels.program.subroutines[expression.subroutine]?.name ?? 'call'}()`;
  }
}

export function rangeText(range: ForRange, labels: Labels): string {
  const text = (expression: Expression): string => expressionText(expression, labels);
  switch (range.kind) {
    case 'range':
      return `[${text(range.start)}:${text(range.step)}:${text(range.stop)}]`;
    case 'set':
      return `{${range.values.map(text).join(', ')}}`;
    case 'elements':
      return text(range.array);
  }
}
