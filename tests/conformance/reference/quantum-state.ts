import { type Complex, embedded, type Matrix, plus, scaled, times } from './matrices.ts';

/** Decides a random outcome: true with this probability. */
export type Decide = (probability: number) => boolean;

/** The state of all qubits of a program as a list of amplitudes. Qubit 0 is the most significant bit. */
export class QuantumState {
  #amplitudes: readonly Complex[];
  readonly #qubits: number;
  readonly #decide: Decide;

  constructor(qubits: number, decide: Decide) {
    this.#qubits = qubits;
    this.#decide = decide;
    this.#amplitudes = Array.from({ length: 2 ** qubits }, (_, index) => (index === 0 ? [1, 0] : [0, 0]));
  }

  apply(matrix: Matrix, operands: readonly number[]): void {
    const whole = embedded(matrix, operands, this.#qubits);
    this.#amplitudes = whole.map((row) =>
      row.reduce((sum, entry, at) => plus(sum, times(entry, this.#amplitudes[at]!)), [0, 0] as Complex),
    );
  }

  #isOne(index: number, qubit: number): boolean {
    return ((index >> (this.#qubits - 1 - qubit)) & 1) === 1;
  }

  #weight(qubit: number, one: boolean): number {
    return this.#amplitudes.reduce(
      (sum, [re, im], index) => (this.#isOne(index, qubit) === one ? sum + re * re + im * im : sum),
      0,
    );
  }

  measure(qubit: number): boolean {
    const [zero, one] = [this.#weight(qubit, false), this.#weight(qubit, true)];
    const outcome = this.#decide(one / (zero + one));
    const factor = 1 / Math.sqrt(outcome ? one : zero);
    this.#amplitudes = this.#amplitudes.map((amplitude, index) =>
      this.#isOne(index, qubit) === outcome ? scaled(amplitude, factor) : [0, 0],
    );
    return outcome;
  }

  reset(qubit: number): void {
    if (this.measure(qubit)) {
      const flip = 1 << (this.#qubits - 1 - qubit);
      this.#amplitudes = this.#amplitudes.map((_, index) => this.#amplitudes[index ^ flip]!);
    }
  }
}
