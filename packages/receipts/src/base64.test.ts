import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { base64, unbase64 } from './base64.ts';

test('base64 is that of RFC 4648 §4, and is read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const text = base64(bytes);
      assert.equal(text, Buffer.from(bytes).toString('base64'));
      assert.deepEqual(unbase64(text), { ok: true, value: bytes });
    }),
  );
});

test('one value has one base64 text', () => {
  for (const wrong of ['A', 'AA', 'AAA', 'AB==', 'AAB=', 'A===', '====', 'AA=A', 'A-__', 'AA==AA==', 'AA ='])
    assert.equal(unbase64(wrong).ok, false, wrong);
});
