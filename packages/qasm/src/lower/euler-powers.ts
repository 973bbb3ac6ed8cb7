import type { BinaryOperator, Parameter } from '@qfs/circuit';
import { applyBuiltin } from './builtins.ts';
import { convert } from './conversions.ts';
import { chained, type Outcome } from './folding.ts';
import { principalOf, type RunTimeSpectrum } from './generators.ts';
import { applyBinary } from './operators.ts';
import { FLOAT, floatValue, type Value } from './types.ts';
import type { Unitary } from './unitary.ts';

/** U = e^{iα}·Rz(φ)·Ry(θ)·Rz(λ), with values that are known at run time. */
interface Euler {
  readonly theta: Outcome;
  readonly phi: Outcome;
  readonly lambda: Outcome;
  readonly alpha: Outcome;
}

const apply = (operator: BinaryOperator, left: Outcome, right: Outcome): Outcome =>
  chained(left, (a) => chained(right, (b) => applyBinary(operator, a, b)));
const plus = (left: Outcome, right: Outcome): Outcome => apply('+', left, right);
const minus = (left: Outcome, right: Outcome): Outcome => apply('-', left, right);
const times = (left: Outcome, right: Outcome): Outcome => apply('*', left, right);
const scaled = (value: Outcome, factor: number): Outcome => times(value, floatValue(factor));
const call = (name: string, argument: Outcome): Outcome =>
  chained(argument, (value) => applyBuiltin(name, [value]));
const length = (a: Outcome, b: Outcome): Outcome => call('sqrt', plus(times(a, a), times(b, b)));

/** Keeps a quotient of zeros a number. */
const TINY = 1e-300;

/** The angle of the point (x, y), where √(x² + y²) is `size`: up to whole turns, and exact near every axis. */
function angleOf(x: Outcome, y: Outcome, size: Outcome): Outcome {
  const magnitude = call('sqrt', times(x, x));
  const acute = scaled(call('arctan', apply('/', y, plus(plus(size, magnitude), floatValue(TINY)))), 2);
  const isLeft = chained(apply('<', x, floatValue(0)), (value): Outcome => convert(value, FLOAT) ?? value);
  // On the left of the y axis the angle counts back from π.
  return plus(scaled(isLeft, Math.PI), times(acute, minus(floatValue(1), scaled(isLeft, 2))));
}

/**
 * The spectrum of `U`, `u2` or `u3` with parameters that the run knows, and global phases beside it, from the
 * quaternion of its rotation; undefined for other gates.
 */
export function eulerSpectrum(parts: readonly Unitary[]): RunTimeSpectrum | undefined {
  const gates = parts.filter((part) => part.kind === 'gate');
  const phases = parts.filter((part) => part.kind === 'gphase');
  const [gate] = gates;
  const isOne = gates.length === 1 && [gate, ...phases].every((part) => part?.controls === undefined);
  const euler = isOne ? eulerOf(gate!.gate, gate!.parameters.map(given)) : undefined;
  if (euler === undefined) return undefined;
  const { theta, phi, lambda } = euler;
  const alpha = phases.reduce<Outcome>((sum, { angle }) => plus(sum, given(angle)), euler.alpha);
  const turn = scaled(plus(phi, lambda), 0.5);
  const cosine = call('cos', scaled(theta, 0.5));
  const w = times(cosine, call('cos', turn));
  const z = times(cosine, call('sin', turn));
  const across = call('sin', scaled(theta, 0.5));
  const axis = length(across, z);
  const polar = parameterOf(angleOf(z, across, axis));
  const azimuth = parameterOf(plus(scaled(minus(phi, lambda), 0.5), floatValue(Math.PI / 2)));
  if (polar === undefined || azimuth === undefined) return undefined;
  const beta = angleOf(w, axis, floatValue(1));
  return {
    basis: [{ kind: 'gate', gate: 'U', parameters: [polar, azimuth, 0], qubits: [0] }],
    angles: [principalOf(minus(alpha, beta)), principalOf(plus(alpha, beta))],
  };
}

function eulerOf(gate: string, parameters: readonly Outcome[]): Euler | undefined {
  const none = floatValue(0);
  if (gate === 'u2') {
    const [phi, lambda] = parameters as [Outcome, Outcome];
    return { theta: floatValue(Math.PI / 2), phi, lambda, alpha: none };
  }
  if (gate !== 'U' && gate !== 'u3') return undefined;
  const [theta, phi, lambda] = parameters as [Outcome, Outcome, Outcome];
  const alpha = gate === 'u3' ? none : scaled(plus(plus(theta, phi), lambda), 0.5);
  return { theta, phi, lambda, alpha };
}

const given = (parameter: Parameter): Value =>
  typeof parameter === 'number' ? floatValue(parameter) : { type: FLOAT, ir: parameter };

function parameterOf(outcome: Outcome): Parameter | undefined {
  if ('problem' in outcome) return undefined;
  return outcome.ir.kind === 'float' ? outcome.ir.value : outcome.ir;
}
