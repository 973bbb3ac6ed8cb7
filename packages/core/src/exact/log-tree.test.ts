import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hex, utf8 } from './bytes.ts';
import { encodeLeaf, leafHash, rootOfPath, treeNodeHash, verifyInclusion } from './log-tree.ts';

/** The definition of RFC 9162 §2.1.1, as it stands there. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0]!;
  const split = splitOf(leaves.length);
  return treeNodeHash(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** The definition of RFC 9162 §2.1.3.1; `at` counts from 0. */
function pathOf(at: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  return at < split
    ? [...pathOf(at, leaves.slice(0, split)), rootOf(leaves.slice(split))]
    : [...pathOf(at - split, leaves.slice(split)), rootOf(leaves.slice(0, split))];
}

/** The largest power of two below `length`. */
function splitOf(length: number): number {
  let split = 1;
  while (split * 2 < length) split *= 2;
  return split;
}

const leavesOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, at) => leafHash(utf8(`leaf ${at}`)));

test('LOG-24: a leaf record names index, entry hash, tick, outcome and type', () => {
  const leaf = { index: 7, entryHash: new Uint8Array(32).fill(9), tick: 258, type: 'NOOP' };
  const start = `0000000000000007${'09'.repeat(32)}0000000000000102`;
  assert.equal(hex(encodeLeaf({ ...leaf, accepted: true })), `${start}0104${hex(utf8('NOOP'))}`);
  assert.equal(hex(encodeLeaf({ ...leaf, accepted: false })), `${start}0004${hex(utf8('NOOP'))}`);
});

test('LOG-25: the path of every entry leads to the root of RFC 9162', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (size, pick) => {
      const leaves = leavesOf(size);
      const index = 1 + (pick % size);
      const leaf = { hash: leaves[index - 1]!, index };
      const root = rootOf(leaves);
      assert.deepEqual(rootOfPath(leaf, size, pathOf(index - 1, leaves)), root);
      assert.ok(verifyInclusion(leaf, { size, root }, pathOf(index - 1, leaves)));
    }),
  );
});

test('LOG-25: a path proves nothing for another place, another size, or when it is longer or shorter', () => {
  const leaves = leavesOf(13);
  const root = rootOf(leaves);
  const path = pathOf(5, leaves);
  const leaf = { hash: leaves[5]!, index: 6 };
  assert.ok(verifyInclusion(leaf, { size: 13, root }, path));
  for (const index of [0, 1, 5, 7, 13, 14]) {
    assert.equal(verifyInclusion({ ...leaf, index }, { size: 13, root }, path), false, `index ${index}`);
  }
  assert.equal(verifyInclusion(leaf, { size: 64, root }, path), false);
  assert.equal(verifyInclusion(leaf, { size: 13, root }, path.slice(1)), false);
  assert.equal(verifyInclusion(leaf, { size: 13, root }, [...path, path[0]!]), false);
  assert.equal(verifyInclusion(leaf, { size: 13, root }, [path[1]!, path[0]!, ...path.slice(2)]), false);
});
