import { fastTwoSum, LOW, twoSum } from './double-double.ts';
import { exponentOf, scale } from './float-bits.ts';

/** π/2 in three parts of 33 bits, so that their products with a quotient below 2^20 are exact, and a rest. */
const HALF_PI_PARTS = [
  1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32,
] as const;

/** Quotients up to here take the short reduction: |x| below 2^20 · π/2. */
const SHORT_MAX = 1_647_099;
const FRACTION_BITS = 192n;
/**
 * Bits of 2/π behind the point: enough for the largest double (2^1023), 192 bits of fraction and a margin.
 */
const INVERSE_BITS = 1280n;

let inverse: { readonly twoOverPi: bigint; readonly halfPi: bigint } | undefined;

/** arctan(1/n) · 2^bits by its series. */
function arctanInverse(n: bigint, bits: bigint): bigint {
  let term = (1n << bits) / n;
  let sum = term;
  for (let k = 3n, sign = -1n; term !== 0n; k += 2n, sign = -sign) {
    term /= n * n;
    sum += (sign * term) / k;
  }
  return sum;
}

/** π · 2^bits by Machin's formula, correct to the last bit but one. */
export function piBits(bits: bigint): bigint {
  const guarded = bits + 32n;
  return (16n * arctanInverse(5n, guarded) - 4n * arctanInverse(239n, guarded)) >> 32n;
}

/** The quadrant (0 to 3) found by the last `reduce`. */
export const QUADRANT = new Int32Array(1) as Int32Array & { 0: number };

/**
 * x − k·π/2 in [−π/4, π/4] as a double-double, with k mod 4 in `QUADRANT[0]`, for every finite x. Below 2^20
 * by Cody and Waite's method, above by Payne and Hanek's.
 */
export function reduce(x: number): number {
  if (Math.abs(x) >= SHORT_MAX) return reduceHuge(x);
  const k = Math.round(x * 0.6366197723675814);
  QUADRANT[0] = k & 3;
  const first = x - k * HALF_PI_PARTS[0];
  const second = twoSum(first, -k * HALF_PI_PARTS[1]);
  const secondError = LOW[0];
  const third = twoSum(second, -k * HALF_PI_PARTS[2]);
  const thirdError = LOW[0];
  return twoSum(third, secondError + thirdError - k * HALF_PI_PARTS[3]);
}

function reduceHuge(x: number): number {
  inverse ??= {
    twoOverPi: (1n << (2n * INVERSE_BITS + 1n)) / piBits(INVERSE_BITS),
    halfPi: piBits(FRACTION_BITS) >> 1n,
  };
  const exponent = exponentOf(x) - 52;
  const mantissa = BigInt(scale(Math.abs(x), -exponent));
  const shift = INVERSE_BITS - BigInt(exponent);
  const turns = (mantissa * inverse.twoOverPi) >> (shift - FRACTION_BITS);
  const half = 1n << (FRACTION_BITS - 1n);
  const k = (turns + half) >> FRACTION_BITS;
  const fraction = turns - (k << FRACTION_BITS);
  const product = (x < 0 ? -fraction : fraction) * inverse.halfPi;
  QUADRANT[0] = Number(x < 0 ? -k & 3n : k & 3n);
  const high = Number(product);
  const low = Number(product - BigInt(high));
  const unit = -2 * Number(FRACTION_BITS);
  return fastTwoSum(scale(high, unit), scale(low, unit));
}
