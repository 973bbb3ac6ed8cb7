import { constantIndex, type Instruction, type Parameter, type Program } from '@qfs/circuit';
import { EIGEN_OPERATIONS_MAX, EIGEN_QUBITS_MAX, HYBRID_PARAMETERS_MAX } from '@qfs/core';
import type { HybridPlan } from '@qfs/hybrid';
import type { EigenDiagnosticCode } from '../findings.ts';

/** Gates before a measurement in each basis. */
const BASES = { X: ['h'], Y: ['sdg', 'h'], Z: [] } as const;
export type Basis = keyof typeof BASES;
export const isBasis = (text: string): text is Basis => Object.hasOwn(BASES, text);

type PlannedParameter = HybridPlan['parameters'][number];

/** The bits come first among the variables, then the parameters: AQO 1.0.0 has them in this order. */
const BITS = 0;

/** Why the circuit does not take something; who called knows the place. */
export class CircuitFault extends Error {
  readonly code: EigenDiagnosticCode;

  constructor(message: string, code: EigenDiagnosticCode = 'EIGEN_MEANING') {
    super(message);
    this.code = code;
  }
}

/** The circuit that a program describes, statement by statement. Methods throw a `CircuitFault`. */
export class CircuitBuilder {
  readonly #body: Instruction[] = [];
  readonly #parameters: PlannedParameter[] = [];
  /** Qubits of the registers; without one, what is used. */
  #declaredQubits = 0;
  #usedQubits = 0;
  #bits = 0;
  /** Bits of the registers; without one, any. */
  #declaredBits = 0;
  #operations = 0;
  #measures = false;
  #measuresInOtherBasis = false;
  #isComplete = false;

  get qubits(): number {
    return Math.max(this.#declaredQubits, this.#usedQubits);
  }

  /** How many there are so far, with the nodes of their angles. */
  get operations(): number {
    return this.#operations;
  }

  get parameters(): readonly PlannedParameter[] {
    return this.#parameters;
  }

  /** Answers the first of them. */
  declareQubits(size: number): number {
    const offset = this.#declaredQubits;
    bound(offset + size, EIGEN_QUBITS_MAX, 'qubits');
    this.#declaredQubits += size;
    return offset;
  }

  /** Answers the first of them. */
  declareBits(size: number): number {
    const offset = this.#bits;
    bound(offset + size, EIGEN_QUBITS_MAX, 'bits');
    this.#bits += size;
    this.#declaredBits = this.#bits;
    return offset;
  }

  /** Answers the number of its variable. */
  declareParameter(parameter: PlannedParameter): number {
    if (this.#parameters.some(({ name }) => name === parameter.name)) {
      throw new CircuitFault(`The parameter ${parameter.name} is declared twice.`);
    }
    bound(this.#parameters.length + 1, HYBRID_PARAMETERS_MAX, 'parameters');
    return BITS + this.#parameters.push(parameter);
  }

  /** The gates that were written are what an expectation is taken of; there are no more of them. */
  complete(): void {
    if (this.#measuresInOtherBasis) {
      throw new CircuitFault(
        'The observable says its own bases. Measure in the basis Z before it, or leave the measurement away.',
      );
    }
    this.#isComplete = true;
  }

  /** `nodes` are the operators and parameters of its angles. */
  gate(gate: string, parameters: readonly Parameter[], qubits: readonly number[], nodes = 0): void {
    this.#checkOpen();
    this.#use(qubits);
    this.#add({ kind: 'gate', gate, parameters, qubits }, nodes);
  }

  reset(qubit: number): void {
    this.#checkOpen();
    this.#use([qubit]);
    this.#add({ kind: 'reset', qubit });
  }

  /** Answers the same bits, if they can be named. */
  namedBits(bits: readonly number[]): readonly number[] {
    const missing = this.#declaredBits === 0 ? undefined : bits.find((bit) => bit >= this.#declaredBits);
    if (missing === undefined) return bits;
    throw new CircuitFault(`There is no bit ${missing}; they count from 0 to ${this.#declaredBits - 1}.`);
  }

  measure(qubits: readonly number[], bits: readonly number[], basis: Basis): void {
    this.#use(qubits);
    bound(Math.max(...bits) + 1, EIGEN_QUBITS_MAX, 'bits');
    for (const [k, qubit] of qubits.entries()) {
      for (const gate of BASES[basis]) this.gate(gate, [], [qubit]);
      this.#measureOne(qubit, bits[k]!);
    }
    if (basis !== 'Z') this.#measuresInOtherBasis = true;
  }

  /** Every qubit is measured where none was. */
  build(): Program {
    if (!this.#measures) for (let k = 0; k < this.qubits; k += 1) this.#measureOne(k, k);
    return {
      qubits: this.qubits,
      qubitRegisters: [{ name: this.#freeName('q'), offset: 0, size: this.qubits }],
      variables: [
        { name: this.#freeName('c'), type: { kind: 'bit', width: this.#bits }, role: 'local' },
        ...this.#parameters.map(
          ({ name }) => ({ name, type: { kind: 'float', width: 64 }, role: 'input' }) as const,
        ),
      ],
      subroutines: [],
      body: this.#body,
    };
  }

  #measureOne(qubit: number, bit: number): void {
    this.#measures = true;
    this.#bits = Math.max(this.#bits, bit + 1);
    const base = { kind: 'variable', variable: BITS } as const;
    this.#add({ kind: 'measure', qubit, target: { kind: 'index', base, index: constantIndex(bit) } });
  }

  #use(qubits: readonly number[]): void {
    const most = this.#declaredQubits > 0 ? this.#declaredQubits : EIGEN_QUBITS_MAX;
    const missing = qubits.find((qubit) => qubit >= most);
    if (missing !== undefined) {
      throw new CircuitFault(`There is no qubit ${missing}; they count from 0 to ${most - 1}.`);
    }
    const twice = qubits.find((qubit, k) => qubits.indexOf(qubit) !== k);
    if (twice !== undefined) throw new CircuitFault(`The qubit ${twice} is named twice.`);
    this.#usedQubits = Math.max(this.#usedQubits, ...qubits.map((qubit) => qubit + 1));
  }

  #checkOpen(): void {
    if (!this.#isComplete) return;
    throw new CircuitFault(
      'The circuit is complete where its expectation is asked for. Write all gates before that.',
    );
  }

  /** A name that no parameter has. */
  #freeName(wanted: string): string {
    const taken = (name: string) => this.#parameters.some((parameter) => parameter.name === name);
    let name = wanted;
    while (taken(name)) name += '_';
    return name;
  }

  #add(instruction: Instruction, nodes = 0): void {
    this.#operations += 1 + nodes;
    bound(
      this.#operations,
      EIGEN_OPERATIONS_MAX,
      'operations, with the operators and parameters of their angles',
    );
    this.#body.push(instruction);
  }
}

function bound(count: number, most: number, what: string): void {
  if (count > most) throw new CircuitFault(`A program has at most ${most} ${what}.`, 'EIGEN_LIMIT');
}
