import { Prng } from '@qfs/core/math';
import type { Seeds } from './qasm-seeds.ts';

const CHANGES_MAX = 8;
const DEPTHS = [3, 40, 255, 256, 257, 300, 2_000, 50_000] as const;
const SOUP_TOKENS_MAX = 60;

/** What opens and closes one more level of each construct that can contain itself. */
const NESTS: readonly (readonly [open: string, close: string])[] = [
  ['(', ')'],
  ['{', '}'],
  ['-', ''],
  ['!', ''],
  ['1 + ', ''],
  ['2 ** ', ''],
  ['', ' * a'],
  ['a[', ']'],
  ['', '[0]'],
  ['sin(', ')'],
  ['int[8](', ')'],
  ['f(1, ', ')'],
  ['durationof({ delay[', '] q; })'],
  ['int[', '] x;'],
  ['if (a) { ', ' }'],
  ['if (a) x q; else ', ''],
  ['for int i in [0:1] { ', ' }'],
  ['while (a) { ', ' }'],
  ['switch (i) { case 1 { ', ' } }'],
  ['switch (i) { default { ', ' } }'],
  ['box { ', ' }'],
  ['gate g a { ', ' }'],
  ['def f() { ', ' }'],
  ['array[int, 2] a = {', '};'],
  ['{', ', 1}'],
  ['let a = q ++ ', ';'],
  ['ctrl @ ', ' x q;'],
  ['inv @ pow(2) @ ', ''],
  ['cal { ', ' }'],
  ['/* ', ' */'],
  ['@a\n', ''],
];

/** Literals far outside of what anything holds, in the places of ordinary ones. */
const HUGE: readonly ((size: number) => string)[] = [
  (size) => '9'.repeat(size),
  (size) => `0x${'f'.repeat(size)}`,
  (size) => `0b${'10'.repeat(size)}`,
  (size) => `1e${'9'.repeat(size)}`,
  (size) => `1e-${size}`,
  (size) => `0.${'0'.repeat(size)}1`,
  (size) => `"${'01'.repeat(size)}"`,
  (size) => `[0:${10n ** BigInt(size % 40)}]`,
  (size) => `[${size}:-1:-${size}]`,
  (size) => `{${'1, '.repeat(size)}}`,
  (size) => `int[${size}]`,
  (size) => `${size} ** ${size} ** ${size}`,
  (size) => `1 << ${size}`,
  (size) => 'x'.repeat(size),
  (size) => `${size}.5im`,
  (size) => `${'9'.repeat(size % 400)}ns`,
  (size) => `$${size}`,
  (size) => `-9223372036854775808 / -${size % 3}`,
  (size) => `pow(${size})`,
  (size) => `ctrl(${size})`,
];
const SIZES = [0, 1, 7, 63, 64, 65, 255, 1000, 4096, 4097, 65_536, 65_537, 500_001] as const;
const ODD_CHARACTERS = [
  '\0',
  '\r',
  '\u2028',
  '\ufeff',
  '\u{1f600}',
  '\u200d',
  'é',
  'Ψ',
  '§',
  '"',
  '/*',
  '//',
  '\\',
  '#',
  '@',
  ';',
];

const tokens = (text: string): string[] => text.match(/[\p{L}\d_.$]+|\s+|[^\s\p{L}\d]/gu) ?? [];

/** Names, numbers, operators and brackets; blanks are none of them. */
const SORTS = [/^[\p{L}_]/u, /^\d/, /^[-+*/%&|^~!<>=]/, /^[^\s\p{L}\d]/u] as const;

type Pieces = readonly string[];

/** One generator of inputs: the same seed, index and seeds give the same bytes. */
export class QasmInputs {
  readonly #programs: readonly Pieces[];
  readonly #parts: readonly Pieces[];
  readonly #vocabulary: Pieces;
  readonly #seed: number;

  constructor(seed: number, { programs, parts }: Seeds) {
    this.#seed = seed;
    this.#programs = programs.map(tokens);
    this.#parts = parts.map(tokens).filter(({ length }) => length > 0);
    this.#vocabulary = [...new Set([...this.#programs, ...this.#parts].flat())];
  }

  at(index: number): Uint8Array {
    const random = new Prng(this.#seed, 'fuzz', index);
    return new Draw(random, this.#programs, this.#parts, this.#vocabulary).input();
  }
}

class Draw {
  readonly #random: Prng;
  readonly #programs: readonly Pieces[];
  readonly #parts: readonly Pieces[];
  readonly #vocabulary: Pieces;

  constructor(random: Prng, programs: readonly Pieces[], parts: readonly Pieces[], vocabulary: Pieces) {
    this.#random = random;
    this.#programs = programs;
    this.#parts = parts;
    this.#vocabulary = vocabulary;
  }

  input(): Uint8Array {
    const kind = this.#below(100);
    if (kind < 45) return this.#text(this.#mutated(this.#program()));
    if (kind < 60) return this.#text(this.#mutated(this.#spliced()));
    if (kind < 75) return this.#text(this.#enlarged());
    if (kind < 83) return this.#text([this.#nested()]);
    if (kind < 93) return this.#noisy();
    return this.#text(Array.from({ length: this.#below(SOUP_TOKENS_MAX) }, () => `${this.#piece()} `));
  }

  #below(bound: number): number {
    return Math.floor(this.#random.uniform() * bound);
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!;
  }

  #program(): string[] {
    return [...this.#one(this.#below(5) === 0 ? this.#parts : this.#programs)];
  }

  #piece(): string {
    return this.#below(8) === 0 ? this.#one(ODD_CHARACTERS) : this.#one(this.#vocabulary);
  }

  #text(pieces: readonly string[]): Uint8Array {
    return new TextEncoder().encode(pieces.join(''));
  }

  /** Tokens deleted, inserted, exchanged, replaced, repeated; half of the time one, so that some run. */
  #mutated(pieces: string[]): string[] {
    const changes = this.#below(2) === 0 ? 1 : 1 + this.#below(CHANGES_MAX);
    for (let change = 0; change < changes && pieces.length > 0; change++) {
      const at = this.#below(pieces.length);
      const other = this.#below(pieces.length);
      const kind = this.#below(8);
      if (kind === 0) pieces.splice(at, 1 + this.#below(3));
      else if (kind === 1) pieces.splice(at, 0, this.#piece());
      else if (kind === 2) [pieces[at], pieces[other]] = [pieces[other]!, pieces[at]!];
      else if (kind === 3) pieces[at] = this.#piece();
      else if (kind === 4) pieces.splice(at, 0, ...pieces.slice(other, other + 1 + this.#below(20)));
      else pieces[at] = this.#alike(pieces, pieces[at]!);
    }
    return pieces;
  }

  /** Another token of the same sort, from the same program. */
  #alike(pieces: readonly string[], piece: string): string {
    const sort = SORTS.find((pattern) => pattern.test(piece)) ?? /^\s/;
    return this.#one(pieces.filter((other) => sort.test(other)));
  }

  /** The beginning of one program, the middle of a second and the end of a third. */
  #spliced(): string[] {
    const cut = (program: string[]): [string[], string[]] => {
      const at = this.#below(program.length + 1);
      return [program.slice(0, at), program.slice(at)];
    };
    return [...cut(this.#program())[0], ...cut(cut(this.#program())[1])[0], ...cut(this.#program())[1]];
  }

  /** Numbers and strings made huge. */
  #enlarged(): string[] {
    const pieces = this.#program();
    const places = pieces.flatMap((piece, at) => (/^[\d"]/.test(piece) ? [at] : []));
    for (let changes = 1 + this.#below(2); changes > 0; changes--) {
      const at = places.length === 0 ? this.#below(pieces.length) : this.#one(places);
      pieces[at] = this.#one(HUGE)(this.#one(SIZES));
    }
    return pieces;
  }

  /** One or two constructs inside each other, behind the beginning of a program. */
  #nested(): string {
    const depth = this.#one(DEPTHS);
    const [open, close] = this.#one(NESTS);
    const [second, end] = this.#below(2) === 0 ? ['', ''] : this.#one(NESTS);
    const lead = this.#one(['', 'int y = ', 'a = ', 'x ', 'qubit q; bit a; int i; ', 'return ']);
    const closing = this.#below(4) === 0 ? '' : (end + close).repeat(depth);
    return `${lead}${(open + second).repeat(depth)}${this.#piece()}${closing}${this.#one([';', '', ' q;'])}`;
  }

  /** Bytes overwritten, inserted and cut off, so that it is hardly UTF-8 any more. */
  #noisy(): Uint8Array {
    const bytes = [...this.#text(this.#program()).subarray(0, 4_000)];
    const isAscii = this.#below(2) === 0;
    for (let changes = 1 + this.#below(CHANGES_MAX); changes > 0; changes--) {
      const at = this.#below(bytes.length + 1);
      bytes.splice(at, this.#below(3), this.#below(isAscii ? 128 : 256));
    }
    return Uint8Array.from(bytes.slice(0, this.#below(10) === 0 ? this.#below(bytes.length) : undefined));
  }
}
