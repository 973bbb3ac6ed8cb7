import type { Box } from './box.ts';
import type { Point } from './method.ts';
import { dot, inverse, minus, plus, times } from './vector.ts';

/** Curvature below this part of the gradient's change says nothing (Byrd et al. 1995, section 6). */
const CURVATURE_MIN = 2.2e-16;

/**
 * The matrix B = θI - W M Wᵀ of the quadratic model, from the last steps s and gradient changes y (Byrd
 * et al. 1995,
 * section 3, compact representation).
 */
export class LimitedMemory {
  readonly #size: number;
  readonly #pairsMax: number;
  #pairs: { readonly s: Point; readonly y: Point }[] = [];
  #theta = 1;
  /** Rows of W, one for each parameter: y of each pair, then θs of each pair. */
  #w: Point[];
  #m: readonly Point[] = [];

  constructor(size: number, pairsMax: number) {
    this.#size = size;
    this.#pairsMax = pairsMax;
    this.#w = Array.from({ length: size }, () => []);
  }

  get isEmpty(): boolean {
    return this.#pairs.length === 0;
  }

  forget(): void {
    this.#pairs = [];
    this.#theta = 1;
    this.#w = Array.from({ length: this.#size }, () => []);
    this.#m = [];
  }

  remember(s: Point, y: Point): void {
    const curvature = dot(s, y);
    if (!(curvature > CURVATURE_MIN * dot(y, y))) return;
    this.#pairs = [...this.#pairs, { s, y }].slice(-this.#pairsMax);
    this.#theta = dot(y, y) / curvature;
    const pairs = this.#pairs;
    const theta = this.#theta;
    // M = inverse of [-D, Lᵀ; L, θSᵀS], D the diagonal and L the strictly lower part of SᵀY.
    const top = pairs.map(({ s: si, y: yi }, i) => [
      ...pairs.map((_, j) => (i === j ? -dot(si, yi) : 0)),
      ...pairs.map(({ s: sj }, j) => (j > i ? dot(sj, yi) : 0)),
    ]);
    const bottom = pairs.map(({ s: si }, i) => [
      ...pairs.map(({ y: yj }, j) => (i > j ? dot(si, yj) : 0)),
      ...pairs.map(({ s: sj }) => theta * dot(si, sj)),
    ]);
    const middle = inverse([...top, ...bottom]);
    if (middle === undefined) {
      this.forget();
      return;
    }
    this.#m = middle;
    this.#w = Array.from({ length: this.#size }, (_, k) => [
      ...pairs.map((pair) => pair.y[k]!),
      ...pairs.map((pair) => theta * pair.s[k]!),
    ]);
  }

  /**
   * The first local minimum of the model along the projected gradient, and which parameters are not at a
   * bound there
   * (Byrd et al. 1995, algorithm CP).
   */
  cauchyPoint(
    point: Point,
    gradient: Point,
    box: Box,
  ): { readonly cauchy: Point; readonly isFree: readonly boolean[] } {
    const breaks = gradient.map((g, k) => {
      if (g === 0) return Infinity;
      return (point[k]! - (g < 0 ? box.upper[k]! : box.lower[k]!)) / g;
    });
    const direction = gradient.map((g, k) => (breaks[k]! > 0 ? -g : 0));
    const cauchy = [...point];
    const order = breaks
      .map((time, k) => ({ time, k }))
      .filter(({ time }) => time > 0 && time < Infinity)
      .sort((a, b) => a.time - b.time);
    let walked = 0;
    for (const { time, k } of order) {
      const least = this.#leastAlong(point, gradient, cauchy, direction);
      if (walked + least < time) break;
      for (const [j, slope] of direction.entries()) cauchy[j] = cauchy[j]! + (time - walked) * slope;
      cauchy[k] = gradient[k]! < 0 ? box.upper[k]! : box.lower[k]!;
      direction[k] = 0;
      walked = time;
    }
    const rest = this.#leastAlong(point, gradient, cauchy, direction);
    const moved = Number.isFinite(rest) ? plus(cauchy, times(rest, direction)) : cauchy;
    return { cauchy: moved, isFree: direction.map((slope) => slope !== 0) };
  }

  /** How far along the direction from `at` the model is least; 0 when it rises. */
  #leastAlong(point: Point, gradient: Point, at: Point, direction: Point): number {
    const slope = dot(gradient, direction) + dot(direction, this.#times(minus(at, point)));
    const curvature = dot(direction, this.#times(direction));
    if (slope >= 0) return 0;
    return curvature > 0 ? -slope / curvature : Infinity;
  }

  /**
   * Minimum of the model over the parameters that are free at the Cauchy point (section 5.1, direct
   * primal method).
   */
  subspaceMinimum(point: Point, gradient: Point, cauchy: Point, isFree: readonly boolean[]): Point {
    const reduced = plus(gradient, this.#times(minus(cauchy, point))).map((r, k) => (isFree[k]! ? r : 0));
    const theta = this.#theta;
    const width = this.#m.length;
    const correction = new Array<number>(width).fill(0);
    if (width > 0) {
      const free = this.#w.filter((_, k) => isFree[k]!);
      const seen = this.#apply(this.#m, this.#transposed(reduced));
      const gram = Array.from({ length: width }, (_, i) =>
        Array.from({ length: width }, (__, j) => free.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
      );
      const middle = this.#m.map((row, i) =>
        row.map((_, j) => (i === j ? 1 : 0) - row.reduce((sum, m, k) => sum + m * gram[k]![j]!, 0) / theta),
      );
      const solved = inverse(middle);
      if (solved !== undefined) correction.splice(0, width, ...this.#apply(solved, seen));
    }
    return cauchy.map((value, k) => {
      if (!isFree[k]!) return value;
      return value - reduced[k]! / theta - dot(this.#w[k]!, correction) / (theta * theta);
    });
  }

  /** B times a vector. */
  #times(vector: Point): number[] {
    const scaled = times(this.#theta, vector);
    if (this.#m.length === 0) return scaled;
    const inner = this.#apply(this.#m, this.#transposed(vector));
    return scaled.map((value, k) => value - dot(this.#w[k]!, inner));
  }

  /** Wᵀ times a vector. */
  #transposed(vector: Point): number[] {
    return this.#m.map((_, j) => this.#w.reduce((sum, row, k) => sum + row[j]! * vector[k]!, 0));
  }

  #apply(matrix: readonly Point[], vector: Point): number[] {
    return matrix.map((row) => dot(row, vector));
  }
}
