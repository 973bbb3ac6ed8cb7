import {
  bits,
  bitsOf,
  boolean,
  complex,
  elementType,
  Fault,
  float,
  radians,
  type Type,
  unsigned,
  type Value,
  whole,
} from './values.ts';

/** Casts and implicit conversions: the table "Allowed casts" of the specification and the sections below it. */
export function convert(value: Value, type: Type): Value {
  switch (type.kind) {
    case 'bool':
      return boolean(isTrue(value));
    case 'int':
    case 'uint':
      return whole(type.kind, type.width, integerOf(value));
    case 'float':
      return float(numberOf(value), type.width);
    case 'complex':
      return value.kind === 'complex'
        ? complex(value.re, value.im, type.width)
        : complex(numberOf(value), 0, type.width);
    case 'angle':
      return toAngle(value, type.width);
    case 'bit':
      return toBits(value, type.width);
    case 'array': {
      if (value.kind !== 'array' || value.items.length !== type.sizes[0])
        throw new Fault('the shapes of the arrays differ');
      const element = elementType(type);
      return { kind: 'array', element, items: value.items.map((item) => convert(item, element)) };
    }
  }
}

/** Everything but zero is true. */
export function isTrue(value: Value): boolean {
  switch (value.kind) {
    case 'bool':
      return value.value;
    case 'bit':
      return value.bits.includes(true);
    case 'float':
      return value.value !== 0;
    case 'complex':
    case 'array':
      throw new Fault('this is no condition');
    default:
      return value.value !== 0n;
  }
}

/** Bits count as an unsigned number; fractions are cut off towards zero, as in C. */
export function integerOf(value: Value): bigint {
  switch (value.kind) {
    case 'bool':
      return value.value ? 1n : 0n;
    case 'bit':
      return unsigned(value.bits);
    case 'float':
      if (!Number.isFinite(value.value)) throw new Fault('no integer stands for this float');
      return BigInt(Math.trunc(value.value));
    case 'complex':
    case 'array':
      throw new Fault('this is no integer');
    default:
      return value.value;
  }
}

export function numberOf(value: Value): number {
  if (value.kind === 'float') return value.value;
  return value.kind === 'angle' ? radians(value) : Number(integerOf(value));
}

/** Angles keep their highest bits, bits their places; floats are rounded modulo 2π, ties to even. */
function toAngle(value: Value, width: number): Value {
  if (value.kind === 'bit') return whole('angle', width, unsigned(value.bits));
  if (value.kind === 'angle') {
    const shift = BigInt(width - value.width);
    return whole('angle', width, shift >= 0n ? value.value << shift : value.value >> -shift);
  }
  const turns = numberOf(value) / (2 * Math.PI);
  if (!Number.isFinite(turns)) throw new Fault('no angle stands for this float');
  return whole('angle', width, roundToEven(turns - Math.floor(turns), width));
}

/** The integer nearest to `fraction` · 2^width, computed without rounding errors. */
function roundToEven(fraction: number, width: number): bigint {
  // A float below one is a multiple of 2^-1074, so that scaled by it everything is an integer.
  const scale = 1074n;
  let mantissa = fraction;
  let exponent = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent += 1;
  }
  const units = (BigInt(mantissa) << (scale - BigInt(exponent))) << BigInt(width);
  const below = units >> scale;
  const rest = units - (below << scale);
  const half = 1n << (scale - 1n);
  return rest > half || (rest === half && (below & 1n) === 1n) ? below + 1n : below;
}

function toBits(value: Value, width: number): Value {
  if (value.kind === 'angle' && value.width !== width) throw new Fault('the widths differ');
  if (value.kind === 'bit' && value.bits.length !== width) throw new Fault('the widths differ');
  return bits(bitsOf(integerOf(value), width));
}
