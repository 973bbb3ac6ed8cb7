import { hash } from 'node:crypto';
import type { Sha256 } from '@qfs/core/exact';

/** SHA-256 by node:crypto, faster than in JavaScript and without a hash object to collect. */
export const nodeSha256: Sha256 = (bytes) => new Uint8Array(hash('sha256', bytes, 'buffer'));
