import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex } from '@qfs/core/exact';
import { systemRandomness } from './system-ports.ts';

test('random bytes have the length asked for and never come twice, also where the pool is filled anew', () => {
  const seen = new Set<string>();
  for (let round = 0; round < 2_000; round += 1) {
    const bytes = systemRandomness.bytes(16);
    assert.equal(bytes.length, 16);
    assert.equal(bytes.buffer.byteLength, 16, 'the caller holds nothing of the pool');
    seen.add(hex(bytes));
  }
  assert.equal(seen.size, 2_000);
});

test('many bytes at once are random to their end', () => {
  const bytes = systemRandomness.bytes(100_000);
  assert.equal(bytes.length, 100_000);
  assert.ok(bytes.subarray(99_900).some((byte) => byte !== 0));
  assert.equal(systemRandomness.bytes(0).length, 0);
});
