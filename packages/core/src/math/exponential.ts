import {
  add,
  type Coefficients,
  divide,
  fastTwoSum,
  LOW,
  multiply,
  plainPolynomial,
  polynomial,
  reciprocal,
  twoProduct,
  twoSum,
} from './double-double.ts';
import { exponentOf, scale, scaleSum } from './float-bits.ts';

const INVERSE_LN2 = Math.LOG2E;
const INVERSE_LN2_LOW = 2.0355273740931033e-17;
/** ln 2 in two parts of 40 bits, whose products with a binary exponent are exact, and a rest. */
const LN2_PARTS = [0.6931471805601177, -1.7239444525610826e-13, -4.00865610552017e-26] as const;
const SQRT_HALF = Math.SQRT1_2;

const EXP_TERMS: Coefficients = (() => {
  let factorial = 1;
  return Array.from({ length: 17 }, (_, n) => {
    factorial *= Math.max(n, 1);
    return reciprocal(factorial);
  });
})();
const EXP_HEAD = EXP_TERMS.slice(0, 6);
const EXP_TAIL = EXP_TERMS.slice(6).map(([high]) => high);

/** artanh(s)/s = 1 + s²/3 + s⁴/5 + … */
const LOG_TERMS: Coefficients = Array.from({ length: 20 }, (_, n) => reciprocal(2 * n + 1));
const LOG_HEAD = LOG_TERMS.slice(0, 7);
const LOG_TAIL = LOG_TERMS.slice(7).map(([high]) => high);

/** e^(xh + xl), for |xh| <= 800. */
function expKernel(xh: number, xl: number): number {
  const k = Math.round(xh * INVERSE_LN2);
  const first = xh - k * LN2_PARTS[0];
  const second = twoSum(first, -k * LN2_PARTS[1]);
  const r = fastTwoSum(second, LOW[0] + (xl - k * LN2_PARTS[2]));
  const value = polynomial(EXP_HEAD, plainPolynomial(EXP_TAIL, r), r, LOW[0]);
  return scaleSum(value, LOW[0], k);
}

const EXPONENT = new Int32Array(1) as Int32Array & { 0: number };

/** ln of the significand of x > 0, taken in [√½, √2], as a double-double; its exponent in EXPONENT. */
function logSignificand(x: number): number {
  let exponent = exponentOf(x);
  let m = scale(x, -exponent) / 2;
  exponent += 1;
  if (m < SQRT_HALF) {
    m *= 2;
    exponent -= 1;
  }
  EXPONENT[0] = exponent;
  const sum = twoSum(m, 1);
  const s = divide(m - 1, 0, sum, LOW[0]);
  const sLow = LOW[0];
  const square = multiply(s, sLow, s, sLow);
  const ratio = polynomial(LOG_HEAD, plainPolynomial(LOG_TAIL, square), square, LOW[0]);
  return multiply(2 * s, 2 * sLow, ratio, LOW[0]);
}

function logKernel(x: number): number {
  const significand = logSignificand(x);
  const significandLow = LOW[0];
  const high = EXPONENT[0] * LN2_PARTS[0];
  const middle = twoSum(high, EXPONENT[0] * LN2_PARTS[1]);
  return add(middle, LOW[0] + EXPONENT[0] * LN2_PARTS[2], significand, significandLow);
}

/** e^x. Error below 0.51 ulp; overflows to +∞, underflows through the subnormals to 0. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 710) return Number.POSITIVE_INFINITY;
  if (x < -746) return 0;
  return expKernel(x, 0);
}

/** Natural logarithm. Error below 0.51 ulp; −∞ at 0, NaN below. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  return logKernel(x);
}

/** Binary logarithm, exact for powers of two. Error below 0.51 ulp; −∞ at 0, NaN below. */
export function log2(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  const natural = logSignificand(x);
  const binary = multiply(natural, LOW[0], INVERSE_LN2, INVERSE_LN2_LOW);
  return add(EXPONENT[0], 0, binary, LOW[0]);
}

/** |x|^y for finite x > 0 and finite y. */
function positivePower(x: number, y: number): number {
  if (y === 0.5) return Math.sqrt(x);
  const logarithm = logKernel(x);
  const logarithmLow = LOW[0];
  const estimate = y * logarithm;
  if (estimate > 710) return Number.POSITIVE_INFINITY;
  if (estimate < -746) return 0;
  if (Math.abs(estimate) < 2 ** -60) return 1;
  const product = twoProduct(y, logarithm);
  return expKernel(product, LOW[0] + y * logarithmLow);
}

/**
 * x^y with the special values of ECMAScript `**` (so pow(1, ±∞) is NaN). Error below 0.51 ulp; exact when the
 * exact result is a double; pow(x, 0.5) is the correctly rounded square root.
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const magnitude = Math.abs(x);
  const odd = Number.isInteger(y) && Math.abs(y % 2) === 1;
  const negative = odd && (x < 0 || Object.is(x, -0));
  if (Math.abs(y) === Number.POSITIVE_INFINITY) {
    if (magnitude === 1) return Number.NaN;
    return magnitude > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  }
  let power: number;
  if (magnitude === 0) power = y > 0 ? 0 : Number.POSITIVE_INFINITY;
  else if (magnitude === Number.POSITIVE_INFINITY) power = y > 0 ? magnitude : 0;
  else if (x < 0 && !Number.isInteger(y)) return Number.NaN;
  else power = positivePower(magnitude, y);
  return negative ? -power : power;
}
