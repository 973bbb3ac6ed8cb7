import { hash } from 'node:crypto';
import { type Digest, hex } from '@qfs/core/exact';

const PREFIX = 'sha256:';

/** The digest of the bytes, by the host's native SHA-256. */
export const blobDigestOf = (bytes: Uint8Array): Digest =>
  `${PREFIX}${hash('sha256', bytes, 'hex')}` as Digest;

/** The 32 bytes of a digest, as tables and log entries keep them. */
export const digestBytes = (digest: Digest): Uint8Array =>
  new Uint8Array(Buffer.from(digest.slice(PREFIX.length), 'hex'));

export const digestFromBytes = (bytes: Uint8Array): Digest => `${PREFIX}${hex(bytes)}` as Digest;
