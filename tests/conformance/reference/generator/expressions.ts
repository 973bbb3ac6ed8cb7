import { arrayOf, elementType, FLOAT, INT, type Type } from '../values.ts';
import { type Context, type Named, sameType, typeText } from './context.ts';

type Integer = Extract<Type, { kind: 'int' | 'uint' | 'angle' }>;

const INTEGERS: readonly Integer[] = [
  { kind: 'int', width: 8 },
  { kind: 'uint', width: 8 },
  { kind: 'int', width: 64 },
  { kind: 'uint', width: 4 },
  { kind: 'uint', width: 16 },
  { kind: 'int', width: 5 },
  { kind: 'uint', width: 64 },
];

const ANGLES: readonly Integer[] = [
  { kind: 'angle', width: 8 },
  { kind: 'angle', width: 20 },
  { kind: 'angle', width: 64 },
];

const bit = (width: number): Type => ({ kind: 'bit', width });

export const SCALARS: readonly Type[] = [
  ...INTEGERS.slice(0, 5),
  ...ANGLES.slice(0, 2),
  { kind: 'bool' },
  FLOAT,
  { kind: 'float', width: 32 },
  bit(1),
  bit(2),
  bit(3),
  bit(4),
  bit(8),
  { kind: 'complex', width: 64 },
  { kind: 'complex', width: 32 },
];

export const ARRAYS: readonly Extract<Type, { kind: 'array' }>[] = [
  arrayOf(INTEGERS[0]!, 3),
  arrayOf(arrayOf(INTEGERS[3]!, 2), 2),
  arrayOf(FLOAT, 2),
  arrayOf(bit(4), 2),
  arrayOf({ kind: 'bool' }, 2),
  arrayOf(ANGLES[0]!, 2),
  arrayOf(arrayOf(INTEGERS[0]!, 3), 2),
];

const FLOATS: readonly string[] = [
  '0.5',
  '0.25',
  '1.5',
  '3.0',
  '-2.75',
  'pi',
  'pi / 4',
  '0.1',
  '1e-3',
  'euler',
];

/** Writes expressions of a wanted type. */
export class Expressions {
  readonly #context: Context;
  /** Only constants may be used. */
  isConstant = false;

  constructor(context: Context) {
    this.#context = context;
  }

  /** An expression of exactly this type. */
  of(type: Type, depth: number): string {
    const { dice } = this.#context;
    const known = this.#places(type);
    if (known.length > 0 && dice.chance(0.4)) return dice.pick(known);
    const called = depth > 0 && dice.chance(0.15) ? this.#callOf(type, depth) : undefined;
    if (called !== undefined) return called;
    switch (type.kind) {
      case 'bool':
        return this.bool(depth);
      case 'float':
        return this.#float(type, depth);
      case 'angle':
        return this.#angle(type, depth);
      case 'bit':
        return this.#bits(type.width, depth);
      case 'complex':
        return this.#complex(type, depth);
      case 'array':
        return dice.pick(this.#places(type));
      default:
        return this.#exactInteger(type, depth);
    }
  }

  /** An expression that an assignment to this type accepts, with an implicit conversion perhaps. */
  assignable(type: Type, depth: number): string {
    const { dice } = this.#context;
    if (dice.chance(0.6)) return this.of(type, depth);
    switch (type.kind) {
      case 'int':
      case 'uint':
        return dice.chance(0.9) ? this.integer(depth) : this.bool(depth);
      case 'float':
        return this.number(depth);
      case 'complex':
        return type.width === 64 ? this.number(depth) : this.integer(depth);
      case 'bool':
        return dice.chance(0.5) ? this.integer(depth) : this.of(bit(1), depth);
      default:
        return this.of(type, depth);
    }
  }

  /** Names and parts of names that have exactly this type. */
  #places(type: Type): string[] {
    return this.#context
      .visible(({ isConstant }) => isConstant || !this.isConstant)
      .flatMap((variable) => this.partsOf(variable, type));
  }

  partsOf({ name, type: whole }: Named, type: Type): string[] {
    const { dice } = this.#context;
    if (sameType(whole, type)) return [name];
    if (whole.kind === 'array') {
      if (this.isConstant) return [];
      const element = elementType(whole);
      const size = whole.sizes[0]!;
      if (sameType(element, type)) return [`${name}[${this.index(size)}]`];
      if (element.kind === 'array' && sameType(elementType(element), type))
        return [`${name}[${this.index(size)}, ${this.index(element.sizes[0]!)}]`];
      if (type.kind === 'array' && sameType(elementType(type), element) && type.sizes[0]! < size)
        return [`${name}[${this.range(size, type.sizes[0]!)}]`];
      if (
        type.kind === 'array' &&
        element.kind === 'array' &&
        sameType(elementType(element), elementType(type))
      )
        return type.sizes[0]! <= size
          ? [`${name}[${this.range(size, type.sizes[0]!)}, ${this.index(element.sizes[0]!)}]`]
          : [];
      return [];
    }
    if (type.kind !== 'bit' || this.isConstant) return [];
    const width = 'width' in whole && whole.kind !== 'float' && whole.kind !== 'complex' ? whole.width : 0;
    if (width < 2 || width > 16) return [];
    if (type.width === 1) return [`${name}[${this.index(width)}]`];
    return type.width < width ? [`${name}[${this.range(width, type.width, dice.chance(0.2))}]`] : [];
  }

  /** An index of something of this size, mostly one that exists. */
  index(size: number): string {
    const { dice } = this.#context;
    if (dice.chance(0.6)) return String(dice.below(size));
    if (dice.chance(0.3)) return String(-1 - dice.below(size));
    const variables = this.#context.visible(({ type }) => type.kind === 'int' || type.kind === 'uint');
    if (variables.length === 0) return '0';
    const { name } = dice.pick(variables);
    if (dice.chance(0.03)) return name;
    return `${dice.chance(0.5) ? 'uint' : 'int'}[8](${name}) % ${size}`;
  }

  /** A range, or a set, of `count` of `size` elements. */
  range(size: number, count: number, isSet = false): string {
    const { dice } = this.#context;
    if (isSet)
      return `{${dice
        .some(
          Array.from({ length: size }, (_, at) => at),
          count,
        )
        .join(', ')}}`;
    const step = (count - 1) * 2 < size && count > 1 && dice.chance(0.3) ? 2 : 1;
    const from = dice.below(size - (count - 1) * step);
    const to = from + (count - 1) * step;
    const end = dice.chance(0.2) ? to - size : to;
    if (dice.chance(0.15)) return `${end}:-${step}:${from}`;
    if (step === 2) return `${from}:2:${end}`;
    if (from === 0 && dice.chance(0.2)) return `:${end}`;
    return to === size - 1 && dice.chance(0.2) ? `${from}:` : `${from}:${end}`;
  }

  bool(depth: number): string {
    const { dice } = this.#context;
    if (depth <= 0) return dice.pick(['true', 'false', ...this.#places({ kind: 'bool' })]);
    const compare = (): string => dice.pick(['==', '!=', '<', '<=', '>', '>=']);
    switch (dice.below(9)) {
      case 0:
        return `!(${this.bool(depth - 1)})`;
      case 1:
        return `(${this.bool(depth - 1)} && ${this.bool(depth - 1)})`;
      case 2:
        return `(${this.bool(depth - 1)} || ${this.bool(depth - 1)})`;
      case 3:
        return `(${this.of(FLOAT, depth - 1)} ${compare()} ${this.number(depth - 1)})`;
      case 4: {
        const type = dice.pick(ANGLES);
        return `(${this.of(type, depth - 1)} ${compare()} ${this.of(type, depth - 1)})`;
      }
      case 5: {
        const type = bit(dice.between(1, 4));
        return `(${this.of(type, depth - 1)} ${compare()} ${this.of(type, depth - 1)})`;
      }
      case 6:
        return `bool(${this.of(dice.pick([...INTEGERS, ...ANGLES, bit(1), bit(3), FLOAT]), depth - 1)})`;
      case 7:
        return `(${this.of(bit(3), depth - 1)} == ${dice.below(8)})`;
      default:
        return `(${this.integer(depth - 1)} ${compare()} ${this.integer(depth - 1)})`;
    }
  }

  /** An integer of any type. */
  integer(depth: number): string {
    const { dice } = this.#context;
    if (depth <= 0) return dice.chance(0.5) ? this.#literal() : this.of(dice.pick(INTEGERS), 0);
    const [a, b] = [(): string => this.integer(depth - 1), (): string => this.integer(depth - 1)];
    switch (dice.below(8)) {
      case 0:
        return `(${a()} + ${b()})`;
      case 1:
        return `(${a()} - ${b()})`;
      case 2:
        return `(${a()} * ${b()})`;
      case 3:
        return `(${a()} ${dice.pick(['/', '%'])} ${dice.chance(0.1) ? b() : dice.between(1, 9)})`;
      case 4:
        return `(-${this.integer(depth - 1)})`;
      case 5:
        return `(${a()} ** ${dice.below(4)})`;
      case 6:
        return this.#integerFunction(depth);
      default:
        return this.of(dice.pick(INTEGERS), depth - 1);
    }
  }

  #integerFunction(depth: number): string {
    const { dice } = this.#context;
    const arrays = this.#context.visible(({ type: { kind } }) => kind === 'array' && !this.isConstant);
    if (arrays.length > 0 && dice.chance(0.3)) {
      const { name, type } = dice.pick(arrays);
      const dimensions = type.kind === 'array' ? type.sizes.length : 1;
      return dice.chance(0.5) ? `sizeof(${name})` : `sizeof(${name}, ${dice.below(dimensions)})`;
    }
    switch (dice.below(3)) {
      case 0:
        return `mod(${this.of(INT, depth - 1)}, ${dice.between(1, 9)})`;
      case 1:
        return `pow(${this.of(INT, depth - 1)}, uint(${dice.below(4)}))`;
      default:
        return `popcount(${this.of(dice.chance(0.7) ? bit(dice.between(2, 4)) : INTEGERS[1]!, depth - 1)})`;
    }
  }

  #literal(): string {
    const { dice } = this.#context;
    return dice.pick([
      '0',
      '1',
      '2',
      '3',
      '7',
      '100',
      '0xff',
      '0b101',
      '0o17',
      '1_0',
      String(dice.below(1000)),
    ]);
  }

  #exactInteger(type: Integer, depth: number): string {
    const { dice } = this.#context;
    const name = typeText(type);
    if (depth <= 0) return sameType(type, INT) ? this.#literal() : `${name}(${this.#literal()})`;
    const same = (): string => this.of(type, depth - 1);
    switch (dice.below(9)) {
      case 0:
        return `${name}(${this.of({ kind: 'float', width: 64 }, 0)})`;
      case 1:
        return type.width <= 8 ? `${name}(${this.of(bit(type.width), depth - 1)})` : same();
      case 2:
        return `${name}(${this.bool(depth - 1)})`;
      case 3:
        return type.kind === 'uint' ? `(${same()} ${dice.pick(['&', '|', '^'])} ${same()})` : `(-${same()})`;
      case 4:
        return type.kind === 'uint'
          ? `(${same()} ${dice.pick(['<<', '>>'])} ${dice.below(type.width + 2)})`
          : `(${same()} - ${same()})`;
      case 5:
        return type.kind === 'uint' ? `(~${same()})` : `(${same()} * ${same()})`;
      case 6:
        return `(${same()} + ${same()})`;
      default:
        return `${name}(${this.integer(depth - 1)})`;
    }
  }

  /** A float or an integer. */
  number(depth: number): string {
    const { dice } = this.#context;
    return dice.chance(0.3) ? this.integer(Math.min(depth, 1)) : this.of(FLOAT, depth);
  }

  #float(type: Type, depth: number): string {
    const { dice } = this.#context;
    const literal = (): string => dice.pick(FLOATS);
    if (type.kind === 'float' && type.width === 32) {
      const narrow = (): string => this.of(type, depth - 1);
      return depth <= 0 || dice.chance(0.5)
        ? `float[32](${depth <= 0 ? literal() : this.of(FLOAT, depth - 1)})`
        : `(${narrow()} ${dice.pick(['+', '-', '*'])} ${narrow()})`;
    }
    if (depth <= 0) return `(${literal()})`;
    const x = this.of(FLOAT, depth - 1);
    switch (dice.below(11)) {
      case 10:
        return `mod(${x}, ${dice.pick(['0.5', '3.0', '2'])})`;
      case 9:
        return `pow(${dice.pick(['2.0', '0.5', '1.5'])}, sin(${x}))`;
      case 0:
        return `(${x} ${dice.pick(['+', '-', '*'])} ${this.number(depth - 1)})`;
      case 1:
        return `(${x} / ${dice.pick(['2', '0.5', '3.0', 'pi'])})`;
      case 2:
        return dice.chance(0.8)
          ? `${dice.pick(['sin', 'cos', 'arctan', 'floor', 'ceiling'])}(${x})`
          : `${dice.pick(['sin', 'cos', 'tan'])}(${this.of(dice.pick(ANGLES), depth - 1)})`;
      case 3:
        return `${dice.pick(['exp', 'arccos', 'arcsin', 'tan'])}(sin(${x}))`;
      case 4:
        return `${dice.pick(['sqrt', 'log'])}(1.0 + ${x} * ${x})`;
      case 5:
        return `float(${this.integer(depth - 1)})`;
      case 6:
        return `${dice.pick(['real', 'imag'])}(${this.of({ kind: 'complex', width: 64 }, depth - 1)})`;
      case 7:
        return `(-${x})`;
      default:
        return `(${x} ${dice.pick(['+', '-'])} ${this.of({ kind: 'float', width: 32 }, depth - 1)})`;
    }
  }

  #angle(type: Integer, depth: number): string {
    const { dice } = this.#context;
    const name = typeText(type);
    if (depth <= 0) return `${name}(${dice.pick(FLOATS)})`;
    const same = (): string => this.of(type, depth - 1);
    switch (dice.below(7)) {
      case 0:
        return `(${same()} ${dice.pick(['+', '-'])} ${same()})`;
      case 1:
        return dice.chance(0.5) ? `(${dice.below(9)} * ${same()})` : `(${same()} * ${dice.below(9)})`;
      case 2:
        return `(${same()} / ${dice.between(1, 5)})`;
      case 3:
        return `(${dice.pick(['-', '~'])}${same()})`;
      case 4:
        return `(${same()} ${dice.pick(['&', '|', '^'])} ${same()})`;
      case 5:
        return `(${same()} ${dice.pick(['<<', '>>'])} ${dice.below(5)})`;
      default:
        return `${name}(${this.of(dice.pick([FLOAT, ...ANGLES.filter(({ width }) => width !== type.width)]), depth - 1)})`;
    }
  }

  #bits(width: number, depth: number): string {
    const { dice } = this.#context;
    const digits = Array.from({ length: width }, () => dice.pick(['0', '1'])).join('');
    if (depth <= 0) return `"${digits}"`;
    const same = (): string => this.of(bit(width), depth - 1);
    switch (dice.below(6)) {
      case 0:
        return `(${same()} ${dice.pick(['&', '|', '^'])} ${same()})`;
      case 1:
        return `(${same()} ${dice.pick(['<<', '>>'])} ${dice.below(width + 2)})`;
      case 2:
        return `(~${same()})`;
      case 3:
        return `${dice.pick(['rotl', 'rotr'])}(${same()}, ${dice.between(-width, 2 * width)})`;
      case 4:
        return `bit[${width}](${this.of({ kind: dice.pick(['int', 'uint']), width }, depth - 1)})`;
      default:
        return `"${digits}"`;
    }
  }

  #complex(type: Type, depth: number): string {
    const { dice } = this.#context;
    const literal = dice.pick(['1im', '(0.5 - 2im)', '(1.25 + 0.5im)', '3im']);
    const isNarrow = type.kind === 'complex' && type.width === 32;
    if (depth <= 0) return isNarrow ? `${typeText(type)}(${literal})` : literal;
    const same = (): string => this.of(type, depth - 1);
    switch (dice.below(4)) {
      case 0:
        return `(${same()} / ${isNarrow ? typeText(type) : ''}(1 + 2im))`;
      case 1:
        return `(-${same()})`;
      case 2:
        return `${typeText(type)}(${this.of(FLOAT, depth - 1)})`;
      default:
        return `(${same()} ${dice.pick(['+', '-', '*'])} ${same()})`;
    }
  }

  /** A call that gives this type and acts on nothing else. */
  #callOf(type: Type, depth: number): string | undefined {
    if (this.isConstant) return undefined;
    const { dice, subroutines } = this.#context;
    const fitting = subroutines.filter(
      ({ result, parameters }) =>
        result !== undefined && sameType(result, type) && parameters.every(({ kind }) => kind === 'value'),
    );
    if (fitting.length === 0) return undefined;
    const { name, parameters } = dice.pick(fitting);
    const values = parameters.map((parameter) =>
      parameter.kind === 'value' ? this.assignable(parameter.type, Math.min(depth - 1, 1)) : '',
    );
    return `${name}(${values.join(', ')})`;
  }
}
