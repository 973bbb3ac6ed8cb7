import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, sha256 } from '@qfs/core/exact';
import fc from 'fast-check';
import { decodeSnapshot, encodeSnapshotHead, encodeSnapshotKey, type SnapshotHead } from './snapshot.ts';

/** Objects as those that are compared with. */
const PLAIN = { noNullPrototype: true } as const;
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const heads: fc.Arbitrary<SnapshotHead> = fc.record(
  {
    clusterId: hash,
    index: fc.integer({ min: 1, max: 2 ** 40 }),
    term: fc.nat(),
    tick: fc.nat(),
    linkHash: hash,
    effectsHash: hash,
    stateRoot: hash,
    level: fc.nat(),
  },
  PLAIN,
);
const states = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}\/[a-z]{1,8}$/), fc.uint8Array({ maxLength: 20 }));

function write(
  head: SnapshotHead,
  keys: readonly (readonly [string, Uint8Array])[],
  said = keys.length,
): Uint8Array {
  const body = keys.map(([key, value]) => encodeSnapshotKey(key, value));
  const bytes = concat(encodeSnapshotHead(head, said), ...body);
  return concat(bytes, sha256(bytes));
}

const ascending = (state: Record<string, Uint8Array>) =>
  Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1));

test('LOG-31: what is read is what was written', () => {
  fc.assert(
    fc.property(heads, states, (head, state) => {
      const keys = ascending(state);
      const read = decodeSnapshot(write(head, keys));
      assert.ok(read.ok);
      const { state: found, ...rest } = read.value;
      assert.deepEqual(rest, head);
      assert.deepEqual([...found], keys);
    }),
  );
});

test('LOG-31: a change of any byte of a snapshot is refused, and so are bytes too few or too many', () => {
  fc.assert(
    fc.property(heads, states, fc.nat(), fc.integer({ min: 1, max: 255 }), (head, state, pick, change) => {
      const bytes = write(head, ascending(state));
      const at = pick % bytes.length;
      assert.equal(decodeSnapshot(bytes.with(at, bytes[at]! ^ change)).ok, false);
      assert.equal(decodeSnapshot(bytes.subarray(0, at)).ok, false);
      assert.equal(decodeSnapshot(Uint8Array.of(...bytes, 0)).ok, false);
    }),
  );
});

test('a snapshot with a good hash whose keys do not ascend, or are not as many as it says, is refused', () => {
  const zero = new Uint8Array(32);
  const head = { clusterId: zero, linkHash: zero, effectsHash: zero, stateRoot: zero };
  const whole = { ...head, index: 1, term: 1, tick: 0, level: 1 };
  const [a, b] = [['a/a', zero] as const, ['a/b', zero] as const];
  assert.ok(decodeSnapshot(write(whole, [a, b])).ok);
  for (const bytes of [write(whole, [b, a]), write(whole, [a, a]), write(whole, [a, b], 3)]) {
    assert.equal(decodeSnapshot(bytes).ok, false);
  }
});
