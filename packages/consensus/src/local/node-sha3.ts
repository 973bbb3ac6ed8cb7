import { createHash } from 'node:crypto';
import type { Sha3 } from '../chain.ts';

/** SHA3-256 by node:crypto, about eight times as fast as in JavaScript. */
export const nodeSha3: Sha3 = (...parts) => {
  const hash = createHash('sha3-256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};
