import { ed25519 } from '@noble/curves/ed25519.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { concat, equal, type SignatureVerifier } from '@qfs/core/exact';

export type MlDsa = 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87';

interface Scheme {
  /** The octets of the SubjectPublicKeyInfo before the key. */
  readonly prefix: Uint8Array;
  readonly keyBytes: number;
  readonly verify: (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => boolean;
}

/** Last arc of 2.16.840.1.101.3.4.3 (RFC 9881 §2), and octets of a public key (FIPS 204, table 2). */
const ML_DSA = {
  'ML-DSA-44': { arc: 0x11, keyBytes: 1312, verify: ml_dsa44.verify },
  'ML-DSA-65': { arc: 0x12, keyBytes: 1952, verify: ml_dsa65.verify },
  'ML-DSA-87': { arc: 0x13, keyBytes: 2592, verify: ml_dsa87.verify },
} as const;

/** DER of the AlgorithmIdentifier. */
export const mlDsaIdentifier = (algorithm: MlDsa): Uint8Array =>
  Uint8Array.of(0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, ML_DSA[algorithm].arc);

function mlDsaScheme(algorithm: MlDsa): Scheme {
  const { keyBytes, verify } = ML_DSA[algorithm];
  const identifier = mlDsaIdentifier(algorithm);
  const bits = Uint8Array.of(0x03, 0x82, ...uint16(keyBytes + 1), 0);
  const inside = identifier.length + bits.length + keyBytes;
  return { prefix: concat(Uint8Array.of(0x30, 0x82, ...uint16(inside)), identifier, bits), keyBytes, verify };
}

function uint16(value: number): [number, number] {
  return [value >> 8, value & 255];
}

/** RFC 8410 §4; signatures are judged strictly by RFC 8032, as node:crypto does. */
const ED25519: Scheme = {
  prefix: Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0),
  keyBytes: 32,
  verify: (signature, message, key) => ed25519.verify(signature, message, key, { zip215: false }),
};

const SCHEMES: ReadonlyMap<string, Scheme> = new Map([
  ['ML-DSA-44', mlDsaScheme('ML-DSA-44')],
  ['ML-DSA-65', mlDsaScheme('ML-DSA-65')],
  ['ML-DSA-87', mlDsaScheme('ML-DSA-87')],
  ['Ed25519', ED25519],
]);

/** Judges ML-DSA and Ed25519 signatures as node:crypto does; false for whatever cannot be read. */
export const verifyNobleSignature: SignatureVerifier = (algorithm, spki, message, signature) => {
  const scheme = SCHEMES.get(algorithm);
  if (scheme === undefined) return false;
  const { prefix, keyBytes, verify } = scheme;
  if (spki.length !== prefix.length + keyBytes || !equal(spki.subarray(0, prefix.length), prefix))
    return false;
  try {
    return verify(signature, message, spki.subarray(prefix.length));
  } catch {
    return false;
  }
};

/** DER of a public key. */
export const mlDsaSpki = (algorithm: MlDsa, key: Uint8Array): Uint8Array =>
  concat(mlDsaScheme(algorithm).prefix, key);
