import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HYBRID_ITERATIONS_MAX } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { jcs } from '@qfs/core/json';
import { type HybridPlan, readPlan, writePlan } from './plan.ts';

const PLAN: HybridPlan = {
  entrypoint: 'vqe_h2',
  parameters: [{ name: 'theta', initial: 0.1 }, { name: 'phi' }],
  observable: {
    terms: [
      { coefficient: -0.5, paulis: 'IZ' },
      { coefficient: 0.25, paulis: 'XX' },
    ],
  },
  minimisation: { method: 'COBYLA', start: [0.1, -0.2], iterationsMax: 60, tolerance: 1e-4 },
  outputs: { energy: { $optimum: 'fun' }, list: [1, null, true, 'text'] },
};

const TEXT =
  '{"entrypoint":"vqe_h2","minimisation":{"iterations_max":60,"method":"COBYLA","start":[0.1,-0.2],"tolerance":0.0001},' +
  '"observable":{"terms":[{"coefficient":-0.5,"paulis":"IZ"},{"coefficient":0.25,"paulis":"XX"}]},' +
  '"outputs":{"energy":{"$optimum":"fun"},"list":[1,null,true,"text"]},' +
  '"parameters":[{"initial":0.1,"name":"theta"},{"name":"phi"}],"version":"1.0"}';

test('a plan is written in canonical form and read back', () => {
  assert.equal(new TextDecoder().decode(writePlan(PLAN)), TEXT);
  assert.equal(jcs(JSON.parse(TEXT)), TEXT);
  assert.deepEqual(readPlan(utf8(TEXT)), { ok: true, value: PLAN });
});

test('a plan that cannot be carried out is refused with the place', () => {
  const refused = (from: string | RegExp, to: string): string => {
    const text = TEXT.replace(from, to);
    assert.notEqual(text, TEXT);
    const read = readPlan(utf8(text));
    return read.ok ? 'accepted' : `${read.error.code} ${read.error.message}`;
  };
  const unusable = 'PLAN_INVALID The plan cannot be used: $';
  const table: readonly (readonly [from: string | RegExp, to: string, problem: string])[] = [
    [
      '"COBYLA"',
      '"ADAM"',
      '.minimisation.method: expected one of COBYLA, NELDER-MEAD, SPSA, L-BFGS-B, found "ADAM"',
    ],
    ['[0.1,-0.2]', '[0.1]', ': there are 1 start values for 2 parameters'],
    ['"IZ"', '"ZZZ"', ': the terms of the observable have different numbers of letters'],
    [
      '"IZ"',
      '"iZ"',
      '.observable.terms[0].paulis: expected a string of the letters I, X, Y and Z, found "iZ"',
    ],
    ['"phi"', '"theta"', ': two parameters have the same name'],
    [/"observable".*?]},/, '', ': there is nothing to minimise: the observable is missing'],
    [
      '"$optimum":"fun"',
      '"$optimum":"energy"',
      '.outputs: {"$optimum": …} names one of fun, x, method, objective, metadata, not "energy"',
    ],
    ['60', `${HYBRID_ITERATIONS_MAX}`, ''],
    [
      '60',
      `${HYBRID_ITERATIONS_MAX + 1}`,
      '.minimisation.iterations_max: expected an integer from 1 to 1000, found 1001',
    ],
  ];
  for (const [from, to, problem] of table) {
    assert.equal(refused(from, to), problem === '' ? 'accepted' : `${unusable}${problem}.`);
  }
});
