import { type Asking, type Method, type Point, valueAt, valuesAt } from './method.ts';
import { minus, norm, plus, times } from './vector.ts';

export interface NelderMeadSettings {
  /** Edge of the first simplex along each axis. */
  readonly initialStep: number;
  /** The search ends when the simplex is smaller than this. */
  readonly tolerance: number;
}

interface Vertex {
  readonly point: Point;
  readonly value: number;
}

/**
 * J. A. Nelder and R. Mead, "A simplex method for function minimization" (1965), with the coefficients
 * of F. Gao and
 * L. Han, "Implementing the Nelder-Mead simplex algorithm with adaptive parameters" (2012), which suit many
 * parameters better.
 */
export function* nelderMead(start: Point, { initialStep, tolerance }: NelderMeadSettings): Method {
  const n = start.length;
  const [expand, contract, shrink] = n < 2 ? [2, 0.5, 0.5] : [1 + 2 / n, 0.75 - 1 / (2 * n), 1 - 1 / n];
  const corners = start.map((_, j) => start.map((value, k) => (j === k ? value + initialStep : value)));
  let vertices = yield* evaluated([start, ...corners]);
  for (;;) {
    vertices = vertices.toSorted((a, b) => a.value - b.value);
    const best = vertices[0]!;
    const worst = vertices.at(-1)!;
    const size = Math.max(...vertices.map(({ point }) => norm(minus(point, best.point))));
    if (size <= tolerance) return;
    const others = vertices.slice(0, -1);
    const centre = times(1 / n, others.map(({ point }) => point).reduce(plus));
    const along = (factor: number) => plus(centre, times(factor, minus(centre, worst.point)));
    const replacement = yield* improved(along, vertices, expand, contract);
    if (replacement !== undefined) {
      vertices = [...others, replacement];
      continue;
    }
    const drawnIn = vertices
      .slice(1)
      .map(({ point }) => plus(best.point, times(shrink, minus(point, best.point))));
    vertices = [best, ...(yield* evaluated(drawnIn))];
  }
}

/** A vertex to take the place of the worst; undefined when all of them are to be drawn in. */
function* improved(
  along: (factor: number) => Point,
  vertices: readonly Vertex[],
  expand: number,
  contract: number,
): Asking<Vertex | undefined> {
  const [best, second, worst] = [vertices[0]!, vertices.at(-2)!, vertices.at(-1)!];
  const reflected = yield* vertexAt(along(1));
  if (reflected.value < best.value) {
    const expanded = yield* vertexAt(along(expand));
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < second.value) return reflected;
  const isOutside = reflected.value < worst.value;
  const contracted = yield* vertexAt(along(isOutside ? contract : -contract));
  const bound = isOutside ? reflected.value : worst.value;
  return contracted.value <= bound && contracted.value < worst.value ? contracted : undefined;
}

function* vertexAt(point: Point): Asking<Vertex> {
  return { point, value: yield* valueAt(point) };
}

function* evaluated(points: readonly Point[]): Asking<Vertex[]> {
  const values = yield* valuesAt(points);
  return points.map((point, k) => ({ point, value: values[k]! }));
}
