import { type Asking, type Differentiated, differentiatedAt, type Point } from './method.ts';
import { dot, plus, times } from './vector.ts';

/** Strong Wolfe conditions: enough decrease, and a slope that is mostly gone. */
const DECREASE = 1e-4;
const SLOPE_LEFT = 0.9;
const EVALUATIONS_MAX = 20;

interface Trial extends Differentiated {
  readonly step: number;
  readonly slope: number;
}

/**
 * A step along a way down that meets the strong Wolfe conditions, or the longest one allowed if the
 * function still
 * falls there (J. Nocedal and S. Wright, "Numerical Optimization", 2006, algorithms 3.5 and 3.6).
 * Undefined when none
 * is found within `EVALUATIONS_MAX` evaluations.
 */
export function* searchAlong(
  point: Point,
  direction: Point,
  start: Differentiated,
  firstStep: number,
  longest: number,
): Asking<(Differentiated & { readonly step: number }) | undefined> {
  const slope0 = dot(start.gradient, direction);
  const isEnough = ({ value, step }: Trial) => value <= start.value + DECREASE * step * slope0;
  const isFlat = ({ slope }: Trial) => Math.abs(slope) <= -SLOPE_LEFT * slope0;
  let evaluations = 0;
  const tryStep = function* (step: number): Asking<Trial> {
    evaluations += 1;
    const found = yield* differentiatedAt(plus(point, times(step, direction)));
    return { ...found, step, slope: dot(found.gradient, direction) };
  };
  let low: Trial = { ...start, step: 0, slope: slope0 };
  let high: Trial | undefined;
  let step = Math.min(firstStep, longest);
  while (evaluations < EVALUATIONS_MAX) {
    const trial = yield* tryStep(step);
    if (!isEnough(trial) || trial.value >= low.value) high = trial;
    else if (isFlat(trial)) return trial;
    else if (trial.slope >= 0) [high, low] = [low, trial];
    else {
      low = trial;
      if (high === undefined && step >= longest) return trial;
    }
    step = high === undefined ? Math.min(2 * step, longest) : between(low, high);
    if (high !== undefined && Math.abs(high.step - low.step) < Number.EPSILON * Math.max(1, low.step)) break;
  }
  return low.step > 0 ? low : undefined;
}

/** The minimum of the cubic through both ends, kept away from them; the middle where there is none. */
function between(low: Trial, high: Trial): number {
  const width = high.step - low.step;
  const d1 = low.slope + high.slope - (3 * (low.value - high.value)) / (low.step - high.step);
  const square = d1 * d1 - low.slope * high.slope;
  if (square < 0) return low.step + width / 2;
  const d2 = (width > 0 ? 1 : -1) * Math.sqrt(square);
  const part = 1 - (high.slope + d2 - d1) / (high.slope - low.slope + 2 * d2);
  return low.step + width * (Number.isFinite(part) ? Math.min(0.9, Math.max(0.1, part)) : 0.5);
}
