import type { PassContext, Run } from '../contract.ts';
import type { AngleSum } from '../matrix/angles.ts';
import { type GateSet, gateSetOf } from './gate-set.ts';
import type { Wires } from './wires.ts';

/** A round of rewriting: what it left, and whether it did anything. */
interface Round {
  readonly wires: Wires;
  readonly phase: AngleSum;
  readonly isChanged: boolean;
}

/** Rewrites a run until a round changes nothing: one can uncover what the next rewrites. */
export function inRounds(
  run: Run,
  context: PassContext,
  roundsMax: number,
  round: (run: Run, set: GateSet) => Round,
): Run {
  const set = gateSetOf(context);
  let current = run;
  for (let count = 0; count < roundsMax; count++) {
    const { wires, phase, isChanged } = round(current, set);
    if (!isChanged) break;
    current = { ops: wires.ops(), phase: phase.value() };
  }
  return current;
}
