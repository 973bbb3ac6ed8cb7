import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { sha3_256 as nobleSha3 } from '@noble/hashes/sha3.js';
import { concat, hex, utf8 } from './bytes.ts';
import type { Digest } from './ids.ts';

/** Feeds a hash piece by piece; `digest` ends it. */
export interface IncrementalHash {
  update(bytes: Uint8Array): IncrementalHash;
  digest(): Uint8Array;
}

/** SHA-256 (FIPS 180-4), 32 bytes: artifacts, programs, Merkle trees. */
export const sha256 = (bytes: Uint8Array): Uint8Array => nobleSha256(bytes);

/** SHA3-256 (FIPS 202), 32 bytes: the log's hashes and ids. */
export const sha3_256 = (bytes: Uint8Array): Uint8Array => nobleSha3(bytes);

/** SHA3-256 of a domain label followed by the parts, so that no hash of one purpose is valid for another. */
export const taggedHash = (domain: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  nobleSha3(concat(utf8(domain), ...parts));

/** SHA-256 of bytes that arrive in pieces. */
export const incrementalSha256 = (): IncrementalHash => nobleSha256.create();

/** SHA3-256 of bytes that arrive in pieces. */
export const incrementalSha3_256 = (): IncrementalHash => nobleSha3.create();

/** The name of an artifact's bytes: `sha256:` and 64 hexadecimal digits. */
export const digestOf = (bytes: Uint8Array): Digest => `sha256:${hex(nobleSha256(bytes))}` as Digest;
