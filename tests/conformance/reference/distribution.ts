import type { ProgramNode } from '@qfs/qasm';
import { interpret, type Outcome } from './interpreter.ts';
import type { Value } from './values.ts';

/** An outcome whose probability differs from 0 by less is taken for impossible. */
const IMPOSSIBLE = 1e-12;

/** The program has more possible courses than are worth following. */
export class TooMany extends Error {}

/** Every possible course of a program with its probability: each measurement is followed to both outcomes. */
export function courses(
  program: ProgramNode,
  inputs: ReadonlyMap<string, Value>,
  most: number,
): readonly (readonly [Outcome, number])[] {
  const found: (readonly [Outcome, number])[] = [];
  // Decisions at the beginning of courses that are still to be followed.
  const open: (readonly boolean[])[] = [[]];
  for (let begin = open.pop(); begin !== undefined; begin = open.pop()) {
    if (found.length === most) throw new TooMany();
    const decisions = [...begin];
    let at = 0;
    let weight = 1;
    const outcome = interpret(
      program,
      (probability) => {
        if (probability < IMPOSSIBLE) return false;
        if (probability > 1 - IMPOSSIBLE) return true;
        if (at === decisions.length) {
          open.push([...decisions, true]);
          decisions.push(false);
        }
        const decision = decisions[at]!;
        at += 1;
        weight *= decision ? probability : 1 - probability;
        return decision;
      },
      inputs,
    );
    found.push([outcome, weight]);
  }
  return found;
}

/** Expectations below this say little about counts, and are taken together. */
const EXPECTED_LEAST = 5;

/**
 * How far counts are from a distribution, in standard deviations of χ²; infinite if something impossible was
 * counted.
 */
export function deviation(
  counts: ReadonlyMap<string, number>,
  probabilities: ReadonlyMap<string, number>,
): number {
  const shots = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if ([...counts.keys()].some((key) => !probabilities.has(key))) return Number.POSITIVE_INFINITY;
  let square = 0;
  let cells = 0;
  let [restExpected, restCounted] = [0, 0];
  for (const [key, probability] of probabilities) {
    const [expected, counted] = [probability * shots, counts.get(key) ?? 0];
    if (expected < EXPECTED_LEAST) {
      restExpected += expected;
      restCounted += counted;
    } else {
      square += (counted - expected) ** 2 / expected;
      cells += 1;
    }
  }
  if (restExpected >= 1) {
    square += (restCounted - restExpected) ** 2 / restExpected;
    cells += 1;
  }
  const freedom = Math.max(cells - 1, 1);
  return (square - freedom) / Math.sqrt(2 * freedom);
}
