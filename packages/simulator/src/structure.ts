import {
  type Argument,
  type Block,
  candidatesOf,
  constantBit,
  type Expression,
  type ForRange,
  type GateInstruction,
  type Instruction,
  operandsOf,
  type Parameter,
  type Program,
  type QubitOperand,
  targetExpressions,
} from '@qfs/circuit';

/** Expressions directly below an expression. */
const childrenOf = (expression: Expression): readonly Expression[] =>
  expression.kind === 'call' ? expression.arguments.flatMap(argumentExpressions) : operandsOf(expression);

function argumentExpressions(argument: Argument): readonly Expression[] {
  if (argument.kind === 'value') return [argument.value];
  if (argument.kind === 'qubits') return argument.qubits.flatMap(operandExpressions);
  return targetExpressions(argument.target);
}

const operandExpressions = (operand: QubitOperand): readonly Expression[] =>
  typeof operand === 'number' ? [] : [operand.index];

const parameterExpressions = (parameter: Parameter): readonly Expression[] =>
  typeof parameter === 'number' ? [] : [parameter];

function rangeExpressions(range: ForRange): readonly Expression[] {
  if (range.kind === 'range') return [range.start, range.step, range.stop];
  return range.kind === 'set' ? range.values : [range.array];
}

/** Nothing of the gate is left to be evaluated: true for almost every instruction there is. */
export const isConstantGate = ({ parameters, qubits }: GateInstruction): boolean =>
  parameters.every((parameter) => typeof parameter === 'number') &&
  qubits.every((operand) => typeof operand === 'number');

/**
 * Expressions directly below an instruction, its blocks excluded. Durations are left out: nothing depends on
 * them.
 */
function expressionsOf(instruction: Instruction): readonly Expression[] {
  switch (instruction.kind) {
    case 'gate':
      if (isConstantGate(instruction)) return [];
      return [
        ...instruction.parameters.flatMap(parameterExpressions),
        ...instruction.qubits.flatMap(operandExpressions),
      ];
    case 'gphase':
      return [
        ...parameterExpressions(instruction.angle),
        ...(instruction.qubits ?? []).flatMap(operandExpressions),
      ];
    case 'measure':
      return [
        ...operandExpressions(instruction.qubit),
        ...(instruction.target ? targetExpressions(instruction.target) : []),
      ];
    case 'reset':
      return operandExpressions(instruction.qubit);
    case 'assign':
      return [instruction.value, ...targetExpressions(instruction.target)];
    case 'evaluate':
      return [instruction.value];
    case 'return':
      return instruction.value ? [instruction.value] : [];
    case 'if':
    case 'while':
      return [instruction.condition];
    case 'switch':
      return [instruction.subject];
    case 'for':
      return rangeExpressions(instruction.over);
    default:
      return [];
  }
}

function blocksOf(instruction: Instruction): readonly Block[] {
  switch (instruction.kind) {
    case 'box':
    case 'for':
    case 'while':
      return [instruction.body];
    case 'if':
      return instruction.otherwise ? [instruction.body, instruction.otherwise] : [instruction.body];
    case 'switch': {
      const bodies = instruction.cases.map(({ body }) => body);
      return instruction.otherwise ? [...bodies, instruction.otherwise] : bodies;
    }
    default:
      return [];
  }
}

function* instructionsIn(block: Block): Generator<Instruction> {
  for (const instruction of block) {
    yield instruction;
    for (const inner of blocksOf(instruction)) yield* instructionsIn(inner);
  }
}

function* expressionsIn(roots: readonly Expression[]): Generator<Expression> {
  for (const root of roots) {
    yield root;
    yield* expressionsIn(childrenOf(root));
  }
}

function addOperands(operands: readonly QubitOperand[], to: Set<number>): void {
  for (const operand of operands) for (const qubit of candidatesOf(operand)) to.add(qubit);
}

/** Qubits that a gate of this block may act on: all others stay |0⟩ and need no amplitudes. */
function gateQubits(block: Block, to: Set<number>): void {
  for (const instruction of instructionsIn(block)) {
    if (instruction.kind === 'gate' || instruction.kind === 'gphase')
      addOperands(instruction.qubits ?? [], to);
    for (const expression of expressionsIn(expressionsOf(instruction))) {
      if (expression.kind !== 'call') continue;
      for (const argument of expression.arguments)
        if (argument.kind === 'qubits') addOperands(argument.qubits, to);
    }
  }
}

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
  const active = new Set<number>();
  gateQubits(body, active);
  const randomCalls = program.subroutines.some(({ body: inner }) =>
    [...instructionsIn(inner)].some(({ kind }) => kind === 'measure' || kind === 'reset' || kind === 'end'),
  );
  const touched = new Set<number>();
  let length = 0;
  for (const instruction of body) {
    if (isRandom(instruction, touched, randomCalls)) break;
    gateQubits([instruction], touched);
    length += 1;
  }
  const tail = body.slice(length);
  let instructions = 0;
  for (const _ of instructionsIn(body)) instructions += 1;
  return {
    activeQubits: [...active].sort((a, b) => a - b),
    prefix: body.slice(0, length),
    tail,
    terminal: isTerminal(tail, program),
    instructions,
  };
}

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
    [...expressionsIn(parameterExpressions(parameter))].every(
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
