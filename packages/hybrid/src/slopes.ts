import type { Expression, Program } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import type { ParameterValues } from './hybrid-run.ts';

/** A number with its derivatives by some parameters, in their order. */
interface Dual {
  readonly value: number;
  readonly slopes: readonly number[];
}

/**
 * The derivatives of an angle by parameters: forward differentiation of sums, products and quotients.
 * @throws QfsError GRADIENT_UNAVAILABLE for anything else
 */
export function slopesOf(
  angle: Expression,
  program: Program,
  parameters: readonly string[],
  values: ParameterValues,
): readonly number[] {
  const none = parameters.map(() => 0);
  const dual = (expression: Expression): Dual => {
    switch (expression.kind) {
      case 'int':
        return { value: Number(expression.value), slopes: none };
      case 'float':
        return { value: expression.value, slopes: none };
      case 'variable': {
        const { name } = program.variables[expression.variable]!;
        const value = values[name];
        if (value === undefined) throw unavailable(`the angle takes "${name}", which is no parameter`);
        return { value, slopes: parameters.map((parameter) => (parameter === name ? 1 : 0)) };
      }
      case 'unary': {
        const { value, slopes } = dual(expression.operand);
        if (expression.operator !== '-') break;
        return { value: -value, slopes: slopes.map((slope) => -slope) };
      }
      case 'cast':
        if (expression.type.kind !== 'float' && expression.type.kind !== 'angle') break;
        return dual(expression.operand);
      case 'binary':
        return combined(expression.operator, dual(expression.left), dual(expression.right));
    }
    throw unavailable(`the angle has "${expression.kind}"`);
  };
  return dual(angle).slopes;
}

function combined(operator: string, a: Dual, b: Dual): Dual {
  const slopes = (slope: (da: number, db: number) => number): number[] =>
    a.slopes.map((da, k) => slope(da, b.slopes[k]!));
  switch (operator) {
    case '+':
      return { value: a.value + b.value, slopes: slopes((da, db) => da + db) };
    case '-':
      return { value: a.value - b.value, slopes: slopes((da, db) => da - db) };
    case '*':
      return { value: a.value * b.value, slopes: slopes((da, db) => da * b.value + a.value * db) };
    case '/': {
      const value = a.value / b.value;
      return { value, slopes: slopes((da, db) => (da - value * db) / b.value) };
    }
  }
  throw unavailable(`the angle has the operator "${operator}"`);
}

export const unavailable = (why: string): QfsError =>
  new QfsError('GRADIENT_UNAVAILABLE', `Gradients cannot be computed: ${why}.`);
