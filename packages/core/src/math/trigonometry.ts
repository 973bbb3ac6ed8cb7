import {
  type Coefficients,
  divide,
  LOW,
  multiply,
  plainPolynomial,
  polynomial,
  reciprocal,
} from './double-double.ts';
import { QUADRANT, reduce } from './reduction.ts';

/** Below this magnitude sin x and tan x round to x. */
const TINY = 2 ** -32;
const QUARTER_PI = 0.7853981633974483;

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

const signed = ([high, low]: readonly [number, number], sign: number): readonly [number, number] => [
  sign * high,
  sign * low,
];

/** Taylor coefficients ±1/(2n+offset)! in x², the first ones as double-doubles, the rest plain. */
function taylor(
  offset: 0 | 1,
  exact: number,
  terms: number,
): { head: Coefficients; tail: readonly number[] } {
  const all = Array.from({ length: terms }, (_, n) =>
    signed(reciprocal(factorial(2 * n + offset)), n % 2 === 0 ? 1 : -1),
  );
  return { head: all.slice(0, exact), tail: all.slice(exact).map(([high]) => high) };
}

const SIN = taylor(1, 3, 10);
const COS = taylor(0, 4, 11);

/** sin of a reduced double-double, |r| <= π/4. */
function sinKernel(rh: number, rl: number): number {
  const square = multiply(rh, rl, rh, rl);
  const ratio = polynomial(SIN.head, plainPolynomial(SIN.tail, square), square, LOW[0]);
  return multiply(rh, rl, ratio, LOW[0]);
}

function cosKernel(rh: number, rl: number): number {
  const square = multiply(rh, rl, rh, rl);
  return polynomial(COS.head, plainPolynomial(COS.tail, square), square, LOW[0]);
}

/** Reduces, then leaves the low part in LOW and the quadrant in QUADRANT. */
function reduced(x: number): number {
  if (Math.abs(x) > QUARTER_PI) return reduce(x);
  QUADRANT[0] = 0;
  LOW[0] = 0;
  return x;
}

/** Sine of x radians. NaN for infinities. Error below 0.51 ulp for every double. */
export function sin(x: number): number {
  if (Math.abs(x) < TINY) return x;
  if (!Number.isFinite(x)) return Number.NaN;
  const r = reduced(x);
  const value = (QUADRANT[0] & 1) === 0 ? sinKernel(r, LOW[0]) : cosKernel(r, LOW[0]);
  return QUADRANT[0] < 2 ? value : -value;
}

/** Cosine of x radians. NaN for infinities. Error below 0.51 ulp for every double. */
export function cos(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const r = reduced(x);
  const value = (QUADRANT[0] & 1) === 0 ? cosKernel(r, LOW[0]) : sinKernel(r, LOW[0]);
  return QUADRANT[0] === 0 || QUADRANT[0] === 3 ? value : -value;
}

/** The same bits as `sin` and `cos`. */
export function sincos(x: number): { readonly sin: number; readonly cos: number } {
  return { sin: sin(x), cos: cos(x) };
}

/** Tangent of x radians. NaN for infinities. Error below 0.51 ulp for every double. */
export function tan(x: number): number {
  if (Math.abs(x) < TINY) return x;
  if (!Number.isFinite(x)) return Number.NaN;
  const r = reduced(x);
  const rl = LOW[0];
  const sine = sinKernel(r, rl);
  const sineLow = LOW[0];
  const cosine = cosKernel(r, rl);
  const cosineLow = LOW[0];
  if ((QUADRANT[0] & 1) === 0) return divide(sine, sineLow, cosine, cosineLow);
  return divide(-cosine, -cosineLow, sine, sineLow);
}
