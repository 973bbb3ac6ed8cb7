import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOISE_CHANNELS_MAX, QfsError } from '@qfs/core';
import { NOISE_MODEL, noiseDigest, readNoiseModel } from './noise-model.ts';

const EMPTY = { convention: 'uniform_pauli', gates: {}, readout: {} };
const modelWith = (more: object): string => JSON.stringify({ ...EMPTY, ...more });
const channels = (...list: object[]): string => modelWith({ gates: { '*': { '*': list } } });

function refusal(text: string): string {
  try {
    readNoiseModel(text);
  } catch (thrown) {
    assert.ok(thrown instanceof QfsError && thrown.code === 'JOB_SPEC_INVALID', String(thrown));
    return thrown.violations[0]!.description;
  }
  return 'accepted';
}

test('depolarizing:p is the model with one channel after every gate', () => {
  const model = readNoiseModel('depolarizing:0.01');
  assert.deepEqual(model, readNoiseModel(channels({ channel: 'depolarizing', probability: 0.01 })));
  assert.equal(refusal('depolarizing:0'), 'accepted');
  assert.equal(refusal('depolarizing:1'), 'accepted');
  assert.equal(refusal('depolarizing:1e-3'), 'accepted');
});

test('strengths that are no probabilities are refused', () => {
  for (const text of [
    'depolarizing:1.01',
    'depolarizing:-0.1',
    'depolarizing:',
    'bitflip:0.1',
    'depolarizing:0x1',
  ]) {
    assert.match(refusal(text), /write depolarizing:p with p from 0 to 1, or a JSON model/, text);
  }
});

test('a model is refused at its first wrong place, by name', () => {
  const CASES: readonly (readonly [text: string, refusal: RegExp])[] = [
    ['{', /expected a key, found the end/],
    [
      modelWith({ convention: 'mine' }),
      /^\$\.convention: expected one of uniform_pauli, maximally_mixed, found "mine"/,
    ],
    [modelWith({ spam: 1 }), /^\$: the key "spam" is not allowed here/],
    [JSON.stringify({ convention: 'uniform_pauli', gates: {} }), /the key "readout" is missing/],
    [modelWith({ gates: { cnotty: {} } }), /^\$\.gates: "cnotty" is no gate of the gate table/],
    [modelWith({ gates: { cx: { 'a,b': [] } } }), /^\$\.gates\.cx: "a,b" is neither/],
    [channels({ channel: 'loss', probability: 0.1 }), /expected one of depolarizing, amplitude_damping/],
    [
      channels({ channel: 'depolarizing', probability: 2 }),
      /probability: expected a number from 0 to 1, found 2/,
    ],
    [channels({ channel: 'thermal_relaxation', t1: 1e-5, t2: 3e-5, duration: 0 }), /more than twice t1/],
    [channels({ channel: 'thermal_relaxation', t1: 0, t2: 1, duration: 0 }), /t1: expected a number/],
    [
      modelWith({ gates: { cx: { '0,1': [{ channel: 'phase_damping', lambda: 0.1, operand: 2 }] } } }),
      /names an operand beyond 1/,
    ],
    [
      modelWith({
        readout: {
          '*': [
            [0.9, 0.2],
            [0, 1],
          ],
        },
      }),
      /^\$\.readout\.\*: the row 0.9, 0.2 does not add up to 1/,
    ],
    [
      modelWith({
        readout: {
          q0: [
            [1, 0],
            [0, 1],
          ],
        },
      }),
      /"q0" is neither "\*" nor a qubit/,
    ],
  ];
  for (const [text, expected] of CASES) assert.match(refusal(text), expected, text);
});

test('the number of channels after a gate is bounded', () => {
  const many = (count: number) => channels(...Array(count).fill({ channel: 'phase_damping', lambda: 0.1 }));
  assert.equal(refusal(many(NOISE_CHANNELS_MAX)), 'accepted');
  assert.match(refusal(many(NOISE_CHANNELS_MAX + 1)), /expected 0 to 32 entries, found 33/);
});

test('the digest is that of the canonical form, whatever the order of the keys', () => {
  const one = readNoiseModel('{"gates":{"x":{},"cx":{}},"convention":"uniform_pauli","readout":{}}');
  const other = readNoiseModel('{"readout":{},"convention":"uniform_pauli","gates":{"cx":{},"x":{}}}');
  assert.equal(noiseDigest(one), noiseDigest(other));
  assert.equal(
    NOISE_MODEL.write(one),
    '{"convention":"uniform_pauli","gates":{"cx":{},"x":{}},"readout":{}}',
  );
});
