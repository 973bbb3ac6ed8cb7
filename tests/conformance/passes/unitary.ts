import { type Expression, type Gate, gateByName, gateMatrix, type Parameter } from '@qfs/circuit';
import { cos, sin } from '@qfs/core/math';
import type { Run } from '../../../packages/compiler/src/passes/contract.ts';

/** A value for each input that parameters of a run name, by the number of its variable. */
export type Inputs = readonly number[];

function numberOf(angle: Parameter, inputs: Inputs): number {
  if (typeof angle === 'number') return angle;
  const value = evaluated(angle, inputs);
  if (value === undefined) throw new Error(`no angle: ${JSON.stringify(angle, (_, entry) => String(entry))}`);
  return value;
}

/** Sums, products and quotients of numbers and inputs are all that becomes of angles. */
function evaluated(expression: Expression, inputs: Inputs): number | undefined {
  switch (expression.kind) {
    case 'float':
      return expression.value;
    case 'int':
      return Number(expression.value);
    case 'variable':
      return inputs[expression.variable];
    case 'unary':
      return expression.operator === '-' ? -numberOf(expression.operand, inputs) : undefined;
    case 'binary': {
      const [left, right] = [numberOf(expression.left, inputs), numberOf(expression.right, inputs)];
      const results = { '+': left + right, '-': left - right, '*': left * right, '/': left / right };
      return (results as Readonly<Record<string, number>>)[expression.operator];
    }
    default:
      return undefined;
  }
}

/** The whole register's unitary, column by column: each is what becomes of a basis state, interleaved. */
export function unitaryOf(run: Run, qubits: number, inputs: Inputs): Float64Array[] {
  const phase = numberOf(run.phase, inputs);
  const columns = Array.from({ length: 2 ** qubits }, (_, basis) => {
    const column = new Float64Array(2 ** (qubits + 1));
    column.set([cos(phase), sin(phase)], 2 * basis);
    return column;
  });
  for (const { gate, parameters, qubits: operands } of run.ops) {
    const numbers = parameters.map((parameter) => numberOf(parameter, inputs));
    const matrix = gateMatrix(gateByName(gate) as Gate, numbers);
    for (const column of columns) applyMatrix(column, matrix, operands);
  }
  return columns;
}

/** Multiplies by a matrix on some qubits: operand 0 is the highest bit of its index, qubit q bit q of the state's. */
function applyMatrix(state: Float64Array, matrix: Float64Array, operands: readonly number[]): void {
  const size = 2 ** operands.length;
  const offsets = Array.from({ length: size }, (_, index) =>
    operands.reduce((sum, qubit, at) => sum + (((index >> (operands.length - 1 - at)) & 1) << qubit), 0),
  );
  const mask = offsets[size - 1]!;
  const before = new Float64Array(2 * size);
  for (let rest = 0; 2 * rest < state.length; rest += 1) {
    if ((rest & mask) !== 0) continue;
    for (let at = 0; at < size; at += 1) {
      before[2 * at] = state[2 * (rest + offsets[at]!)]!;
      before[2 * at + 1] = state[2 * (rest + offsets[at]!) + 1]!;
    }
    for (let row = 0; row < size; row += 1) {
      let re = 0;
      let im = 0;
      for (let column = 0; column < size; column += 1) {
        const entry = 2 * (row * size + column);
        re += matrix[entry]! * before[2 * column]! - matrix[entry + 1]! * before[2 * column + 1]!;
        im += matrix[entry]! * before[2 * column + 1]! + matrix[entry + 1]! * before[2 * column]!;
      }
      state[2 * (rest + offsets[row]!)] = re;
      state[2 * (rest + offsets[row]!) + 1] = im;
    }
  }
}

/** The largest difference between entries of two unitaries. */
export const unitaryDistance = (left: readonly Float64Array[], right: readonly Float64Array[]): number =>
  left.reduce(
    (largest, column, at) =>
      column.reduce((most, entry, row) => Math.max(most, Math.abs(entry - right[at]![row]!)), largest),
    0,
  );
