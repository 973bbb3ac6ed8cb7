import { KIND, type TokenKind, type Tokens } from '../syntax/token.ts';

/** The words of OpenQASM 2 that are words of OpenQASM 3 too; `opaque` and `pi` are names to the lexer. */
const WORDS: readonly TokenKind[] = [
  KIND['kw:OPENQASM'],
  KIND['kw:include'],
  KIND['kw:qreg'],
  KIND['kw:creg'],
  KIND['kw:gate'],
  KIND['kw:if'],
  KIND['kw:measure'],
  KIND['kw:reset'],
  KIND['kw:barrier'],
];

const isWordOfVersion3 = (kind: TokenKind): boolean => kind >= KIND['kw:OPENQASM'] && !WORDS.includes(kind);

/** The kind in OpenQASM 2 of every kind of the lexer, which reads the words of OpenQASM 3. */
const KINDS: Uint8Array = Uint8Array.from(Object.values(KIND), (kind) => {
  if (kind === KIND['^']) return KIND['**'];
  return isWordOfVersion3(kind) ? KIND.identifier : kind;
});

/**
 * Makes tokens of OpenQASM 3 tokens of OpenQASM 2, in place: words of the newer version alone are names
 * (`qreg in[2];`), and `^` is the power.
 */
export function asOpenQasm2(tokens: Tokens): void {
  const { kinds, count } = tokens;
  for (let at = 0; at < count; at++) kinds[at] = KINDS[kinds[at]!]!;
}

const NEWER = 'write `OPENQASM 3.0;` at the top to use it';

/** What to write instead of a statement that begins with a word of OpenQASM 3. */
export const NEWER_WORDS: Readonly<Record<string, string>> = {
  qubit: 'write `qreg name[n];`, or `OPENQASM 3.0;` at the top',
  bit: 'write `creg name[n];`, or `OPENQASM 3.0;` at the top',
  else: 'write a second `if` with the other value, or `OPENQASM 3.0;` at the top',
  ...Object.fromEntries(
    // biome-ignore format: one list, read by words
    [
      'const', 'input', 'output', 'let', 'def', 'extern', 'defcal', 'cal', 'defcalgrammar', 'bool', 'int', 'uint',
      'float', 'angle', 'complex', 'array', 'duration', 'stretch', 'for', 'while', 'switch', 'box', 'delay', 'nop',
      'ctrl', 'negctrl', 'inv', 'pow', 'break', 'continue', 'return', 'end',
    ].map((word) => [word, NEWER]),
  ),
};

/** The functions of OpenQASM 2, and the inverses that readers know besides, by their names in OpenQASM 3. */
export const FUNCTIONS: Readonly<Record<string, string>> = {
  sin: 'sin',
  cos: 'cos',
  tan: 'tan',
  exp: 'exp',
  ln: 'log',
  sqrt: 'sqrt',
  asin: 'arcsin',
  acos: 'arccos',
  atan: 'arctan',
};

/** Names that a program of OpenQASM 2 cannot declare. */
export const OPENQASM2_WORDS: ReadonlySet<string> = new Set([
  'OPENQASM',
  'include',
  'qreg',
  'creg',
  'gate',
  'opaque',
  'if',
  'measure',
  'reset',
  'barrier',
  'pi',
  'U',
  'CX',
  ...Object.keys(FUNCTIONS),
]);
