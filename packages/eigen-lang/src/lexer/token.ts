import type { Span } from '../findings.ts';

/** `newline` ends a logical line; `indent` and `dedent` surround a block; `end` is the end of the text. */
export type TokenKind =
  | 'name'
  | 'keyword'
  | 'number'
  | 'string'
  | 'operator'
  | 'newline'
  | 'indent'
  | 'dedent'
  | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** As written, for names, keywords and operators. */
  readonly text: string;
  /** Of numbers and strings. */
  readonly value?: number | bigint | string;
}

/** Words that are no names (Python 3.12, Lexical analysis, 2.3.1). */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...['False', 'None', 'True', 'and', 'as', 'assert', 'async', 'await', 'break', 'class', 'continue', 'def'],
  ...[
    'del',
    'elif',
    'else',
    'except',
    'finally',
    'for',
    'from',
    'global',
    'if',
    'import',
    'in',
    'is',
    'lambda',
  ],
  ...['nonlocal', 'not', 'or', 'pass', 'raise', 'return', 'try', 'while', 'with', 'yield'],
]);

/** Operators and delimiters, longest first (2.5 and 2.6). */
export const OPERATORS = [
  ...[
    '**=',
    '//=',
    '>>=',
    '<<=',
    '...',
    '!=',
    '->',
    ':=',
    '+=',
    '-=',
    '*=',
    '/=',
    '%=',
    '@=',
    '&=',
    '|=',
    '^=',
  ],
  ...[
    '**',
    '//',
    '>>',
    '<<',
    '<=',
    '>=',
    '==',
    '+',
    '-',
    '*',
    '/',
    '%',
    '@',
    '&',
    '|',
    '^',
    '~',
    '<',
    '>',
    '(',
  ],
  ...[')', '[', ']', '{', '}', ',', ':', '.', ';', '='],
] as const;
