import type { EigenDiagnosticCode, Findings, Span } from '../findings.ts';
import type { Token, TokenKind } from '../lexer/token.ts';

/**
 * Thrown where a statement cannot be read on; what is wrong was reported. The parser goes on at the next
 * one.
 */
export class Unreadable extends Error {}

export interface ParseLimits {
  readonly nodesMax: number;
  readonly depthMax: number;
}

/** The tokens with a place among them, and the bounds of what is built from them. */
export class TokenStream {
  readonly findings: Findings;
  readonly #tokens: readonly Token[];
  readonly #limits: ParseLimits;
  #at = 0;
  #nodes = 0;
  #depth = 0;
  readonly #depths = new WeakMap<object, number>();

  constructor(tokens: readonly Token[], findings: Findings, limits: ParseLimits) {
    this.#tokens = tokens;
    this.findings = findings;
    this.#limits = limits;
  }

  get token(): Token {
    return this.#tokens[this.#at]!;
  }

  /** The token after this one; of the last, itself. */
  get following(): Token {
    return this.#tokens[Math.min(this.#at + 1, this.#tokens.length - 1)]!;
  }

  /** Where the last token that was taken ends. */
  get lastEnd(): number {
    return this.#tokens[Math.max(0, this.#at - 1)]!.end;
  }

  take(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  isAt(kind: TokenKind, text?: string): boolean {
    return this.token.kind === kind && (text === undefined || this.token.text === text);
  }

  isAtOperator(text: string): boolean {
    return this.isAt('operator', text);
  }

  takeIf(kind: TokenKind, text?: string): Token | undefined {
    return this.isAt(kind, text) ? this.take() : undefined;
  }

  expect(kind: TokenKind, text: string, where: string): Token {
    if (this.isAt(kind, text)) return this.take();
    return this.fail(`'${text}' is expected ${where}, and ${this.named} stands here.`);
  }

  /** The present token, as a person would call it. */
  get named(): string {
    const { kind, text } = this.token;
    if (kind === 'newline') return 'the end of the line';
    if (kind === 'end') return 'the end of the program';
    if (kind === 'indent' || kind === 'dedent') return 'another indentation';
    return `'${text.length > 40 ? `${text.slice(0, 40)}…` : text}'`;
  }

  /** Reports and gives the statement up. */
  fail(
    message: string,
    code: EigenDiagnosticCode = 'EIGEN_SYNTAX',
    span: Span = this.token,
    hint?: string,
  ): never {
    this.findings.add(code, span, message, hint);
    throw new Unreadable(message);
  }

  /** Counts a node, and how deep the tree below it is. */
  node<Node extends Span>(node: Node): Node {
    const { nodesMax, depthMax } = this.#limits;
    this.#nodes += 1;
    if (this.#nodes > nodesMax)
      this.fail(`The program has more than ${nodesMax} nodes.`, 'EIGEN_LIMIT', node);
    const depth = 1 + Math.max(0, ...Object.values(node).map((child) => this.#depthBelow(child)));
    if (depth > depthMax)
      this.fail(`The program is nested deeper than ${depthMax} levels.`, 'EIGEN_LIMIT', node);
    this.#depths.set(node, depth);
    return node;
  }

  #depthBelow(child: unknown): number {
    if (typeof child !== 'object' || child === null) return 0;
    const known = this.#depths.get(child);
    if (known !== undefined) return known;
    let deepest = 0;
    // A list of nodes, or what holds some beside each other: an argument with its name, an entry of a
    // dictionary.
    for (const part of Object.values(child)) deepest = Math.max(deepest, this.#depthBelow(part));
    return deepest;
  }

  /** Reads something that lies inside of something else. */
  nested<T>(read: () => T): T {
    if (this.#depth >= this.#limits.depthMax) {
      return this.fail(`The program is nested deeper than ${this.#limits.depthMax} levels.`, 'EIGEN_LIMIT');
    }
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  /** Past the end of the logical line and of the block that it begins, if it does. */
  skipStatement(): void {
    while (!this.isAt('newline') && !this.isAt('end') && !this.isAt('dedent')) this.take();
    if (this.takeIf('newline') === undefined) return;
    this.skipBlock();
  }

  /** Past a block that begins here, if one does. */
  skipBlock(): void {
    if (!this.isAt('indent')) return;
    let depth = 0;
    do {
      const { kind } = this.take();
      if (kind === 'indent') depth += 1;
      if (kind === 'dedent') depth -= 1;
    } while (depth > 0 && !this.isAt('end'));
  }
}
