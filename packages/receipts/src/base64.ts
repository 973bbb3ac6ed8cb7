import { err, ok, type Result, utf8 } from '@qfs/core/exact';

const DIGITS = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PADDING = '=';
/** Values of ASCII characters; −1 for those that are no digits. */
const VALUES = new Int8Array(128).fill(-1);
for (const [value, code] of DIGITS.entries()) VALUES[code] = value;

const ascii = new TextDecoder();

/** Base64 of RFC 4648 §4, with padding. */
export function base64(bytes: Uint8Array): string {
  const digits = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    digits[length++] = DIGITS[group >> 18]!;
    digits[length++] = DIGITS[(group >> 12) & 63]!;
    digits[length++] = DIGITS[(group >> 6) & 63]!;
    digits[length++] = DIGITS[group & 63]!;
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  return ascii.decode(digits.subarray(0, length - missing)) + PADDING.repeat(missing);
}

/** Bytes of base64; any text but the one that `base64` writes for them is an error. */
export function unbase64(text: string): Result<Uint8Array, string> {
  if (text.length % 4 !== 0) return err('base64 comes in groups of four characters');
  const missing = text.endsWith('==') ? 2 : text.endsWith(PADDING) ? 1 : 0;
  const bytes = new Uint8Array((text.length >> 2) * 3 - missing);
  const digits = text.length - missing;
  let [group, length] = [0, 0];
  for (let at = 0; at < digits; at += 1) {
    const value = VALUES[text.charCodeAt(at)] ?? -1;
    if (value < 0) return err(`"${text[at]}" at ${at} is no base64 character`);
    group = ((group << 6) | value) & 0xff_ffff;
    // Digits 2, 3 and 4 of a group complete a byte each, with 4, 2 and 0 bits left over.
    if (at % 4 > 0) bytes[length++] = group >> (6 - 2 * (at % 4));
  }
  const leftOver = missing === 0 ? 0 : group & (missing === 2 ? 15 : 3);
  return leftOver === 0 ? ok(bytes) : err('the last base64 character has bits that mean nothing');
}
