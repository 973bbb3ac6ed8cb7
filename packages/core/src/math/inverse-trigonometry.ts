import {
  add,
  type Coefficients,
  divide,
  LOW,
  multiply,
  plainPolynomial,
  squareRoot,
  twoProduct,
  twoSum,
} from './double-double.ts';
import { exponentOf, scale } from './float-bits.ts';

/** arctan(k/16) for k = 0…16. */
const ARCTANGENTS: Coefficients = [
  [0, 0],
  [0.06241880999595735, -1.5490756308295046e-18],
  [0.12435499454676144, -3.1253241424539383e-18],
  [0.18534794999569476, 4.180692268843079e-18],
  [0.24497866312686414, 1.0698755618734451e-17],
  [0.3028848683749714, -1.1010827903001369e-17],
  [0.35877067027057225, -2.4623815582638635e-17],
  [0.4124104415973873, -1.587652227770689e-17],
  [0.4636476090008061, 2.2698777452961687e-17],
  [0.5123894603107377, -2.5462781472855804e-17],
  [0.5585993153435624, -5.4556305485916264e-18],
  [0.6022873461349642, 2.950430737228402e-17],
  [0.6435011087932844, 1.5834785051444286e-17],
  [0.6823165548747481, 6.943223671560008e-18],
  [0.7188299996216245, -2.1478388444456983e-17],
  [0.7531512809621944, -2.4256934659182068e-17],
  [0.7853981633974483, 3.061616997868383e-17],
];

/** −1/3, 1/5, −1/7, …: for |t| <= 1/32 the first left out term is below 2^-70. */
const TAIL = [-1 / 3, 1 / 5, -1 / 7, 1 / 9, -1 / 11, 1 / 13];

const HALF_PI = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;
/** Quotients farther apart than this need no series. */
const FAR = 2 ** -60;

/** arctan(y/x) for 0 <= y <= x, x > 0, as a double-double: table entry plus a series in (y − cx)/(x + cy). */
function octant(yh: number, yl: number, xh: number, xl: number): number {
  const k = Math.round((16 * yh) / xh);
  const c = k / 16;
  const cx = multiply(c, 0, xh, xl);
  const numerator = add(yh, yl, -cx, -LOW[0]);
  const numeratorLow = LOW[0];
  const cy = multiply(c, 0, yh, yl);
  const denominator = add(xh, xl, cy, LOW[0]);
  const t = divide(numerator, numeratorLow, denominator, LOW[0]);
  const square = t * t;
  const [ah, al] = ARCTANGENTS[k]!;
  return add(ah, al, t, LOW[0] + t * square * plainPolynomial(TAIL, square));
}

/** The angle of the point (x, y) with y >= 0, in [0, π]. */
function upperAngle(yh: number, yl: number, xh: number, xl: number): number {
  const [ax, axl] = xh < 0 ? [-xh, -xl] : [xh, xl];
  let angle: number;
  if (yh <= ax) {
    angle = octant(yh, yl, ax, axl);
  } else {
    const complement = octant(ax, axl, yh, yl);
    angle = add(HALF_PI, HALF_PI_LOW, -complement, -LOW[0]);
  }
  return xh < 0 ? add(2 * HALF_PI, 2 * HALF_PI_LOW, -angle, -LOW[0]) : angle;
}

/** √(1 − x²) for |x| <= 1, as a double-double. */
function cosineOfSine(x: number): number {
  const minus = twoSum(1, -x);
  const minusLow = LOW[0];
  const plus = twoSum(1, x);
  const product = multiply(minus, minusLow, plus, LOW[0]);
  return squareRoot(product, LOW[0]);
}

const withSign = (magnitude: number, sign: number): number =>
  sign < 0 || Object.is(sign, -0) ? -magnitude : magnitude;

/** Angle of the point (x, y) in [−π, π], with the special values of IEEE 754 `atan2`. Error below 0.51 ulp. */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const ay = Math.abs(y);
  const ax = Math.abs(x);
  const leftward = x < 0 || Object.is(x, -0);
  if (ay === 0) return withSign(leftward ? 2 * HALF_PI : 0, y);
  if (ax === Number.POSITIVE_INFINITY) {
    if (ay === ax) return withSign(leftward ? 3 * HALF_PI * 0.5 : HALF_PI / 2, y);
    return withSign(leftward ? 2 * HALF_PI : 0, y);
  }
  if (ax === 0 || ay === Number.POSITIVE_INFINITY) return withSign(HALF_PI, y);
  const exponent = exponentOf(Math.max(ax, ay));
  const sy = scale(ay, -exponent);
  const sx = scale(ax, -exponent);
  if (sx < FAR) return withSign(HALF_PI, y);
  if (sy < FAR) return withSign(leftward ? 2 * HALF_PI : ay / ax, y);
  return withSign(upperAngle(sy, 0, leftward ? -sx : sx, 0), y);
}

/** Arc tangent in [−π/2, π/2]. Error below 0.51 ulp. */
export function atan(x: number): number {
  return atan2(x, 1);
}

/** Arc sine in [−π/2, π/2]; NaN outside [−1, 1]. Error below 0.51 ulp. */
export function asin(x: number): number {
  if (!(Math.abs(x) <= 1)) return Number.NaN;
  if (Math.abs(x) < 2 ** -32) return x;
  const cosine = cosineOfSine(Math.abs(x));
  return withSign(upperAngle(Math.abs(x), 0, cosine, LOW[0]), x);
}

/** Arc cosine in [0, π]; NaN outside [−1, 1]. Error below 0.51 ulp. */
export function acos(x: number): number {
  if (!(Math.abs(x) <= 1)) return Number.NaN;
  if (x === 1) return 0;
  if (x === 0) return HALF_PI;
  const sine = cosineOfSine(x);
  return upperAngle(sine, LOW[0], x, 0);
}

/** √(x² + y²) without overflow on the way. Error below 0.51 ulp; +∞ when either is infinite. */
export function hypot(x: number, y: number): number {
  const large = Math.max(Math.abs(x), Math.abs(y));
  const small = Math.min(Math.abs(x), Math.abs(y));
  if (Math.abs(x) === Number.POSITIVE_INFINITY || Math.abs(y) === Number.POSITIVE_INFINITY) {
    return Number.POSITIVE_INFINITY;
  }
  if (Number.isNaN(large) || small === 0) return large;
  const exponent = exponentOf(large);
  const a = scale(large, -exponent);
  const b = scale(small, -exponent);
  if (b < FAR) return large;
  const aa = twoProduct(a, a);
  const aaLow = LOW[0];
  const bb = twoProduct(b, b);
  const sum = add(aa, aaLow, bb, LOW[0]);
  return scale(squareRoot(sum, LOW[0]), exponent);
}
