import { EncodingError } from '../exact/encoding-error.ts';
import { JSON_DEPTH_MAX } from '../limits.ts';

/** What the writers take: JSON values, with Map for objects whose order of keys is meant. */
export type JsonInput =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonInput[]
  | ReadonlyMap<string, JsonInput>
  | { readonly [key: string]: JsonInput };

/** Where the three writers differ. */
interface Style {
  readonly orderOf?: (a: string, b: string) => number;
  readonly number: (value: number, path: string) => string;
  readonly text: (value: string) => string;
}

/**
 * The JSON Canonicalization Scheme of RFC 8785: keys by UTF-16 code units, numbers as ECMAScript writes them.
 * @throws EncodingError for NaN, infinities, unsafe bigints, undefined, lone surrogates, objects of a class
 */
export const jcs = (value: unknown): string => write(value, JCS);

/**
 * What Python writes with `json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=True)`: ASCII,
 * keys by code point. Takes integers only: a double cannot tell Python's `1` from its `1.0`.
 * @throws EncodingError as `jcs` does, and for fractions
 */
export const pythonCanonicalJson = (value: unknown): string => write(value, PYTHON);

/**
 * Plain JSON in the order in which keys were inserted, also integer-like ones when they come in a Map.
 * @throws EncodingError as `jcs` does
 */
export const stringifyJson = (value: unknown): string => write(value, PLAIN);

const finite = (value: number, path: string): string => {
  if (Number.isFinite(value)) return JSON.stringify(value);
  throw new EncodingError(path, `is ${value}, which JSON cannot hold`);
};

const integer = (value: number, path: string): string => {
  if (Number.isSafeInteger(value)) return JSON.stringify(value);
  throw new EncodingError(path, `is ${value}; only integers are written, give other numbers as decimal text`);
};

/** Unlike the default order of texts, which compares UTF-16 code units, astral characters come last. */
function byCodePoint(a: string, b: string): number {
  const left = a[Symbol.iterator]();
  const right = b[Symbol.iterator]();
  for (;;) {
    const x = left.next().value?.codePointAt(0) ?? -1;
    const y = right.next().value?.codePointAt(0) ?? -1;
    if (x !== y) return x - y;
    if (x === -1) return 0;
  }
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const asciiText = (value: string): string =>
  JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const JCS: Style = { orderOf: byCodeUnit, number: finite, text: JSON.stringify };
const PYTHON: Style = { orderOf: byCodePoint, number: integer, text: asciiText };
const PLAIN: Style = { number: finite, text: JSON.stringify };

function write(value: unknown, style: Style): string {
  const parts: string[] = [];
  writeInto(parts, value, style, '$', 1);
  return parts.join('');
}

function writeInto(parts: string[], value: unknown, style: Style, path: string, depth: number): void {
  if (depth > JSON_DEPTH_MAX) throw new EncodingError('$', `is nested more than ${JSON_DEPTH_MAX} deep`);
  if (typeof value === 'string') {
    parts.push(writeText(value, style, path));
  } else if (typeof value === 'number') {
    parts.push(style.number(value, path));
  } else if (typeof value === 'bigint') {
    parts.push(writeBigint(value, style, path));
  } else if (typeof value === 'boolean' || value === null) {
    parts.push(String(value));
  } else if (Array.isArray(value)) {
    parts.push('[');
    for (let at = 0; at < value.length; at++) {
      if (at > 0) parts.push(',');
      writeInto(parts, value[at], style, `${path}[${at}]`, depth + 1);
    }
    parts.push(']');
  } else {
    writeObject(parts, pairsOf(value, path), style, path, depth);
  }
}

function writeObject(
  parts: string[],
  pairs: [string, unknown][],
  style: Style,
  path: string,
  depth: number,
): void {
  const { orderOf } = style;
  if (orderOf !== undefined) pairs.sort(([a], [b]) => orderOf(a, b));
  let separator = '{';
  for (const [key, item] of pairs) {
    parts.push(separator, writeText(key, style, path), ':');
    separator = ',';
    writeInto(parts, item, style, `${path}.${key}`, depth + 1);
  }
  parts.push(separator === '{' ? '{}' : '}');
}

function writeText(text: string, style: Style, path: string): string {
  if (!text.isWellFormed()) throw new EncodingError(path, 'holds a lone surrogate');
  return style.text(text);
}

function writeBigint(value: bigint, style: Style, path: string): string {
  if (style === PYTHON || Number.isSafeInteger(Number(value))) return value.toString();
  throw new EncodingError(path, `is ${value}, which a double does not hold exactly`);
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
  throw new EncodingError(path, `is ${describe(value)}, which JSON cannot hold`);
}

const describe = (value: unknown): string =>
  typeof value === 'object' && value !== null ? `a ${value.constructor?.name ?? 'object'}` : typeof value;
