import type { DiagnosticCode } from '../diagnostic-codes.ts';
import type { FindingExtras, Findings, Span } from '../findings.ts';
import type { Identifier } from '../syntax/ast.ts';
import {
  describeKind,
  fixedText,
  KEYWORD_NAMES,
  KIND,
  nearestWord,
  PUNCTUATION,
  type TokenKind,
  type Tokens,
} from '../syntax/token.ts';

/** How far back the first word of a statement is looked for. */
const HEAD_TOKENS = 16;
const STATEMENT_ENDS: ReadonlySet<TokenKind> = new Set([KIND[';'], KIND['{'], KIND['}'], KIND.annotation]);
/** What follows a name that was meant as one. */
const OPERATORS: ReadonlySet<TokenKind> = new Set([
  ...PUNCTUATION.filter((text) => !'([{@'.includes(text)).map((text) => KIND[text]),
  KIND.end,
]);

/** Thrown to leave a statement that cannot be read; the statement loop catches it and goes on behind it. */
export class Unreadable extends Error {
  constructor() {
    super('the statement cannot be read');
  }
}

/** A reading position in the tokens, with the few questions a recursive-descent parser asks. */
export class Cursor {
  readonly tokens: Tokens;
  readonly findings: Findings;
  /** Kind of the token under the cursor. */
  kind: TokenKind;
  /** Nesting of scopes and bodies, and of expressions; the parser bounds both. */
  nesting = 0;
  expressionDepth = 0;
  /** Height of the expression trees completed inside the current one. */
  height = 0;
  /** Numbers of the hardware qubits that statements use. */
  readonly hardwareQubits = new Set<string>();
  /** Names in statements that could not be read. */
  readonly lostNames = new Set<string>();
  /** Whether plain forms are read straight from the tokens; for equal trees, slower, if not. */
  isPlainRead = true;
  #at = 0;

  constructor(tokens: Tokens, findings: Findings) {
    this.tokens = tokens;
    this.findings = findings;
    this.kind = tokens.kinds[0]!;
  }

  get position(): number {
    return this.#at;
  }

  get start(): number {
    return this.tokens.starts[this.#at]!;
  }

  get end(): number {
    return this.tokens.ends[this.#at]!;
  }

  /** End of the token before the cursor. */
  get lastEnd(): number {
    return this.#at === 0 ? 0 : this.tokens.ends[this.#at - 1]!;
  }

  get text(): string {
    return this.tokens.source.slice(this.start, this.end);
  }

  peek(ahead = 1): TokenKind {
    const at = this.#at + ahead;
    return at < this.tokens.count ? this.tokens.kinds[at]! : KIND.end;
  }

  /** Goes back to a position that was read before. */
  rewind(position: number): void {
    this.#at = position;
    this.kind = this.tokens.kinds[position]!;
  }

  advance(): void {
    if (this.#at < this.tokens.count - 1) this.#at++;
    this.kind = this.tokens.kinds[this.#at]!;
  }

  /** Keeps the names between a position and the cursor, whose statement has no place in the tree. */
  lose(from: number): void {
    const { source, kinds, starts, ends } = this.tokens;
    for (let at = from; at < this.#at; at++) {
      if (kinds[at] === KIND.identifier) this.lostNames.add(source.slice(starts[at], ends[at]));
      // A string stands in nothing but an inclusion.
      else if (kinds[at] === KIND.string || kinds[at] === KIND['kw:include']) this.lostNames.add('include');
    }
  }

  /** Takes the token if it is of this kind. */
  accept(kind: TokenKind): boolean {
    if (this.kind !== kind) return false;
    this.advance();
    return true;
  }

  expect(kind: TokenKind, why: string): void {
    if (!this.accept(kind)) this.unexpected(`${describeKind(kind)} ${why}`);
  }

  identifier(what: string): Identifier {
    if (this.kind !== KIND.identifier) {
      const isWord = KEYWORD_NAMES.includes(this.text);
      this.unexpected(
        what,
        isWord ? `\`${this.text}\` is a word of the language and cannot be a name` : undefined,
      );
    }
    const node: Identifier = { kind: 'identifier', name: this.text, start: this.start, end: this.end };
    this.advance();
    return node;
  }

  /** How a message names the token under the cursor. */
  describe(): string {
    if (this.kind === KIND.end) return describeKind(KIND.end);
    const text = this.text;
    const fixed = fixedText(this.kind);
    if (fixed !== undefined) return `\`${fixed}\``;
    return `\`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``;
  }

  unexpected(expected: string, hint = this.#misspelt()): never {
    return this.fail(
      'QASM_UNEXPECTED_TOKEN',
      this,
      `Expected ${expected}, found ${this.describe()}.`,
      hint === undefined ? {} : { hint },
    );
  }

  /** Where a name and another word stand side by side, the name may be a misspelt word of the language. */
  #misspelt(): string | undefined {
    const { kinds, source, starts, ends } = this.tokens;
    let head = this.#at;
    while (head > 0 && this.#at - head < HEAD_TOKENS && !STATEMENT_ENDS.has(kinds[head - 1]!)) head--;
    for (const at of [head, this.#at - 1, this.#at]) {
      if (kinds[at] !== KIND.identifier || OPERATORS.has(kinds[at + 1]!)) continue;
      const nearest = nearestWord(source.slice(starts[at], ends[at]));
      if (nearest !== undefined) return `did you mean \`${nearest}\`?`;
    }
    return undefined;
  }

  fail(code: DiagnosticCode, span: Span, message: string, extras?: FindingExtras): never {
    this.findings.add(code, { start: span.start, end: span.end }, message, extras);
    throw new Unreadable();
  }
}
