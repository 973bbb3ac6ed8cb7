import type {
  Argument,
  Block,
  Expression,
  GateInstruction,
  Instruction,
  Program,
  QubitOperand,
} from './ir.ts';
import { argumentsOf, candidatesOf, operandsOf, partsOf, targetExpressions } from './parts.ts';

/** Nothing of the gate is left to be evaluated: true for almost every instruction there is. */
export const isConstantGate = ({ parameters, qubits }: GateInstruction): boolean =>
  parameters.every((parameter) => typeof parameter === 'number') &&
  qubits.every((operand) => typeof operand === 'number');

/** All instructions of a block, those of inner blocks behind the one that holds them. */
export function* instructionsIn(block: Block): Generator<Instruction> {
  for (const instruction of block) {
    yield instruction;
    if (instruction.kind === 'gate') continue;
    for (const inner of partsOf(instruction).blocks) yield* instructionsIn(inner);
  }
}

/**
 * Expressions directly below an instruction, its blocks excluded. Durations are left out: nothing depends on
 * them.
 */
export function expressionsOf(instruction: Instruction): readonly Expression[] {
  if (instruction.kind === 'gate' && isConstantGate(instruction)) return [];
  if (instruction.kind === 'delay' || instruction.kind === 'box' || instruction.kind === 'barrier') return [];
  const { expressions, qubits, targets } = partsOf(instruction);
  return [...expressions, ...qubits.flatMap(operandExpressions), ...targets.flatMap(targetExpressions)];
}

const operandExpressions = (operand: QubitOperand): readonly Expression[] =>
  typeof operand === 'number' ? [] : [operand.index];

/** These expressions and everything that they are made of, arguments of calls included. */
export function* expressionsIn(roots: readonly Expression[]): Generator<Expression> {
  for (const root of roots) {
    yield root;
    yield* expressionsIn(operandsOf(root));
    yield* expressionsIn(argumentsOf(root).flatMap(argumentExpressions));
  }
}

function argumentExpressions(argument: Argument): readonly Expression[] {
  if (argument.kind === 'value') return [argument.value];
  if (argument.kind === 'qubits') return argument.qubits.flatMap(operandExpressions);
  return targetExpressions(argument.target);
}

/**
 * Adds the qubits that a gate of this block may act on: all others stay |0⟩ and need no amplitudes.
 * @param mayCall false where there is no subroutine, so that no expression needs to be walked
 */
export function addGateQubits(block: Block, to: Set<number>, mayCall = true): void {
  const add = (operands: readonly QubitOperand[]): void => {
    for (const operand of operands) for (const qubit of candidatesOf(operand)) to.add(qubit);
  };
  for (const instruction of instructionsIn(block)) {
    if (instruction.kind === 'gate' || instruction.kind === 'gphase') add(instruction.qubits ?? []);
    if (!mayCall) continue;
    for (const expression of expressionsIn(expressionsOf(instruction))) {
      for (const argument of argumentsOf(expression)) if (argument.kind === 'qubits') add(argument.qubits);
    }
  }
}

/** Qubits that need amplitudes when the program runs, ascending. */
export function activeQubits({ body, subroutines }: Program): number[] {
  const active = new Set<number>();
  addGateQubits(body, active, subroutines.length > 0);
  return [...active].sort((a, b) => a - b);
}
