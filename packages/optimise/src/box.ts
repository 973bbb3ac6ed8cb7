import type { Point } from './method.ts';
import { minus } from './vector.ts';

/** Bounds of the parameters. */
export class Box {
  readonly lower: readonly number[];
  readonly upper: readonly number[];

  constructor(lower: readonly number[], upper: readonly number[]) {
    this.lower = lower;
    this.upper = upper;
  }

  project(point: Point): number[] {
    return point.map((value, k) => Math.min(this.upper[k]!, Math.max(this.lower[k]!, value)));
  }

  /** Largest component of the projected gradient. */
  steepness(point: Point, gradient: Point): number {
    const projected = minus(this.project(minus(point, gradient)), point);
    return Math.max(0, ...projected.map(Math.abs));
  }

  /** The longest step along the direction that stays within the bounds. */
  room(point: Point, direction: Point): number {
    return direction.reduce((least, slope, k) => {
      if (slope === 0) return least;
      const bound = slope > 0 ? this.upper[k]! : this.lower[k]!;
      return Math.min(least, (bound - point[k]!) / slope);
    }, Infinity);
  }
}
