import { acos, asin, atan, cos, exp, hypot, log, sin, tan } from '@qfs/core/math';
import { fault, malformed } from './fault.ts';
import { binary } from './operators.ts';
import { complex, describe, fixed, float, toInteger, toNumber, type Value } from './values.ts';

const onReal =
  (compute: (x: number) => number) =>
  ([x]: readonly Value[]): Value =>
    float(compute(toNumber(x!)));

/** The built-in functions of OpenQASM 3, "Built-in mathematical functions" and "sizeof", by name. */
const BUILTINS: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  arccos: onReal(acos),
  arcsin: onReal(asin),
  arctan: onReal(atan),
  ceiling: onReal(Math.ceil),
  cos: onReal(cos),
  exp: ([x]) => (x!.kind === 'complex' ? complexExponential(x!) : float(exp(toNumber(x!)))),
  floor: onReal(Math.floor),
  imag: ([x]) => (x!.kind === 'complex' ? float(x!.im, x!.width) : float(0)),
  log: onReal(log),
  mod: ([a, b]) => modulus(a!, b!),
  popcount: ([x]) => fixed('uint', 64, BigInt(bitsOf(x!).value.toString(2).replaceAll('0', '').length)),
  pow: ([a, b]) => binary('**', a!, b!),
  real: ([x]) => (x!.kind === 'complex' ? float(x!.re, x!.width) : float(toNumber(x!))),
  rotl: ([x, places]) => rotate(x!, toInteger(places!)),
  rotr: ([x, places]) => rotate(x!, -toInteger(places!)),
  sin: onReal(sin),
  sizeof: ([x, dimension]) => fixed('uint', 64, BigInt(sizeOf(x!, dimension ? toInteger(dimension) : 0n))),
  sqrt: ([x]) => (x!.kind === 'complex' ? complexRoot(x!) : float(Math.sqrt(toNumber(x!)))),
  tan: onReal(tan),
};

export function callBuiltin(name: string, values: readonly Value[]): Value {
  const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
  if (builtin === undefined) throw malformed(`There is no built-in function '${name}'.`);
  return builtin(values);
}

type Fixed = Extract<Value, { value: bigint }>;
type Complex = Extract<Value, { kind: 'complex' }>;

function bitsOf(value: Value): Fixed {
  if (value.kind === 'bit' || value.kind === 'uint' || value.kind === 'angle') return value;
  throw fault(`${describe(value)} is no bit register, unsigned integer or angle.`);
}

function rotate(value: Value, places: bigint): Value {
  const { kind, width, value: bits } = bitsOf(value);
  const size = BigInt(width);
  const by = ((places % size) + size) % size;
  return fixed(kind, width, (bits << by) | (bits >> (size - by)));
}

/** The remainder that has the sign of the divisor, unlike that of `%`. */
function modulus(a: Value, b: Value): Value {
  if (a.kind !== 'float' && b.kind !== 'float') {
    const remainder = binary('%', a, b);
    const isOpposite = toInteger(remainder) !== 0n && toInteger(remainder) < 0n !== toInteger(b) < 0n;
    return isOpposite ? binary('+', remainder, b) : remainder;
  }
  const divisor = toNumber(b);
  const remainder = toNumber(a) % divisor;
  return float(remainder !== 0 && remainder < 0 !== divisor < 0 ? remainder + divisor : remainder);
}

function complexExponential({ re, im, width }: Complex): Value {
  const size = exp(re);
  return complex(size * cos(im), size * sin(im), width);
}

/** The principal root, whose real part is not negative; without cancellation between its parts. */
function complexRoot({ re, im, width }: Complex): Value {
  if (re === 0 && im === 0) return complex(0, 0, width);
  const part = Math.sqrt((Math.abs(re) + hypot(re, im)) / 2);
  const other = Math.abs(im) / (2 * part);
  const [x, y] = re >= 0 ? [part, other] : [other, part];
  return complex(x, im < 0 ? -y : y, width);
}

function sizeOf(value: Value, dimension: bigint): number {
  let array: Value | undefined = value;
  for (let at = 0n; at < dimension && array?.kind === 'array'; at += 1n) array = array.items[0];
  if (dimension < 0n || array?.kind !== 'array')
    throw fault(`${describe(value)} has no dimension ${dimension}.`);
  return array.items.length;
}
