import { hash } from 'node:crypto';
import { concat } from '@qfs/core/exact';
import type { Sha3 } from '../chain.ts';

/**
 * SHA3-256 by node:crypto, several times as fast as in JavaScript; one call of it, since each one has its
 * price.
 */
export const nodeSha3: Sha3 = (...parts) => new Uint8Array(hash('sha3-256', concat(...parts), 'buffer'));
