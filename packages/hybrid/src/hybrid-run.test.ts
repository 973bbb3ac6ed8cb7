import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CircuitResult } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import { cos, deriveSeed, sin } from '@qfs/core/math';
import { type Evaluations, HybridRun, type RunTerms } from './hybrid-run.ts';
import type { IterationRecord } from './loop.ts';
import type { HybridPlan } from './plan.ts';
import { measuredOf } from './results.ts';
import { readLoopWishes } from './settings.ts';

const PLAN: HybridPlan = {
  entrypoint: 'main',
  parameters: [{ name: 'a', initial: 0.5 }, { name: 'b' }],
  observable: { terms: [{ coefficient: 1, paulis: 'Z' }] },
  minimisation: { method: 'COBYLA', start: [0.3, -0.2] },
  outputs: { energy: { $optimum: 'fun' }, at: { $optimum: 'x' }, how: { $optimum: 'metadata' } },
};

const TERMS: RunTerms = {
  wishes: {},
  shots: 100,
  shotsGiven: false,
  seed: 7,
  parameters: [],
  observables: [],
  exactValues: true,
};

/** cos a + cos b, least where both are π. */
function evaluate(items: readonly Evaluations[]): CircuitResult[] {
  return items.flatMap(({ parameters, shots, seed, observables, gradients }) =>
    parameters.map(({ a = 0, b = 0 }) => ({
      counts: new Map(shots === 0 ? [] : [['0', shots]]),
      shots,
      seed,
      expectationValues: observables.map(() => ({
        value: cos(a) + cos(b) + (shots === 0 ? 0 : 0.001),
        stdError: shots === 0 ? 0 : 0.1,
      })),
      ...(gradients ? { gradients: observables.map(() => [-sin(a), -sin(b)]) } : {}),
      outputs: new Map(),
      warnings: [],
      metadata: {
        method: 'state_vector',
        precision: 'double',
        fast: false,
        engine: 'test',
        engineVersion: '1',
        aqoDigest: 'sha256:00',
        qubits: 1,
      },
    })),
  );
}

/** Runs a hybrid program to its end; `onIteration` hears of each. */
function outcomeOf(run: HybridRun, onIteration: (record: IterationRecord) => void = () => undefined) {
  for (let step = run.next(); step !== undefined; step = run.next()) {
    const results = evaluate(step.items);
    if (step.iteration === undefined) return run.conclude(results);
    onIteration(run.tell(results.map(measuredOf)));
  }
  throw new Error('the run was concluded before');
}

const refusal = (terms: Partial<RunTerms>, plan: Partial<HybridPlan> = {}): string => {
  try {
    new HybridRun({ ...PLAN, ...plan }, { ...TERMS, ...terms }).next();
    return 'accepted';
  } catch (thrown) {
    const { code, message } = QfsError.from(thrown);
    return `${code} ${message}`;
  }
};

test('a search finds the minimum and answers with values found anew', () => {
  for (const method of ['COBYLA', 'NELDER-MEAD', 'L-BFGS-B'] as const) {
    const run = new HybridRun(PLAN, { ...TERMS, wishes: { method } });
    const { optimization, returned, results } = outcomeOf(run);
    assert.ok(optimization !== undefined);
    assert.ok(Math.abs(optimization.value + 2) < 1e-6, `${method} found ${optimization.value}`);
    assert.deepEqual(
      [optimization.exact, optimization.stdError, optimization.ending],
      [true, 0, 'converged'],
    );
    assert.equal(optimization.startValue, cos(0.3) + cos(-0.2));
    assert.equal(optimization.measured?.stdError, 0.1);
    assert.equal(optimization.iterations, run.records.length);
    assert.equal(optimization.evaluations, run.records.at(-1)?.evaluations);
    const { iterations, evaluations } = optimization;
    assert.deepEqual(returned, {
      energy: optimization.value,
      at: [optimization.parameters.get('a'), optimization.parameters.get('b')],
      how: { ending: 'converged', iterations, evaluations },
    });
    // The counts are those of an ordinary job with these parameters.
    assert.deepEqual([results.length, results[0]?.shots, results[0]?.seed], [1, 100, 7]);
    assert.equal(results[0]?.expectationValues[0]?.value, optimization.value);
  }
});

test('what was told is all that a search is a function of', () => {
  const first = new HybridRun(PLAN, TERMS);
  outcomeOf(first);
  const told: ReturnType<typeof measuredOf>[][] = [];
  const second = new HybridRun(PLAN, TERMS);
  for (let step = second.next(); step?.iteration !== undefined; step = second.next()) {
    const measured = evaluate(step.items).map(measuredOf);
    told.push(measured);
    second.tell(measured);
    const resumed = new HybridRun(PLAN, TERMS);
    for (const round of told) resumed.tell(round);
    assert.deepEqual(resumed.next(), second.next());
    assert.deepEqual(resumed.records, first.records.slice(0, told.length));
  }
});

test('shots that somebody asked for are used, each evaluation with a seed of its own', () => {
  const run = new HybridRun(PLAN, { ...TERMS, shotsGiven: true });
  const seeds: number[] = [];
  for (let step = run.next(); step?.iteration !== undefined && seeds.length < 9; step = run.next()) {
    seeds.push(...step.items.map(({ seed }) => seed));
    assert.ok(step.items.every(({ shots, parameters }) => shots === 100 && parameters.length === 1));
    run.tell(evaluate(step.items).map(measuredOf));
  }
  assert.deepEqual(
    seeds,
    seeds.map((_, k) => deriveSeed(7, k + 1)),
  );
  const estimatorOf = (terms: Partial<RunTerms>) => new HybridRun(PLAN, { ...TERMS, ...terms }).estimator;
  assert.equal(estimatorOf({ exactValues: false }), 'sampled');
  assert.equal(estimatorOf({ shotsGiven: true, wishes: { estimator: 'exact' } }), 'exact');
});

test('a search ends after the iterations that it may take', () => {
  const run = new HybridRun(PLAN, { ...TERMS, wishes: { iterationsMax: 5 } });
  const seen: number[] = [];
  const { optimization } = outcomeOf(run, ({ iteration }) => seen.push(iteration));
  assert.deepEqual(seen, [1, 2, 3, 4, 5]);
  assert.deepEqual([optimization?.ending, optimization?.iterations], ['iterations', 5]);
  for (const { best, value } of run.records) assert.ok(best <= value);
});

test('a program without a search is evaluated where it says, or where the job says', () => {
  const { minimisation: _, ...rest } = PLAN;
  const plan = { ...rest, outputs: ['a text', { $optimum: 'fun' }] };
  const run = new HybridRun(plan, { ...TERMS, parameters: [{ b: 1 }, { a: 2, b: 3 }] });
  const { results, optimization, returned } = outcomeOf(run);
  assert.deepEqual(
    results.map(({ expectationValues, shots }) => [expectationValues[0]?.value, shots]),
    [
      [cos(0.5) + cos(1), 100],
      [cos(2) + cos(3), 100],
    ],
  );
  assert.deepEqual([optimization, returned], [undefined, ['a text', [cos(0.5) + cos(1), cos(2) + cos(3)]]]);
  assert.match(
    refusal({}, { minimisation: undefined } as object),
    /^PARAMETER_UNBOUND The parameter "b" of main has no value\. Give "initial" in the program, or a value with the job\.$/,
  );
});

test('a job begins its search where it likes, with the optimiser that it likes, if they fit', () => {
  const start = new HybridRun(PLAN, { ...TERMS, parameters: [{ b: 4 }] }).next();
  assert.deepEqual(start?.items[0]?.parameters[0], { a: 0.3, b: 4 });
  assert.match(
    refusal({ parameters: [{}, {}] }),
    /^JOB_SPEC_INVALID parameters has 2 sets; a search begins at one/,
  );
  assert.match(
    refusal({ parameters: [{ c: 1 }] }),
    /^JOB_SPEC_INVALID main has no parameter "c"; it has a, b\.$/,
  );
  assert.match(
    refusal({ wishes: { method: 'L-BFGS-B' }, shotsGiven: true }),
    /^JOB_SPEC_INVALID L-BFGS-B needs exact values, and these are sampled from 100 shots\. Use SPSA,/,
  );
});

test('a search that meets a value that is no number has diverged', () => {
  const run = new HybridRun(PLAN, TERMS);
  const asked = run.next()?.items[0]?.parameters.length ?? 0;
  run.tell(Array.from({ length: asked }, () => ({ value: Number.NaN, stdError: 0 })));
  assert.throws(() => run.next(), { code: 'OPTIMISER_DIVERGED' });
});

test('settings of the loop are read from the metadata of a job', () => {
  const metadata = {
    optimizer: 'nelder_mead',
    max_iters: '60',
    tol: '1e-3',
    estimator: 'sampled',
    note: 'x',
  };
  assert.deepEqual(readLoopWishes(metadata), {
    method: 'NELDER-MEAD',
    iterationsMax: 60,
    tolerance: 1e-3,
    estimator: 'sampled',
  });
  const table: readonly (readonly [name: string, text: string, rule: RegExp])[] = [
    [
      'optimizer',
      'COBILA',
      /is "COBILA", which is no optimiser\. Did you mean COBYLA\? Known are COBYLA, NELDER/,
    ],
    ['max_iters', '0', /is "0"; it must be a whole number from 1 to 1000\./],
    ['max_iters', '1001', /is "1001"; it must be/],
    ['tol', '0', /is "0"; it must be a positive number\./],
    ['tol', 'Infinity', /is "Infinity"; it must be a positive number\./],
    ['estimator', 'both', /is "both"; it must be exact or sampled\./],
  ];
  for (const [name, text, rule] of table) {
    assert.throws(
      () => readLoopWishes({ [name]: text }),
      (thrown) => {
        const { code, message } = QfsError.from(thrown);
        assert.match(`${code} ${message}`, new RegExp(`^JOB_SPEC_INVALID metadata\\.${name} ${rule.source}`));
        return true;
      },
    );
  }
  assert.equal(readLoopWishes({ max_iters: '1000' }).iterationsMax, 1_000);
});
