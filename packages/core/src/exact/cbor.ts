/**
 * Deterministic CBOR (RFC 8949 §4.2.1) of the few kinds of data that the log uses: integers of 64 bits,
 * byte and text strings, arrays, and maps with text keys. One value has one encoding; others are refused.
 */
import { CBOR_DEPTH_MAX } from '../limits.ts';
import { compare, utf8, utf8Decode } from './bytes.ts';
import { EncodingError } from './encoding-error.ts';
import { err, ok, type Result } from './result.ts';

/** What the decoder gives: integers as number when safe, else bigint; maps in the order of the bytes. */
export type CborValue = number | bigint | string | Uint8Array | readonly CborValue[] | CborMap;
export type CborMap = ReadonlyMap<string, CborValue>;

/** What the encoder takes: plain objects too, since the order of keys is the encoding's, not theirs. */
export type CborInput =
  | number
  | bigint
  | string
  | Uint8Array
  | readonly CborInput[]
  | ReadonlyMap<string, CborInput>
  | { readonly [key: string]: CborInput };

/** Why bytes are not one deterministic CBOR value. */
export interface CborFault {
  readonly offset: number;
  readonly message: string;
}

const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;
const UINT64_LIMIT = 1n << 64n;

/** @throws EncodingError for anything that is not a `CborInput`: fractions, undefined, lone surrogates, depth. */
export function encodeCbor(value: CborInput): Uint8Array {
  const encoder = new Encoder();
  encoder.value(value, 1);
  return encoder.finish();
}

const FIRST_BYTES = 4096;
/** Larger buffers are not kept for the next value. */
const SPARE_BYTES_MAX = 64 * 1024;
/** The buffer of the last encoder: a new one for every value would cost more than writing it. */
let spare: Uint8Array | undefined;

/** Writes into one growing buffer. */
class Encoder {
  #bytes = spare ?? new Uint8Array(FIRST_BYTES);
  #length = 0;
  /** By depth, the index or key of the item being written: the path, should an error have to name it. */
  readonly #places: (number | string)[] = [];

  constructor() {
    spare = undefined;
  }

  finish(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#length);
    if (this.#bytes.length <= SPARE_BYTES_MAX) spare = this.#bytes;
    return bytes;
  }

  value(value: unknown, depth: number): void {
    if (depth > CBOR_DEPTH_MAX) this.#refuse(depth, `is nested more than ${CBOR_DEPTH_MAX} deep`);
    if (typeof value === 'number' || typeof value === 'bigint') this.#integer(value, depth);
    else if (typeof value === 'string') this.#text(value, depth);
    else if (value instanceof Uint8Array) {
      this.#head(MAJOR.bytes, value.length);
      this.#append(value);
    } else if (Array.isArray(value)) {
      this.#head(MAJOR.array, value.length);
      for (let at = 0; at < value.length; at++) {
        this.#places[depth] = at;
        this.value(value[at], depth + 1);
      }
    } else {
      const pairs = this.#pairs(value, depth);
      this.#head(MAJOR.map, pairs.length);
      for (const [key, item] of pairs) {
        this.#text(key, depth);
        this.#places[depth] = key;
        this.value(item, depth + 1);
      }
    }
  }

  #refuse(depth: number, problem: string): never {
    const steps = this.#places.slice(1, depth);
    const path = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
    throw new EncodingError(`$${path}`, problem);
  }

  #integer(value: number | bigint, depth: number): void {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      this.#refuse(depth, `is ${value}, not a safe integer`);
    }
    if (value >= UINT64_LIMIT || value < -UINT64_LIMIT) this.#refuse(depth, `is ${value}, beyond 64 bits`);
    if (value >= 0) this.#head(MAJOR.unsigned, value);
    else this.#head(MAJOR.negative, typeof value === 'bigint' ? -1n - value : -1 - value);
  }

  #text(text: string, depth: number): void {
    if (text.length <= SHORT_TEXT_CHARS && isAscii(text)) {
      this.#head(MAJOR.text, text.length);
      this.#reserve(text.length);
      for (let at = 0; at < text.length; at++) this.#bytes[this.#length++] = text.charCodeAt(at);
      return;
    }
    if (!text.isWellFormed()) this.#refuse(depth, 'holds a lone surrogate');
    const bytes = utf8(text);
    this.#head(MAJOR.text, bytes.length);
    this.#append(bytes);
  }

  /** The pairs of a map or plain object in the bytewise order of the encoded keys. */
  #pairs(value: unknown, depth: number): [string, unknown][] {
    const pairs = pairsOf(value);
    if (pairs === undefined) {
      const kind = value === null ? 'null' : typeof value;
      return this.#refuse(depth, `is ${kind}, which CBOR entries do not hold`);
    }
    let ascii = true;
    for (const [key] of pairs) {
      if (typeof key !== 'string') this.#refuse(depth, 'has a key that is not text');
      ascii &&= isAscii(key);
    }
    const order = ascii ? asciiOrder : utf8Order;
    const ascending = pairs.every((pair, at) => at === 0 || order(pairs[at - 1]!, pair) < 0);
    return ascending ? pairs : pairs.sort(order);
  }

  /** Major type and argument in the shortest form. */
  #head(major: number, argument: number | bigint): void {
    this.#reserve(9);
    const type = major << 5;
    if (argument < 24) {
      this.#bytes[this.#length++] = type | Number(argument);
      return;
    }
    const width = argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8;
    this.#bytes[this.#length++] = type | (width === 1 ? 24 : width === 2 ? 25 : width === 4 ? 26 : 27);
    if (width === 8) {
      new DataView(this.#bytes.buffer, this.#length, width).setBigUint64(0, BigInt(argument));
      this.#length += width;
      return;
    }
    for (let shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      this.#bytes[this.#length++] = Number(argument) >>> shift;
    }
  }

  #append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** Up to this length a loop beats the call into the host's encoder. */
const SHORT_TEXT_CHARS = 64;

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** The bytewise order of encoded keys: the length stands first there, so shorter keys come first. */
function asciiOrder([a]: [string, unknown], [b]: [string, unknown]): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

function utf8Order([a]: [string, unknown], [b]: [string, unknown]): number {
  const [x, y] = [utf8(a), utf8(b)];
  return x.length - y.length || compare(x, y);
}

function pairsOf(value: unknown): [string, unknown][] | undefined {
  if (value instanceof Map) return [...value];
  if (typeof value !== 'object' || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : undefined;
}

/** The one value that the bytes encode; refuses whatever the encoder would not have written. */
export function decodeCbor(bytes: Uint8Array): Result<CborValue, CborFault> {
  const decoder = new Decoder(bytes);
  try {
    const value = decoder.value(1);
    if (decoder.offset < bytes.length) decoder.fail('bytes follow the value');
    return ok(value);
  } catch (fault) {
    if (fault instanceof Refusal) return err({ offset: fault.offset, message: fault.message });
    throw fault;
  }
}

/** Leaves the recursive decoder from any depth; never escapes this file. */
class Refusal extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

class Decoder {
  readonly #bytes: Uint8Array;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  fail(message: string): never {
    throw new Refusal(this.offset, message);
  }

  value(depth: number): CborValue {
    if (depth > CBOR_DEPTH_MAX) this.fail(`nested more than ${CBOR_DEPTH_MAX} deep`);
    const initial = this.#bytes[this.offset] ?? this.fail('the value is cut short');
    const major = initial >> 5;
    if (major === MAJOR.tag) this.fail('tags are not allowed');
    if (major === MAJOR.simple) this.fail('floats, booleans, null and simple values are not allowed');
    const argument = this.#argument(initial & 31);
    if (major === MAJOR.unsigned) return argument;
    if (major === MAJOR.negative) return safe(-1n - BigInt(argument));
    if (major === MAJOR.bytes) return this.#blob(argument);
    if (major === MAJOR.text) return this.#text(argument);
    return major === MAJOR.array ? this.#array(argument, depth) : this.#map(argument, depth);
  }

  #argument(short: number): number | bigint {
    const start = this.offset;
    this.offset += 1;
    if (short < 24) return short;
    if (short > 27) {
      this.offset = start;
      this.fail(short === 31 ? 'indefinite lengths are not allowed' : 'the initial byte is reserved');
    }
    const width = 1 << (short - 24);
    if (this.offset + width > this.#bytes.length) this.fail('the value is cut short');
    const argument = this.#wide(width);
    const least = width === 1 ? 24 : width === 8 ? 0x1_0000_0000 : 1 << (4 * width);
    if (argument < least) {
      this.offset = start;
      this.fail('the integer or length is not in its shortest form');
    }
    this.offset += width;
    return argument;
  }

  #wide(width: number): number | bigint {
    if (width === 8) {
      const { buffer, byteOffset } = this.#bytes;
      return safe(new DataView(buffer, byteOffset + this.offset, width).getBigUint64(0));
    }
    let value = 0;
    for (let at = 0; at < width; at++) value = value * 0x100 + this.#bytes[this.offset + at]!;
    return value;
  }

  /** Every item takes at least a byte, so a length beyond the bytes left is refused before allocating. */
  #length(argument: number | bigint): number {
    if (argument > this.#bytes.length - this.offset) this.fail('a length goes beyond the bytes');
    return Number(argument);
  }

  #blob(argument: number | bigint): Uint8Array {
    const start = this.offset;
    this.offset += this.#length(argument);
    return this.#bytes.slice(start, this.offset);
  }

  #text(argument: number | bigint): string {
    const start = this.offset;
    const end = start + this.#length(argument);
    const text =
      end - start <= WORD_CHARS_MAX ? wordIn(this.#bytes, start, end) : textIn(this.#bytes, start, end);
    if (text === undefined) return this.fail('a text is not UTF-8');
    this.offset = end;
    return text;
  }

  #array(argument: number | bigint, depth: number): CborValue[] {
    const length = this.#length(argument);
    const items: CborValue[] = [];
    for (let at = 0; at < length; at++) items.push(this.value(depth + 1));
    return items;
  }

  #map(argument: number | bigint, depth: number): Map<string, CborValue> {
    const length = this.#length(argument);
    const map = new Map<string, CborValue>();
    let previous = -1;
    let previousEnd = -1;
    for (let at = 0; at < length; at++) {
      const start = this.offset;
      const key = this.value(depth + 1);
      if (typeof key !== 'string') {
        this.offset = start;
        return this.fail('a map key is not text');
      }
      if (at > 0 && !this.#ascends(previous, previousEnd, start)) {
        this.offset = start;
        this.fail(map.has(key) ? `the key "${key}" comes twice` : `the key "${key}" is out of order`);
      }
      previous = start;
      previousEnd = this.offset;
      map.set(key, this.value(depth + 1));
    }
    return map;
  }

  /** Do the encoded keys from `a` to `end` and from `b` to here stand in their bytewise order? */
  #ascends(a: number, end: number, b: number): boolean {
    const shared = Math.min(end - a, this.offset - b);
    for (let at = 0; at < shared; at++) {
      const difference = this.#bytes[a + at]! - this.#bytes[b + at]!;
      if (difference !== 0) return difference < 0;
    }
    return end - a < this.offset - b;
  }
}

function textIn(bytes: Uint8Array, start: number, end: number): string | undefined {
  const text = utf8Decode(bytes.subarray(start, end));
  return text.ok ? text.value : undefined;
}

/** Field names and other short texts come again and again; comparing costs a quarter of decoding. */
const WORD_CHARS_MAX = 24;
const WORDS = 512;
const words: string[] = new Array<string>(WORDS).fill('');

/** A short text, taken from those that were read before if it is among them. */
function wordIn(bytes: Uint8Array, start: number, end: number): string | undefined {
  let hash = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte > 0x7f) return textIn(bytes, start, end);
    hash = (hash * 31 + byte) & (WORDS - 1);
  }
  const known = words[hash]!;
  if (known.length === end - start && isAt(known, bytes, start)) return known;
  const text = textIn(bytes, start, end);
  if (text !== undefined) words[hash] = text;
  return text;
}

function isAt(text: string, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}

const safe = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
