/**
 * Counter-based random numbers: Philox 4×32 with 10 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", 2011). A number is a function of (seed, purpose, index, position) alone, so streams
 * can be read in any order by any number of workers.
 */
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** High word of the 64-bit product of two 32-bit words, both taken as unsigned. */
function multiplyHigh(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  // Neither sum exceeds 2^32 - 1, and imul is exact below 2^32 when read as unsigned.
  const middle = (Math.imul(ah, bl) + (Math.imul(al, bl) >>> 16)) >>> 0;
  const carry = ((middle & 0xffff) + Math.imul(al, bh)) >>> 0;
  return Math.imul(ah, bh) + (middle >>> 16) + (carry >>> 16);
}

/** One block: encrypts the counter (four words) in place under the key (two words). */
export function philox4x32(counter: Uint32Array, key0: number, key1: number): void {
  let c0 = counter[0]! | 0;
  let c1 = counter[1]! | 0;
  let c2 = counter[2]! | 0;
  let c3 = counter[3]! | 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ key0;
    c1 = low1;
    c2 = high0 ^ c3 ^ key1;
    c3 = low0;
    key0 = (key0 + WEYL_0) | 0;
    key1 = (key1 + WEYL_1) | 0;
  }
  counter[0] = c0;
  counter[1] = c1;
  counter[2] = c2;
  counter[3] = c3;
}

/** FNV-1a over the name's UTF-16 code units: the fourth counter word, so that purposes never share numbers. */
function purposeWord(purpose: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < purpose.length; i += 1) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** One stream of random numbers, named by what it is for and, where there are many alike, by an index. */
export class Prng {
  readonly #key0: number;
  readonly #key1: number;
  readonly #index: number;
  readonly #purpose: number;
  readonly #block = new Uint32Array(4);
  #position = 0;

  /** `seed`: integer in [0, 2^53). `index`: which stream of the kind, for example the shot, in [0, 2^32). */
  constructor(seed: number, purpose: string, index = 0) {
    this.#key0 = seed >>> 0;
    this.#key1 = Math.floor(seed / 4_294_967_296);
    this.#index = index;
    this.#purpose = purposeWord(purpose);
  }

  /** The next 32 random bits. */
  word(): number {
    const offset = this.#position % 4;
    if (offset === 0) {
      const number = this.#position / 4;
      this.#block[0] = number >>> 0;
      this.#block[1] = Math.floor(number / 4_294_967_296);
      this.#block[2] = this.#index;
      this.#block[3] = this.#purpose;
      philox4x32(this.#block, this.#key0, this.#key1);
    }
    this.#position += 1;
    return this.#block[offset]!;
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  uniform(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }
}

/** The seed of parameter set k: the given one for k = 0, else a hash of both, an integer in [0, 2^53). */
export function deriveSeed(seed: number, k: number): number {
  if (k === 0) return seed;
  const stream = new Prng(seed, 'derive-seed', k);
  return stream.uniform() * 9_007_199_254_740_992;
}
