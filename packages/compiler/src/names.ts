import type { Program, QubitRegister, Subroutine, Variable } from '@qfs/circuit';
import { GATES, type Include } from '@qfs/circuit';
import { isFreeName } from '@qfs/qasm';

/** A subroutine under names of its own: the qubits of each parameter are a register. */
export interface WrittenSubroutine {
  readonly name: string;
  readonly registers: readonly QubitRegister[];
  readonly variables: readonly Variable[];
  readonly fresh: (name: string) => string;
  readonly originals: ReadonlyMap<string, string>;
}

/** The declarations of a program under names that OpenQASM text can carry beside the included gates. */
export interface WrittenNames {
  readonly registers: readonly QubitRegister[];
  readonly variables: readonly Variable[];
  readonly subroutines: readonly WrittenSubroutine[];
  /** A name like this one that nothing else has. */
  readonly fresh: (name: string) => string;
  /** The name in the program of everything that had to be renamed, by its name in the text. */
  readonly originals: ReadonlyMap<string, string>;
}

/**
 * How many registers at the beginning are hardware qubits in ascending order: they keep their names and
 * need no declaration, because the text gives them the same numbers again.
 */
function hardwareCount(registers: readonly QubitRegister[]): number {
  let last = -1;
  const other = registers.findIndex(({ name, loose }) => {
    const number = loose === true && /^\$(?:0|[1-9][0-9]{0,8})$/.test(name) ? Number(name.slice(1)) : -1;
    if (number <= last) return true;
    last = number;
    return false;
  });
  return other === -1 ? registers.length : other;
}

export function chooseNames(program: Program, includes: ReadonlySet<Include>): WrittenNames {
  const taken = new Set(
    GATES.filter((gate) => gate.include === 'builtin' || includes.has(gate.include)).flatMap((gate) => [
      gate.name,
      ...gate.aliases,
    ]),
  );
  const { qubitRegisters, variables, subroutines } = program;
  const main = new Chooser(taken, [...qubitRegisters, ...variables, ...subroutines]);
  const kept = hardwareCount(qubitRegisters);
  const registers = qubitRegisters.map((register, at) =>
    at < kept ? register : { ...register, name: main.choose(register.name) },
  );
  const written = variables.map((variable) => ({ ...variable, name: main.choose(variable.name) }));
  const names = subroutines.map(({ name }) => main.choose(name));
  // What a subroutine sees around it are gates and subroutines.
  const seen = new Set([...taken, ...names]);
  return {
    registers,
    variables: written,
    subroutines: subroutines.map((subroutine, at) => subroutineNames(subroutine, names[at]!, seen)),
    fresh: (name) => main.choose(name),
    originals: main.originals,
  };
}

function subroutineNames(
  { locals, parameters }: Subroutine,
  name: string,
  seen: ReadonlySet<string>,
): WrittenSubroutine {
  const chooser = new Chooser(seen, locals);
  const variables = locals.map((variable) => ({ ...variable, name: chooser.choose(variable.name) }));
  const registers = parameters
    .filter((parameter) => parameter.kind === 'qubits')
    .map(({ offset, size }, at) => ({ name: chooser.choose(`q${at}`), offset, size }));
  return {
    name,
    registers,
    variables,
    fresh: (wanted) => chooser.choose(wanted),
    originals: chooser.originals,
  };
}

/** Gives out names of one scope, each once. */
class Chooser {
  readonly originals = new Map<string, string>();
  /** Names of the scope around this one, which may be many scopes' own. */
  readonly #outer: ReadonlySet<string>;
  readonly #taken = new Set<string>();
  readonly #declared: ReadonlySet<string>;
  /** The next suffix to try, by what it is put behind: those below are taken for good. */
  readonly #suffixes = new Map<string, number>();

  constructor(outer: ReadonlySet<string>, declared: readonly { readonly name: string }[]) {
    this.#outer = outer;
    this.#declared = new Set(declared.map(({ name }) => name));
  }

  choose(name: string): string {
    let chosen = name;
    if (!this.#isFree(name)) {
      const base = /^[\p{L}\p{Nl}_]/u.test(name) ? name.replace(/[^\p{L}\p{Nl}_0-9]/gu, '_') : '_';
      let suffix = this.#suffixes.get(base) ?? 1;
      while (!this.#isFree(`${base}_${suffix}`) || this.#declared.has(`${base}_${suffix}`)) suffix++;
      this.#suffixes.set(base, suffix + 1);
      chosen = `${base}_${suffix}`;
    }
    this.#taken.add(chosen);
    if (chosen !== name) this.originals.set(chosen, name);
    return chosen;
  }

  #isFree(name: string): boolean {
    return !this.#taken.has(name) && !this.#outer.has(name) && isFreeName(name);
  }
}
