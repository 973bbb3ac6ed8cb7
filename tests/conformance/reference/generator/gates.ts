import { FLOAT } from '../values.ts';
import type { Context, GateShape, Qubits } from './context.ts';
import type { Expressions } from './expressions.ts';

const shape = (name: string, parameters: number, qubits: number): GateShape => ({ name, parameters, qubits });

/** Gates that programs may use without defining them. */
export const LIBRARY_GATES: readonly GateShape[] = [
  ...['x', 'y', 'z', 'h', 's', 'sdg', 't', 'tdg', 'sx', 'id'].map((name) => shape(name, 0, 1)),
  ...['p', 'rx', 'ry', 'rz', 'phase', 'u1'].map((name) => shape(name, 1, 1)),
  ...['cx', 'cy', 'cz', 'ch', 'swap', 'CX'].map((name) => shape(name, 0, 2)),
  ...['cp', 'crx', 'cry', 'crz', 'cphase'].map((name) => shape(name, 1, 2)),
  shape('u2', 2, 1),
  shape('u3', 3, 1),
  shape('U', 3, 1),
  shape('cu', 4, 2),
  shape('ccx', 0, 3),
  shape('cswap', 0, 3),
  shape('gphase', 1, 0),
];

interface Modified {
  readonly text: string;
  readonly controls: number;
}

/** Writes gate calls and gate definitions. */
export class Gates {
  readonly #context: Context;
  readonly #expressions: Expressions;

  constructor(context: Context, expressions: Expressions) {
    this.#context = context;
    this.#expressions = expressions;
  }

  /** A call on qubits that are visible here. */
  call(): string {
    const { dice, qubits } = this.#context;
    const available = [...new Set(qubits.flatMap(({ numbers }) => numbers))].length;
    const { gate, modifiers } = this.#gateFor(available);
    const operands = this.#operands(gate.qubits + modifiers.controls);
    const parameters = Array.from({ length: gate.parameters }, () =>
      dice.chance(0.5) ? this.#constant() : this.#parameter(),
    );
    return `${modifiers.text}${callText(gate.name, parameters, operands)};`;
  }

  #parameter(): string {
    const { dice } = this.#context;
    if (dice.chance(0.7)) return this.#expressions.of(FLOAT, 1);
    return dice.chance(0.5)
      ? this.#expressions.of({ kind: 'angle', width: 20 }, 1)
      : this.#expressions.integer(0);
  }

  #constant(): string {
    return this.#context.dice.pick(['pi', 'pi / 2', '-pi / 4', '0.3', '1.7', '-2.1', 'pi / 8', '0']);
  }

  #gateFor(available: number): { gate: GateShape; modifiers: Modified } {
    const { dice, gates } = this.#context;
    for (;;) {
      const own = gates.slice(LIBRARY_GATES.length);
      const gate = dice.pick(own.length > 0 && dice.chance(0.4) ? own : gates);
      const modifiers = this.#modifiers();
      const total = gate.qubits + modifiers.controls;
      if (total <= available && (total > 0 || gate.name === 'gphase')) return { gate, modifiers };
    }
  }

  #modifiers(): Modified {
    const { dice } = this.#context;
    let text = '';
    let controls = 0;
    while (dice.chance(0.3)) {
      const kind = dice.below(6);
      if (kind === 0) text += 'inv @ ';
      else if (kind === 1) text += `pow(${dice.pick([-2, -1, 2, 3])}) @ `;
      else if (kind === 2) text += `pow(${dice.pick(['0.5', '-0.5', '1 / 3.0', '0.25', '1.5'])}) @ `;
      else if (kind === 3) {
        text += 'ctrl(2) @ ';
        controls += 2;
      } else {
        text += kind === 4 ? 'ctrl @ ' : 'negctrl @ ';
        controls += 1;
      }
    }
    return { text, controls };
  }

  /** So many operands without a qubit in common; registers among them, if they have one length. */
  #operands(count: number): string[] {
    const { dice, qubits } = this.#context;
    if (count === 1 && dice.chance(0.2)) return [dice.pick(qubits).name];
    if (count === 1 && dice.chance(0.25)) return [this.single(dice.pick(qubits), true)];
    const registers = qubits.filter(({ isSingle }) => !isSingle);
    if (count === 1 && registers.length > 0 && dice.chance(0.15))
      return [this.slice(dice.pick(registers))[0]];
    const used = new Set<number>();
    const operands: string[] = [];
    let length: number | undefined;
    while (operands.length < count) {
      const register = dice.chance(0.1) && registers.length > 0 ? dice.pick(registers) : undefined;
      const fits =
        register !== undefined &&
        (length === undefined || register.numbers.length === length) &&
        register.numbers.every((number) => !used.has(number)) &&
        this.#free(used) - register.numbers.length >= count - operands.length - 1;
      if (fits) {
        for (const number of register.numbers) used.add(number);
        length = register.numbers.length;
        operands.push(register.name);
      } else operands.push(this.#unused(used));
    }
    return operands;
  }

  #free(used: ReadonlySet<number>): number {
    return new Set(
      this.#context.qubits.flatMap(({ numbers }) => numbers).filter((number) => !used.has(number)),
    ).size;
  }

  /** One qubit that is not used yet. */
  #unused(used: Set<number>): string {
    const { dice, qubits } = this.#context;
    const choices = qubits.flatMap((register) =>
      register.numbers.flatMap((number, at) => (used.has(number) ? [] : [{ register, number, at }])),
    );
    const { register, number, at } = dice.pick(choices);
    used.add(number);
    if (register.isSingle) return register.name;
    return `${register.name}[${dice.chance(0.2) ? at - register.numbers.length : at}]`;
  }

  /** One qubit of a register, by a computed index perhaps. */
  single(register: Qubits, isComputed = false): string {
    if (register.isSingle) return register.name;
    const size = register.numbers.length;
    const index = isComputed ? this.#expressions.index(size) : String(this.#context.dice.below(size));
    return `${register.name}[${index}]`;
  }

  /** Some qubits of a register, and how many. */
  slice({ name, numbers }: Qubits): readonly [string, number] {
    const { dice } = this.#context;
    const count = dice.between(1, numbers.length);
    return [`${name}[${this.#expressions.range(numbers.length, count, dice.chance(0.4))}]`, count];
  }

  /** Operands without a qubit in common, for the parameters of a subroutine. */
  arguments(sizes: readonly { readonly size: number; readonly isSingle: boolean }[]): string[] | undefined {
    const { dice, qubits } = this.#context;
    const used = new Set<number>();
    const written: string[] = [];
    for (const { size, isSingle } of sizes) {
      if (isSingle) {
        if (this.#free(used) === 0) return undefined;
        written.push(this.#unused(used));
        continue;
      }
      const fitting = qubits.filter(
        ({ numbers, isSingle: single }) =>
          !single && numbers.length >= size && numbers.filter((number) => !used.has(number)).length >= size,
      );
      if (fitting.length === 0) return undefined;
      const register = dice.pick(fitting);
      const free = register.numbers.flatMap((number, at) => (used.has(number) ? [] : [at]));
      const chosen = dice.some(free, size);
      for (const at of chosen) used.add(register.numbers[at]!);
      const isWhole = chosen.length === register.numbers.length && chosen.every((at, place) => at === place);
      written.push(isWhole ? register.name : `${register.name}[{${chosen.join(', ')}}]`);
    }
    return written;
  }

  /** A gate of its own, from gates that exist already. */
  definition(): string {
    const { dice } = this.#context;
    const name = this.#context.fresh('g');
    const parameters = Array.from({ length: dice.below(3) }, (_, at) => `t${at}`);
    const qubits = Array.from({ length: dice.between(1, 3) }, (_, at) => `a${at}`);
    // Every qubit is acted on: an operand of a gate that does nothing to it need not be computed.
    const lines = qubits.map((qubit) => `U(0.4, ${dice.pick(['0.9', ...parameters])}, 0.2) ${qubit};`);
    for (let at = dice.between(1, 4); at > 0; at -= 1) lines.push(this.#inner(parameters, qubits));
    this.#context.gates.push({ name, parameters: parameters.length, qubits: qubits.length });
    const head = parameters.length === 0 ? '' : `(${parameters.join(', ')})`;
    return `gate ${name}${head} ${qubits.join(', ')} { ${lines.join(' ')} }`;
  }

  #inner(parameters: readonly string[], qubits: readonly string[]): string {
    const { dice } = this.#context;
    if (dice.chance(0.08)) {
      const inner = this.#innerCall([...parameters, 'k'], qubits);
      return `for int k in [${dice.below(2)}:${dice.between(1, 3)}] { ${inner} }`;
    }
    return this.#innerCall(parameters, qubits);
  }

  #innerCall(parameters: readonly string[], qubits: readonly string[]): string {
    const { dice } = this.#context;
    const { gate, modifiers } = this.#gateFor(qubits.length);
    const operands = dice.some(qubits, gate.qubits + modifiers.controls);
    const angle = (): string => {
      const constant = this.#constant();
      if (parameters.length === 0 || dice.chance(0.3)) return constant;
      const name = dice.pick(parameters);
      return dice.pick([
        name,
        `-${name}`,
        `${name} / 2`,
        `2 * ${name}`,
        `${name} + ${constant}`,
        `sin(${name})`,
      ]);
    };
    const values = Array.from({ length: gate.parameters }, angle);
    return `${modifiers.text}${callText(gate.name, values, operands)};`;
  }
}

function callText(name: string, parameters: readonly string[], operands: readonly string[]): string {
  const values = parameters.length === 0 ? '' : `(${parameters.join(', ')})`;
  return `${name}${values}${operands.length === 0 ? '' : ` ${operands.join(', ')}`}`;
}
