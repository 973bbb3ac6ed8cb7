import type { Expression, Parameter } from '@qfs/circuit';
import { TAU } from '@qfs/core/math';
import { applyBuiltin } from './builtins.ts';
import { chained, type Outcome } from './folding.ts';
import { applyBinary } from './operators.ts';
import { FLOAT, floatValue, type Value } from './types.ts';
import {
  distance,
  type Matrix,
  spectrumOf,
  TOLERANCE,
  type Unitary,
  unitaryOf,
  withAngles,
} from './unitary.ts';

/** What leads from basis states to eigenvectors, and the angles of their eigenvalues in (−π, π]. */
export interface RunTimeSpectrum {
  readonly basis: readonly Unitary[];
  readonly angles: readonly Outcome[];
}

/** A gate e^{iθG} of a value θ that is known at run time: its eigenvectors, and the eigenvalues of G. */
export interface Generator {
  readonly value: Value;
  readonly vectors: Matrix;
  readonly angles: readonly number[];
}

/** Where a gate is compared with e^{iθG}, whose G is read off at 1/8, before any angle wraps around. */
const PROBES = [-2.5, 0.7, 3.7, 8.1];
const FIRST = 1 / 8;

/**
 * The generator of a body whose parameters are multiples of one value that the run knows, with constants
 * added. Undefined if the body is not of this form, or its eigenvectors change with the value.
 */
export function generatorOf(parts: readonly Unitary[], qubits: number): Generator | undefined {
  const forms = new Map<Parameter, Affine>();
  let core: Expression | undefined;
  for (const parameter of parts.flatMap(parametersOf)) {
    const form = affineOf(parameter);
    forms.set(parameter, form);
    if (form.core === undefined) continue;
    if (core !== undefined && !isSame(core, form.core)) return undefined;
    core = form.core;
  }
  if (core === undefined) return undefined;
  const at = (value: number): Matrix => {
    const numberOf = (parameter: Parameter): number => {
      const { scale, offset } = forms.get(parameter)!;
      return scale * value + offset;
    };
    return unitaryOf(
      parts.map((part) => withParameters(part, numberOf)),
      qubits,
    )!;
  };
  const spectrum = spectrumOf(at(FIRST));
  if (spectrum === undefined) return undefined;
  const { vectors } = spectrum;
  const angles = spectrum.angles.map((angle) => exact(angle / FIRST));
  const isGenerated = PROBES.every((value) => {
    const expected = angles.map((angle) => value * angle);
    return distance(at(value), withAngles(vectors, expected)) < TOLERANCE;
  });
  return isGenerated ? { value: { type: FLOAT, ir: core }, vectors, angles } : undefined;
}

const parametersOf = (part: Unitary): readonly Parameter[] =>
  part.kind === 'gphase' ? [part.angle] : part.parameters;

const withParameters = (part: Unitary, numberOf: (parameter: Parameter) => number): Unitary =>
  part.kind === 'gphase'
    ? { ...part, angle: numberOf(part.angle) }
    : { ...part, parameters: part.parameters.map(numberOf) };

/** Eigenvalues of the gates there are, are simple fractions. */
function exact(value: number): number {
  const near = Math.round(value * 2 ** 20) / 2 ** 20;
  return Math.abs(near - value) < TOLERANCE ? near : value;
}

/** scale·core + offset; without a core it is a constant. */
interface Affine {
  readonly scale: number;
  readonly offset: number;
  readonly core?: Expression;
}

function affineOf(parameter: Parameter): Affine {
  if (typeof parameter === 'number') return { scale: 0, offset: parameter };
  switch (parameter.kind) {
    case 'float':
      return { scale: 0, offset: parameter.value };
    case 'unary':
      return parameter.operator === '-' ? scaled(affineOf(parameter.operand), -1) : itself(parameter);
    case 'binary':
      return combined(parameter) ?? itself(parameter);
    default:
      return itself(parameter);
  }
}

const itself = (core: Expression): Affine => ({ scale: 1, offset: 0, core });
const scaled = ({ scale, offset, ...rest }: Affine, factor: number): Affine => ({
  scale: scale * factor,
  offset: offset * factor,
  ...rest,
});

function combined(expression: Extract<Expression, { kind: 'binary' }>): Affine | undefined {
  const [left, right] = [affineOf(expression.left), affineOf(expression.right)];
  switch (expression.operator) {
    case '+':
      return sum(left, right);
    case '-':
      return sum(left, scaled(right, -1));
    case '*':
      if (right.core === undefined) return scaled(left, right.offset);
      return left.core === undefined ? scaled(right, left.offset) : undefined;
    case '/':
      return right.core === undefined && right.offset !== 0 ? scaled(left, 1 / right.offset) : undefined;
    default:
      return undefined;
  }
}

function sum(left: Affine, right: Affine): Affine | undefined {
  if (left.core !== undefined && right.core !== undefined && !isSame(left.core, right.core)) return undefined;
  const core = left.core ?? right.core;
  return {
    scale: left.scale + right.scale,
    offset: left.offset + right.offset,
    ...(core !== undefined && { core }),
  };
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b);
  const [first, second] = [Object.entries(a), Object.entries(b)];
  return (
    first.length === second.length &&
    first.every(([key, value]) => isSame(value, (b as Readonly<Record<string, unknown>>)[key]))
  );
}

/** The angle in (−π, π] of one that is known at run time. */
export function principalOf(outcome: Outcome): Outcome {
  const times = (value: Outcome, by: number): Outcome =>
    chained(value, (known) => applyBinary('*', known, floatValue(by)));
  return chained(outcome, (angle) => {
    const beyond = chained(times(angle, 1 / TAU), (turns) =>
      applyBinary('-', turns, floatValue(0.5 + TOLERANCE / TAU)),
    );
    const rounded = chained(beyond, (turns) => applyBuiltin('ceiling', [turns]));
    return chained(times(rounded, TAU), (wrap) => applyBinary('-', angle, wrap));
  });
}
