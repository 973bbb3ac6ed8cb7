import type { ClassicalType } from '@qfs/circuit';
import { callBuiltin } from '@qfs/circuit/classical';
import { convert } from './conversions.ts';
import { folded, type Outcome, problem } from './folding.ts';
import { applyBinary, commonType } from './operators.ts';
import { COMPLEX, constantOf, FLOAT, isConstant, isInteger, UINT, type Value } from './types.ts';

/** "Built-in constants" of the specification. */
export const BUILTIN_CONSTANTS: Readonly<Record<string, number>> = {
  pi: Math.PI,
  π: Math.PI,
  tau: 2 * Math.PI,
  τ: 2 * Math.PI,
  euler: Math.E,
  ℇ: Math.E,
};

interface BuiltinFunction {
  readonly arity: number;
  readonly apply: (name: string, args: readonly Value[]) => Outcome;
}

const OF_REALS: BuiltinFunction = { arity: 1, apply: applyToFloats };
const OF_REALS_OR_COMPLEX: BuiltinFunction = {
  arity: 1,
  apply: (name, args) =>
    args[0]!.type.kind === 'complex' ? called(name, args, args[0]!.type) : applyToFloats(name, args),
};
const PART: BuiltinFunction = { arity: 1, apply: (name, args) => applyPart(name, args[0]!) };
const ROTATION: BuiltinFunction = { arity: 2, apply: applyToBits };

/**
 * "Built-in mathematical functions" of the specification, and the parts of complex numbers; `sizeof` takes no value
 * and is a matter of types.
 */
const FUNCTIONS: Readonly<Record<string, BuiltinFunction>> = {
  arccos: OF_REALS,
  arcsin: OF_REALS,
  arctan: OF_REALS,
  ceiling: OF_REALS,
  cos: OF_REALS,
  exp: OF_REALS_OR_COMPLEX,
  floor: OF_REALS,
  imag: PART,
  log: OF_REALS,
  mod: { arity: 2, apply: applyModulus },
  popcount: { arity: 1, apply: applyToBits },
  pow: { arity: 2, apply: (_, args) => applyBinary('**', args[0]!, args[1]!) },
  real: PART,
  rotl: ROTATION,
  rotr: ROTATION,
  sin: OF_REALS,
  sqrt: OF_REALS_OR_COMPLEX,
  tan: OF_REALS,
};

export const BUILTIN_FUNCTIONS: readonly string[] = [...Object.keys(FUNCTIONS), 'sizeof'].sort();
export const arityOf = (name: string): number => FUNCTIONS[name]!.arity;
export const applyBuiltin = (name: string, args: readonly Value[]): Outcome =>
  FUNCTIONS[name]!.apply(name, args);

function called(name: string, args: readonly Value[], type: ClassicalType): Outcome {
  if (args.every(({ ir }) => isConstant(ir))) return folded(() => callBuiltin(name, args.map(constantOf)));
  return { type, ir: { kind: 'builtin', name, arguments: args.map(({ ir }) => ir) } };
}

function applyToFloats(name: string, args: readonly Value[]): Outcome {
  const reals = args.map((value) => convert(value, FLOAT));
  return reals.every((value) => value !== undefined)
    ? called(name, reals, FLOAT)
    : problem(`\`${name}\` needs numbers`);
}

/** The remainder of integers is an integer, that of floats a float; it has the sign of the divisor. */
function applyModulus(name: string, args: readonly Value[]): Outcome {
  const [a, b] = args as [Value, Value];
  const type = isInteger(a.type) && isInteger(b.type) ? commonType(a.type, b.type) : undefined;
  if (type === undefined) return applyToFloats(name, args);
  return called(name, [convert(a, type)!, convert(b, type)!], type);
}

/** The real or imaginary part, as wide as it is in the number. */
function applyPart(name: string, value: Value): Outcome {
  const number = value.type.kind === 'complex' ? value : convert(value, COMPLEX);
  if (number?.type.kind !== 'complex') return problem(`\`${name}\` needs a complex number`);
  return called(name, [number], { kind: 'float', width: number.type.width });
}

function applyToBits(name: string, args: readonly Value[]): Outcome {
  const [bits, distance] = args as [Value, Value?];
  const { kind } = bits.type;
  if (kind !== 'bit' && kind !== 'uint' && kind !== 'angle')
    return problem(`\`${name}\` needs a bit register, an unsigned integer or an angle`);
  if (distance !== undefined && !isInteger(distance.type))
    return problem(`\`${name}\` needs an integer distance`);
  return called(name, args, distance === undefined ? UINT : bits.type);
}
