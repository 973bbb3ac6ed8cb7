import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '@qfs/core/exact';
import { jcs } from '@qfs/core/json';
import { type CircuitResult, readResults, writeResults } from './results.ts';

const RESULT: CircuitResult = {
  counts: new Map([
    ['11', 3],
    ['00', 1],
  ]),
  shots: 4,
  seed: 7,
  expectationValues: [{ value: 0.5, stdError: 0 }],
  outputs: new Map([['n', new Map([['10', 4]])]]),
  memory: ['00', '11', '11', '11'],
  warnings: [],
  metadata: {
    method: 'state_vector',
    precision: 'double',
    fast: false,
    engine: 'qfs',
    engineVersion: '0.1.0',
    aqoDigest: 'sha256:00',
    qubits: 2,
  },
};

const TEXT =
  '{"items":[{"results":[{"counts":{"00":1,"11":3},"expectation_values":[{"std_error":0,"value":0.5}],' +
  '"memory":["00","11","11","11"],"metadata":{"aqo_digest":"sha256:00","engine":"qfs","engine_version":"0.1.0",' +
  '"fast":false,"method":"state_vector","precision":"double","qubits":2},"outputs":{"n":{"10":4}},"seed":7,' +
  '"shots":4,"warnings":[]}]}],"version":"1.0.0"}';

test('RESULT-1: results are written in canonical form and read back', () => {
  const bytes = writeResults({ items: [{ results: [RESULT] }] });
  assert.equal(new TextDecoder().decode(bytes), TEXT);
  assert.equal(jcs(JSON.parse(TEXT)), TEXT);
  assert.deepEqual(readResults(bytes), { ok: true, value: { items: [{ results: [RESULT] }] } });
});

test('RESULT-2: a results document that lacks shots or has another shape is refused with the place', () => {
  const refused = (from: string, to: string): string => {
    assert.ok(TEXT.includes(from));
    const read = readResults(utf8(TEXT.replace(from, to)));
    return read.ok ? 'accepted' : `${read.error.code} ${read.error.message}`;
  };
  const unusable = 'RESULT_INCOMPLETE The results document cannot be used:';
  assert.equal(
    refused('"11":3', '"11":2'),
    `${unusable} $.items[0].results[0]: the counts hold 3 of 4 shots.`,
  );
  assert.equal(refused('["00",', '['), `${unusable} $.items[0].results[0]: the memory holds 3 of 4 shots.`);
  assert.equal(
    refused('"11":3', '"11":-3'),
    `${unusable} $.items[0].results[0].counts.11: expected an integer from 0 to 10000000, found -3.`,
  );
  assert.equal(refused('"seed":7,', ''), `${unusable} $.items[0].results[0]: the key "seed" is missing.`);
  assert.match(refused('}]}],', '}'), /^RESULT_INCOMPLETE /);
});

test('RESULT-5: gradients stand beside the expectation values, one list for each', () => {
  const withGradients = { ...RESULT, gradients: [[0.25, -1]] };
  const bytes = writeResults({ items: [{ results: [withGradients] }] });
  assert.match(new TextDecoder().decode(bytes), /"gradients":\[\[0\.25,-1\]\]/);
  assert.deepEqual(readResults(bytes), { ok: true, value: { items: [{ results: [withGradients] }] } });
  const two = writeResults({ items: [{ results: [{ ...RESULT, gradients: [[1], [2]] }] }] });
  const read = readResults(two);
  assert.ok(!read.ok);
  assert.match(read.error.message, /\$\.items\[0\]\.results\[0\]: there are 2 gradients of 1 expectation/);
});

test('RESULT-6: an item of a hybrid program says how its search ended and what it returned', () => {
  const item = {
    results: [RESULT],
    optimization: {
      method: 'COBYLA',
      ending: 'converged',
      iterations: 24,
      evaluations: 25,
      parameters: new Map([['theta', -0.25]]),
      value: -1.5,
      stdError: 0,
      exact: true,
      startValue: 1,
      measured: { value: -1.25, stdError: 0.5 },
    },
    returned: { energy: -1.5, list: [1, null, 'a'] },
  };
  const bytes = writeResults({ items: [item] });
  assert.match(
    new TextDecoder().decode(bytes),
    /^{"items":\[{"optimization":{"ending":"converged","evaluations":25,"exact":true,"iterations":24,"measured":{.*"parameters":{"theta":-0\.25}.*"returned":{"energy":-1\.5,"list":\[1,null,"a"\]}}\],/,
  );
  assert.deepEqual(readResults(bytes), { ok: true, value: { items: [item] } });
});
