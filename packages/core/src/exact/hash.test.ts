import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, hex, utf8 } from './bytes.ts';
import { digestOf, incrementalSha3_256, incrementalSha256, sha3_256, sha256, taggedHash } from './hash.ts';

test('SHA-256 and SHA3-256 of "abc" are those of FIPS 180-4 and FIPS 202', () => {
  assert.equal(hex(sha256(utf8('abc'))), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.equal(
    hex(sha3_256(utf8('abc'))),
    '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
  );
});

test('both hashes agree with node:crypto, at once and in pieces', () => {
  const openssl = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest('hex');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(600), (bytes, cut) => {
      const [head, tail] = [bytes.subarray(0, cut), bytes.subarray(cut)];
      assert.equal(hex(sha256(bytes)), openssl('sha256', bytes));
      assert.equal(hex(sha3_256(bytes)), openssl('sha3-256', bytes));
      assert.equal(hex(incrementalSha256().update(head).update(tail).digest()), openssl('sha256', bytes));
      assert.equal(hex(incrementalSha3_256().update(head).update(tail).digest()), openssl('sha3-256', bytes));
    }),
  );
});

test('a tagged hash covers its domain and its parts in order', () => {
  const parts = [utf8('a'), utf8('b')];
  assert.deepEqual(taggedHash('qfs/test/v1', ...parts), sha3_256(concat(utf8('qfs/test/v1'), ...parts)));
});

test('the digest of an artifact names its SHA-256', () => {
  assert.equal(digestOf(utf8('')), 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
