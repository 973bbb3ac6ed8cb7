import type { Parameter } from '@qfs/circuit';
import { EIGEN_QUBITS_MAX } from '@qfs/core';
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

  /** Called with steps that reading an argument takes beyond a few. */
  readonly spend: (steps: number) => void;

  constructor(
    name: string,
    span: Span,
    positional: readonly Given[],
    keywords: ReadonlyMap<string, Given>,
    spend: (steps: number) => void,
  ) {
    this.spend = spend;
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
    if (given.value.kind !== 'string') return this.#expected('a text', given);
    this.spend(given.value.value.length);
    return given.value.value;
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
  angle(given: Given): { readonly parameter: Parameter; readonly nodes: number } {
    const { value } = given;
    if (value.kind === 'angle') return { parameter: value.expression, nodes: value.nodes };
    return { parameter: this.number(given), nodes: 0 };
  }

  elements(given: Given): readonly Given[] {
    const { value, span } = given;
    if (value.kind !== 'list' && value.kind !== 'tuple') return this.#expected('a list', given);
    this.spend(value.elements.length);
    return value.elements.map((element) => ({ value: element, span }));
  }

  /** The qubits that a value names: one, a register of them, or a list of these. */
  qubits(given: Given): readonly number[] {
    return this.#indices(given, { one: 'qubit', many: 'qubits' });
  }

  qubit(given: Given): number {
    const [qubit, ...others] = this.qubits(given);
    return qubit !== undefined && others.length === 0 ? qubit : this.#expected('one qubit', given);
  }

  bits(given: Given): readonly number[] {
    return this.#indices(given, { one: 'bit', many: 'bits' });
  }

  #indices(
    given: Given,
    kinds: { readonly one: 'qubit' | 'bit'; readonly many: 'qubits' | 'bits' },
  ): number[] {
    const { value } = given;
    const isList = value.kind === 'list' || value.kind === 'tuple';
    const found: number[] = [];
    for (const one of isList ? this.elements(given) : [given]) {
      const { value: named } = one;
      if (named.kind === kinds.one) found.push((named as { readonly index: number }).index);
      else if (named.kind === kinds.many) {
        const { offset, size } = named as { readonly offset: number; readonly size: number };
        for (let k = 0; k < size; k += 1) found.push(offset + k);
      } else if (named.kind === 'number') found.push(this.whole(one, 0, Number.MAX_SAFE_INTEGER));
      else this.#expected(`a ${kinds.one}`, one);
      if (found.length > EIGEN_QUBITS_MAX) {
        this.refuse(`more than ${EIGEN_QUBITS_MAX} ${kinds.many} are named.`, given.span);
      }
    }
    this.spend(found.length);
    return found;
  }

  #expected(wanted: string, { value, span }: Given): never {
    return this.refuse(`${wanted} is expected, not ${nameOf(value)}.`, span);
  }
}
