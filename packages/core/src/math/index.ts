/**
 * `@qfs/core/math`: elementary functions whose results have the same bits on every machine, because they use
 * nothing but IEEE additions, multiplications, divisions, square roots and integers; and the random numbers
 * of simulations. `docs/internals/math.md` states the error bounds.
 */
export { exp, log, log2, pow } from './exponential.ts';
export { acos, asin, atan, atan2, hypot } from './inverse-trigonometry.ts';
export { deriveSeed, Prng } from './prng.ts';
export { cos, sin, sincos, tan } from './trigonometry.ts';

export const PI = Math.PI;
export const TAU = 2 * Math.PI;
export const E = Math.E;
