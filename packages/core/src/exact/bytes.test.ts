import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { base32, compare, concat, equal, hex, uint32, uint64, unhex, utf8, utf8Decode } from './bytes.ts';

test('base32 gives the vectors of RFC 4648 §10, in lower case and without padding', () => {
  const vectors = {
    '': '',
    f: 'my',
    fo: 'mzxq',
    foo: 'mzxw6',
    foob: 'mzxw6yq',
    fooba: 'mzxw6ytb',
    foobar: 'mzxw6ytboi',
  };
  for (const [text, expected] of Object.entries(vectors)) assert.equal(base32(utf8(text)), expected);
});

test('hexadecimal is what Buffer writes, and reads back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.equal(hex(bytes), Buffer.from(bytes).toString('hex'));
      assert.deepEqual(unhex(hex(bytes)), { ok: true, value: bytes });
    }),
  );
});

test('hexadecimal of odd length, upper case or other letters is refused', () => {
  for (const text of ['0', 'AB', '0g', ' 00', '0x']) assert.equal(unhex(text).ok, false, text);
});

test('compare orders bytes as Buffer does, and equal agrees with it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
      assert.equal(Math.sign(compare(a, b)), Buffer.compare(a, b));
      assert.equal(equal(a, b), Buffer.compare(a, b) === 0);
    }),
  );
});

test('UTF-8 is read strictly and a byte order mark is kept', () => {
  const text = '\ufeffψ|0⟩ 😀';
  assert.deepEqual(utf8Decode(utf8(text)), { ok: true, value: text });
  const malformed = ['ff', 'c080', 'eda080', 'f4908080', 'e282'];
  for (const bytes of malformed) {
    assert.deepEqual(utf8Decode(Buffer.from(bytes, 'hex')), { ok: false, error: 'the bytes are not UTF-8' });
  }
});

test('integers of fixed width have the most significant byte first', () => {
  assert.equal(hex(concat(uint32(0x01020304), uint64(2 ** 53 - 1))), '01020304001fffffffffffff');
  assert.equal(hex(uint64(0xfedc_ba98_7654_3210n)), 'fedcba9876543210');
});
