import type { Statement } from '@qfs/qasm';
import type { Place } from './places.ts';
import type { QuantumState } from './quantum-state.ts';
import { Fault, type Value } from './values.ts';

/** What a name stands for. */
export type Meaning =
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'constant'; readonly value: Value }
  /** `isSingle` tells a qubit from a register of one. */
  | { readonly kind: 'qubits'; readonly qubits: readonly number[]; readonly isSingle: boolean }
  | { readonly kind: 'gate'; readonly definition: Statement<'gate'>; readonly scope: Scope }
  | { readonly kind: 'subroutine'; readonly definition: Statement<'def'>; readonly scope: Scope };

/** Names of one block, inside the names of the blocks around it. */
export class Scope {
  readonly #names = new Map<string, Meaning>();
  readonly #outer: Scope | undefined;
  /** A definition sees constants, gates and subroutines of the program, and nothing else. */
  readonly #isDefinition: boolean;

  constructor(outer?: Scope, isDefinition = false) {
    this.#outer = outer;
    this.#isDefinition = isDefinition;
  }

  declare(name: string, meaning: Meaning): void {
    this.#names.set(name, meaning);
  }

  find(name: string): Meaning | undefined {
    const own = this.#names.get(name);
    if (own !== undefined) return own;
    const outer = this.#outer?.find(name);
    const isHidden = this.#isDefinition && (outer?.kind === 'place' || outer?.kind === 'qubits');
    return isHidden ? undefined : outer;
  }

  lookUp(name: string): Meaning {
    const meaning = this.find(name);
    if (meaning === undefined) throw new Fault(`\`${name}\` is not declared`);
    return meaning;
  }
}

/** What statements act on besides names. */
export interface Shot {
  readonly state: QuantumState;
  /** Counts a statement; throws when a shot takes too many. */
  step(): void;
}
