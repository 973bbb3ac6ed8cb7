import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOG_SEGMENT_BYTES_MAX } from '@qfs/core';
import fc from 'fast-check';
import { decodeSegment, encodeSegment, entriesThatFit, type Segment } from './segment.ts';

/** Objects as those that are compared with. */
const PLAIN = { noNullPrototype: true } as const;
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const entry = fc.record({ term: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 60 }) }, PLAIN);
const segments: fc.Arbitrary<Segment> = fc.record(
  {
    clusterId: hash,
    from: fc.integer({ min: 1, max: 2 ** 40 }),
    previousLink: hash,
    entries: fc.array(entry, { minLength: 1, maxLength: 5 }),
  },
  PLAIN,
);

test('LOG-30: what is read is what was written', () => {
  fc.assert(
    fc.property(segments, (segment) => {
      assert.deepEqual(decodeSegment(encodeSegment(segment)), { ok: true, value: segment });
    }),
  );
});

test('a segment that was cut off, grown or mislabelled is refused, never thrown over', () => {
  fc.assert(
    fc.property(segments, fc.nat(), (segment, pick) => {
      const bytes = encodeSegment(segment);
      assert.equal(decodeSegment(bytes.subarray(0, pick % bytes.length)).ok, false);
      assert.equal(decodeSegment(Uint8Array.of(...bytes, 0)).ok, false);
      assert.equal(decodeSegment(bytes.with(pick % 8, 0x20)).ok, false);
      // The last byte of `to`.
      assert.equal(decodeSegment(bytes.with(55, bytes[55]! ^ 1)).ok, false);
    }),
  );
});

test('LOG-30: entries fill a segment to 8 MiB and not one byte further; one that is larger goes alone', () => {
  const [head, perEntry] = [88, 12];
  const rest = LOG_SEGMENT_BYTES_MAX - head - 2 * perEntry - 1_000;
  assert.equal(entriesThatFit([1_000, rest, 1]), 2);
  assert.equal(entriesThatFit([1_000, rest + 1, 1]), 1);
  assert.equal(entriesThatFit([LOG_SEGMENT_BYTES_MAX, 1]), 1);
  const full = { clusterId: new Uint8Array(32), from: 1, previousLink: new Uint8Array(32) };
  const entries = [1_000, rest].map((length) => ({ term: 1, bytes: new Uint8Array(length) }));
  assert.equal(encodeSegment({ ...full, entries }).length, LOG_SEGMENT_BYTES_MAX);
});
