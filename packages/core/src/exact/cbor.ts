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
  encoder.value(value, '$', 1);
  return encoder.finish();
}

const FIRST_BYTES = 512;

/** Writes into one growing buffer: small allocations per item cost more than everything else. */
class Encoder {
  #bytes = new Uint8Array(FIRST_BYTES);
  #length = 0;

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  value(value: unknown, path: string, depth: number): void {
    if (depth > CBOR_DEPTH_MAX) throw new EncodingError(path, `is nested more than ${CBOR_DEPTH_MAX} deep`);
    if (typeof value === 'number' || typeof value === 'bigint') this.#integer(value, path);
    else if (typeof value === 'string') this.#text(value, path);
    else if (value instanceof Uint8Array) {
      this.#head(MAJOR.bytes, value.length);
      this.#append(value);
    } else if (Array.isArray(value)) {
      this.#head(MAJOR.array, value.length);
      for (let at = 0; at < value.length; at++) this.value(value[at], `${path}[${at}]`, depth + 1);
    } else {
      const pairs = pairsOf(value, path).sort(([a], [b]) => keyOrder(a, b));
      this.#head(MAJOR.map, pairs.length);
      for (const [key, item] of pairs) {
        this.#text(key, path);
        this.value(item, `${path}.${key}`, depth + 1);
      }
    }
  }

  #integer(value: number | bigint, path: string): void {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      throw new EncodingError(path, `is ${value}, not a safe integer`);
    }
    if (value >= UINT64_LIMIT || value < -UINT64_LIMIT) {
      throw new EncodingError(path, `is ${value}, beyond 64 bits`);
    }
    if (value >= 0) this.#head(MAJOR.unsigned, value);
    else this.#head(MAJOR.negative, typeof value === 'bigint' ? -1n - value : -1 - value);
  }

  #text(text: string, path: string): void {
    if (!text.isWellFormed()) throw new EncodingError(path, 'holds a lone surrogate');
    if (text.length > SHORT_TEXT_CHARS || !isAscii(text)) {
      const bytes = utf8(text);
      this.#head(MAJOR.text, bytes.length);
      this.#append(bytes);
      return;
    }
    this.#head(MAJOR.text, text.length);
    this.#reserve(text.length);
    for (let at = 0; at < text.length; at++) this.#bytes[this.#length++] = text.charCodeAt(at);
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
    const view = new DataView(this.#bytes.buffer, this.#length, width);
    if (width === 1) view.setUint8(0, Number(argument));
    else if (width === 2) view.setUint16(0, Number(argument));
    else if (width === 4) view.setUint32(0, Number(argument));
    else view.setBigUint64(0, BigInt(argument));
    this.#length += width;
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
function keyOrder(a: string, b: string): number {
  if (isAscii(a) && isAscii(b)) return a.length - b.length || (a < b ? -1 : 1);
  const [x, y] = [utf8(a), utf8(b)];
  return x.length - y.length || compare(x, y);
}

function pairsOf(value: unknown, path: string): [string, unknown][] {
  if (value instanceof Map) {
    const pairs = [...value];
    if (pairs.every(([key]) => typeof key === 'string')) return pairs;
    throw new EncodingError(path, 'has a key that is not text');
  }
  if (typeof value === 'object' && value !== null) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return Object.entries(value);
  }
  throw new EncodingError(
    path,
    `is ${value === null ? 'null' : typeof value}, which CBOR entries do not hold`,
  );
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
  readonly #view: DataView;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
    if (major === MAJOR.bytes) return this.#take(this.#length(argument)).slice();
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
    if (width === 1) return this.#view.getUint8(this.offset);
    if (width === 2) return this.#view.getUint16(this.offset);
    if (width === 4) return this.#view.getUint32(this.offset);
    return safe(this.#view.getBigUint64(this.offset));
  }

  /** Every item takes at least a byte, so a length beyond the bytes left is refused before allocating. */
  #length(argument: number | bigint): number {
    if (argument > this.#bytes.length - this.offset) this.fail('a length goes beyond the bytes');
    return Number(argument);
  }

  #take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(this.offset, this.offset + length);
    this.offset += length;
    return taken;
  }

  #text(argument: number | bigint): string {
    const start = this.offset;
    const text = utf8Decode(this.#take(this.#length(argument)));
    if (text.ok) return text.value;
    this.offset = start;
    return this.fail('a text is not UTF-8');
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
    let previous: Uint8Array | undefined;
    for (let at = 0; at < length; at++) {
      const start = this.offset;
      const key = this.value(depth + 1);
      if (typeof key !== 'string') {
        this.offset = start;
        return this.fail('a map key is not text');
      }
      const encoded = this.#bytes.subarray(start, this.offset);
      if (previous !== undefined && compare(previous, encoded) >= 0) {
        this.offset = start;
        this.fail(map.has(key) ? `the key "${key}" comes twice` : `the key "${key}" is out of order`);
      }
      previous = encoded;
      map.set(key, this.value(depth + 1));
    }
    return map;
  }
}

const safe = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
