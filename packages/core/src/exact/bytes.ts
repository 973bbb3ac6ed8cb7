import { err, ok, type Result } from './result.ts';

const TEXT_ENCODER = new TextEncoder();
const TEXT_DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const HEX_DIGITS = '0123456789abcdef';
const BASE32_DIGITS = 'abcdefghijklmnopqrstuvwxyz234567';

/** The bytes of all parts, one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Are both the same bytes? Not constant-time: for public values only. */
export const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && compare(a, b) === 0;

/** Bytewise lexicographic order; a prefix comes first. Negative, zero or positive. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const difference = a[at]! - b[at]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** UTF-8 of a text. A lone surrogate becomes U+FFFD; who must not lose it checks `isWellFormed` first. */
export const utf8 = (text: string): Uint8Array => TEXT_ENCODER.encode(text);

/** The text of UTF-8 bytes; malformed sequences are an error, a byte order mark is kept. */
export function utf8Decode(bytes: Uint8Array): Result<string, string> {
  try {
    return ok(TEXT_DECODER.decode(bytes));
  } catch {
    return err('the bytes are not UTF-8');
  }
}

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX_DIGITS[byte >> 4]! + HEX_DIGITS[byte & 15]!;
  return text;
}

/** Bytes of lower-case hexadecimal; anything else is an error. */
export function unhex(text: string): Result<Uint8Array, string> {
  if (text.length % 2 !== 0)
    return err(`hexadecimal text needs an even number of digits, not ${text.length}`);
  const bytes = new Uint8Array(text.length >> 1);
  for (let at = 0; at < bytes.length; at++) {
    const high = HEX_DIGITS.indexOf(text[2 * at]!);
    const low = HEX_DIGITS.indexOf(text[2 * at + 1]!);
    if (high < 0 || low < 0) return err(`"${text.slice(2 * at, 2 * at + 2)}" is not lower-case hexadecimal`);
    bytes[at] = (high << 4) | low;
  }
  return ok(bytes);
}

/** Base32 of RFC 4648 §6 in lower case, without padding. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32_DIGITS[(pending >> bits) & 31]!;
    }
  }
  return bits === 0 ? text : text + BASE32_DIGITS[(pending << (5 - bits)) & 31]!;
}

/** An unsigned integer as eight bytes, most significant first. */
export function uint64(value: number | bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** An unsigned integer as four bytes, most significant first. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
