import type { ClassicalType, GateInstruction, GphaseInstruction, VariableId } from '@qfs/circuit';
import { nearestName } from '@qfs/core';
import type { Span } from '../findings.ts';
import type { Place } from './places.ts';
import type { Value } from './types.ts';

/** One bit of a variable; `whole` if the variable is a single bit without brackets. */
export interface BitRef {
  readonly variable: VariableId;
  readonly bit: number;
  /** Bits that the variable has. */
  readonly width: number;
  readonly whole: boolean;
}

/** A gate body over qubits 0…n-1 whose parameters are the placeholder variables -1, -2, …. */
export type GateTemplate = readonly (GateInstruction | GphaseInstruction)[];

export interface GateSymbol {
  readonly kind: 'gate';
  /** A name of the gate table, or the user's. */
  readonly name: string;
  readonly qubits: number;
  readonly parameters: number;
  /** The flattened body of a definition; absent for gates of the table. */
  readonly template?: GateTemplate;
}

/** What a subroutine takes, in order. */
export type ParameterMeaning =
  | { readonly kind: 'value'; readonly type: ClassicalType }
  | { readonly kind: 'reference'; readonly type: ClassicalType; readonly isReadonly: boolean }
  | { readonly kind: 'qubits'; readonly size: number };

export interface SubroutineSymbol {
  readonly kind: 'subroutine';
  /** Index into `Program.subroutines`. */
  readonly id: number;
  readonly parameters: readonly ParameterMeaning[];
  /** Numbers of the hardware qubits that it names, which every call passes behind its arguments. */
  readonly hardware: readonly string[];
  /** Absent if it returns nothing. */
  readonly result?: ClassicalType;
}

export type Meaning =
  | { readonly kind: 'qubits'; readonly qubits: readonly number[]; readonly isSingle: boolean }
  | {
      readonly kind: 'variable';
      readonly id: VariableId;
      readonly type: ClassicalType;
      readonly isLoose: boolean;
      readonly isReadonly: boolean;
    }
  | { readonly kind: 'bits'; readonly bits: readonly BitRef[] }
  /** An alias of a part of a variable, or of parts of which only the run knows the places. */
  | { readonly kind: 'view'; readonly place: Place }
  | { readonly kind: 'value'; readonly value: Value }
  /** A stretch, or a duration that has no length here; nothing that runs depends on it. */
  | { readonly kind: 'timing'; readonly dependsOn: string }
  | GateSymbol
  | SubroutineSymbol
  /** Declared correctly, but not executable; uses are reported. */
  | { readonly kind: 'unsupported'; readonly what: string }
  /** Its declaration was wrong and has been reported; uses say nothing more. */
  | { readonly kind: 'broken' };

export interface ScopeEntry {
  readonly name: string;
  readonly meaning: Meaning;
  readonly declared?: Span;
  /** A declaration of the program may take its place. */
  readonly isWeak?: boolean;
}

/** What a message calls a thing of this kind. */
export const MEANING_TEXT: Readonly<Record<Meaning['kind'], string>> = {
  qubits: 'a qubit or qubit register',
  variable: 'a classical variable',
  bits: 'an alias of bits',
  view: 'an alias of a classical value',
  value: 'a constant',
  gate: 'a gate',
  subroutine: 'a subroutine',
  timing: 'a duration',
  unsupported: 'something that cannot be executed',
  broken: 'something that was declared wrongly',
};

/** Kinds of names that a subroutine sees of the program around it. */
const VISIBLE_IN_SUBROUTINES: ReadonlySet<Meaning['kind']> = new Set([
  'value',
  'gate',
  'subroutine',
  'timing',
  'unsupported',
  'broken',
]);

/** Nested scopes of names; inner declarations hide outer ones. */
export class Scopes {
  readonly #scopes: Map<string, ScopeEntry>[] = [new Map()];
  readonly #replacedGates = new Map<string, GateSymbol>();
  #isApart = false;

  get depth(): number {
    return this.#scopes.length;
  }

  open(): void {
    this.#scopes.push(new Map());
  }

  close(): void {
    this.#scopes.pop();
  }

  /** The gate of a file whose name the program gave to something else; as a gate it is still meant. */
  replacedGate(name: string): GateSymbol | undefined {
    return this.#replacedGates.get(name);
  }

  /** Runs `inside` in a scope of its own. */
  nested(inside: () => void): void {
    this.open();
    inside();
    this.close();
  }

  /** Is this inside of a subroutine or gate definition? */
  get isApart(): boolean {
    return this.#isApart;
  }

  /** Runs `inside` in a scope that sees only constants, gates and subroutines of the outermost one. */
  apart(inside: () => void): void {
    this.open();
    this.#isApart = true;
    try {
      inside();
    } finally {
      this.#isApart = false;
      this.close();
    }
  }

  find(name: string): ScopeEntry | undefined {
    for (let at = this.#scopes.length - 1; at >= 0; at--) {
      const symbol = this.#scopes[at]!.get(name);
      if (symbol !== undefined && (at > 0 || !this.#isHidden(symbol))) return symbol;
    }
    return undefined;
  }

  /** The variable or qubit of this name that a subroutine cannot see. */
  hidden(name: string): ScopeEntry | undefined {
    const symbol = this.#scopes[0]!.get(name);
    return symbol !== undefined && this.#isHidden(symbol) ? symbol : undefined;
  }

  #isHidden({ meaning }: ScopeEntry): boolean {
    return this.#isApart && !VISIBLE_IN_SUBROUTINES.has(meaning.kind);
  }

  /**
   * Declares in the innermost scope; answers the symbol that is in the way, if there is one. A weak symbol is
   * never in the way, and finds none in its own.
   */
  declare(symbol: ScopeEntry): ScopeEntry | undefined {
    const scope = this.#scopes[this.#scopes.length - 1]!;
    const earlier = scope.get(symbol.name);
    if (earlier !== undefined && earlier.isWeak !== true) return symbol.isWeak === true ? undefined : earlier;
    if (earlier?.meaning.kind === 'gate') this.#replacedGates.set(symbol.name, earlier.meaning);
    scope.set(symbol.name, symbol);
    return undefined;
  }

  /**
   * Takes a name out of use in the innermost scope, whatever it meant, after a declaration of it went wrong.
   */
  spoil(name: string, declared: Span): void {
    this.#scopes[this.#scopes.length - 1]!.set(name, { name, meaning: { kind: 'broken' }, declared });
  }

  /** Is it in the way of a declaration in the innermost scope? */
  isInnermost(symbol: ScopeEntry): boolean {
    return symbol.isWeak !== true && this.#scopes[this.#scopes.length - 1]!.get(symbol.name) === symbol;
  }

  /** The visible name nearest to a misspelt one. */
  nearest(name: string, isWanted: (meaning: Meaning) => boolean): string | undefined {
    const names = this.#scopes.flatMap((scope) =>
      [...scope.values()]
        .filter((s) => !(scope === this.#scopes[0] && this.#isHidden(s)))
        .filter((s) => isWanted(s.meaning) || s.meaning.kind === 'broken')
        .map((s) => s.name),
    );
    return nearestName(name, names);
  }
}
