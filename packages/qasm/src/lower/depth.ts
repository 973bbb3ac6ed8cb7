import type {
  Argument,
  Expression,
  ForRange,
  Instruction,
  Parameter,
  QubitOperand,
  Target,
} from '@qfs/circuit';
import { operandsOf, targetExpressions } from '@qfs/circuit';

/**
 * Levels of an expression. Conversions and expanded gate definitions add levels that the source text does not
 * have.
 */
function expressionDepth(ir: Expression): number {
  const inner = ir.kind === 'call' ? ir.arguments.map(argumentDepth) : operandsOf(ir).map(expressionDepth);
  return 1 + inner.reduce((most, depth) => Math.max(most, depth), 0);
}

const deepest = (expressions: readonly Expression[]): number =>
  expressions.reduce((depth, expression) => Math.max(depth, expressionDepth(expression)), 0);

function argumentDepth(argument: Argument): number {
  if (argument.kind === 'value') return expressionDepth(argument.value);
  if (argument.kind === 'reference') return targetDepth(argument.target);
  return argument.qubits.reduce((depth: number, qubit) => Math.max(depth, qubitDepth(qubit)), 0);
}

function targetDepth(target: Target): number {
  if (target.kind === 'variable') return 1;
  const parts = target.kind === 'join' ? target.parts : [target.base];
  const indices = deepest(targetExpressions(target));
  return parts.reduce((depth, part) => Math.max(depth, targetDepth(part)), indices);
}

const parameterDepth = (parameter: Parameter): number =>
  typeof parameter === 'number' ? 0 : expressionDepth(parameter);
const qubitDepth = (qubit: QubitOperand): number =>
  typeof qubit === 'number' ? 0 : expressionDepth(qubit.index);

function rangeDepth(over: ForRange): number {
  if (over.kind === 'range') return deepest([over.start, over.step, over.stop]);
  return over.kind === 'set' ? deepest(over.values) : expressionDepth(over.array);
}

/** Levels of the deepest expression of an instruction itself, its blocks not counted. */
export function instructionDepth(instruction: Instruction): number {
  switch (instruction.kind) {
    case 'gate': {
      let depth = 0;
      for (const parameter of instruction.parameters) depth = Math.max(depth, parameterDepth(parameter));
      for (const qubit of instruction.qubits) depth = Math.max(depth, qubitDepth(qubit));
      return depth;
    }
    case 'gphase':
      return parameterDepth(instruction.angle);
    case 'assign':
      return Math.max(targetDepth(instruction.target), expressionDepth(instruction.value));
    case 'evaluate':
      return expressionDepth(instruction.value);
    case 'return':
      return instruction.value === undefined ? 0 : expressionDepth(instruction.value);
    case 'if':
    case 'while':
      return expressionDepth(instruction.condition);
    case 'switch':
      return expressionDepth(instruction.subject);
    case 'for':
      return rangeDepth(instruction.over);
    case 'measure':
      return instruction.target === undefined ? 0 : targetDepth(instruction.target);
    default:
      return 0;
  }
}
