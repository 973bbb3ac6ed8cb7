/** `@qfs/receipts/noble`: signatures in JavaScript, for browsers and wherever node:crypto is not. */
export { noblePqcProvider } from './noble-pqc.ts';
export { verifyNobleSignature } from './verify-noble.ts';
