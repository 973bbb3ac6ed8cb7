import { gateByName } from '@qfs/circuit';
import { cos, sin } from '@qfs/core/math';
import type { Run } from '../contract.ts';

/** The unitary of a run with numbers as angles: row-major, qubit 0 the highest bit of the index. */
export function matrixOf({ ops, phase }: Run, qubits: number): Float64Array {
  const size = 2 ** qubits;
  let matrix: Float64Array = new Float64Array(2 * size * size);
  for (let row = 0; row < size; row++) {
    matrix[2 * (row * size + row)] = cos(phase as number);
    matrix[2 * (row * size + row) + 1] = sin(phase as number);
  }
  for (const op of ops) {
    const gate = gateByName(op.gate)!.matrix(op.parameters as number[]);
    matrix = applied(
      gate,
      op.qubits.map((qubit) => 1 << (qubits - 1 - qubit)),
      matrix,
      size,
    );
  }
  return matrix;
}

function applied(
  gate: Float64Array,
  bits: readonly number[],
  matrix: Float64Array,
  size: number,
): Float64Array {
  const result = new Float64Array(matrix.length);
  const rows = 2 ** bits.length;
  const mask = bits.reduce((sum, bit) => sum | bit, 0);
  const placeOf = (index: number): number =>
    bits.reduce((sum, bit, at) => ((index >> (bits.length - 1 - at)) & 1 ? sum | bit : sum), 0);
  for (let row = 0; row < size; row++) {
    const own = bits.reduce((sum, bit, at) => sum | (row & bit ? 1 << (bits.length - 1 - at) : 0), 0);
    for (let from = 0; from < rows; from++) {
      const re = gate[2 * (own * rows + from)]!;
      const im = gate[2 * (own * rows + from) + 1]!;
      const source = (row & ~mask) | placeOf(from);
      for (let column = 0; column < size; column++) {
        const x = matrix[2 * (source * size + column)]!;
        const y = matrix[2 * (source * size + column) + 1]!;
        result[2 * (row * size + column)]! += re * x - im * y;
        result[2 * (row * size + column) + 1]! += re * y + im * x;
      }
    }
  }
  return result;
}
