import { acos, asin, atan, cos, exp, log, pow, sin, tan } from '@qfs/core/math';
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
  exp: onReal(exp),
  floor: onReal(Math.floor),
  imag: ([x]) => float(x?.kind === 'complex' ? x.im : 0),
  log: onReal(log),
  mod: ([a, b]) => binary('%', a!, b!),
  popcount: ([x]) => fixed('uint', 64, BigInt(bitsOf(x!).value.toString(2).replaceAll('0', '').length)),
  pow: ([a, b]) =>
    a!.kind === 'complex' || b!.kind === 'complex'
      ? binary('**', a!, b!)
      : a!.kind === 'float' || b!.kind === 'float'
        ? float(pow(toNumber(a!), toNumber(b!)))
        : binary('**', a!, b!),
  real: ([x]) => float(x?.kind === 'complex' ? x.re : toNumber(x!)),
  rotl: ([x, places]) => rotate(x!, toInteger(places!)),
  rotr: ([x, places]) => rotate(x!, -toInteger(places!)),
  sin: onReal(sin),
  sizeof: ([x, dimension]) => fixed('uint', 64, BigInt(sizeOf(x!, dimension ? toInteger(dimension) : 0n))),
  sqrt: ([x]) => (x!.kind === 'complex' ? binary('**', x!, complex(0.5, 0)) : float(Math.sqrt(toNumber(x!)))),
  tan: onReal(tan),
};

export function callBuiltin(name: string, values: readonly Value[]): Value {
  const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
  if (builtin === undefined) throw malformed(`There is no built-in function '${name}'.`);
  return builtin(values);
}

function bitsOf(value: Value): { width: number; value: bigint } {
  if (value.kind === 'bit' || value.kind === 'uint') return value;
  throw fault(`${describe(value)} is neither a bit register nor an unsigned integer.`);
}

function rotate(value: Value, places: bigint): Value {
  const bits = bitsOf(value);
  const width = BigInt(bits.width);
  const by = ((places % width) + width) % width;
  return fixed(value.kind as 'bit' | 'uint', bits.width, (bits.value << by) | (bits.value >> (width - by)));
}

function sizeOf(value: Value, dimension: bigint): number {
  let array = value;
  for (let d = 0n; d < dimension && array.kind === 'array'; d += 1n) array = array.items[0] ?? float(0);
  if (array.kind !== 'array') throw fault(`${describe(array)} has no dimension ${dimension}.`);
  return array.items.length;
}
