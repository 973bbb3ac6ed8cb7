import { utf8Decode } from '../exact/bytes.ts';
import { err, ok, type Result } from '../exact/result.ts';
import { JSON_DEPTH_MAX } from '../limits.ts';

/** Plain values, as JSON.parse gives them. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** Why a text is not JSON; line and column count from 1. */
export interface JsonFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** Characters that stand for themselves inside a string. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a string.
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;
const WHITESPACE = /[ \t\r\n]*/y;
const UNICODE_ESCAPE = /[0-9a-fA-F]{4}/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Reads JSON (RFC 8259) strictly, as I-JSON (RFC 7493) wants it: duplicate keys, lone surrogates,
 * numbers beyond a double's range, malformed UTF-8 and nesting beyond `JSON_DEPTH_MAX` are refused.
 */
export function parseJson(source: string | Uint8Array): Result<JsonValue, JsonFault> {
  const text = typeof source === 'string' ? ok(source) : utf8Decode(source);
  if (!text.ok) return err({ message: text.error, line: 1, column: 1 });
  const parser = new Parser(text.value);
  try {
    return ok(parser.document());
  } catch (fault) {
    if (fault instanceof Refusal)
      return err({ message: fault.message, ...placeOf(text.value, fault.offset) });
    throw fault;
  }
}

/** Leaves the recursive parser from any depth; never escapes this file. */
class Refusal extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonValue {
    const value = this.#value(1);
    this.#skipWhitespace();
    if (this.#at < this.#text.length) this.#fail(`${this.#found()} follows the document`);
    return value;
  }

  #fail(message: string, offset = this.#at): never {
    throw new Refusal(offset, message);
  }

  #found(): string {
    const character = this.#text.codePointAt(this.#at);
    return character === undefined ? 'the end' : JSON.stringify(String.fromCodePoint(character));
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const matched = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += matched.length;
    return matched;
  }

  #skipWhitespace(): void {
    if (this.#text.charCodeAt(this.#at) <= 0x20) this.#match(WHITESPACE);
  }

  #value(depth: number): JsonValue {
    this.#skipWhitespace();
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first === '{' || first === '[') {
      if (depth > JSON_DEPTH_MAX) this.#fail(`nested more than ${JSON_DEPTH_MAX} deep`);
      this.#at += 1;
      return first === '{' ? this.#object(depth) : this.#array(depth);
    }
    if (first === 't') return this.#word('true', true);
    if (first === 'f') return this.#word('false', false);
    if (first === 'n') return this.#word('null', null);
    return this.#number();
  }

  #word<Value extends JsonValue>(word: string, value: Value): Value {
    if (!this.#text.startsWith(word, this.#at)) this.#fail(`expected a value, found ${this.#found()}`);
    this.#at += word.length;
    return value;
  }

  #number(): number {
    const start = this.#at;
    const digits = this.#match(NUMBER);
    if (digits === '') this.#fail(`expected a value, found ${this.#found()}`);
    const value = Number(digits);
    if (!Number.isFinite(value)) this.#fail(`the number ${digits.slice(0, 40)} is beyond a double`, start);
    return value;
  }

  #string(): string {
    const start = this.#at;
    this.#at += 1;
    let text = this.#match(PLAIN_TEXT);
    while (this.#text[this.#at] !== '"') {
      if (this.#text[this.#at] !== '\\') this.#fail(`a string does not end here: found ${this.#found()}`);
      text += this.#escape() + this.#match(PLAIN_TEXT);
    }
    this.#at += 1;
    if (!text.isWellFormed()) this.#fail('a string holds a lone surrogate', start);
    return text;
  }

  #escape(): string {
    const start = this.#at;
    const letter = this.#text[this.#at + 1] ?? '';
    this.#at += 2;
    if (letter === 'u') {
      const digits = this.#match(UNICODE_ESCAPE);
      if (digits !== '') return String.fromCharCode(Number.parseInt(digits, 16));
    } else if (Object.hasOwn(ESCAPES, letter)) {
      return ESCAPES[letter]!;
    }
    return this.#fail('an unknown escape', start);
  }

  #array(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.#skipWhitespace();
    if (this.#accept(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#separated(']'));
    return items;
  }

  #object(depth: number): { [key: string]: JsonValue } {
    const object: { [key: string]: JsonValue } = {};
    this.#skipWhitespace();
    if (this.#accept('}')) return object;
    do {
      this.#skipWhitespace();
      const start = this.#at;
      if (this.#text[start] !== '"') this.#fail(`expected a key, found ${this.#found()}`);
      const key = this.#string();
      if (Object.hasOwn(object, key)) this.#fail(`the key ${JSON.stringify(key)} comes twice`, start);
      this.#skipWhitespace();
      if (!this.#accept(':')) this.#fail(`expected ":", found ${this.#found()}`);
      setOwn(object, key, this.#value(depth + 1));
    } while (this.#separated('}'));
    return object;
  }

  #accept(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  /** True after a comma, false after the closing bracket. */
  #separated(closing: ']' | '}'): boolean {
    this.#skipWhitespace();
    if (this.#accept(',')) return true;
    if (this.#accept(closing)) return false;
    return this.#fail(`expected "," or "${closing}", found ${this.#found()}`);
  }
}

/** Assigning to `__proto__` would change the object's prototype instead of adding a key. */
function setOwn(object: { [key: string]: JsonValue }, key: string, value: JsonValue): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}
