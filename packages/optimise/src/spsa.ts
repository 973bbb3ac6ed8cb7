import { Prng, pow } from '@qfs/core/math';
import { type Method, type Point, valuesAt } from './method.ts';
import { plus, times } from './vector.ts';

export interface SpsaSettings {
  /** How many steps are taken. */
  readonly iterations: number;
  /** How far the first step moves each parameter, about. */
  readonly initialStep: number;
  /** How far from the point the function is probed at first; more than what noise hides. */
  readonly perturbation: number;
  readonly seed: number;
}

/** Decay of steps and probes, and steps for which the first is held back (Spall 1998, section III.B). */
const STEP_DECAY = 0.602;
const PROBE_DECAY = 0.101;
const STABILITY = 0.1;
/** Pairs of probes by which the size of the first step is found. */
const CALIBRATION_PAIRS = 10;

/**
 * SPSA: J. C. Spall, "Implementation of the simultaneous perturbation algorithm for stochastic
 * optimization" (1998).
 * Two values give an estimate of the whole gradient, however many parameters there are, and noise in
 * them averages
 * out over the steps. The gain of the steps is calibrated from probes around the start.
 */
export function* spsa(start: Point, settings: SpsaSettings): Method {
  const { iterations, initialStep, perturbation, seed } = settings;
  const held = STABILITY * iterations;
  const draws = new Prng(seed, 'spsa');
  const signs = () => start.map(() => (draws.word() % 2 === 0 ? 1 : -1));
  const slopeAlong = function* (point: Point, direction: Point, probe: number) {
    const offset = times(probe, direction);
    const [ahead, behind] = yield* valuesAt([plus(point, offset), plus(point, times(-1, offset))]);
    return (ahead! - behind!) / (2 * probe);
  };
  let steepness = 0;
  for (let pair = 0; pair < CALIBRATION_PAIRS; pair += 1) {
    steepness += Math.abs(yield* slopeAlong(start, signs(), perturbation)) / CALIBRATION_PAIRS;
  }
  const gain = (initialStep * pow(held + 1, STEP_DECAY)) / (steepness > 0 ? steepness : 1);
  let point = start;
  for (let k = 0; k < iterations; k += 1) {
    const direction = signs();
    const slope = yield* slopeAlong(point, direction, perturbation / pow(k + 1, PROBE_DECAY));
    point = plus(point, times(-(gain / pow(held + k + 1, STEP_DECAY)) * slope, direction));
  }
  yield* valuesAt([point]);
}
