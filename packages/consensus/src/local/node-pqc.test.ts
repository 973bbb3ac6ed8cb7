import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import { sha3_256, utf8 } from '@qfs/core/exact';
import { nodePqcProvider, verifyNodeSignature } from './node-pqc.ts';
import { nodeSha3 } from './node-sha3.ts';

const ALGORITHMS = { 'ML-DSA-44': 2420, 'ML-DSA-65': 3309, 'ML-DSA-87': 4627 } as const;
const message = utf8('a message');
/** Octets of a SubjectPublicKeyInfo before the key itself. */
const SPKI_PREFIX_BYTES = 22;

test('each parameter set of FIPS 204 signs and verifies, with signatures of its size', () => {
  for (const [algorithm, bytes] of Object.entries(ALGORITHMS) as [keyof typeof ALGORITHMS, number][]) {
    const pqc = nodePqcProvider(algorithm);
    const { spki, privateKey } = pqc.generateKeyPair();
    const signature = pqc.sign(privateKey, message);
    assert.equal(signature.length, bytes);
    assert.ok(pqc.verify(spki, message, signature));
    assert.ok(verifyNodeSignature(algorithm, spki, message, signature));
    assert.ok(!pqc.verify(spki, utf8('another message'), signature));
    assert.ok(!pqc.verify(pqc.generateKeyPair().spki, message, signature));
  }
});

test('an independent implementation verifies what node:crypto signed', () => {
  const pqc = nodePqcProvider('ML-DSA-65');
  const { spki, privateKey } = pqc.generateKeyPair();
  assert.ok(ml_dsa65.verify(pqc.sign(privateKey, message), message, spki.subarray(SPKI_PREFIX_BYTES)));
});

test('a key or signature that cannot be read, or of another algorithm, is a plain no', () => {
  const pqc = nodePqcProvider('ML-DSA-65');
  const { spki, privateKey } = pqc.generateKeyPair();
  const signature = pqc.sign(privateKey, message);
  const no: [string, Uint8Array, Uint8Array][] = [
    ['ML-DSA-44', spki, signature],
    ['INSECURE-TEST', spki, signature],
    ['toString', spki, signature],
    ['ML-DSA-65', new Uint8Array(), signature],
    ['ML-DSA-65', spki.subarray(1), signature],
    ['ML-DSA-65', spki, new Uint8Array()],
    ['ML-DSA-65', spki, signature.subarray(1)],
    ['ML-DSA-65', spki, new Uint8Array(signature.length)],
  ];
  for (const [algorithm, key, mark] of no)
    assert.equal(verifyNodeSignature(algorithm, key, message, mark), false);
});

test('SHA3-256 by the host is that of the pure room', () => {
  assert.deepEqual(nodeSha3(utf8('a '), utf8('message')), sha3_256(message));
});
