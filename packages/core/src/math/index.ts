/**
 * `@qfs/core/math`: elementary functions whose results have the same bits on every machine, because they use nothing
 * but IEEE additions, multiplications, divisions, square roots and integers; and the random numbers of simulations.
 * `docs/internals/math.md` states the error bounds.
 */
export { exp, log, log2, pow } from './exponential.ts';
export { acos, asin, atan, atan2, hypot } from './inverse-trigonometry.ts';
export { deriveSeed, Prng } from './prng.ts';
export { cos, sin, sincos, tan } from './trigonometry.ts';

export const PI = 3.141592653589793;
export const TAU = 6.283185307179586;
export const E = 2.718281828459045;
