import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CircuitResult } from '@qfs/circuit';
import { compileSource } from '@qfs/compiler';
import { stringifyJson } from '@qfs/core/json';
import {
  histogram,
  probabilities,
  registeredHistogram,
  registeredProbabilities,
  registeredShots,
  registersOf,
  shots,
} from './results.ts';

/** Keys are `d b a[1]a[0]`: registers in reverse, the loose bits `b` and `d` in a group of their own. */
const PROGRAM =
  'OPENQASM 3.0; qubit q; bit[2] a; bit b; bit d; a[0] = measure q; b = measure q; d = measure q;';
const RESULT = {
  counts: new Map([
    ['01 01', 6],
    ['10 10', 2],
  ]),
  shots: 8,
  memory: ['01 01', '10 10'],
} as unknown as CircuitResult;

const compiled = compileSource({ language: 'openqasm3', source: PROGRAM });
const registers = registersOf(compiled.ok ? compiled.value.aqo : new Uint8Array());

test('an outcome is the number of its bits, the bit declared first counting 1', () => {
  assert.equal(stringifyJson(histogram(RESULT)), '{"5":6,"10":2}');
  assert.equal(stringifyJson(probabilities(RESULT)), '{"5":0.75,"10":0.25}');
  assert.deepEqual(shots(RESULT), ['5', '10']);
  const wide = { counts: new Map([[`1${'0'.repeat(64)}`, 1]]) } as unknown as CircuitResult;
  assert.equal(stringifyJson(histogram(wide)), '{"18446744073709551616":1}');
});

test('formats of the second version name registers, bit 0 first', () => {
  assert.equal(
    stringifyJson(registeredHistogram(RESULT, registers)),
    '{"histogram":{"registers":{"a":{"10":6,"01":2},"b":{"1":6,"0":2},"d":{"0":6,"1":2},"output_all":{"1010":6,"0101":2}}}}',
  );
  assert.match(stringifyJson(registeredProbabilities(RESULT, registers)), /"a":{"10":0.75,"01":0.25}/);
  assert.equal(
    stringifyJson(registeredShots(RESULT, registers)),
    '{"shots":[{"registers":{"a":[1,0],"b":[1],"d":[0],"output_all":[1,0,1,0]}},' +
      '{"registers":{"a":[0,1],"b":[0],"d":[1],"output_all":[0,1,0,1]}}]}',
  );
});

test('shots that were not kept are not there', () => {
  const { memory: _, ...counted } = RESULT;
  assert.throws(() => shots(counted), { code: 'ARTIFACT_NOT_FOUND' });
  assert.throws(() => registeredShots(counted, registers), { code: 'ARTIFACT_NOT_FOUND' });
});
