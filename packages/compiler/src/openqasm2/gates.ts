import type { GateInstruction, GphaseInstruction } from '@qfs/circuit';
import { decompositionOf } from '@qfs/circuit';
import { OPENQASM2_CONTROLS_MAX } from '@qfs/core';
import { openQasm2Forms } from '@qfs/qasm';

type Unitary = GateInstruction | GphaseInstruction;

/** A gate of `qelib1.inc` on numbered qubits. */
export interface WrittenGate {
  readonly name: string;
  readonly parameters: readonly number[];
  readonly qubits: readonly number[];
}

/** The gates that are another gate with controls. */
const CONTROLLED: Readonly<Record<string, readonly [gate: string, controls: number]>> = {
  cx: ['x', 1],
  ccx: ['x', 2],
  cy: ['y', 1],
  cz: ['z', 1],
  ccz: ['z', 2],
  ch: ['h', 1],
  cp: ['p', 1],
  crx: ['rx', 1],
  cry: ['ry', 1],
  crz: ['rz', 1],
  cs: ['s', 1],
  csdg: ['sdg', 1],
  csx: ['sx', 1],
  cswap: ['swap', 1],
};

/** A gate with positive controls, whose qubits are the first ones. */
interface Controlled {
  readonly gate: string;
  readonly controls: number;
  readonly parameters: readonly number[];
  readonly qubits: readonly number[];
}

function without(controlled: Controlled): Controlled {
  const [gate, controls] = CONTROLLED[controlled.gate] ?? [controlled.gate, 0];
  return { ...controlled, gate, controls: controlled.controls + controls };
}

const keyOf = ({ gate, controls }: { readonly gate: string; readonly controls: number }): string => {
  const [base, more] = CONTROLLED[gate] ?? [gate, 0];
  return `${base}/${controls + more}`;
};

let forms: ReadonlyMap<string, string> | undefined;
function nameOf(controlled: Controlled): string | undefined {
  // The first name of a gate wins, and a Map keeps the last entry of a key.
  forms ??= new Map([...openQasm2Forms()].reverse().map((form) => [keyOf(form), form.name]));
  return forms.get(keyOf(controlled));
}

/** Says why a gate has no form in OpenQASM 2. */
export class NoForm extends Error {}

/** Gates of `qelib1.inc` that do the same, apart from a global phase, whose angle is added up. */
export class GateWriter {
  readonly written: WrittenGate[] = [];
  /** Radians of the global phase that OpenQASM 2 cannot say. */
  lostPhase = 0;

  /** Writes one instruction of the circuit. Throws `NoForm`. */
  add(instruction: Unitary): void {
    const parameters = instruction.kind === 'gate' ? instruction.parameters : [instruction.angle];
    const numbers = parameters.filter((parameter) => typeof parameter === 'number');
    const operands = instruction.qubits ?? [];
    const qubits = operands.filter((qubit) => typeof qubit === 'number');
    if (numbers.length < parameters.length)
      throw new NoForm('a gate parameter that is computed while the program runs');
    if (qubits.length < operands.length) throw new NoForm('a qubit that is chosen while the program runs');
    const polarities = instruction.controls ?? [];
    const gate = instruction.kind === 'gate' ? instruction.gate : 'gphase';
    const controlled = without({ gate, controls: polarities.length, parameters: numbers, qubits });
    if (controlled.controls > OPENQASM2_CONTROLS_MAX)
      throw new NoForm(`a gate with more than ${OPENQASM2_CONTROLS_MAX} controls`);
    const negative = qubits.filter((_, at) => polarities[at] === false);
    for (const qubit of negative) this.#emit('x', [], [qubit]);
    this.#add(controlled);
    for (const qubit of negative) this.#emit('x', [], [qubit]);
  }

  #emit(name: string, parameters: readonly number[], qubits: readonly number[]): void {
    this.written.push({ name, parameters, qubits });
  }

  #put(gate: string, controls: number, parameters: readonly number[], qubits: readonly number[]): void {
    this.#add({ gate, controls, parameters, qubits });
  }

  #add(controlled: Controlled): void {
    const { gate, controls, parameters, qubits } = controlled;
    const name = nameOf(controlled);
    if (name !== undefined) this.#emit(name, parameters, qubits);
    else if (gate === 'gphase') this.#phase(parameters[0]!, controls, qubits);
    else if (gate === 'U') this.#euler(controlled);
    else if (gate === 'x') this.#flip(controls, qubits);
    else if (gate === 'p') this.#conditionalPhase(parameters[0]!, controls, qubits);
    else if (gate === 'ry' || gate === 'rz') this.#turn(controlled);
    else this.#decompose(controlled);
  }

  #phase(angle: number, controls: number, qubits: readonly number[]): void {
    if (controls === 0) this.lostPhase += angle;
    else this.#put('p', controls - 1, [angle], qubits);
  }

  /** U is u3 with a phase. */
  #euler({ controls, parameters, qubits }: Controlled): void {
    const [theta, phi, lambda] = parameters as [number, number, number];
    if (controls === 0) {
      this.#emit('u3', parameters, qubits);
      this.lostPhase += (theta + phi + lambda) / 2;
    } else if (controls === 1) this.#emit('cu', [theta, phi, lambda, theta / 2], qubits);
    else {
      this.#phase((theta + phi + lambda) / 2, controls, qubits.slice(0, controls));
      this.#put('rz', controls, [lambda], qubits);
      this.#put('ry', controls, [theta], qubits);
      this.#put('rz', controls, [phi], qubits);
    }
  }

  /** X with more controls than the file has is a phase in the other basis. */
  #flip(controls: number, qubits: readonly number[]): void {
    const target = qubits.slice(-1);
    this.#emit('h', [], target);
    this.#put('p', controls, [Math.PI], qubits);
    this.#emit('h', [], target);
  }

  /** The phase of |1…1⟩ by halves, one control less at a time (arXiv:quant-ph/9503016, lemma 7.5). */
  #conditionalPhase(angle: number, controls: number, qubits: readonly number[]): void {
    const outer = qubits.slice(0, controls - 1);
    const [last, target] = qubits.slice(-2) as [number, number];
    this.#put('p', 1, [angle / 2], [last, target]);
    this.#put('x', controls - 1, [], [...outer, last]);
    this.#put('p', 1, [-angle / 2], [last, target]);
    this.#put('x', controls - 1, [], [...outer, last]);
    this.#put('p', controls - 1, [angle / 2], [...outer, target]);
  }

  /** A rotation about Y or Z and its inverse, which X turns into itself. */
  #turn({ gate, controls, parameters, qubits }: Controlled): void {
    const target = qubits.slice(-1);
    for (const half of [parameters[0]! / 2, -parameters[0]! / 2]) {
      this.#emit(gate, [half], target);
      this.#put('x', controls, [], qubits);
    }
  }

  #decompose({ gate, controls, parameters, qubits }: Controlled): void {
    const polarities = Array.from({ length: controls }, () => true);
    const steps = decompositionOf({
      kind: 'gate',
      gate,
      parameters,
      qubits,
      ...(controls > 0 && { controls: polarities }),
    });
    if (steps === undefined) throw new NoForm(`the gate ${gate} with ${controls} controls`);
    for (const step of steps) {
      const gateName = step.kind === 'gate' ? step.gate : 'gphase';
      const numbers = (step.kind === 'gate' ? step.parameters : [step.angle]) as readonly number[];
      const inner = (step.qubits ?? []) as readonly number[];
      this.#add(
        without({ gate: gateName, controls: step.controls?.length ?? 0, parameters: numbers, qubits: inner }),
      );
    }
  }
}
