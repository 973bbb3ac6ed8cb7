import type { ClassicalType, Expression, Program, VariableId } from '@qfs/circuit';
import { toNumber } from '@qfs/circuit/classical';
import { QfsError } from '@qfs/core';
import { cos, exp, log, pow, sin, tan } from '@qfs/core/math';
import type { Machine } from './machine.ts';

/** Derivatives of a number by the program's inputs, those that are not 0; the key is the place among the inputs. */
export type Slopes = ReadonlyMap<number, number>;

const NONE: Slopes = new Map();

export const unavailable = (why: string): QfsError =>
  new QfsError('GRADIENT_UNAVAILABLE', `Gradients cannot be computed: ${why}.`);

const isContinuous = ({ kind }: ClassicalType): boolean => kind === 'float' || kind === 'angle';

/** Derivative of a built-in function of one argument. */
const DERIVATIVES: Readonly<Record<string, (x: number) => number>> = {
  sin: cos,
  cos: (x) => -sin(x),
  tan: (x) => 1 + tan(x) * tan(x),
  exp,
  log: (x) => 1 / x,
  sqrt: (x) => 1 / (2 * Math.sqrt(x)),
  arcsin: (x) => 1 / Math.sqrt(1 - x * x),
  arccos: (x) => -1 / Math.sqrt(1 - x * x),
  arctan: (x) => 1 / (1 + x * x),
};

/** Differentiates the expressions of a program as a machine comes to them. */
export class Differentiator {
  readonly #program: Program;
  readonly #machine: Machine;
  /** Derivatives of the variables. */
  readonly #variables = new Map<VariableId, Slopes>();

  /** Refuses inputs that have no derivatives. */
  constructor(program: Program, machine: Machine) {
    this.#program = program;
    this.#machine = machine;
    const inputs = [...program.variables.entries()].filter(([, { role }]) => role === 'input');
    for (const [place, [id, { name, type }]] of inputs.entries()) {
      if (!isContinuous(type)) throw unavailable(`the input '${name}' is ${type.kind}, not float or angle`);
      this.#variables.set(id, new Map([[place, 1]]));
    }
  }

  /** The program writes a variable. */
  assign(variable: VariableId, value: Expression): void {
    const { name, type } = this.#program.variables[variable]!;
    const slopes = this.slopes(value);
    if (slopes.size > 0 && !isContinuous(type)) {
      throw unavailable(`an input is written to the variable '${name}' of type ${type.kind}`);
    }
    this.#variables.set(variable, slopes);
  }

  /** Derivatives of the expression at the present values of the variables. */
  slopes(expression: Expression): Slopes {
    switch (expression.kind) {
      case 'int':
      case 'float':
      case 'bool':
      case 'bits':
      case 'complex':
        return NONE;
      case 'variable':
        return this.#variables.get(expression.variable) ?? NONE;
      case 'unary': {
        const slopes = this.slopes(expression.operand);
        return expression.operator === '-' ? scaled(slopes, -1) : constant(slopes, expression.operator);
      }
      case 'cast': {
        const slopes = this.slopes(expression.operand);
        return isContinuous(expression.type) ? slopes : constant(slopes, `a cast to ${expression.type.kind}`);
      }
      case 'binary':
        return this.#binary(expression);
      case 'builtin':
        return this.#builtin(expression.name, expression.arguments);
      default:
        throw unavailable(`an angle takes a part of a register or array, or calls a subroutine`);
    }
  }

  #binary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>): Slopes {
    const [of, by] = [this.slopes(left), this.slopes(right)];
    if (of.size === 0 && by.size === 0) return NONE;
    switch (operator) {
      case '+':
        return sum(of, by);
      case '-':
        return sum(of, scaled(by, -1));
      case '*':
        return sum(scaled(of, this.#value(right)), scaled(by, this.#value(left)));
      case '/': {
        const divisor = this.#value(right);
        return sum(scaled(of, 1 / divisor), scaled(by, -this.#value(left) / (divisor * divisor)));
      }
      case '**':
        return this.#power(left, right);
      default:
        return constant(sum(of, by), operator);
    }
  }

  #power(left: Expression, right: Expression): Slopes {
    const [of, by] = [this.slopes(left), this.slopes(right)];
    const [base, exponent] = [this.#value(left), this.#value(right)];
    const first = scaled(of, exponent === 0 ? 0 : exponent * pow(base, exponent - 1));
    return by.size === 0 ? first : sum(first, scaled(by, pow(base, exponent) * log(base)));
  }

  #builtin(name: string, parts: readonly Expression[]): Slopes {
    const [first, second] = parts;
    if (name === 'pow' && first !== undefined && second !== undefined) return this.#power(first, second);
    const slopes = parts.reduce<Slopes>((all, part) => sum(all, this.slopes(part)), NONE);
    const derivative = Object.hasOwn(DERIVATIVES, name) ? DERIVATIVES[name] : undefined;
    if (derivative === undefined || first === undefined) return constant(slopes, name);
    return slopes.size === 0 ? NONE : scaled(slopes, derivative(this.#value(first)));
  }

  #value(expression: Expression): number {
    return toNumber(this.#machine.evaluate(expression));
  }
}

/** What steps or rounds may be applied to constants only. */
function constant(slopes: Slopes, what: string): Slopes {
  if (slopes.size > 0) throw unavailable(`'${what}' is applied to an input, and has no derivative`);
  return NONE;
}

const scaled = (slopes: Slopes, factor: number): Slopes =>
  slopes.size === 0 ? NONE : new Map([...slopes].map(([place, slope]) => [place, slope * factor]));

function sum(first: Slopes, second: Slopes): Slopes {
  if (first.size === 0) return second;
  if (second.size === 0) return first;
  const all = new Map(first);
  for (const [place, slope] of second) all.set(place, (all.get(place) ?? 0) + slope);
  return all;
}
