import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import type { PqcProvider } from '@qfs/core/crypto';
import { assert, concat } from '@qfs/core/exact';
import { type MlDsa, mlDsaIdentifier, mlDsaSpki, verifyNobleSignature } from './verify-noble.ts';

const SCHEMES = { 'ML-DSA-44': ml_dsa44, 'ML-DSA-65': ml_dsa65, 'ML-DSA-87': ml_dsa87 } as const;

/** Octets of a seed of FIPS 204. */
const SEED_BYTES = 32;
/** Where the seed begins in PKCS #8 with the seed alone, and where beside the expanded key. */
const SEED_AT = 22;
const SEED_AT_BESIDE_EXPANDED = 30;

/**
 * ML-DSA in JavaScript. It writes private keys as PKCS #8 with the seed alone and reads those of node:crypto
 * as well, which hold the expanded key beside it (RFC 9881 §6).
 * @param randomSeed 32 random bytes at each call
 */
export function noblePqcProvider(algorithm: MlDsa, randomSeed: () => Uint8Array): PqcProvider {
  const { keygen, sign } = SCHEMES[algorithm];
  const prefix = concat(
    Uint8Array.of(0x30, 0x34, 0x02, 0x01, 0x00),
    mlDsaIdentifier(algorithm),
    Uint8Array.of(0x04, 0x22, 0x80, SEED_BYTES),
  );
  return {
    algorithm,
    generateKeyPair: () => {
      const seed = randomSeed();
      assert(seed.length === SEED_BYTES, () => `a seed has ${SEED_BYTES} bytes, not ${seed.length}`);
      return { spki: mlDsaSpki(algorithm, keygen(seed).publicKey), privateKey: concat(prefix, seed) };
    },
    sign: (privateKey, message) => {
      const at = privateKey.length === prefix.length + SEED_BYTES ? SEED_AT : SEED_AT_BESIDE_EXPANDED;
      return sign(message, keygen(privateKey.slice(at, at + SEED_BYTES)).secretKey);
    },
    verify: (spki, message, signature) => verifyNobleSignature(algorithm, spki, message, signature),
  };
}
