import type { Prng } from '@qfs/core/math';

/**
 * How many of so many draws fall on each weight, exactly distributed: one binomial number per weight
 * instead of one
 * random number per draw. Weights are not negative.
 */
export function multinomial(weights: Float64Array, draws: number, random: Prng): Map<number, number> {
  const counts = new Map<number, number>();
  const rest = new Float64Array(weights.length);
  let sum = 0;
  for (let at = weights.length - 1; at >= 0; at -= 1) {
    sum += weights[at]!;
    rest[at] = sum;
  }
  let left = draws;
  for (let at = 0; at < weights.length && left > 0; at += 1) {
    if (weights[at] === 0) continue;
    // Where nothing follows, the quotient is 1 and takes what is left.
    const count = binomial(left, Math.min(1, weights[at]! / rest[at]!), random);
    if (count > 0) counts.set(at, count);
    left -= count;
  }
  return counts;
}

/** Below this mean a number is found by walking up from 0. */
const WALK_MEAN_MAX = 10;

/** A binomial number: how many of `n` tries succeed that each do with probability `p`. */
export function binomial(n: number, p: number, random: Prng): number {
  if (p === 1) return n;
  if (p > 0.5) return n - binomial(n, 1 - p, random);
  return n * p < WALK_MEAN_MAX ? walked(n, p, random) : rejected(n, p, random);
}

/** Inverts the cumulative distribution term by term. */
function walked(n: number, p: number, random: Prng): number {
  const ratio = p / (1 - p);
  let term = wholePower(1 - p, n);
  let rest = random.uniform();
  let k = 0;
  while (rest >= term && k < n) {
    rest -= term;
    k += 1;
    term *= ((n - k + 1) / k) * ratio;
  }
  return k;
}

/** b^n for whole n. */
function wholePower(b: number, n: number): number {
  let result = 1;
  let square = b;
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/**
 * Transformed rejection with squeeze (W. Hörmann, "The generation of binomial random variates", 1993,
 * algorithm
 * BTRS), for p up to 1/2 and means of 10 and more.
 */
function rejected(n: number, p: number, random: Prng): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const center = n * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + center);
    if (us >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > n) continue;
    const scale = ((2.83 + 5.1 / b) * spread) / (a / (us * us) + b);
    if (v * scale <= ratioToMode(n, p, k)) return k;
  }
}

/** The probability of k over that of the mode, from one number to the next: few lie between them. */
function ratioToMode(n: number, p: number, k: number): number {
  const mode = Math.floor((n + 1) * p);
  const odds = p / (1 - p);
  let ratio = 1;
  for (let i = mode + 1; i <= k; i += 1) ratio *= ((n - i + 1) / i) * odds;
  for (let i = k + 1; i <= mode; i += 1) ratio *= i / ((n - i + 1) * odds);
  return ratio;
}
