import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Levels } from './levels.ts';

test('ranges answer and rise as a plain array would', () => {
  const range = fc.tuple(fc.nat(12), fc.nat(12));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 12 }), fc.array(range, { maxLength: 20 }), (size, ranges) => {
      const levels = new Levels(size);
      const plain = Array.from({ length: size }, () => 0);
      for (const [one, other] of ranges) {
        const from = Math.min(one, other, size);
        const to = Math.min(Math.max(one, other), size);
        if (from === to) continue;
        const expected = Math.max(0, ...plain.slice(from, to));
        assert.equal(levels.highest(from, to), expected);
        plain.fill(expected + 1, from, to);
        if (to - from === 1) levels.raiseAt(from, expected + 1);
        else levels.raise(from, to, expected + 1);
        plain.forEach((level, at) => {
          assert.equal(levels.highest(at, at + 1), level);
          assert.equal(levels.at(at), level);
        });
      }
    }),
  );
});
