import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as math from './index.ts';

const { sin, cos, tan, asin, acos, exp, log, log2 } = math;

import { piBits } from './reduction.ts';

/**
 * The oracle: the same functions on integers scaled by 2^BITS, by their plain series. It shares nothing with
 * the code under test but the value of π, which has a test of its own.
 */
const BITS = 2600n;
const ONE = 1n << BITS;
const PI = piBits(BITS);

const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const over = (a: bigint, b: bigint): bigint => (a << BITS) / b;

function exact(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const mantissa = (bits & 0xfffffffffffffn) | (biased === 0 ? 0n : 1n << 52n);
  const shift = BITS + BigInt(Math.max(biased, 1) - 1075);
  return (x < 0 ? -mantissa : mantissa) << shift;
}

function series(first: bigint, next: (term: bigint, n: bigint) => bigint): bigint {
  let sum = 0n;
  let n = 0n;
  for (let term = first; term !== 0n; term = next(term, n)) {
    sum += term;
    n += 1n;
  }
  return sum;
}

const sinOf = (x: bigint): bigint => {
  const turns = x / (2n * PI);
  const r = x - turns * 2n * PI;
  return series(r, (term, n) => -times(times(term, r), r) / (2n * n * (2n * n + 1n)));
};
const cosOf = (x: bigint): bigint => sinOf(x + PI / 2n);
const expOf = (x: bigint): bigint => {
  const small = x >> 12n;
  let value = series(ONE, (term, n) => times(term, small) / n);
  for (let i = 0; i < 12; i += 1) value = times(value, value);
  return value;
};
const logOf = (x: bigint): bigint => {
  let halvings = 0n;
  let m = x;
  for (; m > 2n * ONE; halvings += 1n) m >>= 1n;
  for (; m < ONE; halvings -= 1n) m <<= 1n;
  const artanh = (s: bigint): bigint => {
    const square = times(s, s);
    let power = s;
    let sum = 0n;
    for (let k = 1n; power !== 0n; k += 2n) {
      sum += power / k;
      power = times(power, square);
    }
    return sum;
  };
  return 2n * artanh(over(m - ONE, m + ONE)) + halvings * 2n * artanh(ONE / 3n);
};
const rootOf = (x: bigint): bigint => {
  const square = x << BITS;
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2));
  for (let next = root; ; root = next) {
    next = (root + square / root) >> 1n;
    if (next >= root) return root;
  }
};
const atanOf = (x: bigint): bigint => {
  let y = x;
  for (let i = 0; i < 6; i += 1) y = over(y, ONE + rootOf(ONE + times(y, y)));
  const square = times(y, y);
  let sum = 0n;
  let power = y;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power = -times(power, square);
  }
  return sum << 6n;
};

/** Distance from the true value in units of the last place of the result. */
function ulps(result: number, truth: bigint): number {
  const exponent = result === 0 ? -1074 : Math.max(-1074, Math.floor(Math.log2(Math.abs(result))) - 52);
  const unit = 1n << (BITS + BigInt(exponent));
  const distance = exact(result) - truth;
  return Number(((distance < 0n ? -distance : distance) * 1_000_000n) / unit) / 1e6;
}

const random = new math.Prng(20_240_607, 'math-test');
/** A double with a random sign and significand and an exponent between the given ones. */
function double(low: number, high: number): number {
  const exponent = Math.floor(low + random.uniform() * (high - low));
  return (random.uniform() < 0.5 ? -1 : 1) * (1 + random.uniform()) * 2 ** exponent;
}
const between = (low: number, high: number): number => low + random.uniform() * (high - low);

const HARD_ANGLES = [
  math.PI,
  math.PI / 2,
  math.PI / 4,
  3 * math.PI,
  1e22,
  6_381_956_970_095_103 * 2 ** 797,
  Number.MAX_VALUE,
  5e-324,
  2 ** -32,
  2 ** -27,
  1_647_098.9,
  1_647_099,
  1_647_099.1,
  0.7853981633974484,
  355,
  1e5 * math.PI,
];
const ONE_ULP = 2 ** -52;

interface Case {
  readonly compute: (x: number) => number;
  readonly truth: (x: bigint) => bigint;
  readonly arguments: readonly number[];
}

const some = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const angles = [...HARD_ANGLES, ...some(200, () => double(-40, 30)), ...some(60, () => double(30, 1023))];
const CASES: Readonly<Record<string, Case>> = {
  sin: { compute: math.sin, truth: sinOf, arguments: angles },
  cos: { compute: math.cos, truth: cosOf, arguments: angles },
  tan: { compute: math.tan, truth: (x) => over(sinOf(x), cosOf(x)), arguments: angles },
  exp: {
    compute: math.exp,
    truth: expOf,
    arguments: [
      1,
      -1,
      709.78,
      -708.4,
      -745,
      -740.3,
      1e-20,
      0.34657359027997264,
      ...some(200, () => between(-745, 709)),
    ],
  },
  log: {
    compute: math.log,
    truth: logOf,
    arguments: [
      2,
      1 + ONE_ULP,
      1 - ONE_ULP / 2,
      5e-324,
      Number.MAX_VALUE,
      math.E,
      Math.SQRT1_2,
      ...some(60, () => Math.abs(double(-1074, 1023))),
      ...some(60, () => between(0.9, 1.1)),
    ],
  },
  log2: {
    compute: math.log2,
    truth: (x) => over(logOf(x), logOf(2n * ONE)),
    arguments: [3, 1 + ONE_ULP, 5e-324, ...some(60, () => Math.abs(double(-1074, 1023))), 0.99],
  },
  atan: {
    compute: math.atan,
    truth: atanOf,
    arguments: [1, 0.03125, 1 / 32 + ONE_ULP, 1e300, 5e-324, ...some(200, () => double(-60, 60))],
  },
  asin: {
    compute: math.asin,
    truth: (x) => atanOf(over(x, rootOf(ONE - times(x, x)))),
    arguments: [0.5, 1 - ONE_ULP, -1 + ONE_ULP, 1e-9, ...some(200, () => between(-1, 1))],
  },
  acos: {
    compute: math.acos,
    truth: (x) => PI / 2n - atanOf(over(x, rootOf(ONE - times(x, x)))),
    arguments: [0.5, 1 - ONE_ULP, -1 + ONE_ULP, 1e-9, ...some(200, () => between(-1, 1))],
  },
};

test('the oracle itself knows known digits', () => {
  const digits = (x: bigint): string => ((x * 10n ** 30n) >> BITS).toString();
  assert.equal(digits(PI), '3141592653589793238462643383279');
  assert.equal(digits(expOf(ONE)), '2718281828459045235360287471352');
  assert.equal(digits(logOf(2n * ONE)), '693147180559945309417232121458');
  assert.equal(digits(rootOf(2n * ONE)), '1414213562373095048801688724209');
  assert.equal(digits(4n * atanOf(ONE)), '3141592653589793238462643383279');
  assert.equal(digits(sinOf(ONE)), '841470984807896506652502321630');
});

for (const [name, { compute, truth, arguments: values }] of Object.entries(CASES)) {
  test(`${name} is within 0.51 units in the last place`, () => {
    for (const x of values) {
      const error = ulps(compute(x), truth(exact(x)));
      assert.ok(error <= 0.51, `${name}(${x}) = ${compute(x)} is off by ${error}`);
    }
  });
}

test('pow, atan2 and hypot are within 0.51 units in the last place', () => {
  for (let i = 0; i < 80; i += 1) {
    const [x, y] = [Math.abs(double(-40, 40)), between(-17, 17)];
    const power = ulps(math.pow(x, y), expOf(times(exact(y), logOf(exact(x)))));
    assert.ok(power <= 0.51, `pow(${x}, ${y}) is off by ${power}`);
    const [a, b] = [double(-30, 30), double(-30, 30)];
    const angle = atanOf(over(exact(a), exact(b))) + (b < 0 ? (a < 0 ? -PI : PI) : 0n);
    assert.ok(ulps(math.atan2(a, b), angle) <= 0.51, `atan2(${a}, ${b})`);
    const length = rootOf(times(exact(a), exact(a)) + times(exact(b), exact(b)));
    assert.ok(ulps(math.hypot(a, b), length) <= 0.51, `hypot(${a}, ${b})`);
  }
});

test('exact results are exact', () => {
  assert.equal(math.cos(math.PI / 2), 6.123233995736766e-17);
  assert.equal(math.sin(math.PI), 1.2246467991473532e-16);
  for (const zero of [0, -0]) {
    for (const odd of [math.sin, math.tan, math.asin, math.atan]) assert.ok(Object.is(odd(zero), zero));
  }
  assert.deepEqual([math.cos(0), math.exp(0), math.log(1), math.acos(1)], [1, 1, 0, 0]);
  for (let e = -1074; e <= 1023; e += 1) {
    assert.equal(math.log2(2 ** e), e);
    assert.equal(math.pow(2, e), 2 ** e);
  }
  for (const base of [2, 3, 5, 7, 10]) {
    let product = 1;
    for (let n = 1; product * base <= Number.MAX_SAFE_INTEGER; n += 1) {
      product *= base;
      assert.equal(math.pow(base, n), product);
      assert.equal(math.pow(-base, n), n % 2 === 0 ? product : -product);
    }
  }
  for (let i = 0; i < 1000; i += 1) {
    const x = Math.abs(double(-1000, 1000));
    assert.equal(math.pow(x, 0.5), Math.sqrt(x));
  }
  assert.equal(math.hypot(3, 4), 5);
});

test('special values are those of IEEE 754 and ECMAScript', () => {
  const { MAX_VALUE: max, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minus, NaN: nan } = Number;
  const values = [0, -0, 1, -1, 2, -2, 3, 1e300, -1e300, 5e-324, max, inf, minus, nan];
  const ordinary = (x: number): boolean => Number.isFinite(x) && x !== 0;
  for (const [x, y] of values.flatMap((x) => values.map((y) => [x, y] as const))) {
    assert.ok(Object.is(math.pow(x, y), x ** y), `pow(${x}, ${y}) is ${math.pow(x, y)}`);
    if (ordinary(x) && ordinary(y)) continue;
    assert.ok(Object.is(math.atan2(y, x), Math.atan2(y, x)), `atan2(${y}, ${x}) is ${math.atan2(y, x)}`);
  }
  const named = { sin, cos, tan, asin, acos, exp, log, log2 };
  for (const [name, f] of Object.entries(named)) {
    const builtin = Math[name as keyof typeof named];
    for (const x of [inf, minus, nan]) assert.ok(Object.is(f(x), builtin(x)), `${name}(${x}) is ${f(x)}`);
  }
  for (const x of values) {
    assert.equal(math.hypot(x, minus), inf);
    assert.equal(math.hypot(x, 0), Math.abs(x));
  }
  assert.deepEqual([math.log(0), math.log(-0), math.log(-1), math.log2(0)], [minus, minus, nan, minus]);
  assert.deepEqual([math.asin(1.1), math.acos(-1.1)], [nan, nan]);
  assert.deepEqual([math.exp(710), math.exp(-746), math.exp(max)], [inf, 0, inf]);
});

test('sincos gives the bits of sin and cos', () => {
  for (const x of angles) assert.deepEqual(math.sincos(x), { sin: math.sin(x), cos: math.cos(x) });
});
