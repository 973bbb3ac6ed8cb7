import { hash, timingSafeEqual } from 'node:crypto';
import type { Randomness } from '@qfs/core';
import { base32 } from '@qfs/core/exact';

/**
 * An API token is `qfs_<id>_<secret><checksum>` in base32: an id of 80 bits by which it is found, a secret of
 * 256 bits, and 35 bits of the SHA-256 of what stands before, so that a scanner knows a token when it sees
 * one and a mistyped one is told from a wrong one.
 */
const ID_BYTES = 10;
const SECRET_BYTES = 32;
const CHECKSUM_CHARS = 7;
const TOKEN = /^(qfs_([a-z2-7]{16})_[a-z2-7]{52})([a-z2-7]{7})$/;

export interface DrawnToken {
  readonly tokenId: string;
  /** The whole token, as it is sent. */
  readonly text: string;
}

export function drawToken(randomness: Randomness): DrawnToken {
  const tokenId = base32(randomness.bytes(ID_BYTES));
  const body = `qfs_${tokenId}_${base32(randomness.bytes(SECRET_BYTES))}`;
  return { tokenId, text: body + checksumOf(body) };
}

/** The id of a well-formed token; undefined when it is none or its checksum does not match. */
export function tokenIdOf(text: string): string | undefined {
  const [, body = '', tokenId, checksum] = TOKEN.exec(text) ?? [];
  return tokenId !== undefined && checksumOf(body) === checksum ? tokenId : undefined;
}

const sha256 = (text: string): Uint8Array => new Uint8Array(hash('sha256', text, 'buffer'));
const checksumOf = (body: string): string => base32(sha256(body)).slice(0, CHECKSUM_CHARS);

/** What is kept of a token. A secret of 256 random bits needs no slow hash. */
export const tokenHash = sha256;

/** Compares in constant time. */
export const isTokenOf = (text: string, kept: Uint8Array): boolean => timingSafeEqual(sha256(text), kept);
