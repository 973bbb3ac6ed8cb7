import type { Given } from '../inputs.ts';
import { arrayOf, type Type } from '../values.ts';
import { Context, type ParameterShape, type Qubits, typeText } from './context.ts';
import { Dice } from './dice.ts';
import { ARRAYS, Expressions, SCALARS } from './expressions.ts';
import { Gates, LIBRARY_GATES } from './gates.ts';
import { Statements } from './statements.ts';

/** A random program and the values of its inputs. */
export interface RandomProgram {
  readonly source: string;
  readonly inputs: Given;
}

/** Registers whose qubits are four together at most. */
const REGISTERS: readonly (readonly number[])[] = [[2], [3], [4], [2, 2], [3, 0], [2, 0], [2, 0, 0]];

/** Types of inputs, and values they may be given. */
const INPUTS: readonly (readonly [Type, readonly Given[string][]])[] = [
  [{ kind: 'float', width: 64 }, [0.5, -1.25, 3, 0]],
  [{ kind: 'int', width: 8 }, [-3, 0, 5, 127]],
  [{ kind: 'uint', width: 4 }, [0, 9, 15]],
  [{ kind: 'angle', width: 20 }, [0.1, 3, -1]],
  [{ kind: 'bool' }, [true, false]],
  [{ kind: 'bit', width: 3 }, ['101', '000', '011']],
  [arrayOf({ kind: 'float', width: 64 }, 2), [[0.5, -1]]],
  [arrayOf({ kind: 'int', width: 8 }, 3), [[1, -2, 100]]],
];

/** A well-typed program that ends, of about `size` statements. Equal seeds give equal programs. */
export function randomProgram(seed: number, size: number): RandomProgram {
  return new ProgramWriter(seed).write(size);
}

class ProgramWriter {
  readonly #dice: Dice;
  readonly #context: Context;
  readonly #expressions: Expressions;
  readonly #gates: Gates;
  readonly #statements: Statements;
  #registersOfProgram: readonly Qubits[] = [];
  readonly #inputs: Record<string, Given[string]> = {};

  constructor(seed: number) {
    this.#dice = new Dice(seed);
    this.#context = new Context(this.#dice, LIBRARY_GATES);
    this.#expressions = new Expressions(this.#context);
    this.#gates = new Gates(this.#context, this.#expressions);
    this.#statements = new Statements(this.#context, this.#expressions, this.#gates);
  }

  write(size: number): RandomProgram {
    const dice = this.#dice;
    const times = (most: number, write: () => string): string[] =>
      Array.from({ length: dice.below(most + 1) }, write);
    const head = [
      'OPENQASM 3.0;',
      'include "stdgates.inc";',
      ...times(2, () => this.#constant()),
      ...times(2, () => this.#gates.definition()),
      ...times(2, () => this.#subroutine(Math.ceil(size / 3))),
      ...times(2, () => this.#input()),
      ...this.#registers(),
      ...times(2, () => this.#output()),
      ...times(5, () => this.#statements.declaration()),
      ...times(2, () => this.#statements.array()),
    ];
    const declared = this.#context.variables.flat().filter(({ isConstant }) => !isConstant);
    this.#registersOfProgram = this.#context.qubits;
    const body = this.#statements.list(size, 3);
    // Without outputs, the registers of the program are shown.
    const isShown = dice.chance(0.8);
    const last = this.#measurements(isShown);
    const outputs = isShown ? declared.map(({ name, type }) => `output ${typeText(type)} o_${name};`) : [];
    const copies = isShown ? declared.map(({ name }) => `o_${name} = ${name};`) : [];
    const lines = [...head, ...outputs, ...last.declarations, ...body, ...copies, ...last.statements, ''];
    return { source: lines.join('\n'), inputs: this.#inputs };
  }

  /** What is left of the state becomes visible at the end, in a basis where phases matter. */
  #measurements(isShown: boolean): { declarations: string[]; statements: string[] } {
    const registers = this.#registersOfProgram.filter(() => this.#dice.chance(0.7));
    const bitsOf = ({ numbers, isSingle }: Qubits): string => (isSingle ? 'bit' : `bit[${numbers.length}]`);
    return {
      declarations: isShown
        ? registers.map((register) => `output ${bitsOf(register)} m_${register.name};`)
        : [],
      statements: registers.flatMap((register) => [
        `U(1.1, 0.4, 0.8) ${register.name};`,
        `${isShown ? '' : `${bitsOf(register)} `}m_${register.name} = measure ${register.name};`,
      ]),
    };
  }

  #constant(): string {
    const type = this.#dice.pick<Type>([
      { kind: 'int', width: 64 },
      { kind: 'uint', width: 8 },
      { kind: 'float', width: 64 },
      { kind: 'angle', width: 8 },
      { kind: 'bit', width: 3 },
      { kind: 'bool' },
    ]);
    this.#expressions.isConstant = true;
    const value = this.#expressions.of(type, 2);
    this.#expressions.isConstant = false;
    const name = this.#context.fresh('k');
    this.#context.declare(name, type, false, true);
    return `const ${typeText(type)} ${name} = ${value};`;
  }

  #input(): string {
    const [type, values] = this.#dice.pick(INPUTS);
    const name = this.#context.fresh('p');
    this.#context.declare(name, type, false);
    this.#inputs[name] = this.#dice.pick(values);
    return `input ${typeText(type)} ${name};`;
  }

  /** An output that the program uses like any other variable. */
  #output(): string {
    const type = this.#dice.pick([...SCALARS, ...ARRAYS]);
    const name = this.#context.fresh('v');
    this.#context.declare(name, type);
    return `output ${typeText(type)} ${name};`;
  }

  #registers(): string[] {
    const dice = this.#dice;
    let next = 0;
    return dice.pick(REGISTERS).flatMap((size, at) => {
      const isSingle = size === 0;
      const numbers = Array.from({ length: isSingle ? 1 : size }, () => next++);
      const name = `q${at}`;
      this.#context.qubits.push({ name, numbers, isSingle });
      // Most qubits begin in a superposition, so that outcomes are random.
      return [
        `qubit${isSingle ? '' : `[${size}]`} ${name};`,
        ...(dice.chance(0.7) ? [`U(${dice.pick(['0.7', '1.9', 'pi / 2'])}, 0.3, 1.1) ${name};`] : []),
      ];
    });
  }

  /** A subroutine; some call themselves with an argument that decreases to zero. */
  #subroutine(size: number): string {
    const dice = this.#dice;
    const name = this.#context.fresh('f');
    const parameters = this.#parameters();
    const result = dice.chance(0.7) ? dice.pick(SCALARS.slice(0, 15)) : undefined;
    const isRecursive = dice.chance(0.3);
    const names = parameters.map((_, at) => `x${at}`);
    const text = this.#context.inDefinition(result, () => {
      const heads = parameters.map((parameter, at) => this.#declareParameter(parameter, names[at]!));
      const ending = (): string => (result === undefined ? 'return;' : this.#statements.returned(result));
      const first = isRecursive ? [`if (n <= 0) { ${ending()} }`] : [];
      const lines = [...first, ...this.#statements.list(size, 2)];
      if (isRecursive) {
        const call = `${name}(${['n - 1', ...names].join(', ')})`;
        lines.push(result === undefined || dice.chance(0.3) ? `${call};` : `return ${call};`);
      }
      if (result !== undefined) lines.push(ending());
      const returns = result === undefined ? '' : ` -> ${typeText(result)}`;
      const all = isRecursive ? ['int[8] n', ...heads] : heads;
      return `def ${name}(${all.join(', ')})${returns} {\n${lines.join('\n')}\n}`;
    });
    if (!isRecursive) this.#context.subroutines.push({ name, parameters, result });
    else {
      // Whoever calls it goes through a subroutine that bounds how deep.
      const outer = this.#context.fresh('f');
      this.#context.subroutines.push({ name: outer, parameters, result });
      const heads = this.#context.inDefinition(result, () =>
        parameters.map((parameter, at) => this.#declareParameter(parameter, names[at]!)),
      );
      const call = `${name}(${[String(dice.below(4)), ...names].join(', ')})`;
      const returns = result === undefined ? '' : ` -> ${typeText(result)}`;
      return `${text}\ndef ${outer}(${heads.join(', ')})${returns} { ${result === undefined ? '' : 'return '}${call}; }`;
    }
    return text;
  }

  #parameters(): ParameterShape[] {
    const dice = this.#dice;
    const parameters: ParameterShape[] = [];
    for (let at = dice.below(3); at > 0; at -= 1) {
      const isSingle = dice.chance(0.6);
      parameters.push({ kind: 'qubits', size: isSingle ? 1 : 2, isSingle });
    }
    for (let at = dice.below(3); at > 0; at -= 1)
      parameters.push({ kind: 'value', type: dice.pick(SCALARS) });
    if (dice.chance(0.25)) {
      const type = arrayOf({ kind: 'int', width: 8 }, 3);
      parameters.push({ kind: 'array', type, isMutable: dice.chance(0.5) });
    }
    return dice.some(parameters, parameters.length);
  }

  #declareParameter(parameter: ParameterShape, name: string): string {
    if (parameter.kind === 'qubits') {
      const first = this.#context.qubits.reduce((sum, { numbers }: Qubits) => sum + numbers.length, 0);
      const numbers = Array.from({ length: parameter.size }, (_, at) => first + at);
      this.#context.qubits.push({ name, numbers, isSingle: parameter.isSingle });
      return `qubit${parameter.isSingle ? '' : `[${parameter.size}]`} ${name}`;
    }
    const isWritable = parameter.kind === 'value' || parameter.isMutable;
    this.#context.declare(name, parameter.type, isWritable);
    const access = parameter.kind === 'value' ? '' : parameter.isMutable ? 'mutable ' : 'readonly ';
    return `${access}${typeText(parameter.type)} ${name}`;
  }
}
