import type { Parameter } from '@qfs/circuit';
import type { Span } from '../findings.ts';
import { Refusal } from './refusal.ts';
import { nameOf, type Value } from './value.ts';

export interface Given {
  readonly value: Value;
  readonly span: Span;
}

const SYMBOL = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** The arguments of a call, each taken once by the name or the place of its parameter. */
export class Arguments {
  readonly span: Span;
  readonly #function: string;
  readonly #positional: Given[];
  readonly #keywords: Map<string, Given>;

  constructor(name: string, span: Span, positional: readonly Given[], keywords: ReadonlyMap<string, Given>) {
    this.#function = name;
    this.span = span;
    this.#positional = [...positional];
    this.#keywords = new Map(keywords);
  }

  /** What was given for a parameter: by name, else the next one without a name. */
  take(...names: readonly string[]): Given | undefined {
    const named = names.filter((name) => this.#keywords.has(name));
    if (named.length > 1) this.refuse(`${named.join(' and ')} mean the same.`);
    const [name] = named;
    if (name === undefined) return this.#positional.shift();
    const given = this.#keywords.get(name)!;
    this.#keywords.delete(name);
    return given;
  }

  /** What was given by name alone. */
  takeNamed(name: string): Given | undefined {
    const given = this.#keywords.get(name);
    this.#keywords.delete(name);
    return given;
  }

  required(name: string, ...others: readonly string[]): Given {
    return this.take(name, ...others) ?? this.refuse(`The argument ${name} is missing.`);
  }

  /** All that was given without a name. */
  rest(): readonly Given[] {
    return this.#positional.splice(0);
  }

  /** All that was given by name. */
  keywords(): readonly (readonly [string, Given])[] {
    const all = [...this.#keywords];
    this.#keywords.clear();
    return all;
  }

  /** Refuses what nobody took. */
  finish(): void {
    const [extra] = this.#positional;
    if (extra !== undefined) throw new Refusal(extra.span, `${this.#function} takes no further argument.`);
    const [unknown] = this.#keywords;
    if (unknown !== undefined) {
      throw new Refusal(unknown[1].span, `${this.#function} has no parameter ${unknown[0]}.`);
    }
  }

  refuse(message: string, span: Span = this.span): never {
    throw new Refusal(span, `${this.#function}: ${message}`);
  }

  text(given: Given): string {
    return given.value.kind === 'string' ? given.value.value : this.#expected('a text', given);
  }

  /** A name as parameters have it. */
  symbol(given: Given): string {
    const name = this.text(given);
    if (SYMBOL.test(name)) return name;
    const shown = name.length > 40 ? `${name.slice(0, 40)}…` : name;
    return this.refuse(`"${shown}" is no name; it has letters, digits and _, at most 64.`, given.span);
  }

  number(given: Given): number {
    return given.value.kind === 'number' ? Number(given.value.value) : this.#expected('a number', given);
  }

  /** A whole number within bounds, both included. */
  whole(given: Given, least: number, most: number): number {
    const { value } = given;
    const number = value.kind === 'number' ? Number(value.value) : Number.NaN;
    if (Number.isSafeInteger(number) && number >= least && number <= most) return number;
    const wanted = `a whole number from ${least} to ${most}`;
    return value.kind === 'number'
      ? this.refuse(`${wanted} is expected, not ${number}.`, given.span)
      : this.#expected(wanted, given);
  }

  /** A gate's angle in radians: a number, or a value of parameters. */
  angle(given: Given): Parameter {
    if (given.value.kind === 'angle') return given.value.expression;
    return this.number(given);
  }

  elements(given: Given): readonly Given[] {
    const { value, span } = given;
    if (value.kind === 'list' || value.kind === 'tuple')
      return value.elements.map((element) => ({ value: element, span }));
    return this.#expected('a list', given);
  }

  /** The qubits that a value names: one, a register of them, or a list. */
  qubits(given: Given): readonly number[] {
    const { value } = given;
    if (value.kind === 'qubit') return [value.index];
    if (value.kind === 'qubits') return Array.from({ length: value.size }, (_, k) => value.offset + k);
    if (value.kind === 'list' || value.kind === 'tuple') {
      return this.elements(given).flatMap((element) => this.qubits(element));
    }
    if (value.kind === 'number') return [this.whole(given, 0, Number.MAX_SAFE_INTEGER)];
    return this.#expected('a qubit', given);
  }

  qubit(given: Given): number {
    const [qubit, ...others] = this.qubits(given);
    return qubit !== undefined && others.length === 0 ? qubit : this.#expected('one qubit', given);
  }

  bits(given: Given): readonly number[] {
    const { value } = given;
    if (value.kind === 'bit') return [value.index];
    if (value.kind === 'bits') return Array.from({ length: value.size }, (_, k) => value.offset + k);
    if (value.kind === 'list' || value.kind === 'tuple') {
      return this.elements(given).flatMap((element) => this.bits(element));
    }
    if (value.kind === 'number') return [this.whole(given, 0, Number.MAX_SAFE_INTEGER)];
    return this.#expected('a bit', given);
  }

  #expected(wanted: string, { value, span }: Given): never {
    return this.refuse(`${wanted} is expected, not ${nameOf(value)}.`, span);
  }
}
