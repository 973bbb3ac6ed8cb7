import type { Type } from '../values.ts';
import type { Dice } from './dice.ts';

/** A classical variable, constant or parameter that may be named here. */
export interface Named {
  readonly name: string;
  readonly type: Type;
  readonly isWritable: boolean;
  /** Its value is known when the program is compiled. */
  readonly isConstant: boolean;
}

/** A register of qubits, or a single one (`size` undefined). Qubits with equal numbers are the same. */
export interface Qubits {
  readonly name: string;
  readonly numbers: readonly number[];
  readonly isSingle: boolean;
}

export interface GateShape {
  readonly name: string;
  readonly parameters: number;
  readonly qubits: number;
}

export type ParameterShape =
  | { readonly kind: 'qubits'; readonly size: number; readonly isSingle: boolean }
  | { readonly kind: 'value'; readonly type: Type }
  | { readonly kind: 'array'; readonly type: Type; readonly isMutable: boolean };

export interface SubroutineShape {
  readonly name: string;
  readonly parameters: readonly ParameterShape[];
  readonly result: Type | undefined;
}

/** What a random program may use at one of its places. */
export class Context {
  readonly dice: Dice;
  readonly gates: GateShape[];
  readonly subroutines: SubroutineShape[] = [];
  /** Innermost block last. */
  variables: Named[][] = [[]];
  qubits: Qubits[] = [];
  loops = 0;
  /** What the subroutine being written returns; undefined outside of one and in one without a result. */
  result: Type | undefined;
  isSubroutine = false;
  #names = 0;

  constructor(dice: Dice, gates: readonly GateShape[]) {
    this.dice = dice;
    this.gates = [...gates];
  }

  fresh(prefix: string, mayHide = true): string {
    const hidden = mayHide ? this.#hideable() : [];
    if (hidden.length > 0 && this.dice.chance(0.15)) return this.dice.pick(hidden);
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  /** Names of outer blocks that an inner one may give another meaning; counters of loops keep theirs. */
  #hideable(): string[] {
    if (this.variables.length < 3) return [];
    const own = this.variables.at(-1)!.map(({ name }) => name);
    return this.visible(({ name }) => !own.includes(name) && !name.startsWith('n')).map(({ name }) => name);
  }

  declare(name: string, type: Type, isWritable = true, isConstant = false): void {
    this.variables.at(-1)!.push({ name, type, isWritable, isConstant });
  }

  visible(wanted: (variable: Named) => boolean): Named[] {
    const innermost = new Map(this.variables.flat().map((variable) => [variable.name, variable]));
    return [...innermost.values()].filter(wanted);
  }

  /** Runs `write` with a block of its own. */
  inBlock<T>(write: () => T): T {
    const qubits = [...this.qubits];
    this.variables.push([]);
    const result = write();
    this.variables.pop();
    this.qubits = qubits;
    return result;
  }

  /** Runs `write` where only constants, gates and subroutines are visible. */
  inDefinition<T>(result: Type | undefined, write: () => T): T {
    const before = { variables: this.variables, qubits: this.qubits };
    this.variables = [this.variables.flat().filter(({ isConstant }) => isConstant), []];
    this.qubits = [];
    this.result = result;
    this.isSubroutine = true;
    const written = write();
    Object.assign(this, before);
    this.result = undefined;
    this.isSubroutine = false;
    return written;
  }
}

export function sameType(a: Type, b: Type): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The type as OpenQASM writes it. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case 'bool':
      return 'bool';
    case 'complex':
      return type.width === 64 ? 'complex' : 'complex[float[32]]';
    case 'array':
      return `array[${typeText(type.element)}, ${type.sizes.join(', ')}]`;
    case 'bit':
      return `bit[${type.width}]`;
    default:
      return type.width === 64 ? type.kind : `${type.kind}[${type.width}]`;
  }
}
