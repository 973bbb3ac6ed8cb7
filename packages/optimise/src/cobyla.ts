import { type Asking, type Method, type Point, valueAt, valuesAt } from './method.ts';
import { dot, inverse, minus, norm, plus, times } from './vector.ts';

export interface CobylaSettings {
  /** Radius of the first trust region: a change of the parameters that makes a difference. */
  readonly initialStep: number;
  /** Radius at which the search ends: the accuracy wanted of the parameters. */
  readonly tolerance: number;
}

/** Acceptable simplices (Powell 1994, section 2): no vertex too near its opposite face, none too far away. */
const NEAREST = 0.25;
const FARTHEST = 2.1;
/** Step that mends a simplex, and distance beyond which a vertex is given up after a good step, in radii. */
const MENDING_STEP = 0.5;
const GIVE_UP = 1.1;
/** A step that brings less than this part of what the model promised calls for a smaller radius. */
const PROMISE_KEPT = 0.1;

/**
 * COBYLA without constraints: M. J. D. Powell, "A direct search optimization method that models the
 * objective and
 * constraint functions by linear interpolation", in Advances in Optimization and Numerical Analysis
 * (1994). The
 * function is modelled by the plane through the vertices of a simplex; steps go down the plane to the
 * edge of a
 * trust region, or mend the simplex, and the radius shrinks when neither helps.
 */
export function* cobyla(start: Point, { initialStep, tolerance }: CobylaSettings): Method {
  const simplex = yield* Simplex.around(start, initialStep);
  let radius = initialStep;
  let mustStep = true;
  for (;;) {
    simplex.takeBestAsPole();
    const shape = simplex.shape(radius);
    // Vertices on top of each other, from a step below the spacing of numbers: there is nothing left to find.
    if (shape === undefined) return;
    if (!mustStep && !shape.isGood) {
      yield* simplex.mend(shape, radius);
      mustStep = true;
      continue;
    }
    const outcome = yield* simplex.stepDown(shape, radius);
    mustStep = true;
    if (outcome === 'good') continue;
    if (outcome === 'poor' && !shape.isGood) {
      mustStep = false;
      continue;
    }
    if (radius <= tolerance) return;
    radius /= 2;
    if (radius <= 1.5 * tolerance) radius = tolerance;
  }
}

/** What the vertices say of the function near the pole. */
interface Shape {
  readonly gradient: Point;
  /** Columns of the inverse of the edges: `normals[j]` is perpendicular to the face opposite vertex j. */
  readonly normals: readonly Point[];
  /** Distance of each vertex from the face opposite to it. */
  readonly heights: readonly number[];
  /** Distance of each vertex from the pole. */
  readonly lengths: readonly number[];
  readonly isGood: boolean;
}

class Simplex {
  #pole: Point;
  #poleValue: number;
  /** From the pole to each other vertex, and the values there. */
  readonly #edges: Point[];
  readonly #values: number[];

  constructor(pole: Point, poleValue: number, edges: Point[], values: number[]) {
    this.#pole = pole;
    this.#poleValue = poleValue;
    this.#edges = edges;
    this.#values = values;
  }

  /** The start, and from it a step along each axis. */
  static *around(start: Point, step: number): Asking<Simplex> {
    const edges = start.map((_, j) => start.map((_, k) => (j === k ? step : 0)));
    const [poleValue, ...values] = yield* valuesAt([start, ...edges.map((edge) => plus(start, edge))]);
    return new Simplex(start, poleValue!, edges, values);
  }

  takeBestAsPole(): void {
    const best = this.#values.reduce((found, value, j) => (value < this.#values[found]! ? j : found), 0);
    if (!(this.#values[best]! < this.#poleValue)) return;
    const edge = this.#edges[best]!;
    this.#pole = plus(this.#pole, edge);
    [this.#poleValue, this.#values[best]] = [this.#values[best]!, this.#poleValue];
    for (let j = 0; j < this.#edges.length; j += 1) {
      this.#edges[j] = j === best ? times(-1, edge) : minus(this.#edges[j]!, edge);
    }
  }

  shape(radius: number): Shape | undefined {
    const inverted = inverse(this.#edges);
    if (inverted === undefined) return undefined;
    const normals = this.#edges.map((_, j) => inverted.map((row) => row[j]!));
    const rises = this.#values.map((value) => value - this.#poleValue);
    const heights = normals.map((normal) => 1 / norm(normal));
    const lengths = this.#edges.map(norm);
    return {
      gradient: inverted.map((row) => dot(row, rises)),
      ...{ normals, heights, lengths },
      isGood:
        heights.every((height) => height >= NEAREST * radius) &&
        lengths.every((length) => length <= FARTHEST * radius),
    };
  }

  /**
   * Replaces the vertex that is farthest away, or else nearest to its face, by one that spans the
   * simplex well.
   */
  *mend({ gradient, normals, heights, lengths }: Shape, radius: number): Method {
    let worst = indexOfLargest(lengths);
    if (lengths[worst]! <= FARTHEST * radius) worst = indexOfLargest(heights.map((height) => -height));
    const step = times(MENDING_STEP * radius * heights[worst]!, normals[worst]!);
    const edge = dot(gradient, step) > 0 ? times(-1, step) : step;
    this.#values[worst] = yield* valueAt(plus(this.#pole, edge));
    this.#edges[worst] = edge;
  }

  /** `flat`: the model knows no way down. */
  *stepDown(shape: Shape, radius: number): Asking<'good' | 'poor' | 'flat'> {
    const slope = norm(shape.gradient);
    if (slope === 0) return 'flat';
    const step = times(-radius / slope, shape.gradient);
    const value = yield* valueAt(plus(this.#pole, step));
    const gained = this.#poleValue - value;
    const leaving = this.#vertexToLeave(shape, step, gained, radius);
    if (leaving === undefined) return 'poor';
    this.#edges[leaving] = step;
    this.#values[leaving] = value;
    return gained > 0 && gained >= PROMISE_KEPT * slope * radius ? 'good' : 'poor';
  }

  /**
   * The vertex that the new point replaces: what keeps the simplex wide, far vertices first (Powell
   * 1994, (20)).
   */
  #vertexToLeave(
    { normals, heights, lengths }: Shape,
    step: Point,
    gained: number,
    radius: number,
  ): number | undefined {
    const stretches = normals.map((normal) => Math.abs(dot(normal, step)));
    let leaving: number | undefined;
    let ratio = gained <= 0 ? 1 : 0;
    for (const [j, stretch] of stretches.entries()) {
      if (stretch > ratio) [leaving, ratio] = [j, stretch];
    }
    let farthest = GIVE_UP * radius;
    for (const [j, stretch] of stretches.entries()) {
      const height = stretch * heights[j]!;
      if (height < NEAREST * radius && height < heights[j]!) continue;
      const distance = gained > 0 ? norm(minus(step, this.#edges[j]!)) : lengths[j]!;
      if (distance > farthest) [leaving, farthest] = [j, distance];
    }
    return leaving;
  }
}

const indexOfLargest = (values: readonly number[]): number =>
  values.reduce((found, value, k) => (value > values[found]! ? k : found), 0);
