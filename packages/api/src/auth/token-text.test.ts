import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countingRandomness } from '../testing/security.ts';
import { drawToken, isTokenOf, tokenHash, tokenIdOf } from './token-text.ts';

const { text, tokenId } = drawToken({ bytes: (length) => new Uint8Array(length).fill(7) });

test('SEC-3: a token is an id, a secret of 256 bits and a checksum, and only its hash is kept', () => {
  assert.equal(text, 'qfs_a4dqobyha4dqobyh_a4dqobyha4dqobyha4dqobyha4dqobyha4dqobyha4dqobyha4dqemipm7s');
  assert.match(text, /^qfs_[a-z2-7]{16}_[a-z2-7]{59}$/);
  assert.equal(tokenIdOf(text), tokenId);
  assert.equal(tokenHash(text).length, 32);
  assert(isTokenOf(text, tokenHash(text)));
  const other = drawToken(countingRandomness());
  assert(!isTokenOf(other.text, tokenHash(text)));
  assert.notEqual(other.tokenId, tokenId);
});

test('SEC-3: the checksum tells every wrong, missing or further character', () => {
  const digits = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567');
  const place = fc.integer({ min: 'qfs_'.length, max: text.length - 1 });
  fc.assert(
    fc.property(place, digits, (at, digit) => {
      fc.pre(text[at] !== digit);
      assert.equal(tokenIdOf(text.slice(0, at) + digit + text.slice(at + 1)), undefined);
    }),
  );
  for (const broken of [
    '',
    'qfs_',
    text.slice(0, -1),
    `${text}a`,
    ` ${text}`,
    `${text}\n`,
    text.toUpperCase(),
  ]) {
    assert.equal(tokenIdOf(broken), undefined, JSON.stringify(broken));
  }
});
