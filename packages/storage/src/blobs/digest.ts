import { hash } from 'node:crypto';
import type { Digest } from '@qfs/core/exact';

const PREFIX = 'sha256:';

/** The digest of the bytes, by the host's native SHA-256. */
export const blobDigestOf = (bytes: Uint8Array): Digest =>
  `${PREFIX}${hash('sha256', bytes, 'hex')}` as Digest;

/** The 32 bytes of a digest, as tables and log entries keep them. */
export const digestBytes = (digest: Digest): Uint8Array => Uint8Array.fromHex(digest.slice(PREFIX.length));

export const digestFromBytes = (bytes: Uint8Array): Digest => `${PREFIX}${bytes.toHex()}` as Digest;
