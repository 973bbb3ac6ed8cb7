import { err, ok, type Result } from '@qfs/core/exact';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 of RFC 4648 §4, with padding. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = [18, 12, 6, 0].map((shift) => DIGITS[(group >> shift) & 63]!);
    const kept = Math.min(4, bytes.length - at + 1);
    text += digits.slice(0, kept).join('') + '='.repeat(4 - kept);
  }
  return text;
}

/** Bytes of base64; any text but the one that `base64` writes for them is an error. */
export function unbase64(text: string): Result<Uint8Array, string> {
  if (text.length % 4 !== 0) return err('base64 comes in groups of four characters');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length >> 2) * 3 - padding);
  let length = 0;
  for (let at = 0; at < text.length; at += 4) {
    let group = 0;
    for (let digit = 0; digit < 4; digit++) {
      const character = text[at + digit]!;
      const isPadding = character === '=' && at + digit >= text.length - padding;
      const value = isPadding ? 0 : DIGITS.indexOf(character);
      if (value < 0) return err(`"${character}" at ${at + digit} is no base64 character`);
      group = (group << 6) | value;
    }
    for (const shift of [16, 8, 0]) if (length < bytes.length) bytes[length++] = (group >> shift) & 255;
  }
  return base64(bytes) === text ? ok(bytes) : err('the last base64 character has bits that mean nothing');
}
