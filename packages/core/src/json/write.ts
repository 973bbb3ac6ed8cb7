import { concat, utf8 } from '../exact/bytes.ts';
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
  readonly number: (value: number) => string;
  readonly text: (value: string) => string;
  /** Are members without a value left out? Canonical forms refuse them: no hash may depend on a slip. */
  readonly omitsUndefined: boolean;
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
 * Plain JSON for answers, in the order in which keys were inserted, also integer-like ones in a Map. Like
 * JSON.stringify it leaves out members that are undefined and escapes lone surrogates, which texts of users
 * may hold.
 * @throws EncodingError for NaN, infinities, unsafe bigints, objects of a class
 */
export const stringifyJson = (value: unknown): string => write(value, PLAIN);

const finite = (value: number): string => {
  if (Number.isFinite(value)) return `${value}`;
  throw new Unwritable(`is ${value}, which JSON cannot hold`);
};

const integer = (value: number): string => {
  if (Number.isSafeInteger(value)) return `${value}`;
  throw new Unwritable(`is ${value}; only integers are written, give other numbers as decimal text`);
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

function wellFormedText(value: string): string {
  if (value.isWellFormed()) return JSON.stringify(value);
  throw new Unwritable('holds a lone surrogate');
}

const asciiText = (value: string): string =>
  wellFormedText(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** What stands for itself in every form: no quote, no backslash, nothing outside printable ASCII. */
const SIMPLE_TEXT = /^[ !#-[\]-~]*$/;

const JCS: Style = { orderOf: byCodeUnit, number: finite, text: wellFormedText, omitsUndefined: false };
const PYTHON: Style = { orderOf: byCodePoint, number: integer, text: asciiText, omitsUndefined: false };
const PLAIN: Style = { number: finite, text: JSON.stringify, omitsUndefined: true };

/** What is wrong and, gathered while the recursion unwinds, where: paths cost nothing until needed. */
class Unwritable extends Error {
  readonly trail: string[] = [];
}

function write(value: unknown, style: Style): string {
  const writer = new Writer(style);
  try {
    writer.value(value, 1);
    return writer.finish();
  } catch (thrown) {
    if (!(thrown instanceof Unwritable)) throw thrown;
    throw new EncodingError(`$${thrown.trail.reverse().join('')}`, thrown.message);
  }
}

function within(thrown: unknown, step: string): unknown {
  if (thrown instanceof Unwritable) thrown.trail.push(step);
  return thrown;
}

/** Characters gathered before they become bytes: a text made of a million pieces is dear to keep. */
const PIECE_CHARS = 16_384;

class Writer {
  readonly #style: Style;
  readonly #pieces: Uint8Array[] = [];
  #written = '';

  constructor(style: Style) {
    this.#style = style;
  }

  finish(): string {
    if (this.#pieces.length === 0) return this.#written;
    this.#pieces.push(utf8(this.#written));
    return new TextDecoder().decode(concat(...this.#pieces));
  }

  value(value: unknown, depth: number): void {
    if (typeof value === 'string') this.#add(writeText(value, this.#style));
    else if (typeof value === 'number') this.#add(this.#style.number(value));
    else if (typeof value === 'boolean' || value === null) this.#add(String(value));
    else if (typeof value === 'bigint') this.#add(writeBigint(value, this.#style));
    else if (depth > JSON_DEPTH_MAX) {
      throw new EncodingError('$', `is nested more than ${JSON_DEPTH_MAX} deep`);
    } else if (Array.isArray(value)) this.#array(value, depth);
    else this.#object(value, depth);
  }

  #add(text: string): void {
    this.#written += text;
    if (this.#written.length < PIECE_CHARS) return;
    this.#pieces.push(utf8(this.#written));
    this.#written = '';
  }

  #array(items: readonly unknown[], depth: number): void {
    this.#add('[');
    let at = 0;
    try {
      for (; at < items.length; at++) {
        if (at > 0) this.#add(',');
        this.value(items[at], depth + 1);
      }
    } catch (thrown) {
      throw within(thrown, `[${at}]`);
    }
    this.#add(']');
  }

  #object(value: unknown, depth: number): void {
    const { keys, get } = fieldsOf(value);
    const { orderOf, omitsUndefined } = this.#style;
    if (orderOf !== undefined && keys.length > 1) keys.sort(orderOf);
    this.#add('{');
    let key = '';
    let separator = '';
    try {
      for (key of keys) {
        const item = get(key);
        if (item === undefined && omitsUndefined) continue;
        this.#add(`${separator}${writeText(key, this.#style)}:`);
        separator = ',';
        this.value(item, depth + 1);
      }
    } catch (thrown) {
      throw within(thrown, `.${key}`);
    }
    this.#add('}');
  }
}

function writeText(text: string, style: Style): string {
  return SIMPLE_TEXT.test(text) ? `"${text}"` : style.text(text);
}

function writeBigint(value: bigint, style: Style): string {
  if (style === PYTHON || Number.isSafeInteger(Number(value))) return value.toString();
  throw new Unwritable(`is ${value}, which a double does not hold exactly`);
}

/** The keys of an object or Map, in its order, and what is behind them. */
function fieldsOf(value: unknown): { readonly keys: string[]; readonly get: (key: string) => unknown } {
  if (value instanceof Map) {
    const keys = [...value.keys()];
    if (keys.every((key) => typeof key === 'string')) return { keys, get: (key) => value.get(key) };
    throw new Unwritable('has a key that is not text');
  }
  if (typeof value === 'object' && value !== null) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      const fields = value as Readonly<Record<string, unknown>>;
      return { keys: Object.keys(fields), get: (key) => fields[key] };
    }
  }
  throw new Unwritable(`is ${describe(value)}, which JSON cannot hold`);
}

const describe = (value: unknown): string =>
  typeof value === 'object' && value !== null ? `a ${value.constructor?.name ?? 'object'}` : typeof value;
