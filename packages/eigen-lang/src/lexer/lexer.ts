import type { Findings } from '../findings.ts';
import { scanNumber } from './numbers.ts';
import { scanString } from './strings.ts';
import { KEYWORDS, OPERATORS, type Token, type TokenKind } from './token.ts';

const SPACE = /(?:[ \t\f]|\\(?:\r\n|\r|\n))*(?:#[^\r\n]*)?/y;
const LINE_END = /\r\n|\r|\n/y;
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy;
const ASCII_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const INDENTATION = /[ \t\f]*/y;
/** A line of nothing but spaces and a comment is no line. */
const BLANK = /[ \t\f]*(?:#[^\r\n]*)?(?=\r|\n|$)/y;

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const TAB = 8;
/** Levels of indentation, the outermost included, that Python itself can read. */
const INDENTS_MAX = 100;

/**
 * Tokens of a Python text (The Python Language Reference 3.12, 2. Lexical analysis). What is no token is
 * reported and
 * left out; the tokens are those of a text without it.
 */
export function tokenize(source: string, findings: Findings): Token[] {
  return new Lexer(source, findings).run();
}

/** How far a line is indented: once with tabs to multiples of eight, once with tabs as one column. */
interface Indentation {
  readonly column: number;
  readonly alternative: number;
}

class Lexer {
  readonly #source: string;
  readonly #findings: Findings;
  readonly #tokens: Token[] = [];
  readonly #indents: Indentation[] = [{ column: 0, alternative: 0 }];
  readonly #brackets: { readonly open: string; readonly start: number }[] = [];
  #at = 0;

  constructor(source: string, findings: Findings) {
    this.#source = source;
    this.#findings = findings;
  }

  run(): Token[] {
    const nul = this.#source.indexOf('\0');
    if (nul >= 0) this.#refuse('The program holds a character with the code 0.', nul);
    if (this.#source.startsWith('\ufeff')) this.#at = 1;
    this.#beginLine();
    while (this.#at < this.#source.length && !this.#findings.full) this.#next();
    const unclosed = this.#brackets.at(-1);
    if (unclosed !== undefined) {
      const { open, start } = unclosed;
      this.#findings.add('EIGEN_SYNTAX', { start, end: start + 1 }, `'${open}' is never closed.`);
      this.#findings.endOfSyntax = this.#brackets[0]!.start;
    }
    const last = this.#tokens.at(-1)?.kind;
    if (last !== undefined && last !== 'newline' && last !== 'dedent') this.#add('newline', this.#at);
    for (let open = this.#indents.length; open > 1; open -= 1) this.#add('dedent', this.#at);
    this.#add('end', this.#at);
    return this.#tokens;
  }

  #next(): void {
    const space = this.#match(SPACE);
    this.#at += space.length;
    if (this.#at >= this.#source.length) {
      // What a backslash joins to its line must be there.
      if (/\\(?:\r\n|\r|\n)$/.test(space)) this.#refuse('The program ends after a backslash.', this.#at - 1);
      return;
    }
    const lineEnd = this.#match(LINE_END);
    if (lineEnd !== '') {
      this.#endLine(lineEnd);
      return;
    }
    const start = this.#at;
    const text = scanString(this.#source, start, this.#findings);
    if (text !== undefined) {
      this.#add('string', text.end, { value: text.value });
      return;
    }
    const name = this.#match(NAME);
    if (name !== '') {
      this.#addName(name);
      return;
    }
    const number = scanNumber(this.#source, start, this.#findings);
    if (number !== undefined) {
      this.#add('number', number.end, { value: number.value });
      return;
    }
    const operator = OPERATORS.find((known) => this.#source.startsWith(known, start));
    if (operator !== undefined) this.#addOperator(operator);
    else this.#refuseCharacter();
  }

  #endLine(lineEnd: string): void {
    if (this.#brackets.length > 0) {
      this.#at += lineEnd.length;
      return;
    }
    this.#add('newline', this.#at + lineEnd.length);
    this.#beginLine();
  }

  /** Skips lines without content, then compares the indentation of the next with those around it. */
  #beginLine(): void {
    for (;;) {
      const blank = this.#matchOrNone(BLANK);
      if (blank === undefined) break;
      this.#at += blank.length;
      const lineEnd = this.#match(LINE_END);
      if (lineEnd === '') return;
      this.#at += lineEnd.length;
    }
    const written = this.#match(INDENTATION);
    const start = this.#at;
    this.#at += written.length;
    if (this.#source[this.#at] === '\\') this.#refuse('A line begins with a backslash.', this.#at);
    this.#indent(indentationOf(written), { start, end: this.#at });
  }

  #indent(line: Indentation, span: { readonly start: number; readonly end: number }): void {
    const around = this.#indents.at(-1)!;
    if (line.column > around.column) {
      if (this.#indents.length >= INDENTS_MAX) {
        this.#findings.add(
          'EIGEN_LIMIT',
          span,
          `Blocks lie within each other deeper than ${INDENTS_MAX - 1} levels.`,
        );
      }
      this.#checkTabs(line.alternative > around.alternative, span);
      this.#indents.push(line);
      this.#add('indent', this.#at);
      return;
    }
    while (this.#indents.at(-1)!.column > line.column) {
      this.#indents.pop();
      this.#add('dedent', this.#at);
    }
    const found = this.#indents.at(-1)!;
    if (found.column !== line.column) {
      const message = 'The line is indented less than the block before it, and as no other line.';
      this.#findings.add('EIGEN_SYNTAX', span, message, 'Indent it as the statement it belongs to.');
    } else this.#checkTabs(found.alternative === line.alternative, span);
  }

  #checkTabs(agree: boolean, span: { readonly start: number; readonly end: number }): void {
    if (agree) return;
    const message = 'Tabs and spaces are mixed so that the indentation depends on the width of a tab.';
    this.#findings.add('EIGEN_SYNTAX', span, message, 'Indent with spaces alone.');
  }

  #addName(name: string): void {
    const end = this.#at + name.length;
    if (!ASCII_NAME.test(name)) {
      const message = `The name ${name} has letters beyond a to z; names of Eigen-Lang do not.`;
      this.#findings.add('EIGEN_FORBIDDEN', { start: this.#at, end }, message);
    }
    this.#add(KEYWORDS.has(name) ? 'keyword' : 'name', end);
  }

  #addOperator(operator: string): void {
    const start = this.#at;
    if (operator in CLOSING) this.#brackets.push({ open: operator, start });
    else if (operator === ')' || operator === ']' || operator === '}') {
      const open = this.#brackets.pop()?.open;
      if (open === undefined || CLOSING[open] !== operator) {
        const message =
          open === undefined ? `'${operator}' closes nothing.` : `'${operator}' does not close '${open}'.`;
        this.#findings.add('EIGEN_SYNTAX', { start, end: start + 1 }, message);
      }
    }
    this.#add('operator', start + operator.length);
  }

  #refuse(message: string, start: number): void {
    this.#findings.add('EIGEN_SYNTAX', { start, end: start + 1 }, message);
  }

  #refuseCharacter(): void {
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at)!);
    const end = this.#at + character.length;
    const message =
      character === '\\'
        ? 'Something follows the backslash on its line.'
        : `The character '${character}' has no meaning.`;
    this.#findings.add('EIGEN_SYNTAX', { start: this.#at, end }, message);
    this.#at = end;
  }

  #add(kind: TokenKind, end: number, more: Pick<Token, 'value'> = {}): void {
    this.#tokens.push({ kind, start: this.#at, end, text: this.#source.slice(this.#at, end), ...more });
    this.#at = end;
  }

  #matchOrNone(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#source)?.[0];
  }

  #match(pattern: RegExp): string {
    return this.#matchOrNone(pattern) ?? '';
  }
}

function indentationOf(written: string): Indentation {
  let column = 0;
  let alternative = 0;
  for (const character of written) {
    if (character === '\f') [column, alternative] = [0, 0];
    else {
      column = character === '\t' ? (Math.floor(column / TAB) + 1) * TAB : column + 1;
      alternative += 1;
    }
  }
  return { column, alternative };
}
