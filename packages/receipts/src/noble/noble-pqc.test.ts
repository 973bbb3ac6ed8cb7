import assert from 'node:assert/strict';
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { test } from 'node:test';
import { utf8 } from '@qfs/core/exact';
import { noblePqcProvider } from './noble-pqc.ts';
import { verifyNobleSignature } from './verify-noble.ts';

const ALGORITHMS = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const;
const message = utf8('a message');
const seed = (): Uint8Array => new Uint8Array(randomBytes(32));
const publicKey = (spki: Uint8Array) =>
  createPublicKey({ key: Buffer.from(spki), type: 'spki', format: 'der' });
const privateKey = (pkcs8: Uint8Array) =>
  createPrivateKey({ key: Buffer.from(pkcs8), type: 'pkcs8', format: 'der' });

test('node:crypto reads the keys that are made in JavaScript, and verifies what they sign', () => {
  for (const algorithm of ALGORITHMS) {
    const noble = noblePqcProvider(algorithm, seed);
    const pair = noble.generateKeyPair();
    const key = publicKey(pair.spki);
    assert.equal(key.asymmetricKeyType, algorithm.toLowerCase());
    assert.ok(verify(null, message, key, noble.sign(pair.privateKey, message)));
    assert.ok(noble.verify(pair.spki, message, sign(null, message, privateKey(pair.privateKey))));
  }
});

test('a key of node:crypto signs in JavaScript too', () => {
  const pair = generateKeyPairSync('ml-dsa-65');
  const pkcs8 = new Uint8Array(pair.privateKey.export({ type: 'pkcs8', format: 'der' }));
  const signature = noblePqcProvider('ML-DSA-65', seed).sign(pkcs8, message);
  assert.ok(verify(null, message, pair.publicKey, signature));
});

test('both implementations give the same verdict on keys and signatures that are wrong somewhere', () => {
  const pair = generateKeyPairSync('ed25519');
  const ed = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }));
  const edSignature = new Uint8Array(sign(null, message, pair.privateKey));
  const noble = noblePqcProvider('ML-DSA-44', seed);
  const { spki, privateKey: secret } = noble.generateKeyPair();
  const signature = noble.sign(secret, message);
  const cases: [string, Uint8Array, Uint8Array][] = [
    ['Ed25519', ed, edSignature],
    ['ML-DSA-44', spki, signature],
  ];
  for (const [algorithm, key, mark] of cases) {
    assert.ok(verifyNobleSignature(algorithm, key, message, mark), algorithm);
    assert.ok(!verifyNobleSignature(algorithm, key, utf8('another'), mark));
    for (let at = 0; at < mark.length; at += 37) {
      const changed = mark.slice();
      changed[at]! ^= 1 << (at % 8);
      const expected = verify(null, message, publicKey(key), changed);
      assert.equal(
        verifyNobleSignature(algorithm, key, message, changed),
        expected,
        `${algorithm} byte ${at}`,
      );
    }
    for (const wrong of [mark.subarray(1), new Uint8Array(), new Uint8Array(mark.length)])
      assert.equal(verifyNobleSignature(algorithm, key, message, wrong), false);
    for (const wrong of [key.subarray(1), new Uint8Array(), new Uint8Array(key.length)])
      assert.equal(verifyNobleSignature(algorithm, wrong, message, mark), false);
  }
  assert.equal(verifyNobleSignature('Ed25519', spki, message, signature), false);
  assert.equal(verifyNobleSignature('toString', ed, message, edSignature), false);
});
