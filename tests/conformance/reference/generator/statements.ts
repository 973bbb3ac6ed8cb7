import { INT, type Type } from '../values.ts';
import { type Context, type Named, type SubroutineShape, sameType, typeText } from './context.ts';
import { ARRAYS, type Expressions, SCALARS } from './expressions.ts';
import type { Gates } from './gates.ts';

type Writer = (depth: number) => string | undefined;

/** Writes statements, of bounded size, that end. */
export class Statements {
  readonly #context: Context;
  readonly #expressions: Expressions;
  readonly #gates: Gates;
  /** How many statements may still be written. */
  #budget = 0;
  readonly #writers: readonly (readonly [weight: number, write: Writer])[];

  constructor(context: Context, expressions: Expressions, gates: Gates) {
    this.#context = context;
    this.#expressions = expressions;
    this.#gates = gates;
    this.#writers = [
      [6, () => this.#gates.call()],
      [4, () => this.declaration()],
      [5, () => this.#assignment()],
      [3, () => this.#compound()],
      [3, () => this.#measurement()],
      [1, () => this.#reset()],
      [2, (depth) => this.#if(depth)],
      [1, (depth) => this.#switch(depth)],
      [1.5, (depth) => this.#for(depth)],
      [1, (depth) => this.#while(depth)],
      [1, () => this.#jump()],
      [2, () => this.#call()],
      [1, () => this.#alias()],
      [0.5, () => this.#idle()],
      [0.3, (depth) => (depth <= 0 ? undefined : this.#block('', depth))],
    ];
  }

  /** So many statements, those inside of others included. */
  list(count: number, depth: number): string[] {
    this.#budget = count;
    const lines: string[] = [];
    while (this.#budget > 0) lines.push(this.#statement(depth));
    return lines;
  }

  #statement(depth: number): string {
    const { dice } = this.#context;
    this.#budget -= 1;
    const total = this.#writers.reduce((sum, [weight]) => sum + weight, 0);
    for (;;) {
      let at = dice.below(1000) * (total / 1000);
      const chosen = this.#writers.find(([weight]) => {
        at -= weight;
        return at < 0;
      });
      const written = chosen?.[1](depth);
      if (written !== undefined) return written;
    }
  }

  #block(head: string, depth: number, before: readonly string[] = []): string {
    return this.#context.inBlock(() => {
      const count = this.#context.dice.between(1, 3);
      const lines = [...before];
      for (let at = 0; at < count && (this.#budget > 0 || at === 0); at += 1)
        lines.push(this.#statement(depth - 1));
      return `${head}{\n${lines.join('\n')}\n}`;
    });
  }

  declaration(type: Type = this.#context.dice.pick(SCALARS)): string {
    const { dice } = this.#context;
    const isLoose = type.kind === 'bit' && type.width === 1 && dice.chance(0.7);
    const isConstant = type.kind !== 'array' && type.kind !== 'complex' && dice.chance(0.1);
    this.#expressions.isConstant = isConstant;
    const value = type.kind === 'array' ? this.#literal(type) : this.#expressions.assignable(type, 2);
    this.#expressions.isConstant = false;
    const name = this.#context.fresh(isConstant ? 'k' : 'v');
    this.#context.declare(name, type, !isConstant, isConstant);
    const isBare = !isConstant && dice.chance(0.1);
    return `${isConstant ? 'const ' : ''}${isLoose ? 'bit' : typeText(type)} ${name}${isBare ? '' : ` = ${value}`};`;
  }

  array(): string {
    return this.declaration(this.#context.dice.pick(ARRAYS));
  }

  #literal(type: Extract<Type, { kind: 'array' }>): string {
    const [size = 0, ...sizes] = type.sizes;
    const element = (): string =>
      sizes.length > 0 ? this.#literal({ ...type, sizes }) : this.#expressions.assignable(type.element, 1);
    return `{${Array.from({ length: size }, element).join(', ')}}`;
  }

  /** A variable, or a part of one, that can be written, and its type. */
  #target(): readonly [string, Type] | undefined {
    const { dice } = this.#context;
    const variables = this.#context.visible(({ isWritable }) => isWritable);
    if (variables.length === 0) return undefined;
    const variable = dice.pick(variables);
    if (dice.chance(0.6)) return [variable.name, variable.type];
    const parts = this.#partTypes(variable).flatMap((type) =>
      this.#expressions.partsOf(variable, type).map((text) => [text, type] as const),
    );
    return parts.length === 0 ? [variable.name, variable.type] : dice.pick(parts);
  }

  #partTypes({ type }: Named): Type[] {
    const bits = [1, 2, 3].map((width): Type => ({ kind: 'bit', width }));
    if (type.kind !== 'array') return bits;
    const { element, sizes } = type;
    const inner: Type[] = sizes.length > 1 ? [{ ...type, sizes: sizes.slice(1) }] : [];
    return [element, ...inner, { ...type, sizes: [sizes[0]! - 1, ...sizes.slice(1)] }];
  }

  #assignment(): string | undefined {
    const target = this.#target();
    if (target === undefined) return undefined;
    const [text, type] = target;
    if (type.kind === 'array' && !this.#isReadable(type)) return undefined;
    return `${text} = ${this.#expressions.assignable(type, 3)};`;
  }

  /** Is there an array of this type to be copied? */
  #isReadable(type: Type): boolean {
    return this.#context
      .visible(() => true)
      .some((variable) => this.#expressions.partsOf(variable, type).length > 0);
  }

  #compound(): string | undefined {
    const { dice } = this.#context;
    const target = this.#target();
    if (target === undefined) return undefined;
    const [text, type] = target;
    switch (type.kind) {
      case 'int':
        return `${text} ${dice.pick(['+=', '-=', '*='])} ${this.#expressions.integer(2)};`;
      case 'uint':
        return dice.chance(0.5)
          ? `${text} ${dice.pick(['&=', '|=', '^='])} ${this.#expressions.of(type, 2)};`
          : `${text} ${dice.pick(['/=', '%=', '**=', '<<=', '>>='])} ${dice.between(1, 3)};`;
      case 'float':
        return `${text} ${dice.pick(['+=', '-=', '*='])} ${this.#expressions.number(2)};`;
      case 'complex':
        return `${text} ${dice.pick(['+=', '-=', '*='])} ${this.#expressions.of(type, 1)};`;
      case 'angle':
        return dice.chance(0.5)
          ? `${text} ${dice.pick(['+=', '-=', '&=', '|='])} ${this.#expressions.of(type, 2)};`
          : `${text} ${dice.pick(['*=', '/=', '<<='])} ${dice.between(1, 3)};`;
      case 'bit':
        return dice.chance(0.7)
          ? `${text} ${dice.pick(['&=', '|=', '^=', '~='])} ${this.#expressions.of(type, 2)};`
          : `${text} ${dice.pick(['<<=', '>>='])} ${dice.between(1, 3)};`;
      default:
        return undefined;
    }
  }

  #measurement(): string | undefined {
    const { dice, qubits } = this.#context;
    if (qubits.length === 0) return undefined;
    const register = dice.pick(qubits);
    const isOne = register.isSingle || dice.chance(0.6);
    const [operand, count] = isOne
      ? [this.#gates.single(register, dice.chance(0.2)), 1]
      : dice.chance(0.6)
        ? [register.name, register.numbers.length]
        : this.#gates.slice(register);
    const type: Type = { kind: 'bit', width: count };
    if (dice.chance(0.3)) {
      const name = this.#context.fresh('v');
      this.#context.declare(name, type);
      return `${isOne ? 'bit' : typeText(type)} ${name} = measure ${operand};`;
    }
    const targets = this.#context
      .visible(({ isWritable }) => isWritable)
      .flatMap((variable) => this.#expressions.partsOf(variable, type));
    if (targets.length === 0) return `measure ${operand};`;
    const target = dice.pick(targets);
    return dice.chance(0.7) ? `${target} = measure ${operand};` : `measure ${operand} -> ${target};`;
  }

  #reset(): string | undefined {
    const { dice, qubits } = this.#context;
    if (qubits.length === 0) return undefined;
    const register = dice.pick(qubits);
    return `reset ${dice.chance(0.3) ? register.name : this.#gates.single(register, dice.chance(0.2))};`;
  }

  #if(depth: number): string | undefined {
    if (depth <= 0) return undefined;
    const { dice } = this.#context;
    const head = `if (${this.#condition()}) `;
    if (dice.chance(0.15)) return `${head}${this.#gates.call()}`;
    const written = this.#block(head, depth);
    if (dice.chance(0.6)) return written;
    return dice.chance(0.3)
      ? this.#block(`${written} else if (${this.#condition()}) `, depth)
      : this.#block(`${written} else `, depth);
  }

  #condition(): string {
    const { dice } = this.#context;
    const called = dice.chance(0.15) ? this.#measuringCall() : undefined;
    if (called !== undefined) return dice.chance(0.5) ? called : `${this.#expressions.bool(1)} && ${called}`;
    return dice.chance(0.3) ? this.#expressions.of({ kind: 'bit', width: 1 }, 1) : this.#expressions.bool(2);
  }

  #switch(depth: number): string | undefined {
    if (depth <= 0) return undefined;
    const { dice } = this.#context;
    const size = dice.between(1, 3);
    const subject: Type = { kind: dice.pick(['int', 'uint']), width: 8 };
    let written = `switch (${this.#expressions.of(subject, 2)}) {\n`;
    const values = dice.some([0, 1, 2, 3, 4, 7, 100], size * 2);
    for (let at = 0; at < size; at += 1) {
      const chosen = dice.chance(0.5) ? [values[2 * at]] : [values[2 * at], values[2 * at + 1]];
      written += this.#block(`case ${chosen.join(', ')} `, depth);
    }
    return `${written}${dice.chance(0.5) ? this.#block('default ', depth) : ''}\n}`;
  }

  #for(depth: number): string | undefined {
    if (depth <= 0 || this.#context.loops >= 2) return undefined;
    const { dice } = this.#context;
    const name = this.#context.fresh('i');
    const [type, over] = this.#loopValues();
    this.#context.loops += 1;
    const written = this.#context.inBlock(() => {
      this.#context.declare(name, type, dice.chance(0.3));
      return this.#block(`for ${typeText(type)} ${name} in ${over} `, depth);
    });
    this.#context.loops -= 1;
    return written;
  }

  #loopValues(): readonly [Type, string] {
    const { dice } = this.#context;
    const small: Type = dice.pick<Type>([INT, { kind: 'int', width: 8 }, { kind: 'uint', width: 8 }]);
    switch (dice.below(5)) {
      case 0: {
        const element = dice.pick<Type>([small, { kind: 'float', width: 64 }, { kind: 'bool' }]);
        const values = Array.from({ length: dice.between(1, 4) }, () => this.#expressions.of(element, 1));
        return [element, `{${values.join(', ')}}`];
      }
      case 1: {
        const width = dice.between(2, 4);
        const registers = this.#expressions.of({ kind: 'bit', width }, 0);
        return registers.startsWith('"') ? [small, '[0:2]'] : [{ kind: 'bit', width: 1 }, registers];
      }
      case 2: {
        const arrays = this.#context.visible(({ type }) => type.kind === 'array' && type.sizes.length === 1);
        if (arrays.length === 0) return [small, '[3:-1:1]'];
        const { name, type } = dice.pick(arrays);
        return [(type as Extract<Type, { kind: 'array' }>).element, name];
      }
      case 3: {
        // At most nine steps, from and to wherever the values say.
        const end = `int[8](${this.#expressions.of({ kind: 'int', width: 8 }, 1)}) % 4`;
        return [small, dice.pick([`[0:${end}]`, `[${end}:4]`, `[2:-1:${end}]`])];
      }
      default:
        return [small, dice.pick(['[0:3]', '[1:2:6]', '[4:-2:0]', '[2:1]', '[0:0]', '[-1:1]'])];
    }
  }

  #while(depth: number): string | undefined {
    if (depth <= 0 || this.#context.loops >= 2) return undefined;
    const { dice } = this.#context;
    const counter = this.#context.fresh('n', false);
    const condition = dice.chance(0.5) ? '' : ` && ${this.#condition()}`;
    this.#context.loops += 1;
    const body = this.#block(`while (${counter} < ${dice.between(1, 4)}${condition}) `, depth, [
      `${counter} += 1;`,
    ]);
    this.#context.loops -= 1;
    this.#context.declare(counter, INT, false);
    return `int ${counter} = 0;\n${body}`;
  }

  /** `break`, `continue`, `return` and `end`, mostly on a condition, so that what follows is not dead. */
  #jump(): string | undefined {
    const { dice, loops, isSubroutine, result } = this.#context;
    const jumps = loops > 0 ? ['break;', 'continue;'] : [];
    if (isSubroutine) jumps.push(result === undefined ? 'return;' : this.returned(result));
    if (dice.chance(0.1)) jumps.push('end;');
    if (jumps.length === 0) return undefined;
    return `if (${this.#expressions.bool(2)}) ${dice.pick(jumps)}`;
  }

  /** A `return` of a value, or of what is measured. */
  returned(result: Type): string {
    const { dice, qubits } = this.#context;
    const fitting = qubits.filter(({ numbers }) => result.kind === 'bit' && numbers.length === result.width);
    if (fitting.length > 0 && dice.chance(0.5)) return `return measure ${dice.pick(fitting).name};`;
    return `return ${this.#expressions.assignable(result, 2)};`;
  }

  #call(): string | undefined {
    const { dice, subroutines } = this.#context;
    if (subroutines.length === 0) return undefined;
    const callee = dice.pick(subroutines);
    const given = this.#arguments(callee);
    if (given === undefined) return undefined;
    const text = `${callee.name}(${given.join(', ')})`;
    const { result } = callee;
    if (result === undefined || dice.chance(0.15)) return `${text};`;
    const targets = this.#context
      .visible(({ isWritable }) => isWritable)
      .filter(({ type }) => sameType(type, result));
    if (targets.length > 0 && dice.chance(0.6)) return `${dice.pick(targets).name} = ${text};`;
    const name = this.#context.fresh('v');
    this.#context.declare(name, result);
    return `${typeText(result)} ${name} = ${text};`;
  }

  /** A call as a condition, whatever it does. */
  #measuringCall(): string | undefined {
    const { dice, subroutines } = this.#context;
    const fitting = subroutines.filter(
      ({ result }) => result !== undefined && /^(?:bit|bool|u?int)$/.test(result.kind),
    );
    if (fitting.length === 0) return undefined;
    const callee = dice.pick(fitting);
    const given = this.#arguments(callee);
    return given === undefined ? undefined : `bool(${callee.name}(${given.join(', ')}))`;
  }

  #arguments({ parameters }: SubroutineShape): string[] | undefined {
    const { dice } = this.#context;
    const operands = this.#gates.arguments(
      parameters.flatMap((parameter) => (parameter.kind === 'qubits' ? [parameter] : [])),
    );
    if (operands === undefined) return undefined;
    const used = new Set<string>();
    const given: string[] = [];
    for (const parameter of parameters) {
      if (parameter.kind === 'qubits') given.push(operands.shift()!);
      else if (parameter.kind === 'value') given.push(this.#expressions.assignable(parameter.type, 1));
      else {
        const arrays = this.#context
          .visible(({ name, isWritable }) => !used.has(name) && (isWritable || !parameter.isMutable))
          .flatMap((variable) =>
            this.#expressions.partsOf(variable, parameter.type).map((text) => [variable.name, text] as const),
          );
        if (arrays.length === 0) return undefined;
        const [name, text] = dice.pick(arrays);
        used.add(name);
        given.push(text);
      }
    }
    return given;
  }

  /** Another name for qubits or bits. */
  #alias(): string | undefined {
    return this.#context.dice.chance(0.5) ? this.#bitAlias() : this.#qubitAlias();
  }

  #bitAlias(): string | undefined {
    const { dice } = this.#context;
    const name = this.#context.fresh('l', false);
    const registers = this.#context.visible(
      ({ type, isWritable }) => isWritable && type.kind === 'bit' && type.width > 1,
    );
    if (registers.length === 0) return undefined;
    // A register is not joined with a part of itself, which an alias may be.
    const whole = registers.filter(({ name: of }) => !of.startsWith('l'));
    const chosen = dice.chance(0.3) && whole.length > 1 ? dice.some(whole, 2) : [dice.pick(registers)];
    const parts = chosen.map(({ name: of, type }) => {
      const { width } = type as Extract<Type, { kind: 'bit' }>;
      const count = dice.between(1, width);
      return [`${of}[${this.#expressions.range(width, count, dice.chance(0.3))}]`, count] as const;
    });
    const width = parts.reduce((sum, [, count]) => sum + count, 0);
    this.#context.declare(name, { kind: 'bit', width });
    return `let ${name} = ${parts.map(([text]) => text).join(' ++ ')};`;
  }

  #qubitAlias(): string | undefined {
    const { dice, qubits } = this.#context;
    const name = this.#context.fresh('l', false);
    const registers = qubits.filter(({ isSingle }) => !isSingle);
    if (registers.length === 0) return undefined;
    const register = dice.pick(registers);
    const size = register.numbers.length;
    const chosen = dice.some(
      Array.from({ length: size }, (_, at) => at),
      dice.between(1, size),
    );
    const numbers = chosen.map((at) => register.numbers[at]!);
    const others = qubits.filter(({ numbers: theirs }) => !theirs.some((number) => numbers.includes(number)));
    const other = others.length > 0 && dice.chance(0.3) ? dice.pick(others) : undefined;
    this.#context.qubits = [
      ...qubits,
      { name, numbers: [...numbers, ...(other?.numbers ?? [])], isSingle: false },
    ];
    return `let ${name} = ${register.name}[{${chosen.join(', ')}}]${other === undefined ? '' : ` ++ ${other.name}`};`;
  }

  /** What takes time or keeps an order, and changes nothing. */
  #idle(): string | undefined {
    const { dice, qubits } = this.#context;
    if (qubits.length === 0) return undefined;
    const { name } = dice.pick(qubits);
    return dice.pick([`barrier ${name};`, 'barrier;', `delay[20ns] ${name};`, `nop ${name};`]);
  }
}
