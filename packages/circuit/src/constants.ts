import type { Expression, Instruction, Program, QubitOperand, Target, VariableId } from './ir.ts';

/** The length of a dimension that only the array behind a reference knows. */
export const OPEN_LENGTH = 0;

/** The one way a constant index is written in the IR, so that equal programs are equal data. */
export const constantIndex = (value: number): Expression => ({
  kind: 'int',
  value: BigInt(value),
  type: { kind: 'int', width: 64 },
});

/** Bit `index` of a register, or the whole variable when it is a single bit without brackets. */
export function bitTarget(program: Pick<Program, 'variables'>, variable: VariableId, index: number): Target {
  const whole: Target = { kind: 'variable', variable };
  return program.variables[variable]?.loose === true
    ? whole
    : { kind: 'index', base: whole, index: constantIndex(index) };
}

/** Variable and bit number of a measurement target that does not depend on run-time values. */
export function constantBit(
  program: Pick<Program, 'variables'>,
  target: Target,
): { readonly variable: VariableId; readonly bit: number } | undefined {
  if (target.kind !== 'variable' && target.kind !== 'index') return undefined;
  const variable = target.kind === 'variable' ? target : target.base;
  if (variable.kind !== 'variable') return undefined;
  const type = program.variables[variable.variable]?.type;
  if (type?.kind !== 'bit') return undefined;
  if (target.kind === 'variable')
    return type.width === 1 ? { variable: variable.variable, bit: 0 } : undefined;
  if (target.index.kind !== 'int') return undefined;
  const bit = Number(target.index.value);
  return bit >= 0 && bit < type.width ? { variable: variable.variable, bit } : undefined;
}

const isConstantQubit = (qubit: QubitOperand): boolean => typeof qubit === 'number';

function isStaticInstruction(program: Program, instruction: Instruction): boolean {
  switch (instruction.kind) {
    case 'gate':
      return (
        instruction.parameters.every((parameter) => typeof parameter === 'number') &&
        instruction.qubits.every(isConstantQubit)
      );
    case 'gphase':
      return typeof instruction.angle === 'number' && (instruction.qubits ?? []).every(isConstantQubit);
    case 'barrier':
      return instruction.qubits.every(isConstantQubit);
    case 'measure':
      return (
        isConstantQubit(instruction.qubit) &&
        (instruction.target === undefined || constantBit(program, instruction.target) !== undefined)
      );
    default:
      return false;
  }
}

/**
 * Only gates, barriers, `gphase` and measurements, with constant indices and parameters (no reset, no
 * control flow).
 */
export const isStatic = (program: Program): boolean =>
  program.body.every((instruction) => isStaticInstruction(program, instruction));
