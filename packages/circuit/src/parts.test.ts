import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { constantIndex } from './constants.ts';
import { TouchedCollector, touchedQubits } from './parts.ts';
import { randomProgram } from './testing/random-program.ts';

const chosen = (offset: number, size: number) => ({ offset, size, index: constantIndex(0) });

test('runs of qubits that are chosen from at run time count as a whole, overlapping or apart', () => {
  const qubits = [chosen(2, 3), chosen(4, 2), 9, chosen(7, 1), chosen(2, 3)];
  const touched = new TouchedCollector().ofInstruction({ kind: 'barrier', qubits });
  assert.deepEqual(touchedQubits(touched), [2, 3, 4, 5, 7, 9]);
});

test('a block touches what its instructions touch', () => {
  fc.assert(
    fc.property(randomProgram(), ({ body }) => {
      const whole = new TouchedCollector().ofBlock(body);
      const single = body.map((instruction) => new TouchedCollector().ofInstruction(instruction));
      const ascending = (values: Iterable<number>): number[] => [...new Set(values)].sort((a, b) => a - b);
      assert.deepEqual(touchedQubits(whole), ascending(single.flatMap(touchedQubits)));
      assert.deepEqual(
        ascending(whole.variables),
        ascending(single.flatMap(({ variables }) => [...variables])),
      );
    }),
  );
});
