import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compare, compareDistribution, isBad, smallest, type Verdict } from './differential.ts';
import { randomProgram } from './reference/generator/program.ts';

/** The seeds are the same in every run; `npm run fuzz -- differential` takes others. */
const SEED = 20_261;
const PROGRAMS = 600;
const DISTRIBUTIONS = 200;

const CASES = new URL('./differential-cases/', import.meta.url);

/** Programs that meant different things once; the first line may give the values of inputs. */
for (const file of readdirSync(CASES).sort()) {
  test(`the engine agrees with the reference interpreter: ${file}`, () => {
    const source = readFileSync(new URL(file, CASES), 'utf8');
    const inputs = /^\/\/ inputs (.*)\n/.exec(source)?.[1] ?? '{}';
    const given = JSON.parse(inputs) as Readonly<Record<string, number>>;
    for (const verdict of [compare(source, given, SEED), compareDistribution(source, given, SEED)])
      assert.ok(!isBad(verdict), `${verdict.kind}: ${verdict.reason} ${verdict.detail}`);
  });
}

type Comparison = typeof compare;

/** Kinds of verdicts on random programs, and how often each was met. */
function verdicts(count: number, sizes: number, comparison: Comparison): Readonly<Record<string, number>> {
  const met: Record<string, number> = {};
  for (let at = 0; at < count; at += 1) {
    const seed = SEED + at;
    const { source, inputs } = randomProgram(seed, 1 + (at % sizes));
    const verdict: Verdict = comparison(source, inputs, seed);
    if (isBad(verdict)) {
      const small = smallest(source, inputs, seed, comparison);
      assert.fail(
        `seed ${seed}, ${verdict.kind}: ${verdict.reason}\n${verdict.detail}\n// inputs ${JSON.stringify(inputs)}\n${small}`,
      );
    }
    met[verdict.kind] = (met[verdict.kind] ?? 0) + 1;
  }
  return met;
}

test('random programs leave behind in every shot what the reference interpreter says', (t) => {
  const { equal = 0, ...others } = verdicts(PROGRAMS, 30, compare);
  t.diagnostic(`${equal} of ${PROGRAMS} programs compared, others: ${JSON.stringify(others)}`);
  assert.ok(equal > 0.9 * PROGRAMS);
});

test('random programs have the distribution that all their courses together have', (t) => {
  const { equal = 0, ...others } = verdicts(DISTRIBUTIONS, 10, compareDistribution);
  t.diagnostic(`${equal} of ${DISTRIBUTIONS} programs compared, others: ${JSON.stringify(others)}`);
  assert.ok(equal > 0.7 * DISTRIBUTIONS);
});
