import { constantIndex, type Instruction, type Parameter, type Program } from '@qfs/circuit';
import { EIGEN_OPERATIONS_MAX, EIGEN_QUBITS_MAX } from '@qfs/core';
import type { ProgramParameter } from './hybrid-program.ts';

/** Gates before a measurement in each basis. */
const BASES = { X: ['h'], Y: ['sdg', 'h'], Z: [] } as const;
export type Basis = keyof typeof BASES;
export const isBasis = (text: string): text is Basis => Object.hasOwn(BASES, text);

/** A measurement names its bit alone: which variable the bits are is known once all parameters are. */
type Step = Instruction | { readonly kind: 'measure'; readonly qubit: number; readonly bit: number };

/** The circuit that a program describes, statement by statement. Methods answer why they refuse. */
export class CircuitBuilder {
  readonly #body: Step[] = [];
  readonly #parameters: ProgramParameter[] = [];
  /** Qubits of the registers; without one, what is used. */
  #declaredQubits = 0;
  #usedQubits = 0;
  #bits = 0;
  #measures = false;

  get qubits(): number {
    return Math.max(this.#declaredQubits, this.#usedQubits);
  }

  get parameters(): readonly ProgramParameter[] {
    return this.#parameters;
  }

  get measures(): boolean {
    return this.#measures;
  }

  declareQubits(size: number): number | string {
    const offset = this.#declaredQubits;
    if (offset + size > EIGEN_QUBITS_MAX) return `A program has at most ${EIGEN_QUBITS_MAX} qubits.`;
    this.#declaredQubits += size;
    return offset;
  }

  declareBits(size: number): number | string {
    const offset = this.#bits;
    if (offset + size > EIGEN_QUBITS_MAX) return `A program has at most ${EIGEN_QUBITS_MAX} bits.`;
    this.#bits += size;
    return offset;
  }

  /** The number of the parameter, which is the number of its variable. */
  declareParameter(parameter: ProgramParameter): number | string {
    if (this.#parameters.some(({ name }) => name === parameter.name)) {
      return `The parameter ${parameter.name} is declared twice.`;
    }
    return this.#parameters.push(parameter) - 1;
  }

  /** Why the qubits cannot be used, if they cannot. */
  use(qubits: readonly number[]): string | undefined {
    for (const qubit of qubits) {
      const most = this.#declaredQubits > 0 ? this.#declaredQubits : EIGEN_QUBITS_MAX;
      if (qubit >= most) return `There is no qubit ${qubit}; they count from 0 to ${most - 1}.`;
      this.#usedQubits = Math.max(this.#usedQubits, qubit + 1);
    }
    const twice = qubits.find((qubit, k) => qubits.indexOf(qubit) !== k);
    return twice === undefined ? undefined : `The qubit ${twice} is named twice.`;
  }

  gate(gate: string, parameters: readonly Parameter[], qubits: readonly number[]): string | undefined {
    return this.use(qubits) ?? this.#add({ kind: 'gate', gate, parameters, qubits });
  }

  reset(qubit: number): string | undefined {
    return this.use([qubit]) ?? this.#add({ kind: 'reset', qubit });
  }

  measure(qubit: number, bit: number, basis: Basis): string | undefined {
    if (bit >= EIGEN_QUBITS_MAX) return `A program has at most ${EIGEN_QUBITS_MAX} bits.`;
    this.#measures = true;
    this.#bits = Math.max(this.#bits, bit + 1);
    for (const gate of BASES[basis]) this.gate(gate, [], [qubit]);
    // Where the bits stand among the variables is known once all parameters are.
    return this.use([qubit]) ?? this.#add({ kind: 'measure', qubit, bit });
  }

  build(): Program {
    if (!this.#measures) for (let k = 0; k < this.qubits; k += 1) this.measure(k, k, 'Z');
    const bits = this.#parameters.length;
    return {
      qubits: this.qubits,
      qubitRegisters: [{ name: 'q', offset: 0, size: this.qubits }],
      variables: [
        ...this.#parameters.map(
          ({ name }) => ({ name, type: { kind: 'float', width: 64 }, role: 'input' }) as const,
        ),
        { name: this.#freeName('c'), type: { kind: 'bit', width: this.#bits }, role: 'local' },
      ],
      subroutines: [],
      body: this.#body.map((step) => instructionOf(step, bits)),
    };
  }

  /** A name that no parameter has. */
  #freeName(wanted: string): string {
    const taken = (name: string) => this.#parameters.some((parameter) => parameter.name === name);
    let name = wanted;
    while (taken(name)) name += '_';
    return name;
  }

  #add(step: Step): string | undefined {
    if (this.#body.length >= EIGEN_OPERATIONS_MAX) {
      return `A program has at most ${EIGEN_OPERATIONS_MAX} operations.`;
    }
    this.#body.push(step);
    return undefined;
  }
}

function instructionOf(step: Step, variable: number): Instruction {
  if (step.kind !== 'measure' || !('bit' in step)) return step;
  const base = { kind: 'variable', variable } as const;
  return {
    kind: 'measure',
    qubit: step.qubit,
    target: { kind: 'index', base, index: constantIndex(step.bit) },
  };
}
