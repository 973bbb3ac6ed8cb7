import { nearestName } from '@qfs/core';

/**
 * Tokens are three parallel typed arrays: a hundred thousand gates stay a few megabytes and are read without
 * garbage.
 */
export interface Tokens {
  readonly source: string;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Kinds that carry their own text, and the name a message gives them. */
const NAMED = {
  end: 'the end of the program',
  identifier: 'a name',
  hardwareQubit: 'a hardware qubit',
  integer: 'an integer',
  float: 'a number',
  imaginary: 'an imaginary number',
  timing: 'a duration',
  bitString: 'a bit string',
  string: 'a string',
  annotation: 'an annotation',
  pragma: 'a pragma',
  calibration: 'a calibration body',
} as const;

// biome-ignore format: one table, read by rows
export const PUNCTUATION = [
  '(', ')', '[', ']', '{', '}', ':', ';', ',', '.', '=', '->', '+', '++', '-', '*', '**', '/', '%', '|', '||',
  '&', '&&', '^', '@', '~', '!', '==', '!=', '+=', '-=', '*=', '/=', '&=', '|=', '~=', '^=', '<<=', '>>=', '%=',
  '**=', '<', '>', '<=', '>=', '<<', '>>',
] as const;

// biome-ignore format: one table, read by rows
const KEYWORDS = [
  'OPENQASM', 'include', 'defcalgrammar', 'def', 'cal', 'defcal', 'gate', 'extern', 'box', 'let', 'break',
  'continue', 'if', 'else', 'end', 'return', 'for', 'while', 'in', 'switch', 'case', 'default', 'input', 'output',
  'const', 'readonly', 'mutable', 'qreg', 'qubit', 'creg', 'bool', 'bit', 'int', 'uint', 'float', 'angle',
  'complex', 'array', 'void', 'duration', 'stretch', 'gphase', 'inv', 'pow', 'ctrl', 'negctrl', '#dim',
  'durationof', 'delay', 'reset', 'measure', 'barrier', 'nop', 'true', 'false',
] as const;

type NamedToken = keyof typeof NAMED;
type Punctuation = (typeof PUNCTUATION)[number];
type Keyword = (typeof KEYWORDS)[number];
export type TokenName = NamedToken | Punctuation | `kw:${Keyword}`;
export type TokenKind = number;

const NAMES: readonly TokenName[] = [
  ...(Object.keys(NAMED) as NamedToken[]),
  ...PUNCTUATION,
  ...KEYWORDS.map((word) => `kw:${word}` as const),
];

/** Kind numbers by name: `KIND.identifier`, `KIND['+=']`, `KIND['kw:gate']`. */
export const KIND = Object.freeze(Object.fromEntries(NAMES.map((name, kind) => [name, kind]))) as Readonly<
  Record<TokenName, TokenKind>
>;

export const KEYWORD_KINDS: ReadonlyMap<string, TokenKind> = new Map(
  KEYWORDS.filter((word) => word !== '#dim').map((word) => [word, KIND[`kw:${word}`]]),
);

export const KEYWORD_NAMES: readonly string[] = [...KEYWORD_KINDS.keys()];

/** Shorter names resemble every short word. */
const MISSPELT_CHARS_MIN = 3;

/** The word of the language that a misspelt one probably is. */
export const nearestWord = (name: string): string | undefined =>
  name.length < MISSPELT_CHARS_MIN || KEYWORD_KINDS.has(name) ? undefined : nearestName(name, KEYWORD_NAMES);

/** The text of a punctuation or keyword kind; undefined for kinds that carry their own text. */
export function fixedText(kind: TokenKind): string | undefined {
  const name = NAMES[kind]!;
  if (Object.hasOwn(NAMED, name)) return undefined;
  return name.startsWith('kw:') ? name.slice(3) : name;
}

/** How a message names a kind. */
export function describeKind(kind: TokenKind): string {
  const text = fixedText(kind);
  return text === undefined ? NAMED[NAMES[kind] as NamedToken] : `\`${text}\``;
}
