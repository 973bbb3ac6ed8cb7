/**
 * Deterministic CBOR (RFC 8949 §4.2.1) of the few kinds of data that the log uses: integers of 64 bits,
 * byte and text strings, arrays, and maps with text keys. One value has one encoding; others are refused.
 */
import { CBOR_DEPTH_MAX } from '../limits.ts';
import { compare, concat, utf8, utf8Decode } from './bytes.ts';
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
  const parts: Uint8Array[] = [];
  encodeInto(parts, value, '$', 1);
  return concat(...parts);
}

function encodeInto(parts: Uint8Array[], value: unknown, path: string, depth: number): void {
  if (depth > CBOR_DEPTH_MAX) throw new EncodingError(path, `is nested more than ${CBOR_DEPTH_MAX} deep`);
  if (typeof value === 'number' || typeof value === 'bigint') {
    parts.push(encodeInteger(value, path));
  } else if (typeof value === 'string') {
    parts.push(...encodeText(value, path));
  } else if (value instanceof Uint8Array) {
    parts.push(head(MAJOR.bytes, value.length), value);
  } else if (Array.isArray(value)) {
    parts.push(head(MAJOR.array, value.length));
    value.forEach((item, at) => {
      encodeInto(parts, item, `${path}[${at}]`, depth + 1);
    });
  } else {
    encodeMap(parts, pairsOf(value, path), path, depth);
  }
}

function encodeMap(
  parts: Uint8Array[],
  pairs: readonly [string, unknown][],
  path: string,
  depth: number,
): void {
  const keyed = pairs.map(([key, item]) => ({ key, item, bytes: concat(...encodeText(key, path)) }));
  keyed.sort((a, b) => compare(a.bytes, b.bytes));
  parts.push(head(MAJOR.map, keyed.length));
  for (const { key, item, bytes } of keyed) {
    parts.push(bytes);
    encodeInto(parts, item, `${path}.${key}`, depth + 1);
  }
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

function encodeInteger(value: number | bigint, path: string): Uint8Array {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new EncodingError(path, `is ${value}, not a safe integer`);
  }
  if (value >= 0) {
    if (value < UINT64_LIMIT) return head(MAJOR.unsigned, value);
  } else if (value >= -UINT64_LIMIT) {
    return head(MAJOR.negative, typeof value === 'bigint' ? -1n - value : -1 - value);
  }
  throw new EncodingError(path, `is ${value}, beyond 64 bits`);
}

function encodeText(text: string, path: string): [Uint8Array, Uint8Array] {
  if (!text.isWellFormed()) throw new EncodingError(path, 'holds a lone surrogate');
  const bytes = utf8(text);
  return [head(MAJOR.text, bytes.length), bytes];
}

/** Major type and argument in the shortest form. */
function head(major: number, argument: number | bigint): Uint8Array {
  const type = major << 5;
  if (argument < 24) return Uint8Array.of(type | Number(argument));
  if (argument < 0x100) return Uint8Array.of(type | 24, Number(argument));
  if (argument < 0x1_0000) {
    const value = Number(argument);
    return Uint8Array.of(type | 25, value >> 8, value & 0xff);
  }
  const wide = argument >= 0x1_0000_0000;
  const bytes = new Uint8Array(wide ? 9 : 5);
  const view = new DataView(bytes.buffer);
  bytes[0] = type | (wide ? 27 : 26);
  if (wide) view.setBigUint64(1, BigInt(argument));
  else view.setUint32(1, Number(argument));
  return bytes;
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
