import { acos, asin, atan, cos, exp, log, pow, sin, tan } from '@qfs/core/math';
import { integerOf, numberOf } from './conversions.ts';
import { binary } from './operators.ts';
import { bits, Fault, float, type Value, whole } from './values.ts';

type Builtin = (values: readonly Value[]) => Value;

const onNumber =
  (compute: (x: number) => number): Builtin =>
  ([x]) =>
    float(compute(numberOf(x!)));

/** The built-in functions by the names of the specification; `sizeof` needs no values and is not here. */
export const BUILTINS: Readonly<Record<string, Builtin>> = {
  arccos: onNumber(acos),
  arcsin: onNumber(asin),
  arctan: onNumber(atan),
  ceiling: onNumber(Math.ceil),
  cos: onNumber(cos),
  exp: onNumber(exp),
  floor: onNumber(Math.floor),
  imag: ([z]) => float(z!.kind === 'complex' ? z!.im : 0),
  log: onNumber(log),
  mod: ([a, b]) => modulus(a!, b!),
  popcount: ([x]) => whole('uint', 64, BigInt(registerOf(x!).filter((bit) => bit).length)),
  pow: ([a, b]) =>
    a!.kind === 'float' || b!.kind === 'float'
      ? float(pow(numberOf(a!), numberOf(b!)))
      : binary('**', a!, b!),
  real: ([z]) => float(z!.kind === 'complex' ? z!.re : numberOf(z!)),
  rotl: ([x, places]) => rotated(x!, integerOf(places!)),
  rotr: ([x, places]) => rotated(x!, -integerOf(places!)),
  sin: onNumber(sin),
  sqrt: onNumber(Math.sqrt),
  tan: onNumber(tan),
};

/** The remainder of a − b·⌊a/b⌋, which has the sign of the divisor; the formula itself rounds, `%` does not. */
function modulus(a: Value, b: Value): Value {
  if (a.kind === 'float' || b.kind === 'float') {
    const [x, y] = [numberOf(a), numberOf(b)];
    const exact = x % y;
    return float(exact !== 0 && exact < 0 !== y < 0 ? exact + y : exact);
  }
  const remainder = binary('%', a, b);
  const isOpposite = integerOf(remainder) !== 0n && integerOf(remainder) < 0n !== integerOf(b) < 0n;
  return isOpposite ? binary('+', remainder, b) : remainder;
}

function registerOf(value: Value): readonly boolean[] {
  if (value.kind === 'bit') return value.bits;
  if (value.kind !== 'uint' && value.kind !== 'angle') throw new Fault('here stands a register');
  return Array.from({ length: value.width }, (_, place) => ((value.value >> BigInt(place)) & 1n) === 1n);
}

/** Bit i goes to place i + `places`, around the end. */
function rotated(value: Value, places: bigint): Value {
  const register = registerOf(value);
  const size = BigInt(register.length);
  const result = register.map(
    (_, place) => register[Number((((BigInt(place) - places) % size) + size) % size)]!,
  );
  if (value.kind === 'bit') return bits(result);
  if (value.kind !== 'uint' && value.kind !== 'angle') throw new Fault('here stands a register');
  const number = result.reduce((sum, bit, place) => (bit ? sum + 2n ** BigInt(place) : sum), 0n);
  return whole(value.kind, value.width, number);
}
