import type { Program, QubitRegister, Variable } from '@qfs/circuit';
import { GATES, type Include } from '@qfs/circuit';
import { isFreeName } from '@qfs/qasm';

/** The declarations of a program under names that OpenQASM text can carry beside the included gates. */
export interface WrittenNames {
  readonly registers: readonly QubitRegister[];
  readonly variables: readonly Variable[];
  /** The name in the program of everything that had to be renamed, by its name in the text. */
  readonly originals: ReadonlyMap<string, string>;
}

/**
 * Hardware qubits keep their names and need no declaration, as long as the text gives them the same numbers
 * again.
 */
function isHardware(register: QubitRegister, position: number, registers: readonly QubitRegister[]): boolean {
  if (register.loose !== true || !/^\$(?:0|[1-9][0-9]{0,8})$/.test(register.name)) return false;
  const before = registers[position - 1];
  return (
    position === 0 ||
    (isHardware(before!, position - 1, registers) &&
      Number(before!.name.slice(1)) < Number(register.name.slice(1)))
  );
}

export function chooseNames(program: Program, includes: ReadonlySet<Include>): WrittenNames {
  const taken = new Set(
    GATES.filter((gate) => gate.include === 'builtin' || includes.has(gate.include)).flatMap((gate) => [
      gate.name,
      ...gate.aliases,
    ]),
  );
  const originals = new Map<string, string>();
  const declared = new Set(
    [...program.qubitRegisters, ...program.variables, ...program.subroutines].map(({ name }) => name),
  );
  const choose = (name: string): string => {
    let chosen = name;
    const base = /^[\p{L}\p{Nl}_]/u.test(name) ? name : '_';
    for (let suffix = 1; taken.has(chosen) || !isFreeName(chosen); suffix++) {
      const candidate = `${base}_${suffix}`;
      if (!declared.has(candidate)) chosen = candidate;
    }
    taken.add(chosen);
    if (chosen !== name) originals.set(chosen, name);
    return chosen;
  };
  return {
    registers: program.qubitRegisters.map((register, at, all) =>
      isHardware(register, at, all) ? register : { ...register, name: choose(register.name) },
    ),
    variables: program.variables.map((variable) => ({ ...variable, name: choose(variable.name) })),
    originals,
  };
}
