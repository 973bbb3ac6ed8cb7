/**
 * The slow oracle: states as lists of complex numbers, gates as whole matrices of the register, built entry
 * by entry from the definition. It shares no code with the kernels.
 */
export type State = readonly (readonly [number, number])[];

/** Basis states the gate's operands see: operand 0 is the highest bit. */
const operandBits = (basis: number, operands: readonly number[]): number =>
  operands.reduce((value, qubit) => 2 * value + (Math.floor(basis / 2 ** qubit) % 2), 0);

/** Applies a matrix (row-major, interleaved) with its controls in front to the qubits `operands`. */
export function applyOracle(
  state: State,
  matrix: ArrayLike<number>,
  controls: readonly boolean[],
  operands: readonly number[],
): State {
  const targets = operands.slice(controls.length);
  const size = 2 ** targets.length;
  const others = (basis: number): number => targets.reduce((rest, qubit) => rest & ~(1 << qubit), basis);
  return state.map((amplitude, row) => {
    if (!controls.every((polarity, i) => ((row >> operands[i]!) & 1) === (polarity ? 1 : 0)))
      return amplitude;
    let re = 0;
    let im = 0;
    for (const [column, [x, y]] of state.entries()) {
      if (others(column) !== others(row)) continue;
      const entry = 2 * (operandBits(row, targets) * size + operandBits(column, targets));
      re += matrix[entry]! * x - matrix[entry + 1]! * y;
      im += matrix[entry]! * y + matrix[entry + 1]! * x;
    }
    return [re, im] as const;
  });
}

/** Largest distance between an amplitude of the oracle and one of the interleaved array. */
export function distance(state: State, amplitudes: ArrayLike<number>): number {
  return state.reduce(
    (largest, [re, im], j) =>
      Math.max(largest, Math.abs(re - amplitudes[2 * j]!), Math.abs(im - amplitudes[2 * j + 1]!)),
    0,
  );
}
