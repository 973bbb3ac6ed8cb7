import {
  activeQubits,
  addGateQubits,
  type Block,
  constantBit,
  expressionsIn,
  expressionsOf,
  type Instruction,
  instructionsIn,
  type Parameter,
  type Program,
  type QubitOperand,
} from '@qfs/circuit';

/** What can be known about an execution from the program's structure alone. */
export interface Structure {
  /** Qubits that need amplitudes, ascending. */
  readonly activeQubits: readonly number[];
  /** The part before anything random: the same in every shot, run once. */
  readonly prefix: Block;
  readonly tail: Block;
  /**
   * The tail only measures and acts on qubits that were not measured: shots are samples of one final state.
   */
  readonly terminal: boolean;
  /** Instructions in the whole program, blocks included. */
  readonly instructions: number;
}

export function structureOfProgram(program: Program): Structure {
  const body = program.body.flatMap(withoutBox);
  const randomCalls = program.subroutines.some(({ body: inner }) =>
    [...instructionsIn(inner)].some(({ kind }) => kind === 'measure' || kind === 'reset' || kind === 'end'),
  );
  const touched = new Set<number>();
  let length = 0;
  for (const instruction of body) {
    if (isRandom(instruction, touched, randomCalls)) break;
    addGateQubits([instruction], touched);
    length += 1;
  }
  const tail = body.slice(length);
  let instructions = 0;
  for (const _ of instructionsIn(body)) instructions += 1;
  return {
    activeQubits: activeQubits(program),
    prefix: body.slice(0, length),
    tail,
    terminal: isTerminal(tail, program),
    instructions,
  };
}

/** With noise no two shots are alike: all of the program runs in each. */
export const noisyStructure = (structure: Structure): Structure => ({
  ...structure,
  prefix: [],
  tail: [...structure.prefix, ...structure.tail],
  terminal: false,
});

/** A box only says when its body happens, which an ideal simulation does not depend on. */
function withoutBox(instruction: Instruction): Block {
  return instruction.kind === 'box' ? instruction.body.flatMap(withoutBox) : [instruction];
}

function isRandom(instruction: Instruction, touched: ReadonlySet<number>, randomCalls: boolean): boolean {
  if (
    instruction.kind === 'reset' &&
    typeof instruction.qubit === 'number' &&
    !touched.has(instruction.qubit)
  ) {
    return false;
  }
  for (const inner of instructionsIn([instruction])) {
    if (inner.kind === 'measure' || inner.kind === 'reset' || inner.kind === 'end') return true;
    if (!randomCalls) continue;
    for (const expression of expressionsIn(expressionsOf(inner))) if (expression.kind === 'call') return true;
  }
  return false;
}

function isTerminal(tail: Block, program: Program): boolean {
  const measured = new Set<number>();
  const free = (operand: QubitOperand): boolean => typeof operand === 'number' && !measured.has(operand);
  const known = (parameter: Parameter): boolean =>
    [...expressionsIn(typeof parameter === 'number' ? [] : [parameter])].every(
      (part) =>
        part.kind !== 'call' &&
        (part.kind !== 'variable' || program.variables[part.variable]?.role === 'input'),
    );
  for (const instruction of tail) {
    switch (instruction.kind) {
      case 'measure':
        if (typeof instruction.qubit !== 'number') return false;
        if (instruction.target && constantBit(program, instruction.target) === undefined) return false;
        measured.add(instruction.qubit);
        break;
      case 'gate':
        if (!instruction.qubits.every(free) || !instruction.parameters.every(known)) return false;
        break;
      case 'gphase':
        if (!(instruction.qubits ?? []).every(free) || !known(instruction.angle)) return false;
        break;
      case 'barrier':
      case 'delay':
        break;
      default:
        return false;
    }
  }
  return true;
}
