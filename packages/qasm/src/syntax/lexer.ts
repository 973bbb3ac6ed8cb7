import { CLASSICAL_BITS_MAX, QASM_INTEGER_CHARS_MAX, QASM_TOKENS_MAX } from '@qfs/core';
import type { Findings } from '../findings.ts';
import { KEYWORD_KINDS, KIND, type TokenKind, type Tokens } from './token.ts';

const IDENTIFIER_START = /[\p{Lu}\p{Ll}\p{Lt}\p{Lm}\p{Lo}\p{Nl}_]/u;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isHexDigit = (code: number): boolean =>
  isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);
const isBinaryDigit = (code: number): boolean => code === 48 || code === 49;
const isOctalDigit = (code: number): boolean => code >= 48 && code <= 55;
const isAsciiLetter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;

/**
 * Reads a source text into tokens (grammar of the OpenQASM 3 specification, lexer part). Never fails: what
 * cannot be read becomes a finding and is skipped. Linear in the length of the text. Plain tokens are read
 * one by one too, slower, if `isPlainRead` is false.
 */
export function tokenize(source: string, findings: Findings, isPlainRead = true): Tokens {
  return new Lexer(source, findings).run(isPlainRead);
}

class Lexer {
  readonly #source: string;
  readonly #findings: Findings;
  #at = 0;
  #count = 0;
  #kinds: Uint8Array;
  #starts: Uint32Array;
  #ends: Uint32Array;
  /** After `cal` or `defcal` the next `{` opens an opaque calibration body. */
  #calibrationAhead = false;

  constructor(source: string, findings: Findings) {
    this.#source = source;
    this.#findings = findings;
    // Gates without parameters have two tokens in three characters.
    const capacity = Math.min(QASM_TOKENS_MAX + 1, 16 + source.length - (source.length >> 2));
    this.#kinds = new Uint8Array(capacity);
    this.#starts = new Uint32Array(capacity);
    this.#ends = new Uint32Array(capacity);
  }

  run(isPlainRead: boolean): Tokens {
    if (this.#source.charCodeAt(0) === 0xfeff) this.#at = 1; // a byte order mark
    for (;;) {
      if (isPlainRead) this.#plainTokens();
      this.#skipBlank();
      if (this.#at >= this.#source.length) break;
      if (this.#count >= QASM_TOKENS_MAX) {
        this.#findings.add(
          'QASM_TOO_LARGE',
          { start: this.#at, end: this.#at },
          `The program has more than ${QASM_TOKENS_MAX} tokens.`,
        );
        break;
      }
      this.#next();
    }
    this.#push(KIND.end, this.#source.length);
    return {
      source: this.#source,
      count: this.#count,
      kinds: this.#kinds,
      starts: this.#starts,
      ends: this.#ends,
    };
  }

  #push(kind: TokenKind, start: number): void {
    if (this.#count === this.#kinds.length) this.#grow();
    this.#kinds[this.#count] = kind;
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = this.#at;
    this.#count++;
  }

  #grow(): void {
    const capacity = this.#kinds.length * 2;
    const kinds = new Uint8Array(capacity);
    kinds.set(this.#kinds);
    const starts = new Uint32Array(capacity);
    starts.set(this.#starts);
    const ends = new Uint32Array(capacity);
    ends.set(this.#ends);
    this.#kinds = kinds;
    this.#starts = starts;
    this.#ends = ends;
  }

  /**
   * Names, decimal integers and single characters, as far as only they and blanks follow each other: nine
   * tokens of ten in a list of gates. Everything else is left to `#next`, which reads these tokens as well.
   */
  #plainTokens(): void {
    const source = this.#source;
    const kinds = this.#kinds;
    const starts = this.#starts;
    const ends = this.#ends;
    const room = Math.min(kinds.length, QASM_TOKENS_MAX);
    let count = this.#count;
    let end = this.#at;
    for (let at = end; count < room; ) {
      const code = source.charCodeAt(at);
      const plain = code < 128 ? PLAIN[code] : 0;
      const start = at++;
      if (plain === PLAIN_BLANK) continue;
      let kind: TokenKind;
      if (plain === PLAIN_SINGLE || plain === PLAIN_OPERATOR) {
        if (plain === PLAIN_OPERATOR && PLAIN[source.charCodeAt(at)] === PLAIN_OPERATOR) break;
        kind = SINGLE_KINDS[code]!;
        if (code === 59) this.#calibrationAhead = false;
      } else if (plain === PLAIN_LETTER) {
        at = runEnd(source, at, PLAIN_LETTER);
        if (source.charCodeAt(at) > 127 || mayBeKeyword(code, at - start)) break;
        kind = KIND.identifier;
      } else if (plain === PLAIN_DIGIT) {
        at = runEnd(source, at, PLAIN_DIGIT);
        kind = KIND.integer;
        if (source.charCodeAt(at) === 46) {
          at = runEnd(source, at + 1, PLAIN_DIGIT);
          kind = KIND.float;
        }
        // An exponent, a unit or a mistake may follow, unless one of these characters does.
        const behind = PLAIN[source.charCodeAt(at)];
        if (behind !== PLAIN_SINGLE && behind !== PLAIN_OPERATOR) break;
        if (at - start > QASM_INTEGER_CHARS_MAX) break;
      } else break;
      kinds[count] = kind;
      starts[count] = start;
      ends[count] = at;
      count++;
      end = at;
    }
    this.#count = count;
    this.#at = end;
  }

  #skipBlank(): void {
    const source = this.#source;
    for (;;) {
      const code = source.charCodeAt(this.#at);
      if (code === 32 || code === 10 || code === 9 || code === 13) this.#at++;
      else if (code === 47 && source.charCodeAt(this.#at + 1) === 47) this.#at = this.#lineEnd();
      else if (code === 47 && source.charCodeAt(this.#at + 1) === 42) this.#skipBlockComment();
      else return;
    }
  }

  #skipBlockComment(): void {
    const end = this.#source.indexOf('*/', this.#at + 2);
    if (end === -1) {
      this.#findings.add(
        'QASM_UNTERMINATED',
        { start: this.#at, end: this.#at + 2 },
        'The comment is never closed.',
        {
          hint: 'write `*/` where it ends',
        },
      );
    }
    this.#at = end === -1 ? this.#source.length : end + 2;
  }

  #lineEnd(): number {
    const newline = this.#source.indexOf('\n', this.#at);
    return newline === -1 ? this.#source.length : newline;
  }

  #next(): void {
    const start = this.#at;
    const code = this.#source.charCodeAt(start);
    const isNumber = isDigit(code) || (code === 46 && isDigit(this.#source.charCodeAt(start + 1)));
    if (isAsciiLetter(code) || code > 127) this.#word(start);
    else if (isNumber) this.#number(start);
    else if (code === 34 || code === 39) this.#string(start);
    else if (code === 36) this.#hardwareQubit(start);
    else if (code === 35) this.#hash(start);
    else if (code === 64 && this.#startsAnnotation(start)) this.#restOfLine(KIND.annotation, start);
    else if (code === 123 && this.#calibrationAhead) this.#calibration(start);
    else this.#punctuation(start);
  }

  #restOfLine(kind: TokenKind, start: number): void {
    this.#at = this.#lineEnd();
    this.#push(kind, start);
  }

  /** The end of the identifier that begins at `from`; `from` itself if none does. */
  #identifierEnd(from: number): number {
    const source = this.#source;
    let at = from;
    for (;;) {
      const code = source.charCodeAt(at);
      if (isAsciiLetter(code) || (at > from && isDigit(code))) at++;
      else if (code > 127 && IDENTIFIER_START.test(String.fromCodePoint(source.codePointAt(at)!))) {
        at += source.codePointAt(at)! > 0xffff ? 2 : 1;
      } else return at;
    }
  }

  #word(start: number): void {
    this.#at = this.#identifierEnd(start);
    if (this.#at === start) {
      this.#unexpected(start);
      return;
    }
    if (!mayBeKeyword(this.#source.charCodeAt(start), this.#at - start)) {
      this.#push(KIND.identifier, start);
      return;
    }
    const word = this.#source.slice(start, this.#at);
    if (word === 'pragma') {
      this.#restOfLine(KIND.pragma, start);
      return;
    }
    const keyword = KEYWORD_KINDS.get(word);
    if (keyword === KIND['kw:cal'] || keyword === KIND['kw:defcal']) this.#calibrationAhead = true;
    this.#push(keyword ?? KIND.identifier, start);
  }

  #unexpected(start: number): void {
    const character = String.fromCodePoint(this.#source.codePointAt(start)!);
    this.#at = start + character.length;
    const shown = /[\p{C}\p{Z}]/u.test(character)
      ? `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
      : `\`${character}\``;
    this.#findings.add(
      'QASM_UNEXPECTED_CHARACTER',
      { start, end: this.#at },
      `The character ${shown} has no meaning here.`,
    );
  }

  #digits(isMember: (code: number) => boolean): void {
    const source = this.#source;
    while (
      isMember(source.charCodeAt(this.#at)) ||
      (source.charCodeAt(this.#at) === 95 &&
        isMember(source.charCodeAt(this.#at + 1)) &&
        isMember(source.charCodeAt(this.#at - 1)))
    ) {
      this.#at++;
    }
  }

  #number(start: number): void {
    const source = this.#source;
    const radix = source.charCodeAt(start) === 48 ? source.charCodeAt(start + 1) | 32 : 0;
    const member =
      radix === 98 ? isBinaryDigit : radix === 111 ? isOctalDigit : radix === 120 ? isHexDigit : undefined;
    if (member?.(source.charCodeAt(start + 2))) {
      this.#at = start + 2;
      this.#digits(member);
      this.#finishNumber(start, KIND.integer);
      return;
    }
    this.#digits(isDigit);
    let kind: TokenKind = KIND.integer;
    if (source.charCodeAt(this.#at) === 46) {
      kind = KIND.float;
      this.#at++;
      this.#digits(isDigit);
    }
    if (this.#skipExponentMark()) {
      kind = KIND.float;
      this.#digits(isDigit);
    }
    this.#finishNumber(start, this.#unit() ?? kind);
  }

  /** Goes behind `e`, `e+` or `e-` if a digit follows. */
  #skipExponentMark(): boolean {
    const source = this.#source;
    if ((source.charCodeAt(this.#at) | 32) !== 101) return false;
    const next = source.charCodeAt(this.#at + 1);
    const digits = this.#at + (next === 43 || next === 45 ? 2 : 1);
    if (!isDigit(source.charCodeAt(digits))) return false;
    this.#at = digits;
    return true;
  }

  /** A unit may follow a number directly or after blanks; the longest match wins, so it must end the word. */
  #unit(): TokenKind | undefined {
    const source = this.#source;
    let from = this.#at;
    while (source.charCodeAt(from) === 32 || source.charCodeAt(from) === 9) from++;
    const code = source.charCodeAt(from);
    if (code <= 127 && UNIT_STARTS[code] === 0) return undefined;
    const end = this.#identifierEnd(from);
    if (end === from || end - from > 2) return undefined;
    const unit = source.slice(from, end);
    const kind = unit === 'im' ? KIND.imaginary : TIME_UNITS.has(unit) ? KIND.timing : undefined;
    if (kind !== undefined) this.#at = end;
    return kind;
  }

  #finishNumber(start: number, kind: TokenKind): void {
    const tail = this.#source.charCodeAt(this.#at);
    if (isDigit(tail) || this.#identifierEnd(this.#at) > this.#at) {
      while (isDigit(this.#source.charCodeAt(this.#at)) || this.#identifierEnd(this.#at) > this.#at) {
        this.#at = Math.max(this.#at + 1, this.#identifierEnd(this.#at));
      }
      this.#findings.add(
        'QASM_MALFORMED_NUMBER',
        { start, end: this.#at },
        `\`${this.#source.slice(start, Math.min(this.#at, start + 40))}\` is neither a number nor a name.`,
      );
    } else if (kind === KIND.integer && this.#at - start > QASM_INTEGER_CHARS_MAX) {
      this.#findings.add(
        'QASM_TOO_LARGE',
        { start, end: this.#at },
        `The integer has ${this.#at - start} characters; at most ${QASM_INTEGER_CHARS_MAX} are read.`,
      );
    }
    this.#push(kind, start);
  }

  #string(start: number): void {
    const quote = this.#source[start]!;
    const source = this.#source;
    let at = start + 1;
    while (at < source.length && source[at] !== quote && !'\r\n\t'.includes(source[at]!)) at++;
    if (source[at] !== quote) {
      this.#at = at;
      this.#findings.add('QASM_UNTERMINATED', { start, end: at }, 'The string is not closed on its line.', {
        hint: `write ${quote} where it ends`,
      });
      this.#push(KIND.string, start);
      return;
    }
    this.#at = at + 1;
    const isBits = quote === '"' && at > start + 1 && !/[^01_]|__|^_|_$/.test(source.slice(start + 1, at));
    if (isBits) this.#checkBits(start);
    this.#push(isBits ? KIND.bitString : KIND.string, start);
  }

  /** A string of bits that no register holds would only be copied about. */
  #checkBits(start: number): void {
    if (this.#at - start <= CLASSICAL_BITS_MAX) return;
    const bits = this.#source.slice(start + 1, this.#at - 1).replaceAll('_', '').length;
    if (bits <= CLASSICAL_BITS_MAX) return;
    this.#findings.add(
      'QASM_TOO_LARGE',
      { start, end: this.#at },
      `The string has ${bits} bits; at most ${CLASSICAL_BITS_MAX} are read.`,
    );
  }

  #hardwareQubit(start: number): void {
    this.#at = start + 1;
    while (isDigit(this.#source.charCodeAt(this.#at))) this.#at++;
    if (this.#at === start + 1) {
      this.#unexpected(start);
      return;
    }
    this.#push(KIND.hardwareQubit, start);
  }

  #hash(start: number): void {
    if (this.#source.startsWith('#dim', start) && this.#identifierEnd(start + 1) === start + 4) {
      this.#at = start + 4;
      this.#push(KIND['kw:#dim'], start);
      return;
    }
    if (this.#source.startsWith('#pragma', start) && this.#identifierEnd(start + 1) === start + 7) {
      this.#restOfLine(KIND.pragma, start);
      return;
    }
    this.#unexpected(start);
  }

  /**
   * `@name` starts an annotation, except directly after a modifier word, where only `@` of `inv @x q;` can be
   * meant.
   */
  #startsAnnotation(start: number): boolean {
    const before = this.#count === 0 ? KIND.end : this.#kinds[this.#count - 1]!;
    const isModifier =
      before === KIND['kw:inv'] || before === KIND['kw:ctrl'] || before === KIND['kw:negctrl'];
    return !isModifier && this.#identifierEnd(start + 1) > start + 1;
  }

  #calibration(start: number): void {
    this.#calibrationAhead = false;
    let depth = 0;
    for (let at = start; at < this.#source.length; at++) {
      const code = this.#source.charCodeAt(at);
      if (code === 123) depth++;
      else if (code === 125 && --depth === 0) {
        this.#at = at + 1;
        this.#push(KIND.calibration, start);
        return;
      }
    }
    this.#at = this.#source.length;
    this.#findings.add(
      'QASM_UNTERMINATED',
      { start, end: start + 1 },
      'The calibration body is never closed.',
      {
        hint: 'every `{` needs its `}`',
      },
    );
    this.#push(KIND.calibration, start);
  }

  #punctuation(start: number): void {
    for (const [text, kind] of OPERATORS[this.#source.charCodeAt(start)] ?? []) {
      if (!this.#source.startsWith(text, start)) continue;
      this.#at = start + text.length;
      if (kind === KIND[';']) this.#calibrationAhead = false;
      this.#push(kind, start);
      return;
    }
    this.#unexpected(start);
  }
}

/** Both spellings of micro, U+00B5 and U+03BC, are read. */
const TIME_UNITS: ReadonlySet<string> = new Set(['dt', 'ns', 'us', '\u00b5s', '\u03bcs', 'ms', 's']);

/** Punctuation by the code of its first character, the longest first. */
const OPERATORS: readonly (readonly [string, TokenKind][] | undefined)[] = Array.from(
  { length: 128 },
  (_, code) =>
    Object.entries(KIND)
      .filter(([name]) => !/^[a-z]/.test(name) && name.charCodeAt(0) === code)
      .sort(([a], [b]) => b.length - a.length),
);

const UNIT_STARTS = new Uint8Array(128);
for (const letter of 'dnumsi') UNIT_STARTS[letter.charCodeAt(0)] = 1;

/** Lengths of the keywords by their first character, one bit each: most names need not be looked up. */
const KEYWORD_LENGTHS = new Int32Array(128);
for (const word of [...KEYWORD_KINDS.keys(), 'pragma']) {
  const first = word.charCodeAt(0);
  KEYWORD_LENGTHS[first] = KEYWORD_LENGTHS[first]! | (1 << word.length);
}

const mayBeKeyword = (first: number, length: number): boolean =>
  first <= 127 && length < 31 && (KEYWORD_LENGTHS[first]! & (1 << length)) !== 0;

/** Kinds of the punctuation of one character, by its code. */
const SINGLE_KINDS = new Uint8Array(128);
for (const [[character], kind] of OPERATORS.flatMap((row) => row ?? []).filter(([text]) => text.length === 1))
  SINGLE_KINDS[character!.charCodeAt(0)] = kind;

/** What `#plainTokens` makes of a character, by its code; 0 for what it leaves alone. */
const PLAIN = new Uint8Array(128);
const PLAIN_BLANK = 1;
const PLAIN_SINGLE = 2;
/** A token by itself unless another one of its class follows. */
const PLAIN_OPERATOR = 3;
const PLAIN_LETTER = 4;
const PLAIN_DIGIT = 5;
for (let code = 0; code < 128; code++) {
  if (isDigit(code)) PLAIN[code] = PLAIN_DIGIT;
  else if (isAsciiLetter(code)) PLAIN[code] = PLAIN_LETTER;
}
for (const character of ' \t\r\n') PLAIN[character.charCodeAt(0)] = PLAIN_BLANK;
// Neither `{`, which may open a calibration body, nor `@`, which may begin an annotation.
for (const character of '()[]:;,') PLAIN[character.charCodeAt(0)] = PLAIN_SINGLE;
for (const character of '=+-*/%|&^~!<>') PLAIN[character.charCodeAt(0)] = PLAIN_OPERATOR;

/**
 * Where a run of digits, or of letters and digits, ends. A loop of its own: with one inside of it, the
 * engine compiles the loop of `#plainTokens` again and again.
 */
function runEnd(source: string, from: number, least: number): number {
  let at = from;
  for (let code = source.charCodeAt(at); code < 128 && PLAIN[code]! >= least; at++)
    code = source.charCodeAt(at + 1);
  return at;
}
