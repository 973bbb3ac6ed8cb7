import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256, treeNodeHash, utf8, verifyInclusion } from '@qfs/core/exact';
import fc from 'fast-check';
import { completedSubtrees, inclusionPath, type LogTreeHashes, logRoot, TILE_LEAVES } from './log-tree.ts';

const SIZE_MAX = 1_700;
const LEAVES = Array.from({ length: SIZE_MAX }, (_, at) => sha256(utf8(`leaf ${at}`)));

/** The definition of RFC 9162 §2.1.1, as it stands there. */
function definedRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return treeNodeHash(definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
}

/** Keeps what `completedSubtrees` gives, as the local log does in a table. */
function kept(): LogTreeHashes & { readonly rows: Map<string, Uint8Array> } {
  const rows = new Map<string, Uint8Array>();
  const hashes = {
    rows,
    leaves: (from: number, to: number) => LEAVES.slice(from - 1, to),
    subtree: (height: number, position: number) => {
      const found = rows.get(`${height}/${position}`);
      assert.ok(found !== undefined, `subtree ${height}/${position} was never completed`);
      return found;
    },
  };
  for (let index = 1; index <= SIZE_MAX; index += 1) {
    for (const { height, position, hash } of completedSubtrees(hashes, index)) {
      rows.set(`${height}/${position}`, hash);
    }
  }
  return hashes;
}

test('LOG-25: root and path of any entry in any size follow from tiles as RFC 9162 defines them', () => {
  const hashes = kept();
  const sizes = fc.oneof(
    fc.integer({ min: 1, max: SIZE_MAX }),
    fc.constantFrom(1, 255, 256, 257, 511, 512, 513, 768, 1_023, 1_024, 1_025, 1_536, SIZE_MAX),
  );
  fc.assert(
    fc.property(sizes, fc.nat(), (size, pick) => {
      const index = 1 + (pick % size);
      const root = logRoot(hashes, size);
      assert.deepEqual(root, definedRoot(LEAVES.slice(0, size)));
      const leaf = { hash: LEAVES[index - 1]!, index };
      assert.ok(verifyInclusion(leaf, { size, root }, inclusionPath(hashes, index, size)));
    }),
    { numRuns: 150 },
  );
});

test('the tree keeps fewer than two rows per tile', () => {
  assert.ok(kept().rows.size < (2 * SIZE_MAX) / TILE_LEAVES);
});
