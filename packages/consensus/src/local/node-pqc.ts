import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { PqcAlgorithm, PqcProvider } from '@qfs/core/crypto';
import type { SignatureVerifier } from '@qfs/core/exact';

/** The names under which node:crypto knows the parameter sets of FIPS 204. */
const KEY_TYPES = {
  'ML-DSA-44': 'ml-dsa-44',
  'ML-DSA-65': 'ml-dsa-65',
  'ML-DSA-87': 'ml-dsa-87',
} as const satisfies Partial<Record<PqcAlgorithm, string>>;

export type NodePqcAlgorithm = keyof typeof KEY_TYPES;

/** ML-DSA by node:crypto (OpenSSL 3.5). */
export function nodePqcProvider(algorithm: NodePqcAlgorithm = 'ML-DSA-65'): PqcProvider {
  return {
    algorithm,
    generateKeyPair: () => {
      const { publicKey, privateKey } = generate(algorithm);
      return {
        spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
        privateKey: new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })),
      };
    },
    sign: (privateKey, message) => {
      const key = createPrivateKey({ key: Buffer.from(privateKey), type: 'pkcs8', format: 'der' });
      return new Uint8Array(sign(null, message, key));
    },
    verify: (spki, message, signature) => verifyWith(algorithm, spki, message, signature),
  };
}

/** Judges signatures of every parameter set; refuses keys of any other algorithm. */
export const verifyNodeSignature: SignatureVerifier = (algorithm, spki, message, signature) =>
  isNodePqcAlgorithm(algorithm) && verifyWith(algorithm, spki, message, signature);

const isNodePqcAlgorithm = (algorithm: string): algorithm is NodePqcAlgorithm =>
  Object.hasOwn(KEY_TYPES, algorithm);

/** Spelled out because the signature of generateKeyPairSync does not take a union. */
function generate(algorithm: NodePqcAlgorithm) {
  if (algorithm === 'ML-DSA-44') return generateKeyPairSync('ml-dsa-44');
  return algorithm === 'ML-DSA-65' ? generateKeyPairSync('ml-dsa-65') : generateKeyPairSync('ml-dsa-87');
}

function verifyWith(
  algorithm: NodePqcAlgorithm,
  spki: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), type: 'spki', format: 'der' });
    return key.asymmetricKeyType === KEY_TYPES[algorithm] && verify(null, message, key, signature);
  } catch {
    return false;
  }
}
