/** `@qfs/core/crypto`: the signature port. Hosts bring the implementation that their runtime has. */

/** FIPS 204 parameter sets, and the keyed hash of simulations, which production configuration refuses. */
export type PqcAlgorithm = 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87' | 'INSECURE-TEST';

/** A key pair in DER: SubjectPublicKeyInfo and PKCS #8. */
export interface PqcKeyPair {
  readonly spki: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** Signs and verifies with one algorithm. Two providers of the same algorithm agree on every verdict. */
export interface PqcProvider {
  readonly algorithm: PqcAlgorithm;
  generateKeyPair(): PqcKeyPair;
  sign(privateKey: Uint8Array, message: Uint8Array): Uint8Array;
  /** False for a wrong signature and for a key or signature that cannot be read; never throws. */
  verify(spki: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}
