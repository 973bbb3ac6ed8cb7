import { Dice } from '../reference/generator/dice.ts';

/** Gates that cancel, merge and commute, so that a pass has something to do around what bounds it. */
const ONE = ['h', 'x', 'y', 'z', 's', 'sdg', 't', 'tdg', 'sx'];
const TURNS = ['rz', 'rx', 'ry', 'p'];
const TWO = ['cx', 'cx', 'cx', 'cz', 'swap', 'cy', 'ch'];
const TWO_TURNS = ['cp', 'crz', 'cry'];
const CONTROLLED = ['h', 'sx', 'rx(0.4)'];
const ANGLES = [
  ...['pi / 2', 'pi / 4', '-pi / 4', '0.3'],
  ...['theta', '-theta', '2 * theta', 'phi + 0.1', 'moving'],
];
/** Values of the inputs of a random program. */
export const DYNAMIC_INPUTS = { theta: 0.7, phi: -0.4 } as const;

const DEPTH_MAX = 2;

/**
 * A random program of OpenQASM 3, with measurements, resets, barriers and every kind of control flow between
 * its gates. `moving` is a variable that the program assigns to, `theta` and `phi` are inputs.
 */
export const randomDynamicProgram = (seed: number, size: number, qubitsMax: number): string =>
  new ProgramWriter(new Dice(seed), qubitsMax).write(size);

class ProgramWriter {
  readonly #dice: Dice;
  readonly #qubits: readonly string[];
  /** Blocks around what is being written. */
  #nesting = 0;

  constructor(dice: Dice, qubitsMax: number) {
    this.#dice = dice;
    this.#qubits = Array.from({ length: dice.between(1, qubitsMax) }, (_, at) => `q[${at}]`);
  }

  write(size: number): string {
    return [
      'OPENQASM 3.0;',
      'include "stdgates.inc";',
      'def part(qubit a, float[64] x) { h a; rz(x) a; h a; h a; rx(x) a; }',
      'input float[64] theta;',
      'input float[32] phi;',
      `qubit[${this.#qubits.length}] q;`,
      'bit[3] c;',
      'int n;',
      'int n0; int n1; int n2;',
      'float[64] moving = 0.25;',
      ...this.#lines(size),
      '',
    ].join('\n');
  }

  #lines(count: number): string[] {
    return Array.from({ length: count }, () => [...this.#gates(), this.#statement()]).flat();
  }

  #on(count: number): string {
    return this.#dice.some(this.#qubits, count).join(', ');
  }

  #gates(): string[] {
    return Array.from({ length: this.#dice.between(1, 4) }, () => this.#gate());
  }

  #gate(): string {
    const dice = this.#dice;
    const kinds = [0, 4, 9, 10][Math.min(3, this.#qubits.length)]!;
    const kind = dice.below(kinds);
    const angle = dice.pick(ANGLES);
    if (kind < 2) return `${dice.pick(ONE)} ${this.#on(1)};`;
    if (kind < 4) return `${dice.pick(TURNS)}(${angle}) ${this.#on(1)};`;
    if (kind < 7) return `${dice.pick(TWO)} ${this.#on(2)};`;
    if (kind === 7) return `${dice.pick(TWO_TURNS)}(${angle}) ${this.#on(2)};`;
    if (kind === 8) return `${dice.pick(['ctrl', 'negctrl'])} @ ${dice.pick(CONTROLLED)} ${this.#on(2)};`;
    return `${dice.pick(['ccx', 'cswap'])} ${this.#on(3)};`;
  }

  #statement(): string {
    const dice = this.#dice;
    switch (dice.below(this.#nesting < DEPTH_MAX ? 10 : 7)) {
      case 0:
        return `c[${dice.below(3)}] = measure ${this.#on(1)};`;
      case 1:
        return `reset ${this.#on(1)};`;
      case 2:
        return `barrier ${this.#on(dice.between(1, this.#qubits.length))};`;
      case 3: {
        const phase = `gphase(${dice.pick(ANGLES)});`;
        return dice.pick(['n = n + 1;', 'moving = moving + theta;', phase, 'delay[10ns] q[0];']);
      }
      case 4:
        return dice.pick([`part(${this.#on(1)}, theta);`, 'n = 2;']);
      case 5:
      case 6:
        return this.#gate();
      default:
        return this.#flow();
    }
  }

  #condition(): string {
    const dice = this.#dice;
    const bit = `c[${dice.below(3)}]`;
    return dice.pick([bit, `!${bit}`, `c == ${dice.below(8)}`, 'n < 2', 'moving > 0.5']);
  }

  #block(): string {
    this.#nesting += 1;
    const text = `{ ${this.#lines(this.#dice.between(1, 2)).join(' ')} }`;
    this.#nesting -= 1;
    return text;
  }

  #flow(): string {
    const block = (): string => this.#block();
    const counter = `n${this.#nesting}`;
    switch (this.#dice.below(6)) {
      case 0:
        return `if (${this.#condition()}) ${block()}`;
      case 1:
        return `if (${this.#condition()}) ${block()} else ${block()}`;
      case 2:
        return `switch (n) { case 0 ${block()} case 1, 2 ${block()} default ${block()} }`;
      case 3: {
        const body = [...this.#gates(), `if (${this.#condition()}) { break; }`].join(' ');
        return `${counter} = 0; while (${counter} < 2) { ${counter} = ${counter} + 1; ${body} }`;
      }
      case 4:
        return `for int i in [0:n & 1] ${block()}`;
      default:
        return `box ${block()}`;
    }
  }
}
