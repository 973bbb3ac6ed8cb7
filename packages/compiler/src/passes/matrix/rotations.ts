import { cos, sin } from '@qfs/core/math';
import type { Matrix } from './complex.ts';

const R = Math.SQRT1_2;

export const H: Matrix = Float64Array.of(R, 0, R, 0, R, 0, -R, 0);
export const X: Matrix = Float64Array.of(0, 0, 1, 0, 1, 0, 0, 0);
export const Y: Matrix = Float64Array.of(0, 0, 0, -1, 0, 1, 0, 0);
export const Z: Matrix = Float64Array.of(1, 0, 0, 0, 0, 0, -1, 0);
export const S: Matrix = Float64Array.of(1, 0, 0, 0, 0, 0, 0, 1);
export const SDG: Matrix = Float64Array.of(1, 0, 0, 0, 0, 0, 0, -1);
/** rx(π/2) and its inverse. */
export const V: Matrix = Float64Array.of(R, 0, 0, -R, 0, -R, R, 0);
export const VDG: Matrix = Float64Array.of(R, 0, 0, R, 0, R, R, 0);

/** exp(-iθX/2). */
export function rx(theta: number): Matrix {
  const c = cos(theta / 2);
  const s = sin(theta / 2);
  return new Float64Array([c, 0, 0, -s, 0, -s, c, 0]);
}

/** exp(-iθY/2). */
export function ry(theta: number): Matrix {
  const c = cos(theta / 2);
  const s = sin(theta / 2);
  return new Float64Array([c, 0, -s, 0, s, 0, c, 0]);
}

/** exp(-iθZ/2). */
export function rz(theta: number): Matrix {
  const c = cos(theta / 2);
  const s = sin(theta / 2);
  return new Float64Array([c, -s, 0, 0, 0, 0, c, s]);
}
