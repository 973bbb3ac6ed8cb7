/**
 * Arithmetic on unevaluated sums of two doubles, about 106 bits, from IEEE addition and multiplication
 * alone. A function returns the high part, which is the sum rounded to the nearest double, and leaves the
 * low part in `LOW[0]`: nothing is allocated. Sources: Knuth (TwoSum), Veltkamp and Dekker 1971
 * (TwoProduct), Hida, Li and Bailey 2001 (sums and quotients). Operands must stay well inside the exponent
 * range (2^-450 to 2^450).
 */
export const LOW = new Float64Array(1) as Float64Array & { 0: number };

const SPLITTER = 134_217_729; // 2^27 + 1

/** a + b exactly, for |a| >= |b| or a = 0. */
export function fastTwoSum(a: number, b: number): number {
  const sum = a + b;
  LOW[0] = b - (sum - a);
  return sum;
}

/** a + b exactly. */
export function twoSum(a: number, b: number): number {
  const sum = a + b;
  const shadow = sum - a;
  LOW[0] = a - (sum - shadow) + (b - shadow);
  return sum;
}

/** a · b exactly. */
export function twoProduct(a: number, b: number): number {
  const product = a * b;
  const aSplit = SPLITTER * a;
  const aHigh = aSplit - (aSplit - a);
  const aLow = a - aHigh;
  const bSplit = SPLITTER * b;
  const bHigh = bSplit - (bSplit - b);
  const bLow = b - bHigh;
  LOW[0] = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  return product;
}

export function add(ah: number, al: number, bh: number, bl: number): number {
  const high = twoSum(ah, bh);
  const highError = LOW[0];
  const low = twoSum(al, bl);
  const lowError = LOW[0];
  const sum = fastTwoSum(high, highError + low);
  return fastTwoSum(sum, LOW[0] + lowError);
}

export function multiply(ah: number, al: number, bh: number, bl: number): number {
  const product = twoProduct(ah, bh);
  return fastTwoSum(product, LOW[0] + (ah * bl + al * bh));
}

export function divide(ah: number, al: number, bh: number, bl: number): number {
  const quotient = ah / bh;
  const product = multiply(quotient, 0, bh, bl);
  const remainder = add(ah, al, -product, -LOW[0]);
  return fastTwoSum(quotient, remainder / bh);
}

export function squareRoot(ah: number, al: number): number {
  if (ah === 0) {
    LOW[0] = 0;
    return 0;
  }
  const root = Math.sqrt(ah);
  const square = twoProduct(root, root);
  const remainder = add(ah, al, -square, -LOW[0]);
  return fastTwoSum(root, remainder / (2 * root));
}

/** One coefficient per pair: high part, low part. */
export type Coefficients = readonly (readonly [number, number])[];

/** 1/n, for an integer n below 2^53. */
export function reciprocal(n: number): readonly [number, number] {
  const high = 1 / n;
  const product = twoProduct(high, n);
  return [high, (1 - product - LOW[0]) / n];
}

/**
 * c0 + c1·x + … + x^n·tail by Horner's rule. The tail is a plain double: its error counts |x|^n times.
 */
export function polynomial(coefficients: Coefficients, tail: number, xh: number, xl: number): number {
  let high = tail;
  let low = 0;
  for (let i = coefficients.length - 1; i >= 0; i -= 1) {
    const [ch, cl] = coefficients[i]!;
    high = multiply(high, low, xh, xl);
    high = add(ch, cl, high, LOW[0]);
    low = LOW[0];
  }
  return high;
}

/** c0 + c1·x + … in plain doubles, for tails. */
export function plainPolynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i -= 1) sum = sum * x + coefficients[i]!;
  return sum;
}
