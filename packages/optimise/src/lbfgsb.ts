import { Box } from './box.ts';
import { LimitedMemory } from './limited-memory.ts';
import { searchAlong } from './line-search.ts';
import { differentiatedAt, type Method, type Point } from './method.ts';
import { dot, minus, plus, times } from './vector.ts';

export interface LbfgsbSettings {
  /** The search ends when no component of the projected gradient is larger. */
  readonly tolerance: number;
  /** Bounds of each parameter; absent: none. */
  readonly lower?: readonly number[];
  readonly upper?: readonly number[];
}

/** Pairs of steps and gradient changes that are remembered; 3 to 20 are recommended. */
const MEMORY = 10;
/** A step that brings less than this part of the value ends the search: rounding hides the rest. */
const RELATIVE_GAIN_MIN = 1e-15;

/**
 * L-BFGS-B: R. H. Byrd, P. Lu, J. Nocedal and C. Zhu, "A limited memory algorithm for bound constrained
 * optimization"
 * (1995). The bounds that hold are found along the projected gradient, the quadratic model is minimised
 * over the
 * other parameters, and a line search that meets the strong Wolfe conditions goes towards that point.
 */
export function* lbfgsb(start: Point, { tolerance, lower, upper }: LbfgsbSettings): Method {
  const box = new Box(lower ?? start.map(() => -Infinity), upper ?? start.map(() => Infinity));
  const memory = new LimitedMemory(start.length, MEMORY);
  let point: Point = box.project(start);
  let { value, gradient } = yield* differentiatedAt(point);
  for (;;) {
    if (box.steepness(point, gradient) <= tolerance) return;
    let direction = descent(point, gradient, box, memory);
    if (direction === undefined && memory.isEmpty) return;
    if (direction === undefined) {
      // Curvature that misleads is worth nothing: begin again with the gradient alone.
      memory.forget();
      direction = descent(point, gradient, box, memory);
      if (direction === undefined) return;
    }
    const first = memory.isEmpty ? Math.min(1, 1 / Math.sqrt(dot(direction, direction))) : 1;
    const found = yield* searchAlong(
      point,
      direction,
      { value, gradient },
      first,
      box.room(point, direction),
    );
    if (found === undefined) {
      if (memory.isEmpty) return;
      memory.forget();
      continue;
    }
    const next = box.project(plus(point, times(found.step, direction)));
    memory.remember(minus(next, point), minus(found.gradient, gradient));
    const gain = value - found.value;
    point = next;
    ({ value, gradient } = found);
    if (gain <= RELATIVE_GAIN_MIN * Math.max(1, Math.abs(value))) return;
  }
}

/** Towards the minimum of the model within the box; undefined when that is no way down. */
function descent(point: Point, gradient: Point, box: Box, memory: LimitedMemory): Point | undefined {
  const { cauchy, isFree } = memory.cauchyPoint(point, gradient, box);
  const target = memory.subspaceMinimum(point, gradient, cauchy, isFree);
  const direction = minus(box.project(target), point);
  if (dot(direction, gradient) < 0) return direction;
  const towardsCauchy = minus(cauchy, point);
  return dot(towardsCauchy, gradient) < 0 ? towardsCauchy : undefined;
}
