import type { Findings } from '../findings.ts';

/** An optional prefix and the quotes that begin a string. */
const START = /(?<prefix>[A-Za-z]{0,2})(?<quote>"""|'''|"|')/y;
const PREFIXES = /^(?:[rR]|[uU]|[bB][rR]?|[rR][bB]|[fF][rR]?|[rR][fF])?$/;

const SIMPLE: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
  ...{ '\n': '', '\r': '', '\r\n': '' },
};
/**
 * Escapes by what follows the backslash: a line end, three octal digits, two, four or eight hexadecimal
 * ones.
 */
const ESCAPE = /\\(?:(\r\n|[\s\S])|$)/y;
const OCTAL = /[0-7]{1,3}/y;
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

export interface ScannedString {
  readonly value: string;
  readonly end: number;
}

/** A string literal at the offset (Python 3.12, 2.4.1); undefined when there is none. */
export function scanString(source: string, start: number, findings: Findings): ScannedString | undefined {
  START.lastIndex = start;
  const { prefix, quote } = START.exec(source)?.groups ?? {};
  if (prefix === undefined || quote === undefined || !PREFIXES.test(prefix)) return undefined;
  const body = start + prefix.length + quote.length;
  const close = closingQuote(source, body, quote);
  if (close === undefined) {
    const lineEnd = source.slice(body).search(/[\r\n]/);
    const end = quote.length === 3 || lineEnd < 0 ? source.length : body + lineEnd;
    findings.add('EIGEN_SYNTAX', { start, end }, `The string is not closed: ${quote} is missing.`);
    return { value: '', end };
  }
  const end = close + quote.length;
  const span = { start, end };
  if (/[bB]/.test(prefix))
    findings.add('EIGEN_FORBIDDEN', span, 'Bytes literals are not part of Eigen-Lang.');
  if (/[fF]/.test(prefix)) {
    findings.add(
      'EIGEN_FORBIDDEN',
      span,
      'Formatted strings are not part of Eigen-Lang.',
      'Write the text out.',
    );
  }
  const text = source.slice(body, close);
  return { value: /[rR]/.test(prefix) ? text : unescaped(text, body, findings), end };
}

/** Where the closing quotes begin; strings in single quotes end with their line. */
function closingQuote(source: string, body: number, quote: string): number | undefined {
  for (let at = body; at < source.length; at += 1) {
    const character = source[at]!;
    if (character === '\\') {
      at += source.startsWith('\r\n', at + 1) ? 2 : 1;
    } else if (source.startsWith(quote, at)) return at;
    else if (quote.length === 1 && (character === '\n' || character === '\r')) return undefined;
  }
  return undefined;
}

function unescaped(text: string, offset: number, findings: Findings): string {
  const parts: string[] = [];
  let at = 0;
  for (let backslash = text.indexOf('\\'); backslash >= 0; backslash = text.indexOf('\\', at)) {
    parts.push(text.slice(at, backslash));
    const { value, length } = escapeAt(text, backslash, offset, findings);
    parts.push(value);
    at = backslash + length;
  }
  return parts.join('') + text.slice(at);
}

function escapeAt(
  text: string,
  at: number,
  offset: number,
  findings: Findings,
): { readonly value: string; readonly length: number } {
  ESCAPE.lastIndex = at;
  const [whole = '\\', follower = ''] = ESCAPE.exec(text) ?? [];
  const simple = SIMPLE[follower];
  if (simple !== undefined) return { value: simple, length: whole.length };
  OCTAL.lastIndex = at + 1;
  const [octal] = OCTAL.exec(text) ?? [];
  if (octal !== undefined)
    return { value: String.fromCodePoint(Number.parseInt(octal, 8)), length: 1 + octal.length };
  const digits = HEX_DIGITS[follower];
  const refuse = (length: number, message: string, hint: string) => {
    const start = offset + at;
    findings.add('EIGEN_SYNTAX', { start, end: start + length }, message, hint);
    return { value: '', length };
  };
  if (digits === undefined) {
    const message = `\\${follower} is no escape of Eigen-Lang.`;
    return refuse(whole.length, message, 'Write \\\\ for a backslash.');
  }
  const written = text.slice(at + 2, at + 2 + digits);
  const code = new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(written) ? Number.parseInt(written, 16) : -1;
  const isCharacter = code >= 0 && code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff);
  if (isCharacter) return { value: String.fromCodePoint(code), length: 2 + digits };
  const message = `\\${follower}${written} is no character.`;
  return refuse(
    Math.min(2 + digits, text.length - at),
    message,
    `${digits} hexadecimal digits follow \\${follower}.`,
  );
}
